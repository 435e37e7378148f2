// What a profile may hold: texts of a bounded length, and further fields of anyone's choice as one JSON object.

package import Formats

extension AccountRecord.Profile {
    /// Makes sure that the profile can be stored.
    package func check() throws {
        for (name, field) in [("name", name), ("bio", bio), ("location", location), ("link", link)] {
            guard let field else { continue }
            guard field.count <= Limits.profileCharacters else {
                throw AccountsError(.tooLong, "\"\(name)\" has more than \(Limits.profileCharacters) characters")
            }
            guard !field.utf8.contains(0) else { throw AccountsError(.badField, "\"\(name)\" contains a NUL byte") }
        }
        guard fields?.utf8.count ?? 0 <= Limits.profileFieldBytes else {
            throw AccountsError(.tooLong, "the further fields have more than \(Limits.profileFieldBytes) bytes")
        }
    }

    /// Makes sure that a further field can have a name.
    static func check(key: String) throws {
        guard !key.isEmpty, key.utf8.count <= Limits.profileKeyBytes, !key.utf8.contains(0) else {
            throw AccountsError(.badField, "the name of a field has 1 to \(Limits.profileKeyBytes) bytes")
        }
    }

    /// Sets a further field to a JSON value; `null` takes it away.
    package mutating func set(_ key: String, to value: JSONValue) throws { try set([JSONValue.Member(key, value)]) }

    /// Sets further fields to JSON values at once; of several values of one name the last counts.
    ///
    /// - Complexity: O(n log n) in what there is and what comes: whoever sends ten thousand fields waits no longer.
    package mutating func set(_ changes: [JSONValue.Member]) throws {
        if changes.isEmpty { return }
        for change in changes { try Self.check(key: change.key) }
        // One order and one spelling, so that equal profiles have equal bytes everywhere.
        let all = (try fieldValues.map { JSONValue.Member($0.key, $0.value) } + changes).enumerated()
            .sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }.map(\.element)
        let members = all.indices.filter { index in
            let isLast = index + 1 == all.count || all[index + 1].key != all[index].key
            return isLast && all[index].value != .null
        }.map { JSONValue.Member(all[$0].key, all[$0].value.canonical) }
        fields = members.isEmpty ? nil : JSONValue.object(members).text
    }

    /// The further fields, in the order of their names.
    package var fieldValues: [(key: String, value: JSONValue)] {
        get throws {
            guard let fields else { return [] }
            guard case .object(let members) = try JSONReader.parse(Array(fields.utf8)) else { return [] }
            return members.map { ($0.key, $0.value) }
        }
    }
}

extension JSONValue {
    /// The value with the members of all objects in the order of their names.
    fileprivate var canonical: JSONValue {
        switch self {
        case .object(let members):
            .object(
                members.map { JSONValue.Member($0.key, $0.value.canonical) }.sorted { $0.key < $1.key })
        case .array(let values): .array(values.map(\.canonical))
        default: self
        }
    }
}
