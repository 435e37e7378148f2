// A shard's truth in one SQLite file: opening, locking, committing and checkpointing by the rules of storage. What the
// operations mean stands in SQLTransaction.

internal import GRDB
internal import GRDBSQLite

/// The SQLite engine of one shard.
package final class SQLiteStore: Store {
    /// The shard's number.
    package let shard: Int
    let path: String
    private let isShared: Bool
    let context: Context
    let files: FileSystem
    let map: SlotMapHolder
    let heads: Heads?
    let lock: FileLock
    /// The other copies of this shard; nil in a store on its own.
    let replicas: ShardReplicas?
    private var connection: SQLiteConnection?
    private var inode: UInt64?
    private var isReadOnly = false
    /// The replica whose copy is read in the place of this shard's truth.
    var substitute: String?
    /// The snapshot that is being read.
    private var reading: SQLTransaction?
    private(set) var transaction: SQLTransaction?
    private(set) var isGrouping = false
    var failure: StorageError?
    private let headsFailure: StorageError?

    /// The store of a shard in a directory; nothing is opened yet.
    ///
    /// - Parameters:
    ///   - map: the slot map against which each transaction is checked.
    ///   - heads: where commits are announced; nil when there is no such file.
    ///   - headsFailure: why commits cannot be announced although there is a file that others read; refuses all writes.
    ///   - replicas: where the data directory's replicas are looked up; nil for a store on its own.
    package init(
        shard: Int, directory: String, shared: Bool, map: SlotMapHolder, heads: Heads?,
        headsFailure: StorageError? = nil, replicas holder: ReplicationHolder? = nil, context: Context
    ) {
        self.headsFailure = headsFailure
        replicas = holder.map { ShardReplicas(shard: shard, shared: shared, holder: $0, context: context) }
        self.shard = shard
        self.path = "\(directory)/truth.sqlite"
        isShared = shared
        self.map = map
        self.heads = heads
        self.context = context
        files = FileSystem(tap: context.fileTap)
        lock = FileLock(path: "\(directory)/truth.lock", shared: shared)
    }

    /// Makes the file of a new shard.
    package func create(incarnation: UInt64) throws {
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { lock.release() }
        // SQLite gives the log and the index the mode of the file, so the file is made with its mode first.
        try files.makeEmptyFile(path, shared: isShared)
        let opened = try SQLiteConnection(
            path: path, mode: .readWrite, busyMilliseconds: context.lockWaitMilliseconds)
        try opened.perform { database in
            try SQLiteSchema.create(in: database, shard: shard, incarnation: incarnation, map: map.current)
        }
        _ = try opened.truncateLog(busyMilliseconds: context.lockWaitMilliseconds)
        connection = opened
        try heads?.announce(shard: shard, incarnation: incarnation, inode: files.inode(of: path) ?? 0, head: 0)
    }

    // MARK: Reading

    /// Runs reads on one snapshot; inside a group they see what the group has written.
    package func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result {
        guard let replicas, replicas.replication != nil, transaction == nil, reading == nil else {
            return try readSnapshot(asMover: false, body)
        }
        return try readWithReplicas(replicas, body)
    }

    /// Runs reads on one snapshot.
    ///
    /// - Parameter asMover: with the rows of slots that come and go, whatever the map says.
    func readSnapshot<Result>(asMover: Bool, _ body: (SQLTransaction) throws -> Result) throws -> Result {
        try migrating { try readOnce(asMover: asMover, body) }
    }

    private func readOnce<Result>(asMover: Bool, _ body: (SQLTransaction) throws -> Result) throws -> Result {
        let connection = try opened()
        return try connection.perform { database in
            // Inside a group the reader sees what the group has written so far.
            if let transaction { return try body(transaction) }
            if let reading { return try body(reading) }
            try database.cachedStatement(sql: "BEGIN DEFERRED").run()
            defer { try? database.cachedStatement(sql: "COMMIT").run() }
            let reader = SQLTransaction(reading: database, shard: shard)
            reader.seesHiddenSlots = asMover
            reading = reader
            defer { reading = nil }
            let state = try reader.state()
            if let announced = heads?.announcement(of: shard), announced.incarnation == state.incarnation,
                announced.n > state.head
            {
                // Another process may just have committed; then the log is whole.
                try WriteAheadLog.requireWhole(path, isAnnounced: true)
            }
            if !asMover { try state.require(map.current, of: shard) }
            return try body(reader)
        }
    }

    // MARK: Writing

    /// Runs operations in one durable transaction; throwing rolls all of them back.
    package func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result {
        try writeTransaction(asMover: false, body)
    }

    /// Runs operations in one durable transaction.
    ///
    /// - Parameter asMover: on the rows of slots that come and go too, whatever the map says; not in a group.
    func writeTransaction<Result>(asMover: Bool, _ body: (SQLTransaction) throws -> Result) throws -> Result {
        if let failure { throw failure }
        let connection = try opened()
        if substitute != nil { throw lostTruth }
        if isReadOnly { throw StorageError(.permissionDenied, "cannot write \"\(path)\": the directory is read-only") }
        if let headsFailure { throw headsFailure }
        if isGrouping {
            let transaction = try transaction ?? migrating { try begin(connection) }
            self.transaction = transaction
            transaction.map = map.current
            return try connection.perform { database in
                do { return try transaction.attempt { try body(transaction) } } catch {
                    // A full disk can make SQLite roll the whole group back: nothing of it may then be called done.
                    if !database.isInsideTransaction { giveUpGroup(error) }
                    throw error
                }
            }
        }
        let transaction = try migrating { try begin(connection, asMover: asMover) }
        defer { unlock() }
        do {
            let result = try connection.perform { _ in try body(transaction) }
            try commit(transaction, connection)
            return result
        } catch {
            rollBack(connection)
            throw error
        }
    }

    /// Ends a transaction that failed; SQLite may have ended it already.
    private func rollBack(_ connection: SQLiteConnection) {
        try? connection.perform { database in
            if database.isInsideTransaction { try database.execute(sql: "ROLLBACK") }
        }
    }

    /// Keeps the transaction open from now on, so that many writes share one commit.
    package func beginGroup() { isGrouping = true }

    /// Forgets what was written since `beginGroup`.
    package func abandonGroup() {
        isGrouping = false
        transaction = nil
        if let connection { rollBack(connection) }
        unlock()
    }

    private func unlock() {
        replicas?.release()
        lock.release()
    }

    private func giveUpGroup(_ error: any Error) {
        transaction = nil
        unlock()
        failure = StorageError(
            .ioError, "what was not yet answered was rolled back: \(error)", hint: "run the command again")
    }

    /// Commits what was written since `beginGroup`.
    package func endGroup() throws {
        isGrouping = false
        if let failure { throw failure }
        // The lock is held from `tryBegin` on, also when no write followed.
        defer { unlock() }
        guard let transaction, let connection else { return }
        self.transaction = nil
        do { try commit(transaction, connection) } catch {
            rollBack(connection)
            throw error
        }
    }

    /// Whether a write would begin at once: false when another process is writing here.
    package func tryBegin() throws -> Bool { try lock.tryAcquire() }

    private func begin(_ connection: SQLiteConnection, asMover: Bool = false) throws -> SQLTransaction {
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        do {
            try prepareReplicas(connection)
            return try connection.perform { database in
                try database.cachedStatement(sql: "PRAGMA synchronous = FULL").run()
                try database.cachedStatement(sql: "BEGIN IMMEDIATE").run()
                let transaction = try SQLTransaction(writing: database, shard: shard, map: map.current)
                if replicas?.replication != nil { transaction.changes = try SQLiteChanges(of: database) }
                if asMover {
                    try transaction.showHiddenSlots()
                } else {
                    try transaction.current.require(map.current, of: shard)
                }
                // A head that was announced and is not there: an older file was put back. Its log begins a new life.
                if let announced = heads?.announced(of: shard), announced > transaction.current.head {
                    try WriteAheadLog.requireWhole(path, isAnnounced: true)
                    try transaction.renew(incarnation: context.random.next())
                }
                return transaction
            }
        } catch {
            rollBack(connection)
            unlock()
            throw error
        }
    }

    private func commit(_ transaction: SQLTransaction, _ connection: SQLiteConnection) throws {
        guard transaction.isDirty else {
            return try connection.perform { database in try database.execute(sql: "ROLLBACK") }
        }
        try connection.perform { _ in try transaction.appendEvent(at: context.clock.now) }
        try handToReplicas(transaction, connection)
        try makeDurable(transaction.current, connection, isMoving: transaction.seesHiddenSlots)
        replicas?.settle()
    }

    /// Commits the open transaction, and tells those who look at the heads of the logs.
    func makeDurable(_ state: SourceState, _ connection: SQLiteConnection, isMoving: Bool = false) throws {
        try heads?.intend(shard: shard, head: state.head)
        do {
            try connection.perform { database in try database.cachedStatement(sql: "COMMIT").run() }
        } catch let error as StorageError {
            // A failed sync is never retried: the log may or may not hold the commit, and the next start finds out.
            // On a full disk there was no room for the commit itself, so it is not stored, unless replicas have it.
            let isStored = replicas?.own != nil
            let stop =
                error.code == .diskFull && !isStored
                ? StorageError(.diskFull, "the change is not stored: \(error.message)", hint: error.hint)
                : StorageError(
                    isStored ? .outcomeUnknown : .ioError, "the change may not be stored: \(error.message)",
                    hint: "look whether it is there before you run the command again")
            failure = stop
            throw stop
        }
        let inode = files.inode(of: path) ?? 0
        try heads?.announce(shard: shard, incarnation: state.incarnation, inode: inode, head: state.head)
        do {
            // Others write too while slots move, and shall not have to empty a log that is not theirs.
            let running = isMoving ? Limits.logPagesWhileMoving : Limits.logPagesWhileRunning
            try emptyLog(beyond: context.isLongRunning ? running : Limits.logPages, connection)
        } catch {
            // The commit stands in the log, and the next process empties it. After a failed sync this one writes no
            // more.
            if error.code != .diskFull { failure = error }
        }
    }

    /// Empties the write-ahead log when it has grown beyond a number of pages; the caller holds the lock.
    private func emptyLog(beyond pages: Int, _ connection: SQLiteConnection) throws(StorageError) {
        // A frame is a page of 4,096 bytes and a header of 24.
        guard connection.logBytes > pages * 4_120 else { return }
        _ = try connection.truncateLog(busyMilliseconds: context.lockWaitMilliseconds)
    }

    /// Tidies up at the end of a process that went on for long.
    package func finish() throws {
        // A shard that has been removed has nothing to be tidied up.
        guard context.isLongRunning, failure == nil, let connection, !isReadOnly, files.exists(path),
            try lock.tryAcquire()
        else { return }
        defer { unlock() }
        if (try? prepareReplicas(connection)) != nil { replicas?.settle(isLast: true) }
        // What was written is durable in the log; the next writer empties it if this one cannot.
        try? emptyLog(beyond: Limits.logPages, connection)
    }

    // MARK: Older formats

    /// Runs a block, and again when it found tables of an older format, which are then brought up to date.
    func migrating<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as StoreError where error.code == .olderFormat {
            try migrate()
            return try body()
        }
    }

    /// Brings the file up to date and keeps the old one beside it until everything has been verified; what cannot be
    /// written is brought up to date in a private copy.
    private func migrate() throws {
        guard !isReadOnly else {
            connection = try privateCopy()
            return
        }
        let connection = try opened()
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { unlock() }
        try connection.perform { database in
            let format = try SQLiteSchema.format(of: database)
            // Another process may have been faster.
            guard format < SQLiteSchema.format else { return }
            let kept = SQLiteStore.keptPath(path, format: format)
            try files.makeEmptyFile("\(kept).new", shared: isShared)
            let copy = try database.makeStatement(sql: "VACUUM INTO ?")
            copy.bind("\(kept).new", at: 1)
            try copy.run()
            try files.sync("\(kept).new")
            try files.rename("\(kept).new", to: kept)
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try SQLiteSchema.migrate(database)
        }
        _ = try connection.truncateLog(busyMilliseconds: context.lockWaitMilliseconds)
    }

    /// Where a file of an older format is kept.
    static func keptPath(_ path: String, format: Int64) -> String { "\(path).v\(format)" }

    /// Removes what was kept of older formats: everything has been verified.
    package func forgetOlderFormats() throws {
        guard !isReadOnly, files.isWritable(FileSystem.parent(of: path)) else { return }
        for format in 1..<SQLiteSchema.format {
            let kept = SQLiteStore.keptPath(path, format: format)
            if files.exists(kept) { try files.remove(kept) }
        }
    }

    // MARK: Opening

    func opened() throws -> SQLiteConnection {
        if let connection, isPresent { return connection }
        substitute = nil
        let connection = try open()
        if context.isLongRunning { try connection.enlargeCache() }
        self.connection = connection
        inode = replicas?.replication == nil ? nil : files.inode(of: path)
        return connection
    }

    /// Whether the open file is still the one that lies in its place: a promotion puts another one there.
    var isPresent: Bool {
        replicas?.replication == nil || transaction != nil || reading != nil
            || inode == files.inode(of: path)
    }

    /// Opens the file again when it is needed next.
    func forgetConnection() {
        connection = nil
        substitute = nil
    }

    /// Reads from a copy from now on, until another file lies in the place of the truth.
    func read(from connection: SQLiteConnection, of place: String) {
        self.connection = connection
        substitute = place
        inode = files.inode(of: path)
    }

    /// On a directory that cannot be written: the index that another process left, or else the file alone when its log
    /// is empty, or else a private copy.
    private func open() throws -> SQLiteConnection {
        let directory = FileSystem.parent(of: path)
        let wait = context.lockWaitMilliseconds
        guard files.exists(path) else {
            throw StorageError(.damaged, "\"\(path)\" is missing", hint: "restore it from a backup")
        }
        try WriteAheadLog.requireWhole(path)
        if files.isWritable(directory), files.isWritable(path) {
            return try SQLiteConnection(path: path, mode: .readWrite, busyMilliseconds: wait)
        }
        isReadOnly = true
        // With an index somebody may be writing; without one, a file whose log is empty stands still.
        if files.exists("\(path)-shm"), let connection = try? openThroughIndex() { return connection }
        if files.size(of: "\(path)-wal") == 0 {
            return try SQLiteConnection(path: path, mode: .immutable, busyMilliseconds: wait)
        }
        return try privateCopy()
    }

    /// SQLite finds out at the first read whether it can use the index.
    private func openThroughIndex() throws -> SQLiteConnection {
        let connection = try SQLiteConnection(
            path: path, mode: .readOnly, busyMilliseconds: context.lockWaitMilliseconds)
        try connection.perform { _ = try SQLiteSchema.format(of: $0) }
        return connection
    }

    /// A copy with the log worked into it, whose names are gone as soon as it is open.
    private func privateCopy() throws -> SQLiteConnection {
        let wait = context.lockWaitMilliseconds
        let folder = try files.makeTemporaryDirectory()
        let copy = "\(folder)/truth.sqlite"
        defer {
            for suffix in ["", "-wal", "-shm"] { try? files.remove(copy + suffix) }
            try? files.removeDirectory(folder)
        }
        for suffix in ["", "-wal"] where files.exists(path + suffix) {
            try files.replace(copy + suffix, with: try files.contents(of: path + suffix))
        }
        let writable = try SQLiteConnection(path: copy, mode: .readWrite, busyMilliseconds: wait)
        try writable.perform { database in
            if try SQLiteSchema.format(of: database) < SQLiteSchema.format { try SQLiteSchema.migrate(database) }
        }
        _ = try writable.truncateLog(busyMilliseconds: wait)
        return try SQLiteConnection(path: copy, mode: .immutable, busyMilliseconds: wait)
    }
}
