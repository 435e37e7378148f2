// The file behind the inboxes: held by others, deleted, damaged, old. Whatever becomes of it, what is read is right.

import TestKit
import Testing

@testable import SocialCore

@Suite("The view of notifications")
struct NotificationViewTests {
    private let directory: TemporaryDirectory
    private let path: String
    private let ana: AccountRecord
    private let others: [AccountRecord]
    private let post: PostID

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.file("data")
        try Network.create(path, .init(shards: 2), context: Self.context())
        let network = try Network(opening: path, context: Self.context())
        let accounts = try ["ana", "bob", "cleo", "dan"].map {
            try network.accounts.create(AccountDraft(handle: Handle($0))).value
        }
        (ana, others) = (accounts[0], Array(accounts.dropFirst()))
        post = try network.posts.create(by: ana, text: "hello").value.id
        for other in others {
            _ = try network.graph.follow(other, ana)
            _ = try network.posts.like(post, by: other.id)
            _ = try network.posts.create(by: other, text: "and you, @ana?", replyTo: post)
        }
    }

    private static func context(day: Int64 = 0) -> Context {
        Context(
            clock: .fixed(Timestamp(milliseconds: 1_767_312_000_000 + day * Timestamp.dayMilliseconds)),
            lockWaitMilliseconds: 0)
    }

    private func network(day: Int64 = 0, goesOn: Bool = false) throws -> Network {
        var context = Self.context(day: day)
        context.isLongRunning = goesOn
        return try Network(opening: path, context: context)
    }

    /// The kinds of what ana is told, each with how many did it.
    private func told(_ network: Network) throws -> [String] {
        try network.notifications.page(for: ana.id, limit: 50).map { "\($0.id.kind.rawValue) \($0.count)" }.sorted()
    }

    private var file: String { "\(path)/notifications.sqlite" }

    private let expected = ["follow 3", "like 3", "reply 1", "reply 1", "reply 1"]
    private let withoutLike = ["follow 3", "like 2", "reply 1", "reply 1", "reply 1"]

    @Test("whoever holds the lock keeps nobody from reading, and what is read then is not written")
    func held() throws {
        let reader = try network(goesOn: true)
        let lock = FileLock(path: "\(path)/notifications.lock")
        #expect(try lock.tryAcquire())
        #expect(try told(reader) == expected)
        #expect(!FileSystem().exists(file))
        // What comes meanwhile is read, too.
        _ = try network().posts.create(by: others[0], text: "@ana!")
        #expect(try told(reader) == (expected + ["mention 1"]).sorted())
        lock.release()
        #expect(try told(reader) == (expected + ["mention 1"]).sorted())
        #expect(try reader.notifications.lag() == 0)
        _ = try network().posts.unlike(post, by: others[0].id)
        #expect(try lock.tryAcquire())
        defer { lock.release() }
        #expect(try told(reader) == ["follow 3", "like 2", "mention 1", "reply 1", "reply 1", "reply 1"])
        #expect(try reader.notifications.lag() == 1)
    }

    @Test("a file that is deleted, cut off, empty or of something else is made again")
    func replaced() throws {
        let files = FileSystem()
        let reader = try network(goesOn: true)
        #expect(try told(reader) == expected)
        let bytes = try files.contents(of: file)
        for contents in [nil, [], Array(bytes.prefix(bytes.count / 2)), Array("something else".utf8), bytes] {
            for suffix in ["", "-wal", "-shm"] { try files.remove(file + suffix) }
            if let contents { try TemporaryDirectory.write(contents, to: file) }
            #expect(try told(reader) == expected)
            #expect(try told(network()) == expected)
            #expect(try network().notifications.problem() == nil)
        }
    }

    @Test("a file that was put back is brought up to date")
    func older() throws {
        let files = FileSystem()
        try network().notifications.rebuild()
        let bytes = try files.contents(of: file)
        _ = try network().posts.unlike(post, by: others[0].id)
        #expect(try told(network()) == withoutLike)
        for suffix in ["", "-wal", "-shm"] { try files.remove(file + suffix) }
        try TemporaryDirectory.write(bytes, to: file)
        #expect(try told(network()) == withoutLike)
    }

    @Test("bits that flip are found, or make no difference")
    func flipped() throws {
        let files = FileSystem()
        let chance = Chance("flipped notifications")
        try network().notifications.rebuild()
        let bytes = try files.contents(of: file)
        var found = 0
        for _ in 0..<TestRun.times(12) {
            var damaged = bytes
            damaged[chance.below(bytes.count)] ^= 1 << UInt8(chance.below(8))
            for suffix in ["", "-wal", "-shm"] { try files.remove(file + suffix) }
            try TemporaryDirectory.write(damaged, to: file)
            let findings = try network().verify()
            found += findings.count
            #expect(findings.allSatisfy { $0.code == "notifications_differ" && $0.severity == .stale })
            if !findings.isEmpty { try network().notifications.rebuild() }
            #expect(try told(network()) == expected, "seed \(chance.seed)")
            #expect(try network().verify() == [])
        }
        TestRun.report("\(found) flips found")
    }

    @Test("what is older than 90 days goes, and is found again by an earlier clock")
    func ages() throws {
        #expect(try told(network()) == expected)
        #expect(try told(network(day: 90)) == expected)
        #expect(try told(network(day: 91)) == [])
        // Long after, it is removed, and an earlier clock makes it again.
        _ = try network(day: 120).posts.like(post, by: ana.id)
        #expect(try told(network(day: 120)) == [])
        #expect(try network(day: 120).notifications.view.read(Self.context(day: 120)) { try $0.counts().groups } == 0)
        #expect(try told(network()) == expected)
        #expect(try network().notifications.problem() == nil)
    }

    @Test("posts by authors with many followers are told where they are wanted, with and without cached feeds")
    func celebrities() throws {
        let settings = try network()
        _ = try settings.set("feed.push-limit", to: "2")
        try settings.publish()
        let made = try settings.posts.create(by: ana, text: "to all").value.id
        let reader = others[0].id
        func ids(_ network: Network, _ kinds: Set<NotificationKind>? = nil) throws -> [String] {
            var selection = Notifications.Selection()
            selection.kinds = kinds
            return try network.notifications.page(for: reader, selection, limit: 50).map(\.id.description)
        }
        let id = "post-\(made)"
        for isPublished in [false, true] {
            if isPublished { _ = try network().feeds.regenerate(nil, .init(isFull: true)) }
            #expect(try ids(network()) == [])
            #expect(try ids(network(), [.post]).contains(id))
        }
        _ = try network().notifications.setPreferences(of: reader) { $0.kinds.insert(.post) }
        #expect(try ids(network()).contains(id))
        #expect(try network().notifications.markRead([NotificationID(.post, made.rawValue)], of: reader).isChanged)
        let page = try network().notifications.page(for: reader, limit: 50)
        #expect(page.first { $0.id.description == id }?.unread == 0)
        _ = try network().graph.relate(.mute, others[0], ana)
        #expect(try ids(network()) == [])
    }

    @Test("a commit names those whom it concerns")
    func matches() throws {
        let network = try network(goesOn: true)
        _ = try network.set("feed.push-limit", to: "2")
        var tail = LogTail(network.notifications.view.logHeads, after: try network.notifications.view.logHeads.vector())
        let followers = others.map(\.id)
        let matcher = network.notifications.matcher { $0 == ana.id ? Array(followers.prefix(2)) : [] }
        func news() throws -> [String] {
            try tail.next().flatMap { try matcher.matches($0) }.map { match in
                let name = try network.accounts.records(of: [match.reader])[0]?.handle.display ?? ""
                let text = try network.notifications.notification(match)?.text ?? "nothing"
                return "\(name): \(match.id.kind.rawValue): \(text)"
            }.sorted()
        }
        _ = try network.posts.create(by: ana, text: "hello @dan, @nobody and @ana")
        #expect(try news() == ["bob: post: nothing", "cleo: post: nothing", "dan: mention: ana mentioned you"])
        _ = try network.posts.unlike(post, by: followers[0])
        #expect(try news() == [])
        _ = try network.posts.like(post, by: followers[0])
        _ = try network.graph.follow(ana, others[1])
        #expect(try news() == ["ana: like: bob liked your post", "cleo: follow: ana followed you"])
        _ = try network.graph.relate(.mute, ana, others[2])
        _ = try network.posts.repost(post, by: others[2])
        #expect(try news() == ["ana: repost: nothing"])
    }

    @Test("ids and cursors are what their texts say")
    func names() throws {
        for text in ["like-12", "repost-1", "follow-2026-01-02", "mention-9", "post-3", "film-ready-7", "notice-a b/c"]
        {
            #expect(NotificationID(text)?.description == text)
            #expect(NotificationCursor("17:\(text)")?.description == "17:\(text)")
            #expect(NotificationCursor("17:4:\(text)")?.description == "17:4:\(text)")
        }
        for text in ["", "like", "like-", "like-x", "like--1", "follow-2026-13-02", "follow-5", "poke-1", "notice-"] {
            #expect(NotificationID(text) == nil)
            #expect(NotificationCursor("17:\(text)") == nil)
        }
        #expect(NotificationCursor("-1:like-1") == nil)
        #expect(NotificationTail.Position("0:a:1@5")?.description == "0:a:1@5")
        #expect(NotificationTail.Position("12@5") == nil)
    }

    @Test("what tasks have to say is told, in their words")
    func notices() throws {
        let attributes = try network().attributes
        let values = [
            "plain": "backup done", "film": #"{"kind":"film-ready","media":"5"}"#,
            "json": #"{"text":"exported","post":"\#(post)"}"#,
        ]
        for name in ["film", "json", "plain"] {
            try attributes.set(.notice, name, of: ana.id, to: Array((values[name] ?? "").utf8))
        }
        var selection = Notifications.Selection()
        selection.kinds = [.filmReady, .notice]
        let found = try network().notifications.page(for: ana.id, selection, limit: 5)
        #expect(found.map(\.text) == ["your film can be streamed", "exported", "backup done"])
        #expect(found[0].media == MediaID(rawValue: 5) && found[1].post == post)
        #expect(try network().notifications.markRead(found.map(\.id), of: ana.id).unread == expected.count)
    }
}
