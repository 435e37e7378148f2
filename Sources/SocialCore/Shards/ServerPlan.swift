// Which shards go to which server: as few as give everybody a share.

/// Shards that are to get another server.
package struct ServerPlan: Equatable, Sendable {
    /// A shard that goes from one server to another; nil stands for the network's first.
    package struct Transfer: Equatable, Sendable {
        /// The shard's number.
        package var shard: Int
        /// The address of the server that gives it.
        package var from: String?
        /// The address of the server that gets it.
        package var to: String?
    }

    /// What moving did.
    package struct Summary: Equatable, Sendable {
        /// Rows that were copied.
        package var rows = 0
        /// The longest time for which what was to be written in a shard had to wait, in microseconds.
        package var longestFence = 0

        /// Nothing has moved yet.
        package init() {}
    }

    /// The shards that go, in the order in which they do.
    package var transfers: [Transfer]

    /// The plan that gives a server its share of the shards, from those that have most.
    ///
    /// - Parameter weight: the share, against one for each other server.
    package init(giving place: String?, weight: Int, of map: SlotMap) {
        transfers = []
        var counts = ServerPlan.places(in: map).filter { $0 != place }.map { place in
            (place: place, shards: map.shards.filter { $0.store == place }.map(\.number))
        }
        let present = map.shards.count { $0.store == place }
        let share = map.shards.count * weight / (counts.count + weight)
        while transfers.count + present < share,
            let giver = counts.indices.max(by: { counts[$0].shards.count < counts[$1].shards.count }),
            let shard = counts[giver].shards.popLast()
        {
            transfers.append(Transfer(shard: shard, from: counts[giver].place, to: place))
        }
        transfers.sort { $0.shard < $1.shard }
    }

    /// The plan that gives shards to a server; those that are there stay.
    package init(giving place: String?, shards: [Int], of map: SlotMap) {
        transfers = map.shards.filter { shards.contains($0.number) && $0.store != place }.map {
            Transfer(shard: $0.number, from: $0.store, to: place)
        }
    }

    /// The servers of a map, each once, in the order of their shards; nil stands for the network's first.
    package static func places(in map: SlotMap) -> [String?] {
        var places: [String?] = []
        for shard in map.shards where !places.contains(shard.store) { places.append(shard.store) }
        return places
    }
}

/// What a server says of itself.
package struct ServerStatus: Equatable, Sendable {
    /// A server that follows another one.
    package struct Standby: Equatable, Sendable {
        /// What it calls itself.
        package var name: String
        /// `async`, `potential`, `sync` or `quorum`: whether a commit waits for it.
        package var state: String
        /// How many bytes of the log it has not applied yet; nil where we may not see that.
        package var lagBytes: Int64?
        /// How long it took lately until it had applied what was committed, in milliseconds; nil when it is idle.
        package var lagMilliseconds: Double?
    }

    /// Its address in the map; nil for the network's first.
    package var place: String?
    /// The host and the port that take writes; nil when nobody answers.
    package var primary: String?
    /// Those that follow it, as far as we may see them.
    package var standbys: [Standby] = []
    /// Bytes that each shard takes there, by the numbers of shards.
    package var bytes: [Int: Int] = [:]

    /// A server of which nothing is known.
    package init(place: String?) { self.place = place }
}
