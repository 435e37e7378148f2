// A copy of a shard's truth beside the log of a replica: made from the leader's, brought up to date from a log, proved,
// and put in the place of another.

internal import GRDB

/// The copy of a shard's truth in a folder.
struct SQLiteCopy {
    /// The folder of the shard.
    let folder: String
    let shard: Int
    let isShared: Bool
    let context: Context

    /// The file.
    var path: String { "\(folder)/truth.sqlite" }
    private var files: FileSystem { FileSystem(tap: context.fileTap) }

    // MARK: Reading

    /// Opens the copy.
    func open() throws -> SQLiteConnection {
        guard files.exists(path) else { throw StorageError(.damaged, "\"\(path)\" is missing") }
        return try SQLiteConnection(path: path, mode: .readWrite, busyMilliseconds: context.lockWaitMilliseconds)
    }

    /// How far the copy has come.
    func position() throws -> ReplicaPosition { try open().perform(SQLiteChanges.position) }

    /// Everything that is wrong with the copy: its pages, its rows, their count and their sum.
    func problems() throws -> [String] {
        do {
            return try open().perform { database in
                try database.execute(sql: "BEGIN DEFERRED")
                defer { try? database.execute(sql: "COMMIT") }
                let reader = SQLTransaction(reading: database, shard: shard)
                try reader.showHiddenSlots()
                var problems = try reader.engineProblems()
                var rows: Int64 = 0
                var sum: UInt64 = 0
                try reader.forEachRow(damaged: { problems.append("\($0) does not match its hash") }) { row in
                    rows += 1
                    sum &+= row.sumShare
                }
                let state = try reader.state()
                if problems.isEmpty, rows != state.rows || sum != state.sum {
                    problems.append("there are \(rows) rows where \(state.rows) should be, or one is not its own")
                }
                return problems
            }
        } catch let error as StorageError where error.code == .damaged { return [error.message] }
    }

    // MARK: Changing

    /// Brings the copy up to the head of a log.
    ///
    /// - Returns: how far it has come: less than the head when the log does not reach back to it.
    /// - Throws: `damaged` when the copy does not fit the log, `busy` when somebody else is at it.
    @discardableResult
    func advance(by log: ReplicaLog) throws -> ReplicaPosition {
        let lock = FileLock(path: "\(folder)/truth.lock", shared: isShared)
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { lock.release() }
        let connection = try open()
        var position = try connection.perform(SQLiteChanges.position)
        guard position < log.head.position, try log.mark(at: position.sequence)?.position == position else {
            return position
        }
        try connection.perform { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.inTransaction(.immediate) {
                try log.forEach { entry in
                    guard entry.mark.position > position else { return }
                    try SQLiteChanges.apply(entry, to: database, file: path)
                    position = entry.mark.position
                }
                return .commit
            }
        }
        _ = try connection.truncateLog(busyMilliseconds: 0)
        return position
    }

    /// Makes the copy from another one, in the place of what was there.
    ///
    /// - Returns: how far it has come.
    @discardableResult
    func make(from source: SQLiteConnection) throws -> ReplicaPosition {
        let lock = FileLock(path: "\(folder)/truth.lock", shared: isShared)
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { lock.release() }
        return try remake(from: source)
    }

    /// The same for a caller who holds the copy's lock.
    func remake(from source: SQLiteConnection) throws -> ReplicaPosition {
        let new = "\(path).new"
        try files.makeEmptyFile(new, shared: isShared)
        try source.perform { database in
            let copy = try database.makeStatement(sql: "VACUUM INTO ?")
            copy.bind(new, at: 1)
            try copy.run()
        }
        try install(new)
        return try open().perform { database in
            try database.execute(sql: "PRAGMA journal_mode = WAL")
            return try SQLiteChanges.position(of: database)
        }
    }

    /// Puts a finished file in the place of the copy; the caller holds its lock.
    ///
    /// The old file goes before its write-ahead log, and that before the new file comes: a log must never be found
    /// beside a file that it does not belong to. Who is interrupted leaves a copy that is missing.
    func install(_ new: String) throws(StorageError) {
        try files.sync(new)
        try files.remove(path)
        try files.remove("\(path)-wal")
        try files.remove("\(path)-shm")
        try files.syncDirectory(folder)
        try files.rename(new, to: path)
    }
}
