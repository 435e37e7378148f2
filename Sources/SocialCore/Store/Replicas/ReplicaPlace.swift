// One replica of one shard: a folder with a log and a copy.

/// A shard's folder in the directory of a replica, or in the data directory itself.
struct ReplicaPlace {
    /// The directory of the replica.
    let directory: String
    let shard: Int
    let isShared: Bool
    let context: Context

    /// The folder of the shard.
    var folder: String { DataDirectory.shardPath(directory, shard: shard) }
    /// The log.
    var logPath: String { "\(folder)/replica.log" }
    /// The copy.
    var copy: SQLiteCopy { SQLiteCopy(folder: folder, shard: shard, isShared: isShared, context: context) }
    /// Whether the directory is there: a disk that is not mounted is no empty one.
    var isThere: Bool { FileSystem().exists(DataDirectory.manifestPath(directory)) }

    /// A lock that keeps others from the log.
    func lock() throws(StorageError) -> FileLock {
        let lock = FileLock(path: "\(folder)/replica.lock", shared: isShared)
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        return lock
    }

    /// The log; nil when there is none.
    func log(provesLast: Bool) throws(StorageError) -> ReplicaLog? {
        try ReplicaLog(
            opening: logPath, shard: shard, provesLast: provesLast, files: FileSystem(tap: context.fileTap))
    }

    /// Makes a log, and the folder for it.
    func makeLog(
        identity: UInt64, base: ReplicaMark, floor: Int64 = 0, entries: [ReplicaEntry] = []
    ) throws(StorageError) {
        try makeFolder()
        try ReplicaLog.create(
            logPath, shard: shard, identity: identity, base: base, floor: floor, entries: entries.flatMap(\.encoded),
            shared: isShared, files: FileSystem(tap: context.fileTap))
    }

    /// Makes the folder of the shard, and what it lies in.
    func makeFolder() throws(StorageError) {
        let files = FileSystem(tap: context.fileTap)
        try files.makeDirectory(directory, shared: isShared)
        try files.makeDirectory("\(directory)/shards", shared: isShared)
        try files.makeDirectory(folder, shared: isShared)
    }

    /// Bytes of the log and of the copy.
    var sizeBytes: Int {
        [logPath, copy.path, "\(copy.path)-wal"].reduce(0) { $0 + FileSystem().size(of: $1) }
    }
}

/// A replica of which a write is under way: its log is open and locked.
struct ReplicaFollower {
    let place: ReplicaPlace
    let lock: FileLock
    var log: ReplicaLog
}
