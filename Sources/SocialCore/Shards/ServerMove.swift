// A shard that is on its way from one server to another: what the manifest says of it, so that whoever comes after an
// interrupted move can end it or take it back.

internal import Formats

/// The move of a shard between servers.
package struct ServerMove: Equatable, Sendable {
    /// The address of the server that gives it; nil for the network's first.
    package var from: String?
    /// The address of the server that gets it; nil for the network's first.
    package var to: String?
    /// Tells it from all others: what is made on the servers for it has this in its name.
    package let id: UInt64
    /// Who may go on with it: whoever takes it over gives it another number.
    package var owner: UInt64

    /// The move of a shard.
    package init(from: String?, to: String?, id: UInt64, owner: UInt64) {
        self.from = from
        self.to = to
        self.id = id
        self.owner = owner
    }

    /// A move as it stands in the manifest; nil when that is none.
    init?(_ document: JSONValue) {
        let numbers = ["id", "owner"].compactMap { document[$0]?.string.flatMap { UInt64($0, radix: 36) } }
        guard numbers.count == 2 else { return nil }
        self.init(from: document["from"]?.string, to: document["to"]?.string, id: numbers[0], owner: numbers[1])
    }

    /// The move as it stands in the manifest.
    var document: JSONValue {
        let places = [("from", from), ("to", to)].compactMap { name, place in
            place.map { JSONValue.Member(name, .string($0)) }
        }
        let numbers = [("id", id), ("owner", owner)].map { name, number in
            JSONValue.Member(name, .string(String(number, radix: 36)))
        }
        return .object(places + numbers)
    }
}
