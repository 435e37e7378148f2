// What was damaged is kept: the file as it was, and the rows that could not be proved, one JSON object a line. Nothing
// here is read by any command but `verify`, which says that it is there.

internal import GRDB

/// A folder with one damaged file.
final class Quarantine {
    /// The folder.
    let folder: String
    private let files: FileSystem
    private let isShared: Bool
    private let context: Context
    /// Whether what lies here may be all that is left: the file's place may have been touched.
    private var isNeeded = false

    /// Where the quarantine of a data directory is.
    static func path(in directory: String) -> String { "\(directory)/quarantine" }

    /// Makes a folder for the damaged file of a shard and runs a block; when that throws while the file still lies
    /// where it lay, no folder is left.
    ///
    /// - Parameters:
    ///   - directory: the data directory.
    ///   - name: what the file holds, such as `truth`.
    ///   - shared: whether others of the group may write it.
    static func run<Result>(
        in directory: String, shard: Int, of name: String, shared: Bool, context: Context,
        _ body: (Quarantine) throws -> Result
    ) throws -> Result {
        let quarantine = try Quarantine(in: directory, shard: shard, of: name, shared: shared, context: context)
        do { return try body(quarantine) } catch {
            if !quarantine.isNeeded { try? quarantine.files.removeTree(quarantine.folder) }
            throw error
        }
    }

    private init(in directory: String, shard: Int, of name: String, shared: Bool, context: Context) throws {
        files = FileSystem(tap: context.fileTap)
        isShared = shared
        self.context = context
        let parent = Quarantine.path(in: directory)
        try files.makeDirectory(parent, shared: shared)
        let start = "\(parent)/\(name)-\(shard)-"
        for name in try files.names(in: parent) where "\(parent)/\(name)".hasPrefix(start) {
            // What was broken off before the file's place was touched.
            if !files.exists("\(parent)/\(name)/rows.ndjson") { try files.removeTree("\(parent)/\(name)") }
        }
        let stem = "\(start)\(context.clock.now.milliseconds)"
        var number = 1
        while files.exists(number == 1 ? stem : "\(stem)-\(number)") { number += 1 }
        folder = number == 1 ? stem : "\(stem)-\(number)"
        try files.makeDirectory(folder, shared: shared)
    }

    /// Keeps a damaged file, makes it anew from what of it can be proved, and puts that in its place.
    ///
    /// - Parameters:
    ///   - create: makes the tables of an empty file.
    ///   - recover: copies what can be proved from the first file to the second one, in one transaction.
    func renew(
        _ path: String, create: (Database) throws -> Void,
        recover: (_ from: Database, _ to: Database) throws -> Recovery
    ) throws -> Recovery {
        let damaged = try keep(path)
        let new = newPath("whole")
        try files.makeEmptyFile(new, shared: isShared)
        let wait = context.lockWaitMilliseconds
        let whole = try SQLiteConnection(path: new, mode: .readWrite, busyMilliseconds: wait)
        let recovery = try whole.perform { to in
            try create(to)
            return try damaged.perform { from in
                try from.mendSchema(like: to)
                try to.execute(sql: "BEGIN IMMEDIATE")
                let recovery = try recover(from, to)
                try to.execute(sql: "COMMIT")
                return recovery
            }
        }
        _ = try whole.truncateLog(busyMilliseconds: wait)
        try close(recovery)
        isNeeded = true
        try whole.replace(path, files: files, busyMilliseconds: wait)
        removeFile(new)
        return recovery
    }

    /// Keeps a database file and its log as they are, and opens the copy.
    ///
    /// Nobody may have the file open in this process: closing another descriptor of it drops SQLite's locks.
    @discardableResult
    func keep(_ path: String) throws -> SQLiteConnection {
        let kept = "\(folder)/damaged.sqlite"
        // SQLite may change what it opens: the copy that is kept is not the one that is read.
        let read = newPath("read")
        try copy(path, to: kept)
        try copy(path, to: read)
        if files.exists("\(path)-wal") {
            let log = try files.contents(of: "\(path)-wal")
            try files.replace("\(kept)-wal", with: log, shared: isShared)
            let whole = WriteAheadLog(log) { [files] number, sizeBytes in
                guard number > 0, number * sizeBytes <= files.size(of: kept) else { return nil }
                return try? files.withFile(kept) { descriptor, _ throws(StorageError) in
                    try FileSystem.read(descriptor, (number - 1) * sizeBytes..<number * sizeBytes, of: kept)
                }
            }
            try files.replace("\(read)-wal", with: whole.bytes, shared: isShared)
        }
        return try SQLiteConnection(path: read, mode: .salvage, busyMilliseconds: context.lockWaitMilliseconds)
    }

    private func copy(_ path: String, to copy: String) throws {
        try files.makeEmptyFile(copy, shared: isShared)
        var offset = 0
        try files.forEachPart(of: path) { part in
            try files.put(Array(part), at: offset, of: copy)
            offset += part.count
        }
        try files.sync(copy)
    }

    /// A file that is there for a while.
    private func newPath(_ name: String) -> String { "\(folder)/\(name).new" }

    /// Writes down what became of the rows, before the file's place is touched: a folder without that was broken off.
    func close(_ recovery: Recovery) throws {
        let lines = recovery.rejected.map { $0 + "\n" }.joined()
        try files.replace("\(folder)/rows.ndjson", with: Array(lines.utf8), shared: isShared)
        removeFile(newPath("read"))
        try files.syncDirectory(folder)
        try files.syncDirectory(FileSystem.parent(of: folder))
    }

    private func removeFile(_ path: String) {
        for suffix in ["", "-wal", "-shm"] { try? files.remove(path + suffix) }
    }

    /// What lies in the quarantine of a data directory: each folder, and how many rows were taken out; nil where the
    /// repair was broken off.
    static func contents(of directory: String) -> [(folder: String, rows: Int?)] {
        let files = FileSystem()
        guard let names = try? files.names(in: path(in: directory)) else { return [] }
        return names.sorted().map { name in
            let folder = "\(path(in: directory))/\(name)"
            let lines = (try? files.contents(of: "\(folder)/rows.ndjson"))?.count { $0 == UInt8(ascii: "\n") }
            return (folder, lines)
        }
    }
}

extension SQLiteConnection {
    /// Puts what this connection holds in the place of another file, whatever is wrong with that one; the caller holds
    /// its lock.
    ///
    /// It is one transaction of the other file, so that whoever has it open sees it whole; a file that SQLite does not
    /// even open is replaced.
    func replace(_ path: String, files: FileSystem, busyMilliseconds: Int64) throws {
        do {
            let target = try SQLiteConnection(path: path, mode: .readWrite, busyMilliseconds: busyMilliseconds)
            try target.perform { database in try database.execute(sql: "PRAGMA synchronous = FULL") }
            try perform { source in try target.perform { try source.backup(to: $0) } }
            _ = try target.truncateLog(busyMilliseconds: busyMilliseconds)
        } catch let error as StorageError where error.code == .damaged {
            try files.sync(self.path)
            for suffix in ["", "-wal", "-shm"] { try files.remove(path + suffix) }
            try files.syncDirectory(FileSystem.parent(of: path))
            try files.rename(self.path, to: path)
            try files.syncDirectory(FileSystem.parent(of: path))
        }
    }
}
