// A network in which one person has left the same word everywhere, and what of it can be found in the files.

import Formats
import SocialCore
import TestKit

/// A data directory, perhaps with replicas, in which "zyxqua…" stands wherever a person can write something.
final class ErasureScene {
    /// The word that no file may hold in the end; lower case.
    static let word = Array("zyxqua".utf8)
    /// How the person is called, and was.
    static let handle = "ZyxquaNew"
    static let formerHandle = "ZyxquaOld"
    /// The bytes of an upload, which nobody else has.
    static let bytes = Array("Qx7#unmistakable-bytes-of-an-upload#Qx7".utf8)

    let folder: Folder
    let directory: String
    let id: UserID
    private let places: [String]
    private let seed: UInt64

    init(shards: Int, placement: Placement = .user, copies: Int = 0, seed: UInt64 = 1, isDeleted: Bool = false) throws {
        folder = try Folder()
        self.seed = seed
        directory = "\(folder.path)/data"
        places = (0..<copies).map { [folder] in "\(folder.path)/copy\($0)" }
        let replication = places.isEmpty ? nil : try Replication(places: places)
        let context = ErasureScene.context(seed)
        try Network.create(
            directory, Network.Plan(shards: shards, placement: placement, replication: replication), context: context)
        let network = try Network(opening: directory, context: context)
        let others = try ["bob", "cleo", "dan"].map { name in
            try network.accounts.create(AccountDraft(handle: Handle(name))).value
        }
        var person = try ErasureScene.create(in: network)
        id = person.id
        try ErasureScene.post(person, others[0], network)
        person = try ErasureScene.upload(person, others[1], network)
        try ErasureScene.relate(person, others, network)
        try ErasureScene.record(person, others[2], network)
        try ErasureScene.view(person, network)
        if isDeleted { _ = try network.accounts.delete(Handle(ErasureScene.handle)) }
        try leaveFiles()
    }

    static func context(_ seed: UInt64 = 2, _ tap: (any FileTap)? = nil) -> Context {
        Context(
            clock: .fixed(noon), random: .seeded(SeededGenerator(seed: seed)), lockWaitMilliseconds: 0, fileTap: tap)
    }

    /// The network as another process opens it.
    func open(_ tap: (any FileTap)? = nil) throws -> Network {
        try Network(opening: directory, context: ErasureScene.context(seed + 1, tap))
    }

    // MARK: What is in it

    private static func create(in network: Network) throws -> AccountRecord {
        let profile = AccountRecord.Profile(
            name: "Zyxqua Name", bio: "zyxqua bio", location: "zyxquaville", link: "https://zyxqua.example/")
        let draft = AccountDraft(
            handle: try Handle(formerHandle), profile: profile, idempotencyKey: "zyxqua-user-key")
        let made = try network.accounts.create(draft).value
        let record = try network.accounts.rename(made, to: Handle(handle)).value
        _ = try network.accounts.update(record.id) { profile in
            profile.bio = "zyxqua bio that has changed"
            try profile.set("zyxqua field", to: .string("zyxqua value"))
        }
        return try network.accounts.named(Handle(handle))
    }

    private static func post(_ person: AccountRecord, _ other: AccountRecord, _ network: Network) throws {
        let posts = network.posts
        let theirs = try posts.create(by: other, text: "words of bob").value
        for number in 0..<6 {
            let key = number == 0 ? "zyxqua-post-key" : nil
            let made = try posts.create(
                by: person, text: "zyxqua\(number)word @bob #zyxquatag", replyTo: number == 1 ? theirs.id : nil,
                idempotencyKey: key)
            if number < 2 { _ = try posts.edit(made.value.id, text: "zyxquaedited \(number)") }
            if number == 2 { _ = try posts.delete(made.value.id) }
            guard number == 3 else { continue }
            _ = try posts.create(by: other, text: "an answer of bob", replyTo: made.value.id)
            _ = try posts.like(made.value.id, by: other.id)
            _ = try posts.repost(made.value.id, by: other)
        }
        _ = try posts.create(by: person, text: "zyxquastory", lifetimeMilliseconds: 60_000)
        _ = try posts.like(theirs.id, by: person.id)
        _ = try posts.repost(theirs.id, by: person)
    }

    private static func upload(
        _ person: AccountRecord, _ other: AccountRecord, _ network: Network
    ) throws -> AccountRecord {
        var upload = Upload(.bytes(bytes), name: "zyxqua.bin")
        upload.takesAnything = true
        upload.caption = "zyxqua caption"
        upload.alt = "zyxqua alternative"
        upload.tags = ["zyxquatag"]
        _ = try network.uploads.put(upload, by: person, idempotencyKey: "zyxqua-upload-key")
        // What somebody else has put too stays.
        var shared = Upload(.bytes(Array("shared by two".utf8)), name: "zyxqua-shared.bin")
        shared.takesAnything = true
        _ = try network.uploads.put(shared, by: person)
        shared.name = "shared.bin"
        _ = try network.uploads.put(shared, by: other)
        let file = try FileSystem().contents(of: Repository.path("fixtures/pictures/cat.png"))
        let picture = try network.uploads.put(Upload(.bytes(file), name: "zyxqua.png"), by: person).record
        _ = try network.pictures.rendition(of: picture, .small)
        _ = try network.posts.create(by: person, text: "zyxquapicture", media: [picture.id])
        return try network.accounts.update(person.id) { $0.avatar = picture.id }.value
    }

