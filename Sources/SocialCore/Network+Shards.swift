// Shards that come and go, and slots that move between them.

extension Network {
    /// The moves of slots.
    package var moves: SlotMoves {
        SlotMoves(
            directory: directory, router: router, records: recordsShards, heads: heads, isShared: manifest.isShared,
            context: context, beforeStep: beforeMoveStep)
    }

    /// What a change of the shards is going to do.
    package struct ShardChange: Sendable {
        /// Which slots move where.
        package var plan: SlotPlan
        /// About how many rows move with them.
        package var rows: Int
        /// The shard that was added.
        package var added: Int?
    }

    /// What a plan costs, from what the shards hold and the share of their slots that moves.
    private func change(_ plan: SlotPlan, added: Int? = nil) throws -> ShardChange {
        try requireFiles()
        let counts = zip(router.map.current.shards, router.map.current.slotCounts)
        var rows = 0
        for (entry, slots) in counts where slots > 0 && entry.number != added {
            let moving = plan.transfers.reduce(0) { $0 + ($1.from == entry.number ? $1.slots.count : 0) }
            if moving == 0 { continue }
            rows += try Int(router.read(shard: entry.number) { try $0.state().rows }) * moving / slots
        }
        return ShardChange(plan: plan, rows: rows, added: added)
    }

    // MARK: Plans

    /// What adding a shard would move.
    package func planAdding(weight: Int, in place: String?) throws -> ShardChange {
        let map = router.map.current
        try requireRoom(in: map)
        if let place { try requireFree(place) }
        let larger = map.adding(weight: weight)
        return try change(SlotPlan(balancing: larger, onlyTo: map.nextShard), added: map.nextShard)
    }

    /// What removing a shard would move.
    package func planRemoving(_ shard: Int) throws -> ShardChange {
        try requireShard(shard)
        try requireOthers(than: shard, in: router.map.current)
        return try change(SlotPlan(balancing: router.map.current, draining: shard))
    }

    /// What giving slots to a shard would move.
    package func planMoving(_ slots: [Slot], to shard: Int) throws -> ShardChange {
        try requireShard(shard)
        return try change(SlotPlan(slots, to: shard, router.map.current))
    }

    /// What giving every shard its share would move.
    ///
    /// - Parameter weights: new weights of some shards.
    package func planRebalancing(_ weights: [(shard: Int, weight: Int)]) throws -> ShardChange {
        var map = router.map.current
        for (shard, weight) in weights {
            try requireShard(shard)
            map = map.weighting(shard, weight)
        }
        return try change(SlotPlan(balancing: map))
    }

    /// Makes sure that there is a shard of a number.
    func requireShard(_ shard: Int) throws {
        guard router.shards.contains(shard) else {
            throw ShardsError(.noSuchShard, "there is no shard \(shard)", hint: "\"social shard list\" shows them")
        }
    }

    /// Makes sure that there are shards to which the slots of one can go.
    private func requireOthers(than shard: Int, in map: SlotMap) throws {
        let others = map.shards.filter { $0.number != shard }
        guard let other = others.first else {
            throw ShardsError(.lastShard, "shard \(shard) is the only one", hint: "add another one first")
        }
        // The others are drained, or their removal was interrupted.
        guard others.contains(where: { $0.weight > 0 }) else {
            throw ShardsError(
                .lastShard, "no shard but \(shard) has a weight, and so none gets its slots",
                hint: "\"social shard rebalance --weight \(other.number)=1\" gives one a weight")
        }
    }

    /// Makes sure that a shard can lie in a directory.
    private func requireFree(_ place: String) throws {
        let files = FileSystem(tap: context.fileTap)
        try Network.requireEmpty(place, known: [], files)
        try files.requirePlace(for: place)
    }

    private func requireRoom(in map: SlotMap) throws {
        guard map.shards.count < Limits.shards.upperBound, map.nextShard < Limits.shards.upperBound else {
            throw ShardsError(
                .tooManyShards, "a data directory has up to \(Limits.shards.upperBound) shards, removed ones counted")
        }
    }

