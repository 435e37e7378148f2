// One moment of a whole network: for as long as it takes to begin a read of each file nobody writes to any of them, and
// from then on everybody may.

/// All files of a network that cannot be made again, as they are at one moment.
struct BackupMoment {
    /// A file.
    struct File {
        /// The path below the data directory.
        let path: String
        /// Whose it is.
        let shard: Int
        let snapshot: SQLiteSnapshot

        /// Whether it holds truth, and not records.
        var isTruth: Bool { BackupMoment.shard(ofTruth: path) != nil }
    }

    /// When it was.
    let time: Timestamp
    /// What the data directory was.
    let manifest: Manifest
    /// The files.
    let files: [File]

    /// Holds a network as it is now.
    ///
    /// - Throws: `busy` when somebody else does not stop writing.
    init(of network: Network, context: Context) throws {
        let directory = network.directory
        (time, manifest, files) = try network.router.still {
            let manifest = try Manifest.read(directory)
            let names = manifest.map.shards.flatMap { shard in
                let folder = DataDirectory.shardPath("", shard: shard.number).dropFirst()
                return ["truth", "records"].map { (name: "\(folder)/\($0)", shard: shard.number) }
            }
            let locks = names.map { FileLock(path: "\(directory)/\($0.name).lock", shared: manifest.isShared) }
            for lock in locks { try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds) }
            defer { for lock in locks { lock.release() } }
            let present = names.filter { FileSystem().exists("\(directory)/\($0.name).sqlite") }
            let files = try present.map { name in
                File(
                    path: "\(name.name).sqlite", shard: name.shard,
                    snapshot: try SQLiteSnapshot(path: "\(directory)/\(name.name).sqlite", context: context))
            }
            return (context.clock.now, manifest, files)
        }
    }

    /// The shard whose truth a path names; nil when it names something else.
    static func shard(ofTruth path: String) -> Int? {
        let parts = path.split(separator: "/")
        return parts.count == 3 && parts[2] == "truth.sqlite" ? Int(parts[1]) : nil
    }
}
