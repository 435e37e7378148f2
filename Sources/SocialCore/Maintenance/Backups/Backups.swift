// What if the disk is gone tomorrow? Backups of one moment, made while others write, each of which holds only what is
// new; proved, brought back, and forgotten by rules.

/// The backups in a folder.
package struct Backups {
    /// The folder.
    package let directory: String
    private let context: Context
    private let place: BackupPlace
    private let files: FileSystem

    /// The backups in a folder, which `create` makes.
    package init(in directory: String, context: Context) {
        self.directory = directory
        self.context = context
        place = BackupPlace(directory, context: context)
        files = FileSystem(tap: context.fileTap)
    }

    // MARK: Making

    /// A backup that was made.
    package struct Made: Sendable {
        /// What it consists of.
        package var record: BackupRecord
        /// Bytes that no backup before it held.
        package var newBytes: Int
    }

    /// Makes a backup of a network as it is now, while others go on writing to it.
    ///
    /// - Throws: `notEmpty` where something else lies in the folder, `busy`, `damaged` when a row or an object of the
    ///   network is not what was stored.
    @discardableResult
    package func create(of network: Network) throws -> Made {
        try network.requireFiles()
        if context.isDryRun {
            try files.requirePlace(for: directory)
            return Made(record: BackupRecord(at: context.clock.now), newBytes: 0)
        }
        try place.prepare()
        // One is made at a time: the next one then needs less.
        let lock = FileLock(path: "\(directory)/backups.lock")
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { lock.release() }
        let hold = try place.store.hold()
        defer { hold.release() }
        // What is referred to now stays until it is copied.
        let objects = try network.objectStore()
        let objectHold = try objects.hold()
        defer { objectHold.release() }
        let moment = try BackupMoment(of: network, context: context)
        context.observer?.begin("backing up", total: nil)
        defer { context.observer?.end() }
        var made = Made(record: BackupRecord(at: moment.time), newBytes: 0)
        var digest = Digest()
        for file in moment.files {
            try? files.remove(place.incoming)
            try files.makeEmptyFile(place.incoming)
            try file.snapshot.copy(to: place.incoming)
            if file.isTruth {
                try SQLiteSnapshot.forEachTruthRow(in: place.incoming, shard: file.shard) { digest.add($0) }
            }
            let (stored, newBytes) = try place.put(place.incoming, as: file.path)
            made.record.files.append(stored)
            made.newBytes += newBytes
        }
        try files.remove(place.incoming)
        if let remote = objects.remote { try add(from: remote, objects, of: network, moment.manifest.map, to: &made) }
        for shard in moment.manifest.map.shards where objects.remote == nil {
            try add(DataDirectory.objectsPath("", shard: shard.number), of: network, objects, to: &made)
        }
        made.record.digest = digest.description
        made.record.rows = digest.rows
        made.record.manifest = moment.manifest.encoded
        try place.keep(made.record)
        return made
    }

    /// Adds the objects of one folder.
    private func add(_ name: String, of network: Network, _ objects: ObjectStore, to made: inout Made) throws {
        let folder = network.directory + name
        try objects.keeper.forEachObject(in: folder) { found in
            guard case .object(let hash) = found else { return }
            let path = hash.path(in: folder)
            let size = files.size(of: path)
            if place.store.keeper.sizeBytes(of: hash) != size {
                let stored = try place.store.writer.put(.stream { try files.forEachPart(of: path, $0) })
                guard stored.hash == hash else {
                    throw StorageError(
                        .damaged, "\"\(path)\" is damaged", hint: "mend it first: \"social upload verify --repair\"")
                }
                made.newBytes += size
            }
            made.record.objects.append(
                BackupRecord.Object(folder: String(name.dropFirst()), hash: hash, sizeBytes: size))
            context.observer?.advance(by: 1)
        }
    }

    /// Adds the objects whose home is an object store: those that it names, and those that somebody refers to.
    private func add(
        from remote: RemoteObjects, _ objects: ObjectStore, of network: Network, _ map: SlotMap, to made: inout Made
    ) throws {
        var known: Set<ObjectHash> = []
        func add(_ hash: ObjectHash, _ size: Int) throws {
            guard known.insert(hash).inserted else { return }
            if place.store.keeper.sizeBytes(of: hash) != size {
                guard try objects.copy(hash, sizeBytes: size, to: place.store) else { return }
                made.newBytes += size
            }
            let folder = DataDirectory.objectsPath("", shard: map.owner(of: Slot(of: hash)).shard)
            made.record.objects.append(
                BackupRecord.Object(folder: String(folder.dropFirst()), hash: hash, sizeBytes: size))
            context.observer?.advance(by: 1)
        }
        try remote.forEachObject { found, size in if case .object(let hash) = found { try add(hash, size) } }
        var named = NamedObjects(network.router)
        while let (hash, size) = try named.next() { try add(hash, Int(size)) }
    }

    // MARK: Looking

    /// All backups, the oldest first.
    ///
    /// - Throws: `noBackups`; `damagedBackup` when one of them cannot be read.
    package func list() throws -> [BackupRecord] { try place.ids().map { try place.record($0) } }

    /// What is wrong with backups: everything that they need is read and hashed.
    ///
    /// - Parameter id: which one; nil: all of them.
    /// - Throws: `noBackups`, `noSuchBackup`.
    package func problems(of id: String? = nil) throws -> [String] {
        var problems: [String] = []
        var known: Set<ObjectHash> = []
        func prove(_ hash: ObjectHash, _ size: Int) {
            guard known.insert(hash).inserted else { return }
            do { try place.read(hash, sizeBytes: size) { _ in } } catch { problems.append("\(error)") }
        }
        for id in try id.map({ [$0] }) ?? place.ids() {
            let record: BackupRecord
            do { record = try place.record(id) } catch let error as BackupError where error.code == .damagedBackup {
                problems.append(error.message)
                continue
            }
            for file in record.files {
                for (index, block) in file.blocks.enumerated() { prove(block, file.sizeBytes(ofBlock: index)) }
            }
            for object in record.objects { prove(object.hash, object.sizeBytes) }
        }
        return problems
    }

    // MARK: Bringing back

    /// Makes a data directory that holds what a network held at the moment of a backup.
    ///
    /// It has no replicas, and its logs begin a new life.
    ///
    /// - Parameter id: which backup; nil: the newest.
    /// - Throws: `noBackups`, `noSuchBackup`, `damagedBackup`; `notEmpty` where something lies at the target.
    @discardableResult
    package func restore(_ id: String? = nil, to target: String) throws -> BackupRecord {
        let record = try place.record(id)
        var manifest = try Manifest.decode(record.manifest, of: directory)
        manifest.replication = nil
        // The place in the object store is that of the network that was backed up, and stays so.
        manifest.objects = nil
        try Network.requireEmpty(target, files)
        if context.isDryRun {
            try files.requirePlace(for: target)
            return record
        }
        let hold = try place.store.hold()
        defer { hold.release() }
        context.observer?.begin("restoring", total: record.files.count + record.objects.count)
        defer { context.observer?.end() }
        try files.makeDirectory(target, shared: manifest.isShared)
        try files.makeDirectory("\(target)/shards", shared: manifest.isShared)
        try Heads.create(directory: target, shared: manifest.isShared, context: context)
        for shard in manifest.map.shards {
            try files.makeEmptyDirectory(
                DataDirectory.shardPath(target, shard: shard.number), shared: manifest.isShared)
        }
        try putBack(record, manifest, in: target)
        try beginLogs(manifest, in: target)
        try manifest.write(target, context: context)
        return record
    }

    private func putBack(_ record: BackupRecord, _ manifest: Manifest, in target: String) throws {
        var digest = Digest()
        for file in record.files {
            let path = "\(target)/\(file.path)"
            try files.makeEmptyFile(path, shared: manifest.isShared)
            var offset = 0
            for (index, block) in file.blocks.enumerated() {
                try place.read(block, sizeBytes: file.sizeBytes(ofBlock: index)) { bytes in
                    try files.put(Array(bytes), at: offset, of: path)
                    offset += bytes.count
                }
            }
            try files.sync(path)
            try files.syncDirectory(FileSystem.parent(of: path))
            if let shard = BackupMoment.shard(ofTruth: file.path) {
                try SQLiteSnapshot.forEachTruthRow(in: path, shard: shard) { digest.add($0) }
            }
            context.observer?.advance(by: 1)
        }
        guard digest.description == record.digest else {
            throw BackupError(.damagedBackup, "the backup \"\(record.id)\" does not hold what its digest says")
        }
        for object in record.objects {
            let folder = "\(target)/\(object.folder)"
            let store = ObjectStore(
                directory: target, layout: ObjectLayout(home: { _ in folder }, folders: [folder]),
                shared: manifest.isShared, context: context)
            _ = try store.writer.put(
                .stream { sink in
                    try place.read(object.hash, sizeBytes: object.sizeBytes, sink)
                })
            context.observer?.advance(by: 1)
        }
    }

    /// Whoever has read on from a place in the former logs must not go on in these.
    private func beginLogs(_ manifest: Manifest, in target: String) throws {
        let heads = Heads(directory: target, writable: true, context: context)
        for shard in manifest.map.shards {
            let store = SQLiteStore(
                shard: shard.number, directory: DataDirectory.shardPath(target, shard: shard.number),
                shared: manifest.isShared, map: SlotMapHolder(manifest.map), heads: heads, context: context)
            try store.beginLog()
        }
    }

    // MARK: Forgetting

    /// Forgets the backups that rules do not keep; the newest always stays.
    ///
    /// - Returns: the names of those that are gone, and how many objects went with them.
    package func prune(_ rules: BackupRules) throws -> (ids: [String], objects: Int) {
        let records = try list()
        let kept = rules.kept(records.map(\.createdAt))
        let gone = zip(records, kept).filter { !$1 }.map(\.0.id)
        return (gone, try place.remove(Set(gone)))
    }
}

extension BackupRecord.File {
    /// The size of a block.
    func sizeBytes(ofBlock index: Int) -> Int {
        min(BackupRecord.blockBytes, sizeBytes - index * BackupRecord.blockBytes)
    }
}
