// Where backups are kept: a store of objects for the parts of all of them, each once, and a record for each.

/// A folder of backups.
struct BackupPlace {
    private static let suffix = ".ndjson"

    let directory: String
    let context: Context
    let store: ObjectStore
    private let files: FileSystem

    init(_ directory: String, context: Context) {
        self.directory = directory
        self.context = context
        let folder = "\(directory)/objects"
        store = ObjectStore(
            directory: directory, layout: ObjectLayout(home: { _ in folder }, folders: [folder]), shared: false,
            context: context)
        files = FileSystem(tap: context.fileTap)
    }

    private var records: String { "\(directory)/backups" }
    /// Where a file is put together before it is taken apart into blocks.
    var incoming: String { "\(directory)/incoming.sqlite" }

    /// Makes the place, if it is not there.
    ///
    /// - Throws: what `FileSystem.requireEmpty` throws where something else lies there.
    func prepare() throws {
        if files.isDirectory(records) { return }
        try files.requireEmpty(directory, but: ["objects", "objects.lock"])
        try files.makeDirectory(directory)
        try files.makeDirectory("\(directory)/objects")
        try files.makeDirectory(records)
    }

    /// The names of the backups, the oldest first.
    ///
    /// - Throws: `noBackups` when the folder is none of backups.
    func ids() throws -> [String] {
        guard files.isDirectory(records) else {
            throw BackupError(
                .noBackups, "\"\(directory)\" holds no backups", hint: "\"social backup create DIR\" makes one")
        }
        return try files.names(in: records).filter { $0.hasSuffix(BackupPlace.suffix) }
            .map { String($0.dropLast(BackupPlace.suffix.count)) }.sorted()
    }

    /// Reads a backup; nil names the newest.
    ///
    /// - Throws: `noBackups`, `noSuchBackup`, `damagedBackup`, `newerFormat`.
    func record(_ id: String?) throws -> BackupRecord {
        let ids = try ids()
        guard let id = id ?? ids.last else {
            throw BackupError(
                .noBackups, "\"\(directory)\" holds no backups", hint: "\"social backup create DIR\" makes one")
        }
        guard ids.contains(id) else {
            throw BackupError(
                .noSuchBackup, "\"\(directory)\" holds no backup \"\(id)\"",
                hint: "\"social backup list \(directory)\" names those that there are")
        }
        let path = path(of: id)
        return try BackupRecord(files.contents(of: path), path: path)
    }

    private func path(of id: String) -> String { "\(records)/\(id)\(BackupPlace.suffix)" }

    /// Writes a backup down: from then on it is there.
    func keep(_ record: BackupRecord) throws {
        try files.replace(path(of: record.id), with: record.encoded)
    }

    /// Forgets backups, and removes what only they needed: how many objects were removed, or would be.
    ///
    /// - Throws: `damagedBackup` when it is not known what another one needs.
    func remove(_ ids: Set<String>) throws -> Int {
        let all = try self.ids()
        if ids.isEmpty { return 0 }
        return try store.exclusively {
            var needed: Set<ObjectHash> = []
            for id in all where !ids.contains(id) {
                let record = try record(id)
                for file in record.files { needed.formUnion(file.blocks) }
                needed.formUnion(record.objects.map(\.hash))
            }
            var useless: [ObjectHash] = []
            try store.keeper.forEachObject(in: "\(directory)/objects") { found in
                if case .object(let hash) = found, !needed.contains(hash) { useless.append(hash) }
            }
            if context.isDryRun { return useless.count }
            for id in ids { try files.remove(path(of: id)) }
            try files.syncDirectory(records)
            for hash in useless { _ = try store.keeper.remove(hash) }
            _ = try store.keeper.removeTemporaries()
            return useless.count
        }
    }

    // MARK: Objects

    /// Puts a file into the place, block by block: the blocks, and how many bytes of them are new.
    func put(_ path: String, as name: String) throws -> (file: BackupRecord.File, newBytes: Int) {
        try files.withFile(path) { descriptor, size in
            Result {
                var (file, newBytes) = (BackupRecord.File(path: name, sizeBytes: size, blocks: []), 0)
                let count = BackupRecord.blockCount(sizeBytes: size)
                for start in stride(from: 0, to: count, by: BackupPlace.groupBlocks) {
                    let group = try (start..<min(count, start + BackupPlace.groupBlocks)).map { block in
                        let first = block * BackupRecord.blockBytes
                        return ObjectSource.bytes(
                            try FileSystem.read(
                                descriptor, first..<min(size, first + BackupRecord.blockBytes), of: path))
                    }
                    for stored in try store.writer.put(group) {
                        file.blocks.append(stored.hash)
                        newBytes += stored.isNew ? stored.sizeBytes : 0
                    }
                    context.observer?.advance(by: group.count)
                }
                return (file, newBytes)
            }
        }.get()
    }

    /// Reads an object of the place, proved as a whole, in pieces.
    ///
    /// - Throws: `damagedBackup` behind the last piece, when they are not those of the object.
    func read(_ hash: ObjectHash, sizeBytes: Int, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
        let path = hash.path(in: "\(directory)/objects")
        let damaged = BackupError(
            .damagedBackup, "\"\(path)\" is damaged or missing",
            hint: "remove it: the next \"social backup create\" stores it again if it is still needed")
        guard files.exists(path), files.size(of: path) == sizeBytes else { throw damaged }
        var digest = ObjectDigest()
        try files.forEachPart(of: path) { bytes in
            // Safety: the bytes live for the call.
            bytes.withUnsafeBytes { digest.add($0) }
            try body(bytes)
        }
        guard digest.finish().hash == hash else { throw damaged }
    }

    /// Blocks that are made durable together.
    private static let groupBlocks = 32
}
