// A store of objects in a folder of its own, with shards and replica places, and ways to break what lies in it.

import SocialCore
import TestKit

/// A store of objects to be tried.
struct ObjectWorld: Sendable {
    let path: String
    let shards: Int
    let places: Int
    let writeQuorum: Int

    /// A store below a folder; the folders of shards are made, as those who make shards do.
    init(_ path: String, shards: Int = 1, places: Int = 0, writeQuorum: Int = 1) throws {
        self.path = path
        self.shards = shards
        self.places = places
        self.writeQuorum = writeQuorum
        try FileSystem().makeDirectory(path)
        for root in ["home"] + (0..<places).map({ "place\($0)" }) {
            try FileSystem().makeDirectory("\(path)/\(root)")
            for shard in 0..<shards { try FileSystem().makeDirectory("\(path)/\(root)/\(shard)") }
        }
    }

    func folder(_ root: String, _ shard: Int) -> String { "\(path)/\(root)/\(shard)/objects" }

    /// The shard of an object, which is another one after the slots have moved.
    static func shard(of hash: ObjectHash, of shards: Int, moved: Int = 0) -> Int {
        (Int(hash.leadingBits >> 56) + moved) % shards
    }

    func layout(moved: Int = 0) -> ObjectLayout {
        let (path, shards, places) = (path, shards, places)
        return ObjectLayout(
            home: { "\(path)/home/\(Self.shard(of: $0, of: shards, moved: moved))/objects" },
            folders: (0..<shards).map { folder("home", $0) },
            copies: { hash in
                let shard = Self.shard(of: hash, of: shards, moved: moved)
                return (0..<places).map { "\(path)/place\($0)/\(shard)/objects" }
            },
            copyFolders: (0..<places).flatMap { place in (0..<shards).map { folder("place\(place)", $0) } },
            writeQuorum: writeQuorum)
    }

    func store(_ tap: (any FileTap)? = nil, moved: Int = 0, lockWaitMilliseconds: Int64 = 0) -> ObjectStore {
        ObjectStore(
            directory: path, layout: layout(moved: moved), shared: false,
            context: Context(lockWaitMilliseconds: lockWaitMilliseconds, fileTap: tap))
    }

    /// The files of an object, its home's first.
    func files(of hash: ObjectHash, moved: Int = 0) -> [String] {
        let layout = layout(moved: moved)
        return ([layout.home(hash)] + layout.copies(hash)).map { "\($0)/\(hash.path)" }
    }

    /// Every file below the folders of objects.
    func allFiles() throws -> [String] {
        func files(below path: String) throws -> [String] {
            guard FileSystem().isDirectory(path) else { return [path] }
            return try FileSystem().names(in: path).flatMap { try files(below: "\(path)/\($0)") }
        }
        return try files(below: path)
    }

    /// Flips one bit of a file.
    static func flip(_ bit: Int, of path: String) throws {
        var bytes = try FileSystem().contents(of: path)
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        try TemporaryDirectory.write(bytes, to: path)
    }
}

extension ObjectSource {
    /// Bytes that come in pieces of some size.
    static func pieces(_ bytes: [UInt8], of size: Int) -> ObjectSource {
        .stream { sink in
            for start in stride(from: 0, to: bytes.count, by: size) {
                try sink(bytes[start..<min(start + size, bytes.count)])
            }
        }
    }
}

extension Chance {
    /// Random bytes.
    func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        while bytes.count < count { withUnsafeBytes(of: next()) { bytes += $0 } }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}

/// The code and the message of what a closure throws.
func storageError(_ body: () throws -> Void) -> StorageError? {
    do { try body() } catch { return error as? StorageError }
    return nil
}
