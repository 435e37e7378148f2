// Records with named fields, whether they come as NDJSON objects or as CSV under a heading: an import that takes both
// knows only fields.

/// Reads records.
package struct FieldReader {
    /// The forms of a file.
    package enum Form: String, CaseIterable, Sendable {
        /// An object a line.
        case ndjson
        /// Cells under a heading.
        case csv
    }

    /// One named value and its place.
    package struct Field {
        /// The name; a heading's in lower case.
        package let name: String
        /// The value; of a cell always a text.
        package let value: JSONValue
        /// The line, from 1.
        package let line: Int
        /// The column, from 1, in bytes: of an object, where the object begins.
        package let column: Int

        /// An error about this field.
        package func fault(_ message: String) -> DataError {
            DataError(.syntax, line: line, column: column, "\"\(name)\": \(message)")
        }
    }

    /// One record, in which `null` and an empty cell are no fields.
    package struct Record {
        /// The fields in order.
        package let fields: [Field]
        /// The line on which it begins, from 1.
        package let line: Int

        /// The field of a name.
        package subscript(name: String) -> Field? { fields.first { $0.name == name } }

        /// The text of a field; nil when there is no such field.
        package func text(_ name: String) throws(DataError) -> String? {
            guard let field = self[name] else { return nil }
            guard let text = field.value.string else { throw field.fault("it is no text") }
            return text
        }

        /// The time that a field says, in milliseconds since 1970; nil when there is no such field.
        package func time(_ name: String) throws(DataError) -> Int64? {
            guard let text = try text(name), let field = self[name] else { return nil }
            do { return try RFC3339.parse(text) } catch { throw field.fault(error.message) }
        }
    }

    /// The bytes of the heading, where the form has one.
    package private(set) var heading: [UInt8]?
    private var names: [String] = []
    // One of these is there. As cases of an enumeration they would be copied with their buffers.
    private var objects: NDJSONReader?
    private var records: CSVReader?

    /// Makes a reader; of CSV it reads the heading.
    ///
    /// - Parameter required: a name that the heading must have.
    package init(_ form: Form, _ lines: LineReader, requiring required: String) throws(DataError) {
        switch form {
        case .ndjson: objects = NDJSONReader(lines)
        case .csv:
            var records = CSVReader(lines)
            names = try records.next()?.fields.map { $0.text.lowercased() } ?? []
            guard names.contains(required) else {
                throw DataError(.syntax, line: 1, column: 1, "expected a heading with a column \"\(required)\"")
            }
            heading = records.lastRecord
            self.records = records
        }
    }

    /// The bytes of the record that was returned or refused last.
    package var lastRecord: ArraySlice<UInt8> { records?.lastRecord[...] ?? objects?.lastLine ?? [] }

    /// The next record, or nil at the end.
    ///
    /// An error uses its record up.
    package mutating func next() throws(DataError) -> Record? {
        if let object = try objects?.next() {
            let members = (object.value.object ?? []).filter { $0.value != .null }
            let fields = members.map { Field(name: $0.key, value: $0.value, line: object.line, column: 1) }
            return Record(fields: fields, line: object.line)
        }
        guard let record = try records?.next() else { return nil }
        let fields = zip(names, record.fields).compactMap { name, cell in
            cell.text.isEmpty
                ? nil
                : Field(
                    name: name, value: .string(CellEscaping.unguarded(cell.text)), line: cell.line, column: cell.column)
        }
        return Record(fields: fields, line: record.line)
    }
}
