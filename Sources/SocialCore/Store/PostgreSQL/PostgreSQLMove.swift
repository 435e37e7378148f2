// How a shard gets from one server to another: its rows are copied as they are at one moment, logical replication takes
// what has changed since after them, and for a few milliseconds what is to be written waits, until the last change has
// come and the map names the other server.
//
// The fence is the version in the shard's row, which everybody looks at inside every transaction: it grows first on the
// giving server, where from then on nobody writes or reads, goes with the log to the taking one, and proves there that
// everything before it has come. Only then is it written what the map says. The manifest says of a shard that it is
// moving before anything is done, so whoever finds the fence and no mover can end the move, or take it back.
#if PostgreSQL

/// One shard on its way between two servers.
struct PostgreSQLMove {
    let network: PostgreSQLNetwork
    let shard: Int
    /// What the manifest says of the move.
    let move: ServerMove
    /// The shard's version in the map before the move.
    let version: Int64
    /// Called before each step, so that a test can stop a move anywhere.
    var beforeStep: () throws -> Void = {}

    /// What the slot, the publication and the subscription are called.
    private var name: String { "\(network.prefix)_move_\(shard)_\(String(move.id, radix: 36))" }
    private var truth: PostgreSQLSchema { .truth(of: shard, network.prefix) }
    private var records: PostgreSQLSchema { .records(of: shard, network.prefix) }
    private var tables: [String] {
        [truth, records].flatMap { schema in schema.tables.sorted().map { "\(schema.name).\($0)" } }
    }

    private func console(_ place: String?, isReplicating: Bool = false) throws -> PostgreSQLConsole {
        try PostgreSQLConsole(network.session(at: place).address, isReplicating: isReplicating)
    }

    // MARK: Going

    /// Makes sure that the shard can go, before anything is done.
    ///
    /// - Throws: `noLogicalLog`, `notEmpty` when the taking server has something of that name, `invalidAddress` when
    ///   both are one database.
    func require() throws {
        let (giver, taker) = (try console(move.from), try console(move.to))
        guard try giver.value("SHOW wal_level") == "logical" else {
            throw StoreError(
                .noLogicalLog, "\(giver.address.text) does not write what another server could follow",
                hint: "set wal_level to logical there, and start it again")
        }
        // One address can be written in many ways; a lock is seen wherever its database is.
        let key = Int64(bitPattern: network.context.random.next())
        try giver.run("SELECT pg_advisory_lock(\(key))")
        guard try taker.value("SELECT pg_try_advisory_lock(\(key))") == "t" else {
            throw StoreError(
                .invalidAddress, "\(taker.address.text) and \(giver.address.text) are the same database")
        }
        let names = ["\(truth.name)", "\(records.name)"] + (move.to == nil ? [] : [network.prefix])
        for name in names where try taker.value("SELECT to_regnamespace('\(name)')") != nil {
            throw StorageError(
                .notEmpty, "\(taker.address.text) has a schema \(name) already",
                hint: "use another database; if nobody needs it: DROP SCHEMA \(name) CASCADE")
        }
    }

    /// Moves the shard: how many rows were copied, and for how many microseconds others had to wait.
    func run() throws -> (rows: Int, fence: Int) {
        do {
            let rows = try copy()
            try catchUp()
            let start = MonotonicClock.nanoseconds
            try fence()
            try step()
            try waitForFence()
            try waitForStandbys()
            try step()
            try showOthers()
            let fence = Int((MonotonicClock.nanoseconds - start) / 1_000)
            try step()
            try leave()
            return (rows, fence)
        } catch let interruption as Interruption {
            throw interruption.error
        } catch {
            // What others wait for first; what cannot be tidied up now is when the next move begins.
            try? network.settle(shard, move)
            throw error
        }
    }

    /// What a test stops a move with, as the end of the process would.
    private struct Interruption: Error { var error: any Error }

    private func step() throws {
        do { try beforeStep() } catch { throw Interruption(error: error) }
    }

