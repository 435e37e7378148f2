// One user of a PostgreSQL server: at most one transaction that writes, beside it one that reads, each on a connection
// that is kept for the next. All shards on the server share them, so what a group writes on several shards is committed
// at once.
#if PostgreSQL

/// The connections of one thread to a server.
final class PostgreSQLSession {
    /// Where the server is.
    let address: PostgreSQLAddress
    let context: Context
    private var idle: [PostgreSQLConnection] = []
    private var reader: (connection: PostgreSQLConnection, depth: Int)?
    /// The map at whose versions all shards are in the snapshot that is being read; nil where that is not known.
    var verified: UInt64?
    /// The connection of the group that is being written.
    private(set) var writer: PostgreSQLConnection?
    /// Whether writes are collected.
    private(set) var isGrouping = false
    /// When the server could last not be reached in time.
    private var gaveUpAt: UInt64?
    /// Why the group that is being written is lost.
    private var failure: StorageError?
    /// The shards that the group has written to.
    private var members: [PostgreSQLStore] = []

    /// The connections to a server; none is made yet.
    init(_ address: PostgreSQLAddress, context: Context) {
        self.address = address
        self.context = context
    }

    // MARK: Connections

    private func take(isForReading: Bool = false) throws -> PostgreSQLConnection {
        while let index = idle.lastIndex(where: { $0.isForReading == isForReading }) {
            let connection = idle.remove(at: index)
            if connection.isAlive { return connection }
        }
        return try PostgreSQLConnection(
            address, isForReading: isForReading, lockWaitMilliseconds: context.lockWaitMilliseconds,
            connectSeconds: Int(context.lockWaitMilliseconds / 1_000))
    }

    private func give(_ connection: PostgreSQLConnection) {
        if connection.isAlive { idle.append(connection) }
    }

    /// Runs a block, and again on another connection while the server cannot be reached or two transactions are in each
    /// other's way, as long as nothing can have been committed.
    private func persisting<Result>(_ body: () throws -> Result) throws -> Result {
        var result: Result?
        var failure: StorageError?
        // Who has just waited for a server in vain does not wait again: a process with much to ask could not end.
        let now = MonotonicClock.nanoseconds
        let isAway = gaveUpAt.map { now - $0 < UInt64(context.lockWaitMilliseconds) * 1_000_000 } ?? false
        let wait = isAway ? 0 : context.lockWaitMilliseconds
        _ = try Patience.wait(milliseconds: wait, longestPauseMicroseconds: 200_000) { () throws -> Bool in
            do { result = try body() } catch let error as StorageError
                where error.code == .unreachable || error.code == .serializationFailure
            {
                context.observer?.note("once more: \(error.message)")
                failure = error
                return false
            }
            return true
        }
        gaveUpAt = failure?.code == .unreachable && result == nil ? MonotonicClock.nanoseconds : nil
        if let result { return result }
        throw failure ?? StorageError(.unreachable, "\(address.text) cannot be reached", hint: "try again")
    }

    // MARK: Reading

    /// Runs reads: inside a group on what it has written, else on one snapshot of the server.
    func read<Result>(_ body: (PostgreSQLConnection) throws -> Result) throws -> Result {
        if let writer { return try body(writer) }
        if let open = reader {
            reader?.depth += 1
            defer { reader?.depth -= 1 }
            return try body(open.connection)
        }
        return try persisting {
            let connection = try snapshot()
            reader = (connection, 1)
            defer {
                reader = nil
                verified = nil
                connection.rollBack()
                give(connection)
            }
            return try body(connection)
        }
    }

    /// A connection on which a snapshot has begun: of a standby where one may be read and is not too far behind, else
    /// of the server that takes writes.
    private func snapshot() throws -> PostgreSQLConnection {
        if let bound = context.standbyStaleness, let connection = try? take(isForReading: true) {
            if (try? connection.begin(readOnly: true)) != nil,
                let staleness = try? connection.staleness(), staleness <= bound
            {
                return connection
            }
            connection.rollBack()
            give(connection)
            context.observer?.note("no standby is within \(bound) ms of \(address.text), whose primary is read")
        }
        let connection = try take()
        try connection.begin(readOnly: true)
        return connection
    }

    // MARK: Writing

    /// Runs one transaction that ends by itself.
    func write<Result>(_ body: (PostgreSQLConnection) throws -> Result) throws -> Result {
        try persisting {
            let connection = try take()
            defer {
                connection.rollBack()
                give(connection)
            }
            try connection.begin(readOnly: false)
            return try body(connection)
        }
    }

    /// Keeps what is written from now on in one transaction.
    func beginGroup() { isGrouping = true }

    /// The connection of the group, whose transaction begins with the first that asks for it.
    func grouped() throws -> PostgreSQLConnection {
        if let failure { throw failure }
        if let writer { return writer }
        return try persisting {
            let connection = try take()
            try connection.begin(readOnly: false)
            try connection.settle()
            writer = connection
            return connection
        }
    }

    /// Notes that the group has written to a shard.
    func join(_ store: PostgreSQLStore) { members.append(store) }

    /// Gives the group up when its server has gone away.
    func lookAfterGroup(_ error: any Error) {
        guard let writer, !writer.isAlive else { return }
        failure = StorageError(
            .unreachable, "what was not yet answered was rolled back: \(error)", hint: "run the command again")
        for store in members { store.leaveGroup() }
        members = []
        self.writer = nil
    }

    /// Commits what the group has written to all shards.
    func endGroup() throws {
        isGrouping = false
        if let failure { throw failure }
        let (stores, connection) = (members, writer)
        members = []
        writer = nil
        guard let connection else { return }
        defer {
            connection.rollBack()
            give(connection)
            for store in stores { store.leaveGroup() }
        }
        var isDirty = false
        for store in stores where try store.prepareCommit() { isDirty = true }
        if isDirty { try connection.commit() }
    }

    /// Forgets what the group has written.
    func abandonGroup() {
        isGrouping = false
        for store in members { store.leaveGroup() }
        members = []
        if let writer {
            writer.rollBack()
            give(writer)
        }
        writer = nil
    }
}

#endif
