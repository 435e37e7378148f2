// A shard's records in one SQLite file beside its truth: access counts with the positions of the logs that they come
// from, and what belongs to slots: attributes of accounts, topics and services. The file is made by the first write.
// The rules of storage are those of the truth: one lock a file, held for every write and every checkpoint, and a commit
// that is synced before it is reported.

internal import GRDB

/// The records of one shard.
package final class RecordsStore: RecordsSource {
    /// The shard's number.
    package let shard: Int
    let path: String
    private let isShared: Bool
    let context: Context
    let files: FileSystem
    let lock: FileLock
    private var connection: SQLiteConnection?
    /// Whether the lock is kept between transactions.
    private var isHolding = false
    private var failure: StorageError?

    /// The records of a shard whose folder is given; nothing is opened yet.
    package init(shard: Int, folder: String, shared: Bool, context: Context) {
        self.shard = shard
        path = "\(folder)/records.sqlite"
        isShared = shared
        self.context = context
        files = FileSystem(tap: context.fileTap)
        lock = FileLock(path: "\(folder)/records.lock", shared: shared)
    }

    /// Whether anything has been recorded.
    package var exists: Bool { connection != nil || files.exists(path) }

    /// Bytes of the file and its log.
    package var sizeBytes: Int { files.size(of: path) + files.size(of: "\(path)-wal") }

    // MARK: Locking

    /// Takes the lock and keeps it until `letGo`, so that nobody else writes.
    func hold() throws {
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        isHolding = true
    }

    /// Gives back what `hold` took.
    func letGo() {
        isHolding = false
        lock.release()
    }

    /// Opens the file again when it is needed next.
    func forgetConnection() { connection = nil }

    private func release() {
        if !isHolding { lock.release() }
    }

    // MARK: Reading

    /// Runs reads on one snapshot; nil when nothing has been recorded.
    package func read<Result>(_ body: (RecordsTransaction) throws -> Result) throws -> Result? {
        guard exists else { return nil }
        return try opened().perform { database in
            try database.cachedStatement(sql: "BEGIN DEFERRED").run()
            defer { try? database.cachedStatement(sql: "COMMIT").run() }
            return try body(RecordsTransaction(database, file: path))
        }
    }

    // MARK: Writing

    /// Runs changes in one durable transaction; throwing rolls all of them back, and so does a dry run.
    package func write<Result>(_ body: (RecordsTransaction) throws -> Result) throws -> Result {
        if let failure { throw failure }
        guard !context.isDryRun else { return try rehearse(body) }
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { release() }
        if !exists { try create() }
        let connection = try opened()
        let result: Result
        do {
            result = try connection.perform { database in
                try database.cachedStatement(sql: "PRAGMA synchronous = FULL").run()
                try database.cachedStatement(sql: "BEGIN IMMEDIATE").run()
                return try body(RecordsTransaction(database, file: path))
            }
        } catch {
            rollBack(connection)
            throw error
        }
        try commit(connection)
        return result
    }

    private func commit(_ connection: SQLiteConnection) throws {
        do {
            try connection.perform { database in try database.cachedStatement(sql: "COMMIT").run() }
        } catch let error as StorageError {
            rollBack(connection)
            // A failed sync is never retried: the next start finds out whether the log holds the commit.
            let stop =
                error.code == .diskFull
                ? StorageError(.diskFull, "what was recorded is not stored: \(error.message)", hint: error.hint)
                : StorageError(
                    .ioError, "what was recorded may not be stored: \(error.message)", hint: "run the command again")
            failure = stop
            throw stop
        }
        let pages = context.isLongRunning ? Limits.logPagesWhileRunning : Limits.logPages
        do { try emptyLog(beyond: pages, connection) } catch {
            if error.code != .diskFull { failure = error }
        }
    }

    /// Runs changes and forgets them.
    private func rehearse<Result>(_ body: (RecordsTransaction) throws -> Result) throws -> Result {
        guard exists else {
            let memory = try SQLiteConnection(path: ":memory:", mode: .readWrite, busyMilliseconds: 0)
            return try memory.perform { database in
                try RecordsSchema.fill(database, shard: shard, incarnation: 0)
                return try body(RecordsTransaction(database, file: path))
            }
        }
        let connection = try opened()
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { release() }
        return try connection.perform { database in
            try database.cachedStatement(sql: "BEGIN IMMEDIATE").run()
            defer { try? database.execute(sql: "ROLLBACK") }
            return try body(RecordsTransaction(database, file: path))
        }
    }

    private func rollBack(_ connection: SQLiteConnection) {
        try? connection.perform { database in
            if database.isInsideTransaction { try database.execute(sql: "ROLLBACK") }
        }
    }

    /// Empties the write-ahead log when it has grown beyond a number of pages; the caller holds the lock.
    private func emptyLog(beyond pages: Int, _ connection: SQLiteConnection) throws(StorageError) {
        // A frame is a page of 4,096 bytes and a header of 24.
        guard connection.logBytes > pages * 4_120 else { return }
        _ = try connection.truncateLog(busyMilliseconds: context.lockWaitMilliseconds)
    }

    /// Gives the room back that removed pages have left, where nobody reads.
    package func compact() throws {
        guard exists, try lock.tryAcquire() else { return }
        defer { release() }
        let connection = try opened()
        try connection.perform { try $0.execute(sql: "VACUUM") }
        _ = try connection.truncateLog(busyMilliseconds: context.lockWaitMilliseconds)
    }

    /// Leaves no byte of what was deleted in the file and its log.
    package func purge() throws {
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { release() }
        for suffix in ["", "-wal", "-shm"] { try files.remove("\(path).new\(suffix)") }
        guard exists else { return }
        try opened().purge(waitingMilliseconds: context.lockWaitMilliseconds)
    }

    /// Tidies up at the end of a process that went on for long.
    package func finish() throws {
        guard context.isLongRunning, failure == nil, let connection, files.isWritable(FileSystem.parent(of: path)),
            try lock.tryAcquire()
        else { return }
        defer { release() }
        try? emptyLog(beyond: Limits.logPages, connection)
    }

    // MARK: Opening

    /// Makes the file; the caller holds the lock.
    private func create() throws {
        let new = "\(path).new"
        try files.makeEmptyFile(new, shared: isShared)
        let made = try SQLiteConnection(path: new, mode: .readWrite, busyMilliseconds: context.lockWaitMilliseconds)
        try made.perform { database in
            try RecordsSchema.create(in: database, shard: shard, incarnation: context.random.next())
        }
        _ = try made.truncateLog(busyMilliseconds: context.lockWaitMilliseconds)
        for suffix in ["-wal", "-shm"] { try files.remove(new + suffix) }
        try files.sync(new)
        try files.rename(new, to: path)
        try files.syncDirectory(FileSystem.parent(of: path))
    }

    func opened() throws -> SQLiteConnection {
        if let connection { return connection }
        let wait = context.lockWaitMilliseconds
        try WriteAheadLog.requireWhole(path)
        let connection: SQLiteConnection
        if files.isWritable(FileSystem.parent(of: path)), files.isWritable(path) {
            connection = try SQLiteConnection(path: path, mode: .readWrite, busyMilliseconds: wait)
        } else if files.size(of: "\(path)-wal") == 0 {
            connection = try SQLiteConnection(path: path, mode: .immutable, busyMilliseconds: wait)
        } else {
            connection = try SQLiteConnection(path: path, mode: .readOnly, busyMilliseconds: wait)
        }
        try bringUp(connection, isWritable: files.isWritable(FileSystem.parent(of: path)) && files.isWritable(path))
        if context.isLongRunning { try connection.enlargeCache() }
        self.connection = connection
        return connection
    }

    /// Brings a file of an older format to the present one.
    private func bringUp(_ connection: SQLiteConnection, isWritable: Bool) throws {
        let format = try connection.perform { try RecordsSchema.format(of: $0, file: path) }
        if format == RecordsSchema.format { return }
        guard isWritable, !context.isDryRun else { return try connection.perform(RecordsSchema.overlay) }
        if lock.isHeld { return try connection.perform(RecordsSchema.upgrade) }
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { release() }
        try connection.perform(RecordsSchema.upgrade)
    }
}
