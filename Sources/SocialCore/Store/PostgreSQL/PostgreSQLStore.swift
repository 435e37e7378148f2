// A shard's truth in a schema of PostgreSQL. What the operations mean stands in SQLTransaction; who is first and what
// is durable is the server's business.
#if PostgreSQL

/// The PostgreSQL engine of one shard.
package final class PostgreSQLStore: Store {
    /// The shard's number.
    package let shard: Int
    private let schema: PostgreSQLSchema
    private let network: PostgreSQLNetwork
    private let map: SlotMapHolder
    /// What a group has written here so far.
    private var transaction: SQLTransaction?

    /// The store of a shard; nothing is opened yet.
    ///
    /// - Parameter network: which knows the server on which the map has it.
    init(shard: Int, network: PostgreSQLNetwork, map: SlotMapHolder) {
        self.shard = shard
        self.network = network
        self.map = map
        schema = .truth(of: shard, network.prefix)
    }

    private var session: PostgreSQLSession { network.session(of: shard, map.current) }

    // MARK: Reading

    /// Runs reads on one snapshot; inside a group they see what the group has written.
    package func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        if let transaction { return try body(transaction) }
        let session = session
        return try session.read { connection in
            let reader = SQLTransaction(reading: connection.database(schema), shard: shard)
            if session.verified != map.current.mark { try reader.state().require(map.current, of: shard) }
            return try body(reader)
        }
    }

    // MARK: Writing

    /// Runs operations in one durable transaction; throwing rolls all of them back.
    package func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result {
        let session = session
        if session.isGrouping {
            let transaction = try joined(session)
            transaction.map = map.current
            do { return try transaction.attempt { try body(transaction) } } catch {
                // Nothing of a group whose server has gone away may be called done.
                session.lookAfterGroup(error)
                throw error
            }
        }
        return try session.write { connection in
            let transaction = try begin(on: connection)
            let result = try body(transaction)
            if transaction.isDirty {
                try transaction.appendEvent(at: network.context.clock.now)
                try connection.commit()
            }
            return result
        }
    }

    private func begin(on connection: PostgreSQLConnection) throws -> SQLTransaction {
        let transaction = try SQLTransaction(
            writing: connection.database(schema), shard: shard, map: map.current)
        try transaction.current.require(map.current, of: shard)
        return transaction
    }

    /// The part of the group's transaction that is about this shard.
    private func joined(_ session: PostgreSQLSession) throws -> SQLTransaction {
        if let transaction { return transaction }
        let begun = try begin(on: try session.grouped())
        transaction = begun
        session.join(self)
        return begun
    }

    /// Keeps the transaction open from now on, so that many writes share one commit.
    package func beginGroup() { network.beginGroup() }

    /// Whether a write would begin at once: false when somebody else is writing here.
    package func tryBegin() throws -> Bool {
        if transaction != nil { return true }
        let session = session
        return session.isGrouping ? try isFree(on: session.grouped()) : try session.write(isFree)
    }

    private func isFree(on connection: PostgreSQLConnection) throws -> Bool {
        let select = try connection.database(schema).statement("SELECT 1 FROM shard FOR UPDATE SKIP LOCKED")
        return try select.first { _ in true } ?? false
    }

    /// Writes the event of what the group has done here; false when it has done nothing.
    func prepareCommit() throws -> Bool {
        guard let transaction, transaction.isDirty else { return false }
        try transaction.appendEvent(at: network.context.clock.now)
        return true
    }

    /// Forgets the group, whatever has become of it.
    func leaveGroup() { transaction = nil }

    /// Commits what was written since `beginGroup`, here and on all other shards.
    package func endGroup() throws { try network.endGroup() }

    /// Forgets what was written since `beginGroup`.
    package func abandonGroup() { network.abandonGroup() }

    /// The server tidies up by itself.
    package func finish() {}
}

#endif
