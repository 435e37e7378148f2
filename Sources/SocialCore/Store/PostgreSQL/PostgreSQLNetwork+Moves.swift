// Shards that move between the servers of a network: one process moves at a time, and what an earlier one has left half
// done comes first.
#if PostgreSQL

extension PostgreSQLNetwork {
    /// Held on the first server by whoever moves shards, for as long as its connection lives.
    private func tryLock(_ console: PostgreSQLConsole) throws -> Bool {
        try console.value("SELECT pg_try_advisory_lock(hashtextextended('\(prefix) moves', 0))") == "t"
    }

    func move(
        _ plan: (SlotMap) -> ServerPlan, beforeStep: @escaping () throws -> Void
    ) throws -> ServerPlan.Summary {
        let console = try PostgreSQLConsole(first.address)
        guard try Patience.wait(milliseconds: context.lockWaitMilliseconds, until: { try tryLock(console) }) else {
            throw StorageError(.busy, "another process moves shards", hint: "try again when it has ended")
        }
        return try withExtendedLifetime(console) {
            try settleAll()
            var summary = ServerPlan.Summary()
            for transfer in plan(try manifest().map).transfers {
                var move = try begin(transfer)
                move.beforeStep = beforeStep
                let moved = try move.run()
                summary.rows += moved.rows
                summary.longestFence = max(summary.longestFence, moved.fence)
            }
            return summary
        }
    }

    /// Says in the manifest that a shard is about to move.
    private func begin(_ transfer: ServerPlan.Transfer) throws -> PostgreSQLMove {
        let id = context.random.next()
        let move = ServerMove(from: transfer.from, to: transfer.to, id: id, owner: id)
        try PostgreSQLMove(network: self, shard: transfer.shard, move: move, version: 0).require()
        let manifest = try update { manifest in
            manifest.map = manifest.map.changing(transfer.shard) { $0.move = move }
        }
        return PostgreSQLMove(
            network: self, shard: transfer.shard, move: move, version: manifest.map.version(of: transfer.shard))
    }

    func settleMoves() throws -> Bool {
        guard !context.isDryRun else { return false }
        let console = try PostgreSQLConsole(first.address)
        guard try tryLock(console) else { return false }
        try withExtendedLifetime(console) { try settleAll() }
        return true
    }

    private func settleAll() throws {
        for shard in try manifest().map.shards { if let move = shard.move { try settle(shard.number, move) } }
    }

    /// Ends a move, or takes it back; whoever was at it can do nothing more.
    func settle(_ shard: Int, _ move: ServerMove) throws {
        var own = move
        own.owner = context.random.next()
        let manifest = try update { manifest in
            manifest.map = try manifest.map.changing(shard) { entry in
                guard entry.move == move else { throw StorageError(.busy, "another process has ended the move") }
                entry.move = own
            }
        }
        guard let entry = manifest.map[shard] else { return }
        let isSwitched = entry.store == move.to
        try PostgreSQLMove(network: self, shard: shard, move: own, version: entry.version - (isSwitched ? 1 : 0))
            .settle(isSwitched: isSwitched)
    }

    // MARK: What servers say

    func status(of places: [String?]) -> [ServerStatus] {
        places.map { place in
            var status = ServerStatus(place: place)
            // One that does not answer is worth a line too.
            guard let address = try? session(at: place).address, let console = try? PostgreSQLConsole(address) else {
                return status
            }
            status.primary = console.peer
            status.standbys = (try? standbys(console)) ?? []
            status.bytes = (try? sizes(console)) ?? [:]
            return status
        }
    }

    private func standbys(_ console: PostgreSQLConsole) throws -> [ServerStatus.Standby] {
        let rows = try console.run(
            """
            SELECT application_name, sync_state, pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn),
                extract(epoch FROM replay_lag) * 1000
            FROM pg_stat_replication r WHERE NOT EXISTS (SELECT 1 FROM pg_replication_slots s
                WHERE s.active_pid = r.pid AND s.slot_type = 'logical')
            ORDER BY application_name, pid
            """)
        return rows.map { row in
            ServerStatus.Standby(
                name: row[0] ?? "", state: row[1] ?? "", lagBytes: row[2].flatMap { Int64($0) },
                lagMilliseconds: row[3].flatMap { Double($0) })
        }
    }

    private func sizes(_ console: PostgreSQLConsole) throws -> [Int: Int] {
        let rows = try console.run(
            """
            SELECT substring(n.nspname FROM '^\(prefix)_([0-9]+)'), sum(pg_total_relation_size(c.oid))
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname ~ '^\(prefix)_[0-9]+(_records)?$' AND c.relkind = 'r' GROUP BY 1
            """)
        var sizes: [Int: Int] = [:]
        for row in rows { if let shard = row[0].flatMap({ Int($0) }) { sizes[shard] = row[1].flatMap { Int($0) } } }
        return sizes
    }
}

#endif
