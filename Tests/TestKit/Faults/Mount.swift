// A small file system of its own in memory, to be filled up or made read-only. Needs root.

internal import GRDBSQLite
internal import Glibc
internal import SocialCore

/// A mounted file system that goes when it is no longer needed.
package final class Mount {
    /// Whether file systems can be mounted here.
    package static let isPossible: Bool = (try? Mount(sizeKilobytes: 64)) != nil

    private let folder: Folder
    /// Where it is mounted.
    package let path: String

    /// Mounts an empty file system.
    package init(sizeKilobytes: Int) throws {
        folder = try Folder()
        path = "\(folder.path)/mount"
        try FileSystem().makeDirectory(path)
        guard mount("tmpfs", path, "tmpfs", 0, "size=\(sizeKilobytes)k") == 0 else {
            throw StorageError(errno: errno, while: "mount \"\(path)\"")
        }
    }

    deinit { umount2(path, Int32(MNT_DETACH)) }

    /// Lets nobody write any more, or again.
    package func setReadOnly(_ isReadOnly: Bool) throws {
        let flags = MS_REMOUNT | (isReadOnly ? MS_RDONLY : 0)
        guard mount("tmpfs", path, "tmpfs", UInt(flags), nil) == 0 else {
            throw StorageError(errno: errno, while: "remount \"\(path)\"")
        }
    }

    /// Fills the file system to the last byte; removing `filler` makes room again.
    package func fill() {
        let descriptor = open(filler, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        let block = [UInt8](repeating: 1, count: 4_096)
        // Safety: the block is as long as what is written of it.
        while write(descriptor, block, block.count) > 0 {}
        close(descriptor)
    }

    /// Makes room again.
    package func clear() { unlink(filler) }

    private var filler: String { "\(path)/filler" }
}

/// The state of a database file's log.
package enum DatabaseFile {
    /// Puts everything in the log into the file, and empties it.
    package static func emptyLog(_ path: String) {
        var database: OpaquePointer?
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else { return }
        // A connection that has read nothing does not know of the log.
        sqlite3_exec(database, "SELECT COUNT(*) FROM sqlite_schema", nil, nil, nil)
        sqlite3_wal_checkpoint_v2(database, nil, SQLITE_CHECKPOINT_TRUNCATE, nil, nil)
        sqlite3_close(database)
    }

    /// Checkpoints a file's log in one of the four ways that SQLite knows, from the mildest on; whether it could.
    package static func checkpoint(_ path: String, mode: Int) -> Bool {
        let modes = [
            SQLITE_CHECKPOINT_PASSIVE, SQLITE_CHECKPOINT_FULL, SQLITE_CHECKPOINT_RESTART, SQLITE_CHECKPOINT_TRUNCATE,
        ]
        var database: OpaquePointer?
        // Safety: a plain connection, opened and closed here.
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else { return false }
        defer { sqlite3_close(database) }
        // The last to close a file would checkpoint it once more.
        sqlite3_exec(database, "PRAGMA wal_autocheckpoint = 0; SELECT COUNT(*) FROM sqlite_schema", nil, nil, nil)
        return sqlite3_wal_checkpoint_v2(database, nil, modes[mode % modes.count], nil, nil) == SQLITE_OK
    }

    /// What SQLite's own check of a file says, `["ok"]` when all is well.
    package static func integrity(_ path: String) -> [String] {
        var (database, statement): (OpaquePointer?, OpaquePointer?)
        // Safety: a plain connection, opened and closed here; the statement is finalised before.
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else { return ["unreadable"] }
        defer { sqlite3_close(database) }
        guard sqlite3_prepare_v2(database, "PRAGMA integrity_check", -1, &statement, nil) == SQLITE_OK else {
            return ["unreadable"]
        }
        defer { sqlite3_finalize(statement) }
        var lines: [String] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            lines.append(sqlite3_column_text(statement, 0).map { String(cString: $0) } ?? "")
        }
        return lines
    }

    /// Says that a file has a newer format.
    package static func setFormat(_ path: String, to format: Int) {
        StoreFixture.run("UPDATE shard SET format = \(format)", on: path)
    }

    /// The format that a file says it has; 0 when it says none.
    package static func format(_ path: String) -> Int {
        var (database, statement): (OpaquePointer?, OpaquePointer?)
        // Safety: a plain connection, opened and closed here; the statement is finalised before.
        guard sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else { return 0 }
        defer { sqlite3_close(database) }
        guard sqlite3_prepare_v2(database, "SELECT format FROM shard", -1, &statement, nil) == SQLITE_OK,
            sqlite3_step(statement) == SQLITE_ROW
        else { return 0 }
        defer { sqlite3_finalize(statement) }
        return Int(sqlite3_column_int64(statement, 0))
    }
}
