// The view of notifications in one SQLite file for the whole directory, or in memory where that cannot be written. The
// rules of storage are those of the truth, but for the syncs: what a power cut takes is found again in the logs.

internal import GRDB

/// The inboxes of all readers.
package final class InboxStore {
    /// The file; nil in memory.
    package let path: String?
    private let isShared: Bool
    private let context: Context
    private let files: FileSystem
    /// Held by whoever writes the file.
    package let lock: FileLock
    private var open: (connection: SQLiteConnection, inode: UInt64)?

    /// The file of a data directory; nothing is opened yet.
    package init(directory: String, shared: Bool, context: Context) {
        path = "\(directory)/notifications.sqlite"
        isShared = shared
        self.context = context
        files = FileSystem(tap: context.fileTap)
        lock = FileLock(path: "\(directory)/notifications.lock", shared: shared)
    }

    /// Inboxes in memory, which are empty.
    private init(inMemory context: Context) throws {
        path = nil
        isShared = false
        self.context = context
        files = FileSystem()
        lock = FileLock(path: "")
        let connection = try SQLiteConnection(path: ":memory:", mode: .readWrite, busyMilliseconds: 0)
        try connection.perform { database in
            try InboxSchema.create(in: database)
            try database.execute(sql: InboxSchema.itemIndex + InboxSchema.otherIndexes)
        }
        open = (connection, 0)
    }

    /// Whether this process may write the file.
    package var isWritable: Bool {
        guard let path else { return true }
        return files.isWritable(FileSystem.parent(of: path)) && (!files.exists(path) || files.isWritable(path))
    }

    /// Whether there is a file, or what is left of one that was being made.
    package var hasFiles: Bool { path.map { files.exists($0) || files.exists("\($0).new") } ?? false }

    /// Bytes of the file and its log.
    package var sizeBytes: Int { path.map { files.size(of: $0) + files.size(of: "\($0)-wal") } ?? 0 }

    // MARK: Reading

    /// Runs reads on one snapshot; nil when there is no file of use.
    package func read<Result>(_ body: (InboxTransaction) throws -> Result) throws -> Result? {
        while true {
            guard let (connection, inode) = try current() else { return nil }
            do {
                let result = try connection.perform { database in
                    try database.cachedStatement(sql: "BEGIN DEFERRED").run()
                    defer { try? database.cachedStatement(sql: "COMMIT").run() }
                    return try body(InboxTransaction(database))
                }
                // Of a file that was replaced meanwhile, something else may have been read.
                if isStill(inode) { return result }
            } catch { if isStill(inode) { throw error } }
            open = nil
        }
    }

    private func isStill(_ inode: UInt64) -> Bool { path.map { files.inode(of: $0) == inode } ?? true }

    /// The connection to the file that is there now; nil without one of this format.
    private func current() throws -> (SQLiteConnection, UInt64)? {
        guard let path else { return open }
        while let inode = files.inode(of: path) {
            if let open, open.inode == inode { return open }
            open = nil
            let connection = try connect(path)
            let format = try? connection.perform { try InboxSchema.format(of: $0) }
            guard files.inode(of: path) == inode else { continue }
            guard format == InboxSchema.format else { return nil }
            if context.isLongRunning { try connection.enlargeCache() }
            open = (connection, inode)
        }
        return nil
    }

    private func connect(_ path: String) throws -> SQLiteConnection {
        let wait = context.lockWaitMilliseconds
        if isWritable { return try SQLiteConnection(path: path, mode: .readWrite, busyMilliseconds: wait) }
        let mode: SQLiteConnection.Mode = files.size(of: "\(path)-wal") == 0 ? .immutable : .readOnly
        return try SQLiteConnection(path: path, mode: mode, busyMilliseconds: wait)
    }

    // MARK: Writing

    /// Runs changes in one transaction; throwing rolls all of them back.
    ///
    /// The caller holds the lock.
    ///
    /// - Returns: nil when there is no file of use.
    package func write<Result>(_ body: (InboxTransaction) throws -> Result) throws -> Result? {
        guard let (connection, _) = try current() else { return nil }
        let result = try connection.perform { database in
            try database.cachedStatement(sql: "PRAGMA synchronous = NORMAL").run()
            try database.cachedStatement(sql: "BEGIN IMMEDIATE").run()
            do {
                let transaction = InboxTransaction(database)
                let result = try body(transaction)
                try transaction.finish()
                try database.cachedStatement(sql: "COMMIT").run()
                return result
            } catch {
                if database.isInsideTransaction { try? database.execute(sql: "ROLLBACK") }
                throw error
            }
        }
        let pages = context.isLongRunning ? Limits.logPagesWhileRunning : Limits.logPages
        if path != nil, connection.logBytes > pages * 4_120 {
            _ = try connection.truncateLog(busyMilliseconds: context.lockWaitMilliseconds)
        }
        return result
    }

    /// Makes the file anew, in the place of what is there.
    ///
    /// The caller holds the lock. Who is interrupted leaves the old file, or none.
    package func make(_ fill: (InboxTransaction) throws -> Void) throws {
        guard let path else {
            open = (try SQLiteConnection(path: ":memory:", mode: .readWrite, busyMilliseconds: 0), 0)
            return try filled(open?.connection, fill)
        }
        let new = "\(path).new"
        try files.makeEmptyFile(new, shared: isShared)
        for suffix in ["-wal", "-shm", "-journal"] { try files.remove(new + suffix) }
        do {
            let made = try SQLiteConnection(path: new, mode: .readWrite, busyMilliseconds: context.lockWaitMilliseconds)
            try made.perform { database in
                try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
            }
            try filled(made, fill)
            try made.perform { try $0.execute(sql: "PRAGMA journal_mode = WAL") }
            _ = try made.truncateLog(busyMilliseconds: context.lockWaitMilliseconds)
        }
        for suffix in ["-wal", "-shm"] { try files.remove(new + suffix) }
        try install(new, as: path)
    }

    private func filled(_ connection: SQLiteConnection?, _ fill: (InboxTransaction) throws -> Void) throws {
        try connection?.enlargeCache()
        try connection?.perform { database in
            try database.inTransaction(.immediate) {
                try InboxSchema.create(in: database)
                let transaction = InboxTransaction(database)
                try fill(transaction)
                try transaction.finish()
                return .commit
            }
        }
    }

    /// A write-ahead log must never be found beside a file that it does not belong to.
    private func install(_ new: String, as path: String) throws {
        open = nil
        try files.sync(new)
        for suffix in ["", "-wal", "-shm"] { try files.remove(path + suffix) }
        try files.rename(new, to: path)
        try files.syncDirectory(FileSystem.parent(of: path))
    }

    // MARK: In memory

    /// The same inboxes in memory, which change without the file; empty ones where there is no file of use.
    package func copyInMemory() throws -> InboxStore {
        let copy = try InboxStore(inMemory: context)
        guard let memory = copy.open?.connection else { return copy }
        _ = try read { transaction in try memory.perform { try transaction.database.backup(to: $0) } }
        return copy
    }

    /// Empty inboxes in memory.
    package func emptyInMemory() throws -> InboxStore { try InboxStore(inMemory: context) }
}
