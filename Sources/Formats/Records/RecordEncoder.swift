// Records as bytes, one after another, in the formats for programs. A list of any length needs the memory of one
// record; the caller takes the bytes away whenever they are many.

/// How records are written.
package enum RecordFormat: Sendable, CaseIterable {
    /// A JSON array with one object a line, good for `jq` and for `diff`; `[]` when there are none.
    case json
    /// One JSON object on one line: for one thing instead of a list.
    case jsonObject
    /// One JSON object a line.
    case ndjson
    /// RFC 4180, lines ended by CR LF.
    case csv
    /// One record a line, cells separated by a tab.
    case tsv
    /// The identity of each record.
    case ids
}

/// What a user may change about a format.
package struct RecordOptions: Sendable {
    /// The fields to write, in this order; nil for all.
    package var fields: [String]?
    /// Whether CSV and TSV begin with a line of names.
    package var headings = true
    /// Whether CSV texts that a spreadsheet would compute are written without the guarding `'`.
    package var rawText = false
    /// Whether ids end with a NUL byte instead of a newline.
    package var nulTerminated = false

    /// The defaults.
    package init() {}
}

/// Writes records of one kind in one format.
///
///     var encoder = try RecordEncoder(.ndjson, columns: [Column("id", isIdentity: true), "text"])
///     encoder.begin()
///     encoder.record([.id("42"), .text("hello")])
///     encoder.end()
///     output.write(encoder.bytes)
///
/// Empty `bytes` with `removeAll(keepingCapacity: true)` after writing them; `needsFlush` says when it is time.
package struct RecordEncoder {
    private let format: RecordFormat
    private let options: RecordOptions
    private let columnCount: Int
    /// The positions of the fields to write.
    private let selection: [Int]
    private let names: [String]
    /// The bytes before each value of a JSON object: the bracket or comma, the key and the colon.
    private let jsonKeys: [[UInt8]]
    private let identity: Int
    private var recordCount = 0
    private var json = JSONWriter()

    /// Makes an encoder; throws when `options.fields` names a field that `columns` lacks.
    package init(
        _ format: RecordFormat, columns: [Column], options: RecordOptions = RecordOptions()
    ) throws(FieldError) {
        self.format = format
        self.options = options
        columnCount = columns.count
        selection = try Column.select(options.fields, from: columns)
        names = selection.map { columns[$0].name }
        identity = columns.firstIndex(where: \.isIdentity) ?? 0
        jsonKeys = names.enumerated().map { index, name in
            var bytes = [index == 0 ? UInt8(ascii: "{") : ASCII.comma]
            bytes.appendJSONString(name)
            bytes.append(ASCII.colon)
            return bytes
        }
    }

    /// What has been written and not yet taken away.
    package var bytes: [UInt8] {
        _read { yield json.bytes }
        _modify { yield &json.bytes }
    }

    /// Whether there are so many bytes that they should be written out.
    package var needsFlush: Bool { json.bytes.count >= FormatLimits.flushBytes }

    /// Writes what comes before the records: the line of names of CSV and TSV.
    package mutating func begin() {
        guard options.headings, format == .csv || format == .tsv else { return }
        for (index, name) in names.enumerated() {
            separate(index)
            if format == .csv { json.bytes.appendCSV(name) } else { json.bytes.appendTSV(name) }
        }
        endRow()
    }

    /// Writes one record: a cell for each column, in the order of the columns.
    package mutating func record(_ cells: [Cell]) {
        assert(cells.count == columnCount, "a record has one cell for each column")
        switch format {
        case .json:
            json.bytes.append(contentsOf: (recordCount == 0 ? "[\n" : ",\n").utf8)
            object(cells)
        case .jsonObject, .ndjson:
            object(cells)
            json.bytes.append(ASCII.newline)
        case .csv, .tsv: row(cells)
        case .ids: id(cells)
        }
        recordCount += 1
    }

    /// Writes what comes after the records.
    package mutating func end() {
        guard format == .json else { return }
        json.bytes.append(contentsOf: (recordCount == 0 ? "[]\n" : "\n]\n").utf8)
    }

    private mutating func object(_ cells: [Cell]) {
        if jsonKeys.isEmpty { json.bytes.append(UInt8(ascii: "{")) }
        for (key, position) in zip(jsonKeys, selection) {
            json.bytes.append(contentsOf: key)
            json.startAfresh()
            json.cell(position < cells.count ? cells[position] : .null)
        }
        json.bytes.append(UInt8(ascii: "}"))
    }

    private mutating func row(_ cells: [Cell]) {
        for (index, position) in selection.enumerated() {
            separate(index)
            let cell = position < cells.count ? cells[position] : .null
            if format == .tsv {
                json.bytes.appendTSV(cell)
            } else {
                let start = json.bytes.count
                json.bytes.appendCSV(cell, rawText: options.rawText)
                // A line with nothing on it would be no record to most readers.
                if selection.count == 1, json.bytes.count == start { json.bytes.append(contentsOf: "\"\"".utf8) }
            }
        }
        endRow()
    }

    private mutating func id(_ cells: [Cell]) {
        guard identity < cells.count, cells[identity] != .null else { return }
        if options.nulTerminated {
            json.bytes.append(contentsOf: cells[identity].plainText.utf8)
            json.bytes.append(0)
        } else {
            json.bytes.appendTSV(cells[identity])
            json.bytes.append(ASCII.newline)
        }
    }

    private mutating func separate(_ index: Int) {
        if index > 0 { json.bytes.append(format == .csv ? ASCII.comma : ASCII.tab) }
    }

    private mutating func endRow() {
        if format == .csv { json.bytes.append(ASCII.carriageReturn) }
        json.bytes.append(ASCII.newline)
    }
}
