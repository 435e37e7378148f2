// What moving slots does to one shard's tables: the shard that gives them away marks them, lists their rows and what
// changes, releases them one by one and cleans up; the one that takes them puts the rows and adopts the slots.

extension SQLTransaction {
    // MARK: Which slots

    /// The slots in a state that go to a shard, or come from it.
    func slots(_ state: SlotState, peer: Int) throws -> [Slot] {
        try statement("SELECT slot FROM slot WHERE peer = ? AND owned = ? ORDER BY slot")
            .bind(Int64(peer), state.rawValue).all { Slot(masking: $0.integer(0)) }
    }

    /// Marks slots that are about to be copied to another shard; from now on changes of their rows are noted.
    func mark(_ slots: [Slot], goingTo shard: Int) throws {
        let update = try statement("UPDATE slot SET peer = ? WHERE slot = ? AND owned = 1")
        for slot in slots { try update.bind(Int64(shard), Int64(slot.rawValue)).run() }
        markDirty()
    }

    /// Expects the rows of slots from another shard; what is known of them already stays.
    func expect(_ slots: [Slot], from shard: Int) throws {
        let insert = try statement(
            "INSERT INTO slot VALUES (?, \(SlotState.incoming.rawValue), 0, 0, ?) ON CONFLICT DO NOTHING")
        for slot in slots { try insert.bind(Int64(slot.rawValue), Int64(shard)).run() }
        try statement("INSERT INTO arrival VALUES (?, -1, 0, 0, 0, '', 0) ON CONFLICT DO NOTHING")
            .bind(Int64(shard)).run()
        markDirty()
    }

    // MARK: Copying

    /// How far copying from a shard has come: behind which row, and behind which noted change; nil before it begins.
    func arrival(from shard: Int) throws -> (row: RowKey, change: Int64)? {
        try statement("SELECT kind, first, second, third, text, change FROM arrival WHERE source = ?")
            .bind(Int64(shard)).first { row in (rowKey(row, from: 0), row.integer(5)) }
    }

    /// Notes behind which row copying has come.
    func setArrival(from shard: Int, row key: RowKey) throws {
        let update = try statement(
            "UPDATE arrival SET kind = ?, first = ?, second = ?, third = ?, text = ?6 WHERE source = ?5"
        ).bind(Int64(key.kind), key.first, key.second, key.third, Int64(shard))
        update.bind(key.text, at: 6)
        try update.run()
        markDirty()
    }

    /// Notes behind which change copying has come.
    func setArrival(from shard: Int, change: Int64) throws {
        try statement("UPDATE arrival SET change = ? WHERE source = ?").bind(change, Int64(shard)).run()
        markDirty()
    }

    /// Ends copying from a shard.
    func endArrival(from shard: Int) throws {
        try statement("DELETE FROM arrival WHERE source = ?").bind(Int64(shard)).run()
        try statement("DELETE FROM slot WHERE peer = ? AND owned = \(SlotState.incoming.rawValue)")
            .bind(Int64(shard)).run()
        markDirty()
    }

    /// Rows that have changed in slots that go to a shard, after a noted change.
    func changes(for shard: Int, after n: Int64, limit: Int) throws -> [(n: Int64, key: RowKey)] {
        let sql = "SELECT n, kind, first, second, third, text FROM changed WHERE n > ? AND peer = ? ORDER BY n LIMIT ?"
        return try statement(sql).bind(n, Int64(shard), Int64(limit)).all { ($0.integer(0), rowKey($0, from: 1)) }
    }

    /// Forgets the noted changes for a shard.
    func forgetChanges(for shard: Int) throws {
        try statement("DELETE FROM changed WHERE peer = ?").bind(Int64(shard)).run()
        markDirty()
    }

    private func rowKey(_ row: any SQLStatement, from column: Int32) -> RowKey {
        RowKey(
            kind: Int(row.integer(column)), first: row.integer(column + 1), second: row.integer(column + 2),
            third: row.integer(column + 3), text: row.text(column + 4))
    }

    /// Puts a row that is not there.
    func place(_ row: TruthRow) throws { try put(row) }

    /// Makes the row at a place what it is elsewhere.
    func replace(_ key: RowKey, with row: TruthRow?) throws {
        let present = try self.row(at: key)
        if present == row { return }
        if let present { try displace(present) }
        if let row { try put(row) }
    }

    // MARK: Switching

    /// What lies with a slot beside its rows of truth.
    struct Belongings {
        var last: Int64 = 0
        var claims: [HandleClaim] = []
        var effects: [PendingEffect] = []
        var progress: [(key: String, done: Int64)] = []
    }

