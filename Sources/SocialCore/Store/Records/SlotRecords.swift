// The records of slots: found in whichever shard has the slot. A slot that moves takes them along, while the records of
// both shards are locked; so whoever holds the lock and finds that the map in hand is the present one may write.

/// The records of slots of a data directory.
package struct SlotRecords {
    let router: Router
    let shards: RecordsShards

    /// The records behind a router.
    package init(router: Router, shards: RecordsShards) {
        self.router = router
        self.shards = shards
    }

    /// Runs reads on one snapshot of the records of a slot's shard; nil when nothing has been recorded there.
    package func read<Result>(_ slot: Slot, _ body: (RecordsTransaction) throws -> Result) throws -> Result? {
        while true {
            try router.lookAtMap()
            let shard = router.shard(of: slot)
            let result: Result?
            do { result = try shards[shard].read(body) } catch {
                // The shard may have been removed with all its files.
                try router.lookAtMap()
                if router.shard(of: slot) != shard { continue }
                throw error
            }
            try router.lookAtMap()
            if router.shard(of: slot) == shard { return result }
        }
    }

    /// Runs reads on the records of all shards, in the order of their numbers: scatter and gather.
    ///
    /// What belongs to slots that a shard does not have is what moves have not removed yet: the body leaves it out.
    package func gather<Result>(
        _ body: (RecordsTransaction, _ has: (Slot) -> Bool) throws -> Result
    ) throws -> [Result] {
        while true {
            try router.lookAtMap()
            let map = router.map.current
            let results = try router.throughAllShards {
                try router.onOneSnapshot {
                    try router.shards.compactMap { shard in
                        try shards[shard].read { try body($0) { map.owner(of: $0).shard == shard } }
                    }
                }
            }
            try router.lookAtMap()
            if router.map.current == map { return results }
        }
    }

    /// Runs changes in one durable transaction on the records of a slot's shard.
    package func write<Result>(_ slot: Slot, _ body: (RecordsTransaction) throws -> Result) throws -> Result {
        while true {
            try router.lookAtMap()
            let shard = router.shard(of: slot)
            do {
                return try shards[shard].write { transaction in
                    // Servers say by themselves whether they still have a shard, and slots keep theirs.
                    if router.servers == nil { try router.makeSureOfMap() }
                    guard router.shard(of: slot) == shard else { throw Moved() }
                    return try body(transaction)
                }
            } catch is Moved { continue } catch let error as StorageError where error.code == .noSuchFile {
                try router.lookAtMap()
                if router.shard(of: slot) == shard { throw error }
            }
        }
    }

    /// Runs changes for many items, one durable transaction for those of each shard, in the order of the items.
    package func write<Item>(
        _ items: [Item], slot: (Item) -> Slot, _ body: (RecordsTransaction, [Item]) throws -> Void
    ) throws {
        var left = items
        while let first = left.first {
            left = try write(slot(first)) { transaction in
                // While these records are locked, no slot moves from or to their shard.
                let shard = router.shard(of: slot(first))
                let isHere = left.map { router.shard(of: slot($0)) == shard }
                try body(transaction, zip(left, isHere).filter(\.1).map(\.0))
                return zip(left, isHere).filter { !$0.1 }.map(\.0)
            }
        }
    }

    /// The slot is at another shard by now.
    private struct Moved: Error {}
}
