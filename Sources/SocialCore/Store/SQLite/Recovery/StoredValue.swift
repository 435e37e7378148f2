// What stands in a column of a row, whatever it should mean: rows that are damaged are carried, kept and mended by
// their values.

internal import Formats
internal import GRDB
internal import GRDBSQLite

/// A value as SQLite keeps it.
enum StoredValue: Equatable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text([UInt8])
    case blob([UInt8])

    /// How many bits it has that may be wrong.
    var bitCount: Int {
        switch self {
        case .null, .real: 0
        case .integer: Int64.bitWidth
        case .text(let bytes), .blob(let bytes): bytes.count * 8
        }
    }

    /// The same with one bit turned.
    func flipped(_ bit: Int) -> StoredValue {
        func flipped(_ bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            bytes[bit / 8] ^= 1 << (bit % 8)
            return bytes
        }
        switch self {
        case .null, .real: return self
        case .integer(let number): return .integer(number ^ 1 << bit)
        case .text(let bytes): return .text(flipped(bytes))
        case .blob(let bytes): return .blob(flipped(bytes))
        }
    }

    /// The value for whoever looks at rows that were taken out: texts as they are where they are texts, bytes in
    /// hexadecimal digits.
    var json: JSONValue {
        switch self {
        case .null: return .null
        case .integer(let number): return .string(String(number))
        case .real(let number): return .string("\(number)")
        case .text(let bytes):
            return String(validating: bytes, as: UTF8.self).map { .string($0) } ?? .string(Hexadecimal.text(bytes))
        case .blob(let bytes): return .string(Hexadecimal.text(bytes))
        }
    }
}

extension Statement {
    /// What stands in a column, which begins at 0.
    func value(_ column: Int32) -> StoredValue {
        // Safety: the statement stands on a row.
        switch sqlite3_column_type(sqliteStatement, column) {
        case SQLITE_INTEGER: .integer(integer(column))
        case SQLITE_FLOAT: .real(sqlite3_column_double(sqliteStatement, column))
        case SQLITE_TEXT: .text(bytes(column))
        case SQLITE_BLOB: .blob(bytes(column))
        default: .null
        }
    }

    /// What stands in all columns.
    var values: [StoredValue] { (0..<Int32(columnCount)).map(value) }

    /// Binds a value at a position that begins at 1.
    func bind(_ value: StoredValue, at position: Int32) {
        switch value {
        case .null: bind(nil as Int64?, at: position)
        case .integer(let number): bind(number, at: position)
        case .real(let number): sqlite3_bind_double(sqliteStatement, position, number)
        case .text(let bytes): bind(text: bytes, at: position)
        case .blob(let bytes): bind(bytes, at: position)
        }
    }

    /// Binds values from position 1 on.
    func bind(_ values: [StoredValue]) {
        for (index, value) in values.enumerated() { bind(value, at: Int32(index + 1)) }
    }
}
