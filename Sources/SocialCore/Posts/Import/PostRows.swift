// The rows of a file of posts in each of its forms, one after the other, with the bad ones among them.

internal import Formats

/// The forms of a file that has a post a row.
package enum PostForm: String, CaseIterable, Sendable {
    /// A post a line.
    case text
    /// An object a line: `text`, and optionally `author` and `created_at`.
    case ndjson
    /// Cells under a heading with the same names.
    case csv
}

/// A post as a row of a file says it.
struct PostRow {
    /// What is written.
    var text: String
    /// Who wrote it; nil where the row does not say.
    var author: Handle?
    /// When; nil where the row does not say.
    var time: Timestamp?
    /// The line of the author's name, or of the row where there is none.
    var line: Int
    /// The column.
    var column = 1

    /// An error about the author.
    func fault(_ message: String) -> DataError { DataError(.syntax, line: line, column: column, message) }
}

/// Reads rows.
struct PostRows {
    /// A row, or why it is none.
    enum Row {
        case post(PostRow)
        case bad(DataError)
    }

    private let now: Timestamp
    // One of these is there. As cases of an enumeration they would be copied with their buffers.
    private var lines: LineReader?
    private var records: FieldReader?

    /// Begins to read a file.
    ///
    /// - Throws: a `DataError` when a heading is missing.
    init(_ form: PostForm, _ source: @escaping ChunkSource, now: Timestamp) throws(DataError) {
        self.now = now
        let lines = LineReader(limitBytes: 8 * Limits.textBytes, source: source)
        switch form {
        case .text: self.lines = lines
        case .ndjson: records = try FieldReader(.ndjson, lines, requiring: "text")
        case .csv: records = try FieldReader(.csv, lines, requiring: "text")
        }
    }

    /// The heading, where the form has one.
    var heading: [UInt8]? { records?.heading }

    /// The bytes of the row that was returned last.
    var lastRow: ArraySlice<UInt8> { lines?.lastLine ?? records?.lastRecord ?? [] }

    /// The next row, or nil at the end.
    ///
    /// - Throws: a `DataError` when nothing behind it can be read.
    mutating func next() throws(DataError) -> Row? {
        do {
            if let record = try records?.next() { return .post(try row(record)) }
            while let line = try lines?.next() {
                if line.bytes.isEmpty { continue }
                let text = try TextEncoding.decode(line.bytes, line: line.number, column: 1)
                let row = PostRow(text: text, line: line.number)
                try check(text, row)
                return .post(row)
            }
            return nil
        } catch {
            if error.endsReading { throw error }
            return .bad(error)
        }
    }

    private func row(_ record: FieldReader.Record) throws(DataError) -> PostRow {
        guard let text = try record.text("text"), let field = record["text"] else {
            throw DataError(.syntax, line: record.line, column: 1, "\"text\" is missing")
        }
        var row = PostRow(text: text, line: field.line, column: field.column)
        try check(text, row)
        if let milliseconds = try record.time("created_at"), let field = record["created_at"] {
            let time = Timestamp(milliseconds: milliseconds)
            guard time.isImportable(at: now) else { throw field.fault("it lies before 2004 or in the future") }
            row.time = time
        }
        row.line = record.line
        row.column = 1
        if let name = try record.text("author"), let field = record["author"] {
            do { row.author = try Handle(name) } catch { throw field.fault("\(error)") }
            (row.line, row.column) = (field.line, field.column)
        }
        return row
    }

    private func check(_ text: String, _ row: PostRow) throws(DataError) {
        do { try Posts.check(text) } catch { throw row.fault(error.message) }
    }
}
