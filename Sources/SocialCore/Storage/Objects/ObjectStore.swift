// Objects: bytes kept under their hash. Images, films and whatever else is too large for a row.
//
// An object is a file FOLDER/ab/cdef…, where the digits are its SHA-256 and the folder is that of the shard to which it
// belongs; the same path names it in a store that has no folders. It is written beside its place, synced, renamed, and
// its name is synced before anybody is told: so what is there under a hash is whole, whatever happens. Nothing here
// counts references. Whoever puts an object holds the store until his rows are committed, and whoever removes what no
// row refers to holds it alone.

/// The store of objects of one data directory.
package struct ObjectStore: Sendable {
    /// Where the objects lie.
    package let layout: ObjectLayout
    let files: FileSystem
    let isShared: Bool
    private let durable = DurableFolders()
    private let lockPath: String
    private let lockWaitMilliseconds: Int64

    /// The store of a data directory.
    ///
    /// - Parameter shared: whether the group may write.
    package init(directory: String, layout: ObjectLayout, shared: Bool, context: Context) {
        self.layout = layout
        isShared = shared
        files = FileSystem(tap: context.fileTap)
        lockPath = "\(directory)/objects.lock"
        lockWaitMilliseconds = context.lockWaitMilliseconds
    }

    /// What stores objects.
    package var writer: ObjectWriter { ObjectWriter(layout: layout, shared: isShared, files: files, durable: durable) }

    /// What reads them; it takes no lock and writes nothing.
    package var reader: ObjectReader { ObjectReader(layout: layout) }

    /// What proves, moves and removes them.
    package var keeper: ObjectKeeper { ObjectKeeper(layout: layout, shared: isShared, files: files, durable: durable) }

    /// Keeps objects from being removed, until the hold is released or goes: taken before a put, released when the rows
    /// that refer to what was put are committed.
    ///
    /// - Throws: `busy` while somebody removes objects.
    package func hold() throws(StorageError) -> ObjectHold {
        let lock = FileLock(path: lockPath, shared: isShared)
        try lock.acquireTogether(waitingMilliseconds: lockWaitMilliseconds)
        return ObjectHold(lock: lock)
    }

    /// Runs something while nobody puts an object whose rows are not committed yet.
    ///
    /// - Throws: `busy`, and what the closure throws.
    package func exclusively<Result>(_ body: () throws -> Result) throws -> Result {
        let lock = FileLock(path: lockPath, shared: isShared)
        try lock.acquire(waitingMilliseconds: lockWaitMilliseconds)
        defer { lock.release() }
        return try body()
    }
}

/// Keeps objects from being removed as long as it is there.
package final class ObjectHold {
    private let lock: FileLock

    fileprivate init(lock: FileLock) { self.lock = lock }

    /// Gives the store free, for those who remove objects.
    package func release() { lock.release() }
}
