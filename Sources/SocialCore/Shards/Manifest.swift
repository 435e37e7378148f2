// `social.json`: what a data directory is. Read by every command, replaced as a whole, and proved by a checksum over
// the bytes before it.

internal import Formats

/// The manifest of a data directory.
package struct Manifest: Equatable, Sendable {
    /// The newest format that this program knows; a larger number is refused.
    ///
    /// A network on servers, or with an object store, has format 2, so that older programs leave it alone; others
    /// have 1.
    package static let format: Int64 = 2

    /// How posts find their slot.
    package var placement: Placement
    /// Whether other users of the group may write the directory.
    package var isShared: Bool
    /// The settings.
    package var settings: Settings
    /// Which shard owns which slot.
    package var map: SlotMap
    /// Where the replicas are; nil when there are none.
    package var replication: Replication?
    /// The address of the server that keeps the truth; nil when files do.
    package var store: String?
    /// The object store in which objects have their home; nil where that is the data directory.
    package var objects: S3Address?
    /// Whether a network is still being carried here, so that it is not whole.
    package var isArriving = false

    /// A manifest.
    package init(
        placement: Placement, isShared: Bool, settings: Settings, map: SlotMap, replication: Replication? = nil,
        store: String? = nil
    ) {
        self.store = store
        self.placement = placement
        self.isShared = isShared
        self.settings = settings
        self.map = map
        self.replication = replication
    }

    /// Reads the manifest of a directory.
    ///
    /// - Throws: `noDataDirectory`, `newerFormat` or `damaged`.
    package static func read(_ directory: String) throws(StorageError) -> Manifest {
        let path = DataDirectory.manifestPath(directory)
        let bytes: [UInt8]
        do { bytes = try FileSystem().contents(of: path) } catch {
            guard error.code == .noSuchFile else { throw error }
            throw StorageError(
                .noDataDirectory, "\"\(directory)\" is no data directory",
                hint: "make one with \"social init \(directory)\"")
        }
        return try decode(bytes, of: directory)
    }

    /// The manifest in the bytes of a file.
    ///
    /// - Parameter directory: where they come from, for messages.
    /// - Throws: `newerFormat` or `damaged`.
    package static func decode(_ bytes: [UInt8], of directory: String) throws(StorageError) -> Manifest {
        let path = DataDirectory.manifestPath(directory)
        guard let document = try? JSONReader.parse(bytes) else { throw damaged(path) }
        guard let format = document["format"]?.integer else { throw damaged(path) }
        guard format <= Manifest.format else {
            throw StorageError(
                .newerFormat, "\"\(directory)\" has format \(format), and this program knows up to \(Manifest.format)",
                hint: "use a newer social")
        }
        guard hasRightChecksum(bytes), let manifest = Manifest(document) else { throw damaged(path) }
        return manifest
    }

    /// Replaces the manifest of a directory and the copies of it with the replicas, durably.
    ///
    /// The copies come first: whoever recovers from them must not miss a change that was acknowledged.
    ///
    /// - Throws: `quorumLost` when fewer copies than the write quorum can be replaced, `ioError` and others.
    package func write(_ directory: String, context: Context) throws(StorageError) {
        let files = FileSystem(tap: context.fileTap)
        var next = self
        if var replication {
            let present = replication.places.map { try? Manifest.read($0) }
            let generations = present.compactMap { $0?.replication?.generation } + [replication.generation]
            replication.generation = (generations.max() ?? 0) + 1
            next.replication = replication
            try replication.require(present.count { $0 != nil } + 1)
            var written = 1
            for (index, place) in replication.places.enumerated() where present[index] != nil {
                if (try? next.writeCopy(index, place, files)) != nil { written += 1 }
            }
            try replication.require(written)
        }
        try files.replace(DataDirectory.manifestPath(directory), with: next.encoded, shared: isShared)
    }

    /// Puts a copy of the manifest into the directory of a replica.
    ///
    /// - Parameter index: the replica's place among the others.
    package func writeCopy(_ index: Int, _ place: String, _ files: FileSystem) throws(StorageError) {
        var copy = self
        copy.replication?.place = index + 1
        try files.replace(DataDirectory.manifestPath(place), with: copy.encoded, shared: isShared)
    }

    /// Changes the manifest of a directory under its lock, durably: what it is now.
    package static func update(
        _ directory: String, context: Context, _ change: (inout Manifest) throws -> Void
    ) throws -> Manifest {
        let present = try read(directory)
        let lock = FileLock(path: "\(directory)/manifest.lock", shared: present.isShared)
        try lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { lock.release() }
        let before = try read(directory)
        var changed = before
        try change(&changed)
        if changed != before, !context.isDryRun { try changed.write(directory, context: context) }
        return changed
    }

    private static func damaged(_ path: String) -> StorageError {
        StorageError(.damaged, "\"\(path)\" is damaged", hint: "restore it from a backup or a replica")
    }

    // MARK: JSON

    /// The bytes of the file.
    package var encoded: [UInt8] {
        // Programs that know nothing of servers and object stores must not touch a directory that has one.
        var text = "{\n  \"format\": \(store == nil && objects == nil ? 1 : 2),\n"
        text += "  \"shard_by\": \"\(placement.rawValue)\",\n  \"shared\": \(isShared),\n  \"settings\": {\n"
        text += Settings.names.map { "    \"\($0)\": \"\(settings[$0] ?? "")\"" }.joined(separator: ",\n")
        text += "\n  },\n  \"shards\": [\n"
        text += map.shards.map { shard in
            let weight = shard.weight == 1 ? "" : ", \"weight\": \(shard.weight)"
            let store = shard.store.map { ", \"store\": \(JSONValue.string($0).text)" } ?? ""
            let move = shard.move.map { ", \"move\": \($0.document.text)" } ?? ""
            return "    {\"number\": \(shard.number), \"version\": \(shard.version)\(weight)\(store)\(move)}"
        }.joined(separator: ",\n")
        text += "\n  ],\n  \"next_shard\": \(map.nextShard),\n  \"slots\": [\n"
        text += map.runs.map { run in
            "    {\"from\": \(run.slots.lowerBound), \"to\": \(run.slots.upperBound), "
                + "\"shard\": \(run.owner.shard), \"epoch\": \(run.owner.epoch)}"
        }.joined(separator: ",\n")
        text += "\n  ],\n"
        if let store { text += "  \"store\": \(JSONValue.string(store).text),\n" }
        if let replication { text += "  \"replication\": \(replication.document.text),\n" }
        if let objects { text += "  \"objects\": \"\(objects.text)\",\n" }
        if isArriving { text += "  \"arriving\": true,\n" }
        let body = Array(text.utf8)
        return body + Manifest.ending(of: body[...])
    }

    /// The last line and a half: the checksum of everything before it.
    private static func ending(of body: ArraySlice<UInt8>) -> [UInt8] {
        let sum = body.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { Mixing.finalize($0 ^ UInt64($1)) }
        let digits = String(sum, radix: 16)
        let padded = String(repeating: "0", count: 16 - digits.count) + digits
        return Array("  \"checksum\": \"\(padded)\"\n}\n".utf8)
    }

    /// Whether the file ends with the checksum of what stands before.
    private static func hasRightChecksum(_ bytes: [UInt8]) -> Bool {
        let length = ending(of: []).count
        guard bytes.count > length else { return false }
        return bytes.suffix(length) == ending(of: bytes.dropLast(length))[...]
    }

    private init?(_ document: JSONValue) {
        guard let placement = document["shard_by"]?.string.flatMap(Placement.init(rawValue:)),
            let shared = document["shared"]?.bool, let shards = document["shards"]?.array,
            let slots = document["slots"]?.array
        else { return nil }
        var settings = Settings.standard
        guard let stored = document["settings"] else { return nil }
        // A setting that is younger than the directory has its standard.
        for name in Settings.names where stored[name] != nil {
            guard let text = stored[name]?.string, (try? settings.set(name, to: text)) != nil else { return nil }
        }
        let entries = shards.compactMap { entry -> ShardEntry? in
            guard let number = entry["number"]?.integer, let version = entry["version"]?.integer else { return nil }
            return ShardEntry(
                number: Int(number), version: version, weight: Int(entry["weight"]?.integer ?? 1),
                store: entry["store"]?.string, move: entry["move"].flatMap(ServerMove.init))
        }
        var runs: [SlotMap.Run] = []
        for run in slots {
            guard let from = run["from"]?.integer, let to = run["to"]?.integer, let shard = run["shard"]?.integer,
                let epoch = run["epoch"]?.integer, to >= from, to < Slot.count, from >= 0
            else { return nil }
            runs.append(SlotMap.Run(slots: Int(from)...Int(to), owner: SlotOwner(shard: Int(shard), epoch: epoch)))
        }
        let next = document["next_shard"]?.integer.map { Int($0) }
        guard entries.count == shards.count, let map = SlotMap(shards: entries, runs: runs, nextShard: next)
        else { return nil }
        let replication = document["replication"].map { Replication($0) }
        if case .some(nil) = replication { return nil }
        self.init(
            placement: placement, isShared: shared, settings: settings, map: map, replication: replication ?? nil,
            store: document["store"]?.string)
        isArriving = document["arriving"]?.bool ?? false
        guard let address = document["objects"] else { return }
        guard let text = address.string, let objects = try? S3Address(text) else { return nil }
        self.objects = objects
    }
}
