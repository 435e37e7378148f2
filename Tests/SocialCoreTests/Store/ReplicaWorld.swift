// A network with replicas in a folder in memory, what can happen to them, and what was acknowledged.

import Glibc
import SocialCore
import TestKit
import Testing

/// A data directory with replicas beside it.
final class ReplicaWorld {
    let folder: Folder
    /// The data directory first, then the replicas.
    private(set) var places: [String]
    private let chance: Chance
    private var seconds: Int64 = 0
    /// The texts of posts by their keys that were acknowledged.
    private(set) var posts: [String: String] = [:]
    /// The texts of posts of which nobody can say whether they are stored.
    private(set) var unknown: [String: String] = [:]

    var directory: String { places[0] }

    init(
        shards: Int = 1, copies: Int = 3, write: Int? = nil, read: Int? = nil, chance: Chance = Chance(seed: 1)
    ) throws {
        folder = try Folder()
        self.chance = chance
        places = (0..<copies).map { [folder] in "\(folder.path)/\($0 == 0 ? "data" : "copy\($0)")" }
        let others = Array(places.dropFirst())
        let replication =
            others.isEmpty ? nil : try Replication(places: others, writeQuorum: write, readQuorum: read)
        try Network.create(places[0], Network.Plan(shards: shards, replication: replication), context: context())
        let network = try open()
        for name in ["ana", "bob", "cleo", "dan"] {
            _ = try network.accounts.create(AccountDraft(handle: try Handle(name)))
        }
    }

    func context(_ tap: (any FileTap)? = nil, available: Bool = false) -> Context {
        seconds += 1
        var context = Context(
            clock: .fixed(StoreFixture.now.advanced(byMilliseconds: seconds * 1_000)), random: chance.source,
            lockWaitMilliseconds: 0, fileTap: tap)
        context.readsAvailable = available
        return context
    }

    /// The network as another process opens it.
    func open(_ tap: (any FileTap)? = nil, available: Bool = false) throws -> Network {
        try Network(opening: directory, context: context(tap, available: available))
    }

    /// The folder of a shard in a place.
    func shard(_ place: Int, _ shard: Int = 0) -> String { "\(places[place])/shards/000\(shard)" }

    /// Posts under a key.
    ///
    /// - Returns: nil when it was acknowledged, else the code of the failure.
    @discardableResult
    func post(_ key: String, _ text: String? = nil, by name: String = "ana", _ tap: (any FileTap)? = nil) -> String? {
        let text = text ?? "text of \(key)"
        let code = refusal {
            let work = {
                let network = try self.open(tap)
                let author = try network.accounts.named(try Handle(name))
                _ = try network.posts.create(by: author, text: text, idempotencyKey: "\(name) \(key)")
            }
            if let tap { try RecordingVFS.watching(self.folder.path, tap, work) } else { try work() }
        }
        if code == nil {
            posts["\(name) \(key)"] = text
            unknown["\(name) \(key)"] = nil
        } else if posts["\(name) \(key)"] == nil {
            unknown["\(name) \(key)"] = text
        }
        return code
    }

    /// Everything that is posted, as one who reads finds it; begins again where a copy takes another's place.
    func texts(available: Bool = false) throws -> [String] {
        let network = try open(available: available)
        func read() throws -> [String] { try network.posts.page(by: nil, in: .all, limit: .max).map(\.text) }
        do { return try read() } catch let error as StorageError where error.code == .damaged { return try read() }
    }

    /// What is wrong with what is posted.
    func problems() throws -> [String] {
        let texts = try texts()
        let missing = posts.values.filter { text in texts.count { $0 == text } != 1 }
        let known = Set(posts.values).union(unknown.values)
        return missing.map { "\"\($0)\" is not there once" }
            + texts.filter { !known.contains($0) }.map { "nobody wrote \"\($0)\"" }
    }

    /// Checks the whole network: rows, sums, feeds, and every replica.
    func findings(isDeep: Bool = true) throws -> [String] {
        let network = try open()
        return try network.verify().map { "\($0.code): \($0.message)" }
            + network.replicaStatus(isDeep: isDeep).filter { $0.state != .ok && $0.state != .behind }
            .map { "\($0.place) is \($0.state): \($0.problem ?? "")" }
    }

    func states(isDeep: Bool = false) throws -> [String] {
        try open().replicaStatus(isDeep: isDeep).map(\.state.rawValue)
    }

    // MARK: What can happen

    func remove(_ place: Int) { Folder.removeAll(places[place]) }

    func flip(_ path: String, at offset: Int? = nil) throws {
        var bytes = try FileSystem().contents(of: path)
        guard !bytes.isEmpty else { return }
        bytes[offset ?? chance.below(bytes.count)] ^= UInt8(1 << chance.below(8))
        try Folder.write(path, bytes)
    }

    func cut(_ path: String, to length: Int? = nil) throws {
        let bytes = try FileSystem().contents(of: path)
        try Folder.write(path, Array(bytes.prefix(length ?? chance.below(bytes.count))))
    }

    /// Makes the data directory again from its replicas, in another place.
    func recover(from replicas: [Int]) throws {
        let next = "\(folder.path)/data\(seconds)"
        try Network.recover(next, from: replicas.map { places[$0] }, context: context())
        places[0] = next
    }
}
