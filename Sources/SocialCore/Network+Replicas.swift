// The replicas of a data directory as a whole: made, looked at, repaired, made the leader, and what is recovered from
// them.

extension Network {
    /// What was done to a replica of a shard.
    package struct ReplicaWork: Equatable, Sendable {
        /// The directory of the replica.
        package var place: String
        /// The shard's number.
        package var shard: Int
        /// What was done.
        package var repair: ReplicaRepair
    }

    /// The state of each replica of each shard, the leader's first; none where there are no replicas.
    ///
    /// - Parameter isDeep: whether every row of every copy is looked at.
    package func replicaStatus(isDeep: Bool) throws -> [ReplicaStatus] {
        try stores().flatMap { try $0.replicaStatus(isDeep: isDeep) }
    }

    /// Since when what was read may be out of date, because too few replicas could be asked; nil when it is not.
    package func staleSince() throws -> Timestamp? { try stores().compactMap { try $0.staleSince() }.min() }

    /// Whether the truth of a shard could not be read, and a replica has taken its place.
    package func readsFromReplicas() throws -> Bool { try stores().contains { $0.substitute != nil } }

    // MARK: Repairing

    /// Makes replicas as good as new, from the log where that is enough, else by copying everything.
    ///
    /// - Parameter place: which one; nil for all.
    package func repairReplicas(_ place: String?) throws -> [ReplicaWork] {
        try requireFiles()
        let replication = try knownReplication(place)
        if context.isDryRun {
            return try replicaStatus(isDeep: true).filter { !$0.isLeader && (place == nil || $0.place == place) }
                .map { ReplicaWork(place: $0.place, shard: $0.shard, repair: $0.state == .ok ? .none : .copy) }
        }
        let files = FileSystem(tap: context.fileTap)
        for (index, directory) in replication.places.enumerated() where place == nil || directory == place {
            // What lies in its place must be a replica, or nothing at all.
            let isReplica = (try? Manifest.read(directory))?.replication?.place == index + 1
            if !isReplica { try Network.requireEmpty(directory, known: ["social.json", "shards"], files) }
            try files.makeDirectory(directory, shared: manifest.isShared)
            try manifest.writeCopy(index, directory, files)
        }
        let work = try stores().flatMap { store in
            try store.repairReplicas(place).map { ReplicaWork(place: $0.place, shard: store.shard, repair: $0.repair) }
        }
        try uploads.keeping.settle()
        return work
    }

    /// Puts the newest copies in the place of the data directory's own.
    ///
    /// - Parameters:
    ///   - shard: which shard; nil for all.
    ///   - place: whose copies; nil for any that are the newest.
    /// - Returns: for each shard whose copy was taken.
    package func promote(shard: Int?, from place: String?) throws -> [(shard: Int, place: String)] {
        try requireFiles()
        _ = try knownReplication(place)
        return try stores().filter { shard == nil || $0.shard == shard }
            .map { ($0.shard, try $0.promote(from: place)) }
    }

    private func knownReplication(_ place: String?) throws -> Replication {
        guard let replication = replication.current else {
            throw ShardsError(
                .noSuchReplica, "\"\(directory)\" has no replicas", hint: "make one with \"social replica add DIR\"")
        }
        if let place, !replication.places.contains(place) {
            throw ShardsError(
                .noSuchReplica, "\"\(place)\" is no replica of \"\(directory)\"",
                hint: "the replicas are \(replication.places.joined(separator: ", "))")
        }
        return replication
    }

    // MARK: Adding and removing

    /// Adds a replica in a directory that is empty or not there, or where adding it was interrupted; one that is there
    /// stays as it is.
    ///
    /// - Parameters:
    ///   - writeQuorum: nil for the present one, or a majority if that no longer fits.
    ///   - readQuorum: the same.
    package func addReplica(
        _ place: String, writeQuorum: Int? = nil, readQuorum: Int? = nil
    ) throws -> Replication? {
        for store in try stores() { try store.modernise() }
        let added = try changingReplicas { present in
            if let present, present.places.contains(place), writeQuorum == nil, readQuorum == nil { return present }
            let files = FileSystem(tap: context.fileTap)
            try Network.requireEmpty(place, known: interruptedNames(in: place), files)
            let places = (present?.places ?? []) + [place]
            let next =
                if let present, writeQuorum == nil, readQuorum == nil { try present.with(places: places) } else {
                    try Replication(places: places, writeQuorum: writeQuorum, readQuorum: readQuorum)
                }
            if context.isDryRun {
                try files.requirePlace(for: place)
                return next
            }
            try files.makeDirectory(place, shared: manifest.isShared)
            for store in try stores() { try store.copyToReplica(place, isFirst: present == nil) }
            var changed = manifest
            changed.replication = next
            try changed.writeCopy(places.count - 1, place, files)
            return next
        }
        try uploads.keeping.settle()
        return added
    }

    /// The names of what an interrupted run has left that was to make a replica of this directory in a place.
    private func interruptedNames(in place: String) -> [String] {
        guard FileSystem().exists(DataDirectory.manifestPath(place)) else { return ["shards"] }
        let copy = try? Manifest.read(place)
        let isOurs = copy?.map == manifest.map && copy?.replication?.places.last == place
        return isOurs && replication.current?.places.contains(place) != true ? ["shards", "social.json"] : []
    }