    // MARK: Changes

    /// Adds a shard and moves its share of the slots there.
    ///
    /// - Parameter place: an empty directory, maybe on another disk, in which it is to lie; nil: with the others.
    package func addShard(weight: Int, in place: String?) throws -> (shard: Int, summary: SlotMoves.Summary) {
        var added = 0
        if let place { try requireFree(place) }
        let summary = try moves.run {
            added = try makeShard(weight: weight, in: place)
            return SlotPlan(balancing: router.map.current, onlyTo: added)
        }
        try keepUp()
        return (added, summary)
    }

    /// Makes the folder of a shard that owns nothing yet, and then its place in the map.
    private func makeShard(weight: Int, in place: String?) throws -> Int {
        let files = FileSystem(tap: context.fileTap)
        var number = 0
        let manifest = try Manifest.update(directory, context: context) { manifest in
            try requireRoom(in: manifest.map)
            number = manifest.map.nextShard
            let folder = DataDirectory.shardPath(directory, shard: number)
            if let place {
                try files.removeTree(folder)
                try files.makeDirectory(place, shared: manifest.isShared)
                try files.link(folder, to: place)
            } else {
                try files.makeEmptyDirectory(folder, shared: manifest.isShared)
            }
            manifest.map = manifest.map.adding(weight: weight)
            let store = SQLiteStore(
                shard: number, directory: folder, shared: manifest.isShared, map: SlotMapHolder(manifest.map),
                heads: heads, context: context)
            try store.create(incarnation: context.random.next())
            try files.syncDirectory(folder)
        }
        router.map.current = manifest.map
        try heads?.setMapMark(manifest.map.mark)
        return number
    }

    /// Moves all slots of a shard away and removes it.
    ///
    /// What is pending in it is settled, and the views consume its log, before that is gone.
    package func removeShard(_ shard: Int) throws -> SlotMoves.Summary {
        _ = try planRemoving(shard)
        let summary = try moves.run {
            // It gets nothing from others from now on, whoever rebalances.
            router.map.current = try Manifest.update(directory, context: context) { manifest in
                try requireOthers(than: shard, in: manifest.map)
                manifest.map = manifest.map.weighting(shard, 0)
            }.map
            return SlotPlan(balancing: router.map.current, draining: shard)
        }
        _ = try feeds.publish()
        // Whoever puts from now on finds the map without the shard's slots.
        try uploads.keeping.settle(isAlone: true)
        try analytics.adopt(shard)
        try moves.drop(shard)
        recordsShards.forget(shard)
        clearReplicas(of: shard)
        return summary
    }

    /// Gives slots to a shard.
    package func moveSlots(_ slots: [Slot], to shard: Int) throws -> SlotMoves.Summary {
        try requireShard(shard)
        let summary = try moves.run { SlotPlan(slots, to: shard, router.map.current) }
        try keepUp()
        return summary
    }

    /// Gives every shard its share, and ends what was left half done.
    ///
    /// - Parameter weights: new weights of some shards.
    package func rebalance(_ weights: [(shard: Int, weight: Int)]) throws -> SlotMoves.Summary {
        for (shard, _) in weights { try requireShard(shard) }
        let summary = try moves.run {
            if !weights.isEmpty {
                router.map.current = try Manifest.update(directory, context: context) { manifest in
                    for (shard, weight) in weights { manifest.map = manifest.map.weighting(shard, weight) }
                }.map
            }
            return SlotPlan(balancing: router.map.current)
        }
        try keepUp()
        return summary
    }

    /// Lets the feeds know of slots that have moved, which on large shards nobody else does, and lets objects follow:
    /// also those of a move that was broken off when its last slot had moved.
    private func keepUp() throws {
        _ = try feeds.publish()
        try uploads.keeping.settle()
    }
}
