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
    /// The object store that is their home, before which the folders are a cache; nil where the folders are the home.
    package let remote: RemoteObjects?
    let files: FileSystem
    let isShared: Bool
    private let durable = DurableFolders()
    /// Whether what is fetched from the remote store is kept.
    private let keepsFetched: Bool
    private let lockPath: String
    private let lockWaitMilliseconds: Int64

    /// The store of a data directory.
    ///
    /// - Parameters:
    ///   - shared: whether the group may write.
    ///   - remote: the object store in which they are durable; a layout then has no copies.
    package init(
        directory: String, layout: ObjectLayout, shared: Bool, remote: RemoteObjects? = nil, context: Context
    ) {
        self.layout = layout
        self.remote = remote
        isShared = shared
        keepsFetched = !context.isDryRun
        files = FileSystem(tap: context.fileTap)
        lockPath = "\(directory)/objects.lock"
        lockWaitMilliseconds = context.lockWaitMilliseconds
    }

    /// What stores objects.
    package var writer: ObjectWriter {
        ObjectWriter(layout: layout, shared: isShared, remote: remote, files: files, durable: durable)
    }

    /// What reads them; it takes no lock, and writes nothing but what it keeps of a remote store.
    package var reader: ObjectReader {
        ObjectReader(layout: layout, cache: cache)
    }

    private var cache: ObjectCache? {
        remote.map { ObjectCache(remote: $0, layout, shared: isShared, keeps: keepsFetched, files, durable) }
    }

    /// What proves, moves and removes them.
    package var keeper: ObjectKeeper {
        ObjectKeeper(layout: layout, shared: isShared, remote: remote, files: files, durable: durable)
    }

    /// The file of an object that lies in the cache whole, fetched if it does not; nil without a remote store, or where
    /// the object is not in it.
    package func fetched(_ hash: ObjectHash, sizeBytes: Int) throws(StorageError) -> String? {
        try cache?.file(hash, sizeBytes: sizeBytes)
    }

    /// Puts an object that lies here or in the remote store into another store; false when it lies nowhere.
    ///
    /// - Throws: `damaged` when no place has it whole.
    package func copy(_ hash: ObjectHash, sizeBytes: Int, to other: ObjectStore) throws -> Bool {
        for folder in layout.candidates(for: hash) {
            guard try ObjectFile.proof(hash, sizeBytes: sizeBytes, in: folder) == .sound else { continue }
            return try other.writer.put(.stream { try files.forEachPart(of: hash.path(in: folder), $0) }).hash == hash
        }
        guard let remote else { return false }
        for _ in 0..<RemoteObjects.fetches {
            var proof = ObjectProof.damaged
            let stored = try other.writer.put(.stream { proof = try remote.read(hash, sizeBytes, $0) })
            if stored.hash == hash { return true }
            if stored.isNew { _ = try other.keeper.remove(stored.hash) }
            if proof == .missing { return false }
        }
        throw remote.damaged(hash)
    }

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