    /// Removes a replica and what it holds.
    package func removeReplica(_ place: String) throws -> Replication? {
        let removed = try changingReplicas { present in
            let places = try knownReplication(place).places.filter { $0 != place }
            let next = places.isEmpty ? nil : try present?.with(places: places)
            if !context.isDryRun { for store in try stores() { try store.requireReplicas(next) } }
            return next
        }
        if context.isDryRun { return removed }
        if removed == nil { for store in try stores() { try store.removeReplicaLog() } }
        Network.removeFiles(of: place, shards: router.shards, FileSystem(tap: context.fileTap))
        return removed
    }

    /// Changes the manifest's replicas while nobody writes: whoever writes next looks them up again.
    private func changingReplicas(_ change: (Replication?) throws -> Replication?) throws -> Replication? {
        try requireFiles()
        let lock = FileLock(path: "\(directory)/manifest.lock", shared: manifest.isShared)
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { lock.release() }
        func locked(_ stores: ArraySlice<SQLiteStore>) throws -> Replication? {
            guard let store = stores.first else {
                manifest = try Manifest.read(directory)
                try replication.refresh()
                let next = try change(manifest.replication)
                guard !context.isDryRun, next != manifest.replication else { return next }
                var changed = manifest
                changed.replication = next
                try changed.write(directory, context: context)
                manifest = try Manifest.read(directory)
                try replication.refresh()
                return manifest.replication
            }
            return try store.withLock { try locked(stores.dropFirst()) }
        }
        return try locked(stores()[...])
    }

    /// Removes what a replica holds, as far as it can be reached; whatever else lies there stays.
    private static func removeFiles(of place: String, shards: [Int], _ files: FileSystem) {
        try? files.remove(DataDirectory.manifestPath(place))
        for shard in shards { removeFiles(of: place, shard: shard, files) }
        try? files.removeDirectory("\(place)/shards")
        try? files.removeDirectory(place)
    }

    /// Removes what replicas hold of a shard that is no more.
    func clearReplicas(of shard: Int) {
        for place in replication.current?.places ?? [] {
            Network.removeFiles(of: place, shard: shard, FileSystem(tap: context.fileTap))
        }
    }

    private static func removeFiles(of place: String, shard: Int, _ files: FileSystem) {
        let folder = DataDirectory.shardPath(place, shard: shard)
        let suffixes = [
            "truth.sqlite", "truth.sqlite-wal", "truth.sqlite-shm", "truth.lock", "replica.log", "replica.lock",
        ]
        for name in suffixes { try? files.remove("\(folder)/\(name)") }
        try? files.removeTree(DataDirectory.objectsPath(place, shard: shard))
        try? files.removeDirectory(folder)
    }

    // MARK: Recovering

    /// Makes a data directory from replicas, after the one that they belonged to is gone.
    ///
    /// - Parameter places: where replicas lie now; so many that they know every acknowledged change.
    /// - Throws: `quorumLost` when there are too few, `notEmpty` when something lies in the directory.
    package static func recover(_ directory: String, from places: [String], context: Context) throws {
        let files = FileSystem(tap: context.fileTap)
        try requireEmpty(directory, files)
        var found: [(place: String, manifest: Manifest)] = []
        for place in places { found.append((place, try Manifest.read(place))) }
        guard
            var manifest = found.map(\.manifest)
                .max(by: { $0.replication?.generation ?? -1 < $1.replication?.generation ?? -1 }),
            var replication = manifest.replication
        else { throw ShardsError(.noSuchReplica, "\"\(places.joined(separator: "\", \""))\" is no replica") }
        for (place, copy) in found {
            guard let number = copy.replication?.place, number > 0, number <= replication.places.count else {
                throw ShardsError(
                    .noSuchReplica, "\"\(place)\" is no replica", hint: "name the directories of replicas")
            }
            replication.places[number - 1] = place
        }
        guard Set(found.map(\.place)).count >= replication.promotionQuorum else {
            throw StorageError(
                .quorumLost,
                "it takes \(replication.promotionQuorum) of \(replication.copies) replicas to know the newest change",
                hint: "name more of the directories that hold replicas")
        }
        if context.isDryRun { return try files.requirePlace(for: directory) }
        replication.place = 0
        manifest.replication = replication
        try files.makeDirectory(directory, shared: manifest.isShared)
        try files.makeDirectory("\(directory)/shards", shared: manifest.isShared)
        try Heads.create(directory: directory, shared: manifest.isShared, context: context)
        let heads = Heads(directory: directory, writable: true, context: context)
        let holder = ReplicationHolder(directory: directory, stamp: nil, replication: replication)
        for shard in manifest.map.shards {
            let folder = DataDirectory.shardPath(directory, shard: shard.number)
            try files.makeEmptyDirectory(folder, shared: manifest.isShared)
            let store = SQLiteStore(
                shard: shard.number, directory: folder, shared: manifest.isShared,
                map: SlotMapHolder(manifest.map), heads: heads, replicas: holder, context: context)
            _ = try store.promote(from: nil)
        }
        try manifest.write(directory, context: context)
        try Network(opening: directory, context: context).uploads.keeping.settle()
    }
}
