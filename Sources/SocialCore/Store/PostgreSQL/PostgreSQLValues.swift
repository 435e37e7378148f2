// The values that are bound to a statement, as libpq wants to have them: in binary, with their types.
#if PostgreSQL

internal import CPostgreSQL

/// Values for the places of a statement.
struct PostgreSQLValues {
    private enum Value {
        case null
        case integer(Int64)
        case text(String)
        case bytes([UInt8])

        /// The number of the type in every PostgreSQL's catalogue; none for NULL, which has any.
        var type: Oid {
            switch self {
            case .null: 0
            case .integer: 20
            case .text: 25
            case .bytes: 17
            }
        }
    }

    private var values: [Value]

    /// So many places, all NULL.
    init(count: Int) { values = Array(repeating: .null, count: count) }

    /// How many there are.
    var count: Int { values.count }

    /// The values of several rows, one after the other.
    init(joining rows: some Sequence<PostgreSQLValues>) { values = rows.flatMap(\.values) }

    /// Binds an integer or NULL at a position that begins at 1; a statement may have fewer places than columns.
    mutating func set(_ value: Int64?, at position: Int32) { set(value.map { .integer($0) } ?? .null, position) }

    /// Binds a text or NULL.
    mutating func set(_ value: String?, at position: Int32) { set(value.map { .text($0) } ?? .null, position) }

    /// Binds bytes.
    mutating func set(_ value: [UInt8], at position: Int32) { set(.bytes(value), position) }

    private mutating func set(_ value: Value, _ position: Int32) {
        let index = Int(position) - 1
        while values.count <= index { values.append(.null) }
        values[index] = value
    }

    /// Calls a closure with the number of places, and with the types, values, lengths and formats for all of them.
    // Safety: the pointers are to memory that lives for the call.
    func withPointers<Result>(
        _ body: (
            CInt, UnsafePointer<Oid>?, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<CInt>?,
            UnsafePointer<CInt>?
        ) -> Result
    ) -> Result {
        var bytes: [UInt8] = []
        var starts: [Int?] = []
        var lengths: [CInt] = []
        for value in values {
            let start = bytes.count
            switch value {
            case .null: break
            case .integer(let number): withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
            case .text(let text): bytes.append(contentsOf: text.utf8)
            case .bytes(let blob): bytes.append(contentsOf: blob)
            }
            if case .null = value { starts.append(nil) } else { starts.append(start) }
            lengths.append(CInt(bytes.count - start))
        }
        // An empty value has an address too: without one it would be NULL.
        bytes.append(0)
        let types = values.map(\.type)
        let formats = Array(repeating: CInt(1), count: values.count)
        return bytes.withUnsafeBytes { buffer in
            let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            let pointers = starts.map { start in start.flatMap { start in base.map { $0 + start } } }
            return body(CInt(values.count), types, pointers, lengths, formats)
        }
    }
}

#endif
