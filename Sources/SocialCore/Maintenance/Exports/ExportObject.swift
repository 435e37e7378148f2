// One line of an export while it is read: its members are taken one by one, nearly always in the order in which they
// stand, and whatever is left in the end is an error.

internal import Formats

/// The members of a line.
struct ExportObject {
    private let line: Int
    private let bytes: ArraySlice<UInt8>
    private let members: [JSONValue.Member]
    private var isTaken: UInt64 = 0
    private var next = 0

    /// The members of a line, whose bytes are kept for the columns of errors.
    init(_ record: NDJSONReader.Record, _ bytes: ArraySlice<UInt8>) {
        line = record.line
        self.bytes = bytes
        members = record.value.object ?? []
    }

    private init(_ members: [JSONValue.Member], in object: ExportObject) {
        (line, bytes, self.members) = (object.line, object.bytes, members)
    }

    /// The value of a key; nil when there is no such key.
    mutating func take(_ key: String) -> JSONValue? {
        var index = next
        if index >= members.count || members[index].key != key {
            guard let found = members.firstIndex(where: { $0.key == key }) else { return nil }
            index = found
        }
        next = index + 1
        if index < UInt64.bitWidth { isTaken |= 1 << UInt64(index) }
        return members[index].value
    }

    /// Makes sure that nothing is left that the program would lose.
    func end() throws(DataError) {
        for (index, member) in members.enumerated() where index >= UInt64.bitWidth || isTaken >> UInt64(index) & 1 == 0
        {
            throw fault(member.key, "\"\(member.key)\" does not belong here")
        }
    }

    /// An error at a key, or at the beginning of the line where the key is missing.
    func fault(_ key: String, _ message: String) -> DataError {
        let quoted = Array("\"\(key)\":".utf8)
        let column = bytes.indices.first { bytes[$0...].starts(with: quoted) }.map { $0 - bytes.startIndex + 1 }
        return DataError(.syntax, line: line, column: column ?? 1, message)
    }

    /// Runs a check of another room; what it finds stands at a key.
    func checking(_ key: String, _ body: () throws -> Void) throws {
        do { try body() } catch let error as any RoomError { throw fault(key, error.message) }
    }

    // MARK: Values

    /// A text.
    mutating func string(_ key: String) throws(DataError) -> String {
        guard let text = try optionalString(key) else { throw fault(key, "\"\(key)\" is missing") }
        return text
    }

    /// A text, or null.
    mutating func optionalString(_ key: String) throws(DataError) -> String? {
        switch take(key) {
        case nil, .null: return nil
        case .string(let text): return text
        default: throw fault(key, "\"\(key)\" is no string")
        }
    }

    /// A whole number.
    mutating func integer(_ key: String) throws(DataError) -> Int64 {
        guard let value = try optionalInteger(key) else { throw fault(key, "\"\(key)\" is missing") }
        return value
    }

    /// A whole number, or null.
    mutating func optionalInteger(_ key: String) throws(DataError) -> Int64? {
        switch take(key) {
        case nil, .null: return nil
        case .integer(let value): return value
        default: throw fault(key, "\"\(key)\" is no whole number")
        }
    }

    /// A number of things, or the number of one: not negative, and small enough that sums of many are numbers too.
    mutating func count(_ key: String, through limit: Int64 = 1 << 48) throws(DataError) -> Int64 {
        let value = try integer(key)
        guard (0...limit).contains(value) else { throw fault(key, "\"\(key)\" is none from 0 to \(limit)") }
        return value
    }

    /// A number of 64 bits, in quotes like an id.
    mutating func number(_ key: String) throws(DataError) -> Int64 {
        let text = try string(key)
        guard let value = Int64(text) else { throw fault(key, "\"\(key)\" is no whole number in quotes") }
        return value
    }

    /// An id.
    mutating func id<Identifier: EntityIdentifier>(_ key: String) throws(DataError) -> Identifier {
        guard let id: Identifier = try optionalID(key) else { throw fault(key, "\"\(key)\" is missing") }
        return id
    }

    /// An id, or null.
    mutating func optionalID<Identifier: EntityIdentifier>(_ key: String) throws(DataError) -> Identifier? {
        guard let text = try optionalString(key) else { return nil }
        guard let id = Identifier(decimal: text) else { throw fault(key, "\"\(key)\" is no id") }
        return id
    }

    /// Ids in an array; none where it is missing.
    mutating func ids<Identifier: EntityIdentifier>(_ key: String) throws(DataError) -> [Identifier] {
        var ids: [Identifier] = []
        for value in try values(key) {
            guard case .string(let text) = value, let id = Identifier(decimal: text) else {
                throw fault(key, "\"\(key)\" has something that is no id")
            }
            ids.append(id)
        }
        return ids
    }

    /// The values of an array; none where it is missing.
    private mutating func values(_ key: String) throws(DataError) -> [JSONValue] {
        switch take(key) {
        case nil, .null: return []
        case .array(let values): return values
        default: throw fault(key, "\"\(key)\" is no array")
        }
    }

    /// Objects in an array; none where it is missing.
    mutating func objects(_ key: String) throws(DataError) -> [ExportObject] {
        var objects: [ExportObject] = []
        for value in try values(key) {
            guard let members = value.object else { throw fault(key, "\"\(key)\" has something that is no object") }
            objects.append(ExportObject(members, in: self))
        }
        return objects
    }

    /// Arrays in an array; none where it is missing.
    mutating func arrays(_ key: String) throws(DataError) -> [[JSONValue]] {
        var arrays: [[JSONValue]] = []
        for value in try values(key) {
            guard case .array(let items) = value else { throw fault(key, "\"\(key)\" has something that is no array") }
            arrays.append(items)
        }
        return arrays
    }

    /// A point in time.
    mutating func time(_ key: String) throws(DataError) -> Timestamp {
        guard let time = try optionalTime(key) else { throw fault(key, "\"\(key)\" is missing") }
        return time
    }

    /// A point in time, or null.
    mutating func optionalTime(_ key: String) throws(DataError) -> Timestamp? {
        guard let text = try optionalString(key) else { return nil }
        do { return Timestamp(milliseconds: try RFC3339.parse(text)) } catch {
            throw fault(key, "\"\(key)\": \(error.message)")
        }
    }
}