    /// Copies all rows as they are at one moment, and lets what changes from then on come after them.
    private func copy() throws -> Int {
        let giver = try console(move.from)
        let taker = try console(move.to)
        try network.session(at: move.to).write { connection in
            try truth.createTruth(on: connection)
            try records.createRecords(on: connection)
            try connection.commit()
        }
        try step()
        try giver.run("CREATE PUBLICATION \(name) FOR TABLE \(tables.joined(separator: ", "))")
        let replica = try console(move.from, isReplicating: true)
        let slot = try replica.run("CREATE_REPLICATION_SLOT \(name) LOGICAL pgoutput EXPORT_SNAPSHOT")
        guard let snapshot = slot.first?.dropFirst(2).first ?? nil else {
            throw StorageError(.ioError, "\(giver.address.text) has given no snapshot")
        }
        try step()
        try giver.run("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try giver.run("SET TRANSACTION SNAPSHOT \(PostgreSQLConsole.literal(snapshot))")
        try taker.run("BEGIN")
        var rows = 0
        network.context.observer?.begin("copying shard \(shard)", total: tables.count)
        defer { network.context.observer?.end() }
        for table in tables {
            rows += try giver.copy(table, to: taker)
            network.context.observer?.advance(by: 1)
        }
        try taker.run("COMMIT")
        try giver.run("COMMIT")
        for table in tables { try taker.run("ANALYZE \(table)") }
        try step()
        try taker.run(
            """
            CREATE SUBSCRIPTION \(name) CONNECTION \(PostgreSQLConsole.literal(giver.address.text)) \
            PUBLICATION \(name) WITH (create_slot = false, slot_name = '\(name)', copy_data = false, \
            synchronous_commit = 'on')
            """)
        try step()
        return rows
    }

    /// Waits until changes come over at once, to the taking server and to the standbys of the giving one.
    private func catchUp() throws {
        let taker = try console(move.to)
        for _ in 0..<100 {
            let start = MonotonicClock.nanoseconds
            let number = "\(try ping())"
            let isThere = try Patience.wait(milliseconds: 60_000, longestPauseMicroseconds: 20_000) {
                try taker.value("SELECT sequence FROM \(truth.name).shard") == number
            }
            guard isThere else {
                throw StorageError(
                    .unreachable, "\(taker.address.text) does not follow the server that gives shard \(shard)",
                    hint: "its log says why; each must reach the other under the address that the network knows")
            }
            try waitForStandbys()
            if MonotonicClock.nanoseconds - start < 100_000_000 { return }
        }
    }

    /// Changes something that means nothing on a server, as whoever writes does: its number.
    private func ping() throws -> Int64 {
        try network.session(at: move.from).write { connection in
            let database = connection.database(truth)
            let sql = "SELECT sequence + 1 FROM shard FOR UPDATE"
            let number = try database.statement(sql).first { $0.integer(0) } ?? 0
            try database.statement("UPDATE shard SET sequence = ?").bind(number).run()
            try connection.commit()
            return number
        }
    }

    /// Lets everybody wait who is about to write or read in the shard.
    private func fence() throws { try setVersion(from: version, to: version + 1) }

    /// Gives the shard's row on the giving server another version, while nobody writes truth or records.
    private func setVersion(from old: Int64, to new: Int64) throws {
        try network.session(at: move.from).write { connection in
            let database = connection.database(truth)
            let present = try database.statement("SELECT map_version FROM shard FOR UPDATE").first { $0.integer(0) }
            guard present == old else { return }
            _ = try connection.database(records).statement("SELECT 1 FROM shard FOR UPDATE").first { _ in true }
            try database.statement("UPDATE shard SET map_version = ?").bind(new).run()
            try connection.commit()
        }
    }

    private func waitForFence() throws {
        let taker = try console(move.to)
        let version = "\(version + 1)"
        let isThere = try Patience.wait(milliseconds: network.context.lockWaitMilliseconds) {
            try taker.value("SELECT map_version FROM \(truth.name).shard") == version
        }
        guard isThere else {
            throw StorageError(
                .busy, "\(taker.address.text) has not received the last changes of shard \(shard) in time",
                hint: "try again; --lock-wait says how long others may wait")
        }
    }

    /// Waits until the standbys of the giving server have the fence: one that is promoted without it would let those go
    /// on writing there who have not heard of the move.
    private func waitForStandbys() throws {
        let giver = try console(move.from)
        let place = PostgreSQLConsole.literal(try giver.value("SELECT pg_current_wal_flush_lsn()") ?? "0/0")
        let behind = """
            SELECT 1 FROM pg_stat_replication
            WHERE application_name <> '\(name)' AND state = 'streaming' AND flush_lsn < \(place) LIMIT 1
            """
        let areThere = try Patience.wait(milliseconds: network.context.lockWaitMilliseconds) {
            try giver.value(behind) == nil
        }
        guard areThere else {
            throw StorageError(
                .busy, "a standby of \(giver.address.text) has not received the last changes of shard \(shard) in time",
                hint: "try again when it is not so far behind")
        }
    }

    /// Writes into the map where the shard is now.
    private func showOthers() throws {
        _ = try network.update { manifest in
            manifest.map = try manifest.map.changing(shard) { entry in
                guard entry.move == move, entry.version == version else { throw PostgreSQLMove.takenOver(shard) }
                entry.version += 1
                entry.store = move.to
            }
        }
    }

    private static func takenOver(_ shard: Int) -> StorageError {
        StorageError(
            .busy, "another process has taken the move of shard \(shard) back", hint: "run the command again")
    }

    // MARK: Ends

    /// Removes the shard from the server that has given it, and what was needed on the way.
    private func leave() throws {
        let giver = try console(move.from)
        try removeSubscription(try console(move.to))
        try removePublication(giver)
        try giver.run("SET lock_timeout = \(network.context.lockWaitMilliseconds)")
        for schema in [truth, records] { try giver.run("DROP SCHEMA IF EXISTS \(schema.name) CASCADE") }
        try forget()
    }

    /// Removes everything of the move but the shard where it was.
    private func removeTraces() throws {
        // What is left on a server that is out of reach is found when it is to get the shard again.
        if let taker = try? console(move.to) {
            try removeSubscription(taker)
            for schema in [truth, records] { try taker.run("DROP SCHEMA IF EXISTS \(schema.name) CASCADE") }
        }
        try removePublication(try console(move.from))
    }

    private func removeSubscription(_ taker: PostgreSQLConsole) throws {
        let known = """
            SELECT 1 FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
            WHERE d.datname = current_database() AND s.subname = '\(name)'
            """
        if try taker.value(known) != nil {
            try taker.run("ALTER SUBSCRIPTION \(name) DISABLE")
            // The slot is removed apart, also where the taker does not reach the giver any more.
            try taker.run("ALTER SUBSCRIPTION \(name) SET (slot_name = NONE)")
            try taker.run("DROP SUBSCRIPTION \(name)")
        }
    }

    private func removePublication(_ giver: PostgreSQLConsole) throws {
        let slot = "FROM pg_replication_slots WHERE slot_name = '\(name)'"
        _ = try Patience.wait(milliseconds: 10_000, longestPauseMicroseconds: 20_000) {
            try giver.value("SELECT pg_terminate_backend(active_pid) \(slot) AND active") == nil
        }
        try giver.run("SELECT pg_drop_replication_slot(slot_name) \(slot)")
        try giver.run("DROP PUBLICATION IF EXISTS \(name)")
    }

    /// Says in the manifest that the shard is on its way no more.
    private func forget() throws {
        _ = try network.update { manifest in
            manifest.map = manifest.map.changing(shard) { if $0.move == move { $0.move = nil } }
        }
    }

    /// Ends what another process has left half done: the shard is on one server then, and nothing waits for it.
    ///
    /// - Parameter isSwitched: whether the map names the taking server already.
    func settle(isSwitched: Bool) throws {
        if isSwitched { return try leave() }
        let present = try network.session(at: move.from).read { connection in
            try connection.database(truth).statement("SELECT map_version FROM shard").first { $0.integer(0) }
        }
        if present == version + 1, (try? waitForFence()) != nil, (try? waitForStandbys()) != nil {
            try showOthers()
            return try leave()
        }
        try setVersion(from: version + 1, to: version)
        try removeTraces()
        try forget()
    }
}

#endif
