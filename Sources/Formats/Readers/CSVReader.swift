// Comma-separated values (RFC 4180): quoted cells may hold commas, quotes and line ends. Strict, because a reader that
// guesses shifts a stranger's columns; every error has a line and a column.

/// Reads records of cells.
///
/// Each record must have as many cells as the first. Blank lines are passed over. An error uses up the line on which it
/// stands, so that a caller may go on.
package struct CSVReader {
    /// One cell and its place.
    package struct Field {
        /// The text, without quotes.
        package let text: String
        /// The line on which the cell begins, from 1.
        package let line: Int
        /// The column at which it begins, from 1, in bytes.
        package let column: Int
    }

    /// One record.
    package struct Record {
        /// The cells in order.
        package let fields: [Field]
        /// The line on which the record begins, from 1.
        package let line: Int
    }

    /// The bytes of the record that was returned or refused last, without its line end; for a file of rejects.
    package private(set) var lastRecord: [UInt8] = []

    private var lines: LineReader
    private let separator: UInt8
    private let limitBytes: Int
    private var fieldCount: Int?

    /// Makes a reader of cells separated by `separator`, whose records have at most `limitBytes`.
    package init(
        _ lines: LineReader, separator: UInt8 = UInt8(ascii: ","), limitBytes: Int = FormatLimits.lineBytes
    ) {
        self.lines = lines
        self.separator = separator
        self.limitBytes = limitBytes
    }

    /// The next record, or nil at the end.
    package mutating func next() throws(DataError) -> Record? {
        while let line = try lines.next() {
            if line.bytes.isEmpty { continue }
            lastRecord.removeAll(keepingCapacity: true)
            let record = Record(fields: try fields(startingOn: line), line: line.number)
            let expected = fieldCount ?? record.fields.count
            fieldCount = expected
            guard record.fields.count == expected else {
                throw DataError(
                    .syntax, line: record.line, column: 1,
                    "\(record.fields.count) cells where the first record has \(expected)")
            }
            return record
        }
        return nil
    }

    /// The cells of the record that begins with `line`; quoted cells may take it over further lines.
    private mutating func fields(startingOn first: LineReader.Line) throws(DataError) -> [Field] {
        var line = first
        var fields: [Field] = []
        var index = line.bytes.startIndex
        lastRecord.append(contentsOf: line.bytes)
        while true {
            let start = (line: line.number, column: index - line.bytes.startIndex + 1)
            let content: [UInt8]
            if index < line.bytes.endIndex, line.bytes[index] == ASCII.quote {
                content = try quoted(&line, &index)
            } else {
                content = try unquoted(line, &index)
            }
            let text = try TextEncoding.decode(content[...], line: start.line, column: start.column)
            fields.append(Field(text: text, line: start.line, column: start.column))
            guard index < line.bytes.endIndex else { return fields }
            guard line.bytes[index] == separator else {
                throw fault(line, index, "unexpected text after the closing quote; write a quote inside as `\"\"`")
            }
            index += 1
        }
    }

    private func unquoted(_ line: LineReader.Line, _ index: inout Int) throws(DataError) -> [UInt8] {
        let start = index
        while index < line.bytes.endIndex, line.bytes[index] != separator {
            if line.bytes[index] == ASCII.quote {
                throw fault(line, index, "a quote inside a cell: put the cell in quotes and write `\"\"`")
            }
            index += 1
        }
        return Array(line.bytes[start..<index])
    }

    /// The content of the quoted cell at `index`; afterwards `line` and `index` stand behind the closing quote.
    private mutating func quoted(_ line: inout LineReader.Line, _ index: inout Int) throws(DataError) -> [UInt8] {
        let opening = fault(line, index, "the quote that opens here is never closed")
        var content: [UInt8] = []
        index += 1
        while true {
            while index < line.bytes.endIndex {
                let byte = line.bytes[index]
                index += 1
                if byte == ASCII.quote {
                    guard index < line.bytes.endIndex, line.bytes[index] == ASCII.quote else { return content }
                    index += 1
                }
                content.append(byte)
            }
            let end: [UInt8] = line.end == .crlf ? [ASCII.carriageReturn, ASCII.newline] : [ASCII.newline]
            guard line.end != .file, let next = try lines.next() else { throw opening }
            guard lastRecord.count + next.bytes.count < limitBytes else {
                throw DataError(
                    .outOfRange, line: opening.line, column: opening.column,
                    "a quoted cell makes the record longer than \(limitBytes) bytes; is a quote missing?")
            }
            content.append(contentsOf: end)
            lastRecord.append(contentsOf: end)
            lastRecord.append(contentsOf: next.bytes)
            line = next
            index = line.bytes.startIndex
        }
    }

    private func fault(_ line: LineReader.Line, _ index: Int, _ message: String) -> DataError {
        DataError(.syntax, line: line.number, column: index - line.bytes.startIndex + 1, message)
    }
}
