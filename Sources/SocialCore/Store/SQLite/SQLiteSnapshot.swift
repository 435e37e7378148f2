// A database file as it was at one moment, while others go on writing: what a backup is made of.

internal import GRDB

/// A moment of a database file.
///
/// As long as it is there the file's log grows, because nothing that it shows may be overwritten.
final class SQLiteSnapshot {
    /// The database file.
    let path: String
    private let connection: SQLiteConnection
    private let context: Context

    /// Holds a file as it is now.
    init(path: String, context: Context) throws {
        self.path = path
        self.context = context
        let files = FileSystem()
        let isWritable = files.isWritable(FileSystem.parent(of: path)) && files.isWritable(path)
        let mode: SQLiteConnection.Mode =
            isWritable ? .readWrite : files.size(of: "\(path)-wal") == 0 ? .immutable : .readOnly
        connection = try SQLiteConnection(path: path, mode: mode, busyMilliseconds: context.lockWaitMilliseconds)
        try connection.perform { database in
            try database.execute(sql: "BEGIN DEFERRED")
            // The first read takes the snapshot.
            _ = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_schema")
        }
    }

    deinit { try? connection.perform { try $0.execute(sql: "COMMIT") } }

    /// Writes what the file held to a new one.
    func copy(to path: String) throws {
        let target = try SQLiteConnection(path: path, mode: .readWrite, busyMilliseconds: context.lockWaitMilliseconds)
        try connection.perform { source in try target.perform { try source.backup(to: $0) } }
    }

    /// Reads the truth of a shard in a file of its own, which nobody writes: all rows that it shows.
    static func forEachTruthRow(in path: String, shard: Int, _ visit: (TruthRow) throws -> Void) throws {
        let connection = try SQLiteConnection(path: path, mode: .immutable, busyMilliseconds: 0)
        try connection.perform { database in
            let cursor = try SQLTransaction(reading: database, shard: shard).rows()
            while let row = try cursor.nextRow(in: shard) { try visit(row) }
        }
    }
}