    /// What lies with a slot here.
    func belongings(of slot: Slot) throws -> Belongings {
        var found = Belongings()
        found.last =
            try statement("SELECT last FROM slot WHERE slot = ?").bind(Int64(slot.rawValue)).first { $0.integer(0) }
            ?? 0
        found.claims = try claims().filter { Slot(ofKey: $0.key) == slot }
        found.effects = try pendingEffects().filter { $0.origin.slot == slot }
        found.progress = try statement("SELECT key, done FROM progress ORDER BY key").all {
            ($0.text(0), $0.integer(1))
        }
        for index in found.progress.indices {
            let own = try progressOfSlots(found.progress[index].key).first { $0.slot == slot }
            if let own { found.progress[index].done = own.done }
        }
        let known = found.progress.map(\.key)
        let others = try statement("SELECT key, done FROM progress_of_slot WHERE slot = ? ORDER BY key")
            .bind(Int64(slot.rawValue)).all { (key: $0.text(0), done: $0.integer(1)) }
        found.progress += others.filter { !known.contains($0.key) }
        return found
    }

    /// Gives a slot away: from now on nobody writes in it here.
    ///
    /// - Returns: the slot's new epoch.
    func release(_ slot: Slot, _ belongings: Belongings, to shard: Int) throws -> Int64 {
        // Imports go on in other slots; in this one they have come so far and no farther.
        try adoptProgress(belongings.progress, of: slot)
        try statement(
            "UPDATE slot SET owned = \(SlotState.outgoing.rawValue), epoch = epoch + 1 WHERE slot = ? AND owned = 1"
        ).bind(Int64(slot.rawValue)).run()
        log(.released(slot, to: shard))
        return try statement("SELECT epoch FROM slot WHERE slot = ?").bind(Int64(slot.rawValue))
            .first { $0.integer(0) } ?? 0
    }

    /// Says that the shard has other slots now: whoever comes with an older slot map is turned away.
    func adoptMap() throws {
        try statement("UPDATE shard SET map_version = map_version + 1").run()
        markDirty()
    }

    /// Takes a slot over whose rows have all come.
    ///
    /// - Parameter after: the commit of the giving shard's log that released it.
    func adopt(_ slot: Slot, epoch: Int64, _ belongings: Belongings, from shard: Int, after n: Int64) throws {
        try statement("UPDATE slot SET owned = 1, epoch = ?, last = ?, peer = NULL WHERE slot = ?")
            .bind(epoch, belongings.last, Int64(slot.rawValue)).run()
        for claim in belongings.claims { try insert(claim) }
        for effect in belongings.effects { try addPending(effect) }
        try adoptProgress(belongings.progress, of: slot)
        log(.adopted(slot, from: shard, after: n))
    }

    private static let progressUpsert = SQLUpsert.into("progress_of_slot", "key, slot, done", key: "key, slot")

    /// Imports that had not come as far here, or farther, go on in the slot from where they were.
    private func adoptProgress(_ progress: [(key: String, done: Int64)], of slot: Slot) throws {
        let known = progress.map(\.key)
        let here = try statement("SELECT key FROM progress").all { $0.text(0) }
        let insert = try statement(SQLTransaction.progressUpsert)
        for (key, done) in progress + here.filter({ !known.contains($0) }).map({ ($0, 0) }) {
            insert.bind(key, at: 1)
            insert.bind(Int64(slot.rawValue), at: 2)
            insert.bind(done, at: 3)
            try insert.run()
        }
    }

    // MARK: Cleaning up

    /// Removes rows that have gone to another shard.
    func remove(_ rows: [TruthRow]) throws { for row in rows { try displace(row) } }

    /// Forgets slots that have gone to another shard and have no rows here any more.
    func forget(goneTo shard: Int) throws {
        for slot in try slots(.outgoing, peer: shard) {
            for claim in try claims() where Slot(ofKey: claim.key) == slot { try delete(claim) }
            for effect in try pendingEffects() where effect.origin.slot == slot { try finish(effect) }
            try statement("DELETE FROM progress_of_slot WHERE slot = ?").bind(Int64(slot.rawValue)).run()
            try statement("DELETE FROM slot WHERE slot = ?").bind(Int64(slot.rawValue)).run()
        }
        let of = SQLTransaction.slot("follower")
        try statement("DELETE FROM edges WHERE count = 0 AND \(of) NOT IN (SELECT slot FROM slot)").run()
        try forgetChanges(for: shard)
    }
}
