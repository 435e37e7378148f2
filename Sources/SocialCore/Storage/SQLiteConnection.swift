// One SQLite connection, opened by the rules of storage: no checkpoint that is not ours, full synchronisation, no
// memory map, a hostile file kept from doing harm.

internal import CSQLiteShim
internal import GRDB
internal import GRDBSQLite
internal import Glibc

/// A connection to one database file.
final class SQLiteConnection {
    /// How a file is opened.
    enum Mode: Sendable {
        /// Read and write, with a log beside the file.
        case readWrite
        /// Read only, through the log and the index that another process left.
        case readOnly
        /// Read only from a file that nobody changes: its log is empty.
        case immutable
        /// Read and write a private copy of a damaged file, whose list of tables may be damaged too.
        case salvage
    }

    /// The database file.
    let path: String
    private let queue: DatabaseQueue

    /// What is done once, before the first connection.
    private static let isPrepared = social_sqlite_prepare() == SQLITE_OK

    /// Opens a database file.
    ///
    /// - Parameter busyMilliseconds: how long SQLite waits for its own locks, such as the recovery of a log.
    init(path: String, mode: Mode, busyMilliseconds: Int64) throws(StorageError) {
        self.path = path
        try FileSystem.requireNoLink(path)
        _ = SQLiteConnection.isPrepared
        var configuration = Configuration()
        configuration.readonly = mode != .readWrite && mode != .salvage
        configuration.foreignKeysEnabled = false
        configuration.allowsUnsafeTransactions = true
        configuration.busyMode = .timeout(Double(busyMilliseconds) / 1_000)
        configuration.prepareDatabase { database in
            // Safety: the connection is open, and GRDB serialises access to it.
            let handle = database.sqliteConnection
            // GRDB's authorizer finds out which columns a statement reads, for observers that this program does not
            // have; it took a tenth of the time of a one-shot feed.
            sqlite3_set_authorizer(handle, nil, nil)
            // A page of a file that somebody gave away may say that its cells lie beyond it.
            let checksCells = sqlite3_exec(handle, "PRAGMA cell_size_check = ON", nil, nil, nil)
            guard social_sqlite_configure(handle) == SQLITE_OK, sqlite3_wal_autocheckpoint(handle, 0) == SQLITE_OK,
                checksCells == SQLITE_OK
            else { throw DatabaseError(message: "cannot configure the connection") }
            if mode == .salvage, social_sqlite_unlock_schema(handle) == SQLITE_OK {
                // SQLite then takes the list as it is, without the entries that it cannot read.
                try database.execute(sql: "PRAGMA writable_schema = ON")
            }
        }
        errno = 0
        do {
            let name = mode == .immutable ? "file:\(SQLiteConnection.percentEncoded(path))?immutable=1" : path
            queue = try DatabaseQueue(path: name, configuration: configuration)
        } catch {
            // The connection is gone, and with it what it knows; the last system call that failed tells the reason.
            throw SQLiteConnection.translated(error, errno: errno, path)
        }
    }

    /// Runs a block with the connection; calls may nest.
    func perform<Result>(_ body: (Database) throws -> Result) throws -> Result {
        try queue.unsafeReentrantWrite { database in
            do {
                return try body(database)
            } catch let error as DatabaseError {
                // Safety: the connection is open; this is the errno of the call that SQLite failed in.
                let number = sqlite3_system_errno(database.sqliteConnection)
                throw StorageError(error, errno: number, file: path)
            }
        }
    }

    /// Gives the connection memory for many pages; not worth its time for a few reads.
    func enlargeCache() throws {
        try perform { try $0.execute(sql: "PRAGMA cache_size = -\(Limits.pageCacheKibibytes)") }
    }

    /// Empties the write-ahead log into the file if nobody reads it; the caller holds the file's lock.
    ///
    /// - Returns: whether the log is empty now.
    func truncateLog(busyMilliseconds: Int64) throws(StorageError) -> Bool {
        do {
            return try queue.unsafeReentrantWrite { database in
                let handle = database.sqliteConnection
                // Safety: plain calls on an open connection; a busy reader makes the checkpoint return at once.
                sqlite3_busy_timeout(handle, 0)
                defer { sqlite3_busy_timeout(handle, Int32(clamping: busyMilliseconds)) }
                let code = sqlite3_wal_checkpoint_v2(handle, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
                if code & 0xFF == SQLITE_BUSY || code & 0xFF == SQLITE_LOCKED { return false }
                guard code == SQLITE_OK else {
                    throw StorageError(
                        sqlite: code, errno: sqlite3_system_errno(handle),
                        message: String(cString: sqlite3_errmsg(handle)), file: path)
                }
                return true
            }
        } catch { throw SQLiteConnection.translated(error, path) }
    }

    /// Writes the whole file anew, without what was deleted and is still to be found in free pages, and empties the
    /// write-ahead log; the caller holds the file's lock.
    ///
    /// Cost: reads and writes everything, and needs as much free space again.
    /// - Throws: `busy` when somebody reads an older state for longer than the wait.
    func purge(waitingMilliseconds: Int64) throws {
        try perform { try $0.execute(sql: "PRAGMA synchronous = FULL; VACUUM") }
        let isEmpty = try Patience.wait(milliseconds: waitingMilliseconds) {
            try truncateLog(busyMilliseconds: waitingMilliseconds)
        }
        guard isEmpty else {
            throw StorageError(
                .busy, "\"\(path)\" is being read, so what was deleted still lies in its log",
                hint: "run the command again when nobody reads for so long")
        }
    }

    /// The bytes of the write-ahead log.
    var logBytes: Int { FileSystem().size(of: "\(path)-wal") }

    private static func translated(_ error: any Error, errno number: Int32 = 0, _ path: String) -> StorageError {
        switch error {
        case let error as StorageError: error
        case let error as DatabaseError: StorageError(error, errno: number, file: path)
        default: StorageError(.ioError, "\"\(path)\": \(error)")
        }
    }

    private static func percentEncoded(_ path: String) -> String {
        var encoded = ""
        for scalar in path.unicodeScalars {
            switch scalar {
            case "%": encoded += "%25"
            case "?": encoded += "%3f"
            case "#": encoded += "%23"
            default: encoded.unicodeScalars.append(scalar)
            }
        }
        return encoded
    }
}
