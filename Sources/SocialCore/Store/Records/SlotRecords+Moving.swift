// The records of slots that get another shard: copied before the slot map says so, while nobody may write the records
// of either shard, and removed where they were afterwards. When that is interrupted, what is left of them counts for
// nothing, because the map says whose a slot is.

extension SlotRecords {
    /// Records that have been copied and are locked until the slot map is written.
    final class Move {
        fileprivate var transfers: [(from: RecordsStore, to: RecordsStore, slots: [Slot])] = []

        /// Removes the records where they were, and unlocks them.
        func finish() throws {
            defer { release() }
            for transfer in transfers where transfer.from.exists {
                let slots = transfer.slots
                guard try transfer.from.read({ try $0.hasRows(of: slots) }) == true else { continue }
                try transfer.from.write { transaction in for slot in slots { try transaction.removeRows(of: slot) } }
            }
        }

        /// Unlocks the records; what was copied stays unseen if the slot map was not written.
        func release() {
            for transfer in transfers {
                transfer.from.letGo()
                transfer.to.letGo()
            }
            transfers = []
        }
    }

    /// Copies the records of all slots that get another shard, and keeps them locked.
    func move(from old: SlotMap, to new: SlotMap) throws -> Move {
        let move = Move()
        do {
            for (from, to, slots) in SlotRecords.changes(from: old, to: new) {
                let (giver, taker) = try (shards.file(of: from), shards.file(of: to))
                try giver.hold()
                move.transfers.append((giver, taker, slots))
                try taker.hold()
                let isGiving = try giver.read { try $0.hasRows(of: slots) } ?? false
                let isStale = try taker.read { try $0.hasRows(of: slots) } ?? false
                if !isGiving, !isStale { continue }
                try taker.write { transaction in
                    let isThere: Void? = try giver.read { rows in
                        for slot in slots { try transaction.take(slot, from: rows) }
                    }
                    if isThere == nil { for slot in slots { try transaction.removeRows(of: slot) } }
                }
            }
        } catch {
            move.release()
            throw error
        }
        return move
    }

    /// The slots that another shard has in a later map.
    private static func changes(from old: SlotMap, to new: SlotMap) -> [(from: Int, to: Int, slots: [Slot])] {
        var changes: [(from: Int, to: Int, slots: [Slot])] = []
        for number in 0..<Slot.count {
            guard let slot = Slot(number) else { continue }
            let (from, to) = (old.owner(of: slot).shard, new.owner(of: slot).shard)
            if from == to { continue }
            if let index = changes.firstIndex(where: { $0.from == from && $0.to == to }) {
                changes[index].slots.append(slot)
            } else {
                changes.append((from, to, [slot]))
            }
        }
        return changes
    }
}
