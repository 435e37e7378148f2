// The heads of all logs in one small mapped file, so that a reader sees how far each shard has come without opening it.
// A writer marks its intent before a commit and that it is done after; where the two differ, or the machine has
// rebooted since, the reader opens the shard.

/// The `heads` file of a data directory.
///
/// An entry has 64 bytes: incarnation, inode, intent, done, boot, check. Before them lie a magic number and what tells
/// the slot map from others.
package final class Heads {
    private static let magic: UInt64 = 0x3144_4145_4843_4F53  // "SOCHEAD1"
    private static let entryBytes = 64
    /// Room for all shards that a directory can have, after an entry's room for the magic number.
    private static let fileBytes = entryBytes * (Limits.shards.upperBound + 1)
    private let file: MappedFile
    private let files: FileSystem
    private let directory: String
    private let boot: BootSource
    private var inodes: InodeMemo

    /// What a writer has announced of a shard's log.
    package struct Head: Equatable, Sendable {
        /// The log's incarnation.
        package var incarnation: UInt64
        /// The number of commits.
        package var n: Int64
    }

    /// Maps the file of a directory.
    ///
    /// - Returns: nil when there is none or it cannot be used; readers then open every shard.
    package init?(directory: String, writable: Bool, context: Context) {
        files = FileSystem(tap: context.fileTap)
        self.directory = directory
        boot = context.boot
        inodes = InodeMemo(files: files, isUsed: context.isLongRunning)
        guard let file = try? MappedFile(opening: "\(directory)/heads", writable: writable, tap: context.fileTap),
            file.sizeBytes >= Heads.fileBytes, file.load(at: 0) == Heads.magic
        else { return nil }
        self.file = file
    }

    /// Makes the file, with room for all shards that a directory can have.
    package static func create(directory: String, shared: Bool, context: Context) throws(StorageError) {
        let path = "\(directory)/heads"
        let file = try MappedFile(creating: "\(path).new", sizeBytes: fileBytes, shared: shared, tap: context.fileTap)
        try file.store(magic, at: 0)
        try file.sync()
        try FileSystem(tap: context.fileTap).rename("\(path).new", to: path)
    }

    /// What tells one slot map from another, as whoever changed the map last has left it: 0 when nobody ever has, and
    /// `changing` while it is being replaced.
    package var mapMark: UInt64 { file.load(at: 8) }
    /// The mark of a map that is being replaced.
    package static let changing: UInt64 = 1

    /// Says which slot map counts, or that it is being replaced.
    package func setMapMark(_ mark: UInt64) throws(StorageError) { try file.store(mark, at: 8) }

    /// The head of a shard's log; nil when only the shard itself can tell.
    package func head(of shard: Int) -> Head? {
        let base = offset(of: shard)
        let done = file.load(at: base + 24)
        let stamp = file.load(at: base + 32)
        let incarnation = file.load(at: base)
        let inode = file.load(at: base + 8)
        guard file.load(at: base + 16) == done, stamp == boot.identity, stamp != 0,
            file.load(at: base + 40) == Heads.check(incarnation, inode, done, stamp),
            inodes.inode(shard, of: { DataDirectory.truthPath(directory, shard: shard) }) == inode
        else { return nil }
        return Head(incarnation: incarnation, n: Int64(bitPattern: done))
    }

    /// The head that was announced last, whatever has become of the shard since.
    package func announced(of shard: Int) -> Int64 { Int64(bitPattern: file.load(at: offset(of: shard) + 24)) }

    /// The head that was announced last, also before the machine rebooted; nil where the entry does not prove itself.
    package func announcement(of shard: Int) -> Head? {
        let base = offset(of: shard)
        let done = file.load(at: base + 24)
        let (incarnation, inode, stamp) = (file.load(at: base), file.load(at: base + 8), file.load(at: base + 32))
        guard file.load(at: base + 40) == Heads.check(incarnation, inode, done, stamp) else { return nil }
        return Head(incarnation: incarnation, n: Int64(bitPattern: done))
    }

    /// The head that the last commit was to have, whether or not it has happened.
    package func intended(of shard: Int) -> Int64 { Int64(bitPattern: file.load(at: offset(of: shard) + 16)) }

    /// Something that changes with every commit of a shard; nil while one is under way, or was when its process ended.
    package func mark(of shard: Int) -> UInt64? {
        let base = offset(of: shard)
        let done = file.load(at: base + 24)
        return file.load(at: base + 16) == done ? done : nil
    }

    /// Marks that a commit is about to happen.
    package func intend(shard: Int, head: Int64) throws(StorageError) {
        try file.store(UInt64(bitPattern: head), at: offset(of: shard) + 16)
    }

    /// Marks what has been committed.
    package func announce(shard: Int, incarnation: UInt64, inode: UInt64, head: Int64) throws(StorageError) {
        let base = offset(of: shard)
        let done = UInt64(bitPattern: head)
        let stamp = boot.identity
        try file.store(incarnation, at: base)
        try file.store(inode, at: base + 8)
        try file.store(done, at: base + 16)
        try file.store(stamp, at: base + 32)
        try file.store(Heads.check(incarnation, inode, done, stamp), at: base + 40)
        try file.store(done, at: base + 24)
    }

    private func offset(of shard: Int) -> Int { Heads.entryBytes * (shard + 1) }

    private static func check(_ parts: UInt64...) -> UInt64 {
        parts.reduce(magic) { Mixing.finalize($0 ^ $1) }
    }
}
