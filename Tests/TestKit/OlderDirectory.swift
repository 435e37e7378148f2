// A data directory as the program of format 1 left it, made from the texts in `fixtures/formats`.

internal import GRDBSQLite
package import SocialCore

/// A directory of an older format.
package enum OlderDirectory {
    /// The digest that the program of format 1 printed of the network.
    package static let digest = "703f13774ebff250d9c22387c9e42952"
    /// When that program was last at work.
    package static let time = Timestamp(milliseconds: 1_767_232_800_000)

    /// The directory's only database.
    package static func truth(_ directory: String) -> String { DataDirectory.truthPath(directory, shard: 0) }

    /// Where the database of the older format is kept beside the new one.
    package static func kept(_ directory: String) -> String { "\(truth(directory)).v1" }

    /// Makes the directory.
    package static func make(_ directory: String, tap: (any FileTap)? = nil) throws {
        let files = FileSystem(tap: tap)
        for path in [directory, "\(directory)/shards", DataDirectory.shardPath(directory, shard: 0)] {
            try files.makeDirectory(path)
        }
        try run(String(decoding: contents("1.sql"), as: UTF8.self), on: truth(directory), files)
        try Heads.create(directory: directory, shared: false, context: Context(fileTap: tap))
        try files.replace(DataDirectory.manifestPath(directory), with: contents("1.json"))
    }

    private static func contents(_ name: String) throws -> [UInt8] {
        try FileSystem().contents(of: Repository.path("fixtures/formats/\(name)"))
    }

    private static func run(_ sql: String, on path: String, _ files: FileSystem) throws {
        try files.makeEmptyFile(path)
        try files.syncDirectory(FileSystem.parent(of: path))
        var database: OpaquePointer?
        // Safety: a plain connection, opened and closed here; the text ends with a NUL and lives for the call.
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK,
            sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK, sqlite3_close(database) == SQLITE_OK
        else { throw StorageError(.ioError, "the older database cannot be made") }
    }
}