    private static func relate(_ person: AccountRecord, _ others: [AccountRecord], _ network: Network) throws {
        for other in others.prefix(2) {
            _ = try network.graph.follow(person, other)
            _ = try network.graph.follow(other, person)
        }
        _ = try network.graph.follow(others[0], others[1])
        _ = try network.graph.relate(.mute, person, others[2])
        _ = try network.graph.relate(.block, others[2], person)
    }

    private static func record(_ person: AccountRecord, _ other: AccountRecord, _ network: Network) throws {
        _ = try network.tokens.make(for: person.id, name: "zyxqua phone")
        _ = try network.notifications.setPreferences(of: person.id) { $0.mutedAccounts.insert(other.id) }
        _ = try network.attributes.set(.notice, "zyxqua/notice", of: person.id, to: Array("zyxqua says".utf8))
        var draft = MessageQueue.Draft(Array("zyxqua payload".utf8))
        draft.account = person.id
        draft.key = "zyxqua-message-key"
        _ = try network.queue.push([draft, MessageQueue.Draft(Array("of nobody".utf8))], to: "jobs")
        _ = try network.queue.pull("jobs", consumer: "c", leaseMilliseconds: 1_000, worker: "zyxqua worker")
        let names = [
            "/@ZyxquaNew", "/users/zyxquanew/page", "/users/zyxquaold", "search/from:zyxquanew cats", "/about",
            "user/\(person.id)",
        ]
        for resource in names.compactMap(AccessedResource.init) {
            try network.analytics.record([CountedAccess(resource, .view, viewer: ViewerKey(person.id), at: noon)])
        }
    }

    /// Makes every view, and goes on a little, so that some of it is in logs.
    private static func view(_ person: AccountRecord, _ network: Network) throws {
        _ = try network.search.rebuild()
        _ = try network.posts.create(by: person, text: "zyxqualater")
        _ = try network.search.posts(Search.Request("zyxqualater"))
        _ = try network.search.users("zyxqua", limit: 9)
        try network.search.bringUp { _ in true }
        _ = try network.notifications.rebuild()
        _ = try network.posts.create(by: person, text: "zyxqualast @zyxquanobody")
        for reader in [person.id] { _ = try network.notifications.page(for: reader, limit: 9) }
        _ = try network.notifications.markRead(until: nil, of: person.id)
        _ = try network.feeds.regenerate(nil, .init(isFull: true))
    }

    /// What interrupted commands and older formats leave.
    private func leaveFiles() throws {
        let shard = DataDirectory.shardPath(directory, shard: 0)
        let films = "\(directory)/video/0123"
        for folder in ["\(directory)/video", films] { try FileSystem().makeDirectory(folder) }
        for path in [
            "\(shard)/truth.sqlite.v3", "\(shard)/truth.sqlite.v3.new", "\(shard)/records.sqlite.new",
            "\(films)/sound.mp4", "\(shard)/search/posts.77.segment",
        ] { try Folder.write(path, Array("left: zyxqua".utf8)) }
    }

    // MARK: What is found of it

    /// The files in which the word stands, in upper or lower case, or bytes of the upload.
    func found() throws -> [String] {
        var found: [String] = []
        for place in [directory] + places { try look(in: place, &found) }
        return found.map { String($0.dropFirst(folder.path.count)) }
    }

    private func look(in path: String, _ found: inout [String]) throws {
        let files = FileSystem()
        for name in try files.names(in: path) {
            let inner = "\(path)/\(name)"
            if name.lowercased().utf8.contains(ErasureScene.word) { found.append(inner) }
            if files.isDirectory(inner) {
                try look(in: inner, &found)
                continue
            }
            let bytes = try files.contents(of: inner)
            let lowered = bytes.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
            if lowered.contains(ErasureScene.word) || bytes.contains(ErasureScene.bytes) { found.append(inner) }
        }
    }

    /// The rows that have nothing to do with the person.
    static func rowsOfOthers(_ network: Network, _ id: UserID) throws -> [TruthRow] {
        let rows = try network.rows()
        let posts = Set(rows.compactMap { if case .post(let post) = $0, post.author == id { post.id } else { nil } })
        return rows.filter { row in
            switch row {
            case .account(let account): account.id != id
            case .handle(_, let account): account != id
            case .follow(let edge): edge.follower != id && edge.followee != id
            case .relation(let relation): relation.actor != id && relation.target != EntityID(id)
            case .post(let post): post.author != id
            case .version(let version): !posts.contains(version.post)
            case .operation(let operation): operation.account != id
            case .media(let media): media.author != id
            case .tombstone, .formerAccount, .formerMedia: false
            }
        }
    }
}

extension Collection where Element == UInt8 {
    /// Whether some bytes stand here one after another.
    fileprivate func contains(_ needle: [UInt8]) -> Bool {
        let bytes = Array(self)
        guard let first = needle.first, bytes.count >= needle.count else { return needle.isEmpty }
        return bytes.withUnsafeBufferPointer { bytes in
            var index = 0
            while index <= bytes.count - needle.count {
                if bytes[index] == first, bytes[index..<index + needle.count].elementsEqual(needle) { return true }
                index += 1
            }
            return false
        }
    }
}
