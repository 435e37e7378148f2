// One value of one record. The kinds differ in what the formats do with them: only `text` is written by strangers, so
// only `text` needs guarding against spreadsheets.

/// A value of a record.
package enum Cell: Hashable, Sendable {
    /// No value: `null` in JSON, the empty cell in CSV and TSV.
    case null
    /// What a person wrote.
    case text(String)
    /// What a person wrote, with parts that stand out on a terminal, in Unicode scalars.
    case marked(String, [Range<Int>])
    /// An id or a handle, always a string in JSON: readers of 64-bit numbers are not to be trusted.
    case id(String)
    /// A timestamp as `RFC3339.format` writes it.
    case time(String)
    /// An integer.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    /// `true` or `false`.
    case bool(Bool)
    /// A list or an object; compact JSON text in CSV and TSV.
    case json(JSONValue)

    /// The text, or null.
    package static func text(orNull text: String?) -> Cell { text.map(Cell.text) ?? .null }

    /// The integer, or null.
    package static func integer(orNull value: Int64?) -> Cell { value.map(Cell.integer) ?? .null }

    /// What CSV, TSV and a table show of the cell, before any escaping.
    package var plainText: String {
        switch self {
        case .null: ""
        case .text(let text), .marked(let text, _), .id(let text), .time(let text): text
        case .integer(let value): String(value)
        case .number(let value): value.isFinite ? value.description : ""
        case .bool(let value): value ? "true" : "false"
        case .json(let value): value.text
        }
    }
}

extension JSONWriter {
    /// Writes a cell as a JSON value.
    package mutating func cell(_ cell: Cell) {
        switch cell {
        case .null: null()
        case .text(let text), .marked(let text, _), .id(let text), .time(let text): string(text)
        case .integer(let value): integer(value)
        case .number(let value): number(value)
        case .bool(let value): bool(value)
        case .json(let value): self.value(value)
        }
    }
}
