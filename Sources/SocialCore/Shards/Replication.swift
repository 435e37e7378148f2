// How many copies of the truth there are, where they lie, and how many of them a write and a read need.

internal import Formats

/// The replicas of a data directory, as its manifest names them.
package struct Replication: Equatable, Sendable {
    /// The directories beside the data directory, absolute.
    package var places: [String]
    /// How many logs, the data directory's own included, hold a change before it is acknowledged.
    package var writeQuorum: Int
    /// How many logs are asked before something is read.
    package var readQuorum: Int
    /// Grows with every change of the manifest, so that the newest of its copies is known.
    package var generation: Int64
    /// Which place a copy of the manifest lies in, from 1 on; 0 in the data directory itself.
    package var place: Int

    /// How many copies there are, the data directory included.
    package var copies: Int { places.count + 1 }
    /// How many logs must be seen so that no acknowledged change is missed.
    package var promotionQuorum: Int { copies - writeQuorum + 1 }

    /// Replicas in some directories.
    ///
    /// - Parameters:
    ///   - writeQuorum: nil for a majority.
    ///   - readQuorum: nil for as few as see every acknowledged change.
    /// - Throws: `badQuorum` unless every read meets every write.
    package init(places: [String], writeQuorum: Int? = nil, readQuorum: Int? = nil) throws(ShardsError) {
        let copies = places.count + 1
        let write = writeQuorum ?? (readQuorum.map { max(1, copies - $0 + 1) } ?? copies / 2 + 1)
        let read = readQuorum ?? copies - write + 1
        guard (1...copies).contains(write), (1...copies).contains(read), write + read > copies else {
            throw ShardsError(
                .badQuorum, "a write quorum of \(write) and a read quorum of \(read) do not fit \(copies) replicas",
                hint: "each is from 1 to \(copies), and together they are more than \(copies)")
        }
        guard Set(places).count == places.count, places.allSatisfy({ $0.utf8.first == UInt8(ascii: "/") }) else {
            throw ShardsError(.badQuorum, "each replica needs a directory of its own, named from the root on")
        }
        self.places = places
        self.writeQuorum = write
        self.readQuorum = read
        generation = 0
        place = 0
    }

    /// The same with other directories: the quorums stay if they still fit, else they are those of a majority.
    package func with(places: [String]) throws(ShardsError) -> Replication {
        var next: Replication
        do {
            next = try Replication(places: places, writeQuorum: writeQuorum, readQuorum: readQuorum)
        } catch { next = try Replication(places: places) }
        next.generation = generation
        return next
    }

    /// Makes sure that a change can reach enough copies.
    ///
    /// - Throws: `quorumLost`.
    func require(_ reached: Int) throws(StorageError) {
        guard reached < writeQuorum else { return }
        throw StorageError(
            .quorumLost, "\(reached) of \(copies) replicas can be written, and a write needs \(writeQuorum)",
            hint: "see \"social replica status\"; \"social replica repair\" makes lost ones again")
    }

    // MARK: JSON

    /// The object in the manifest.
    var document: JSONValue {
        [
            "generation": .integer(generation), "place": .integer(Int64(place)),
            "places": .array(places.map(JSONValue.string)), "write_quorum": .integer(Int64(writeQuorum)),
            "read_quorum": .integer(Int64(readQuorum)),
        ]
    }

    init?(_ document: JSONValue) {
        guard let generation = document["generation"]?.integer, let place = document["place"]?.integer,
            let places = document["places"]?.array, let write = document["write_quorum"]?.integer,
            let read = document["read_quorum"]?.integer, place >= 0, place <= places.count,
            let made = try? Replication(
                places: places.compactMap(\.string), writeQuorum: Int(write), readQuorum: Int(read)),
            made.places.count == places.count
        else { return nil }
        self = made
        self.generation = generation
        self.place = Int(place)
    }
}
