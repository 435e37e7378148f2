// What every store engine must do with posts that answer, pass on, expire and change, and with what is counted of them.

import SocialCore
import TestKit
import Testing

@Suite("A store keeps answers, reposts and edits")
struct StoreReactionTests {
    @Test("A post keeps what it answers and when it expires", arguments: StoreEngine.allCases)
    func fields(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        let root = try store.post(ada, "root")
        let soon = noon.advanced(byMilliseconds: 1_000)
        let draft = PostDraft(author: bob, slot: bob.slot, text: "answer", replyTo: root.id, expiresAt: soon)
        let made = try store.write { try $0.createPost(draft, now: noon) }.value
        #expect(made.replyTo == root.id && made.expiresAt == soon && made.repostOf == nil && made.editedAt == nil)
        #expect(try store.read { try $0.post(made.id) } == made)
        #expect(!made.isExpired(at: noon) && made.isExpired(at: soon) && !root.isExpired(at: .init(milliseconds: .max)))
        #expect(try store.rows().contains(.post(made)))
        #expect(try store.read { try $0.expiringPosts(in: .all, limit: 9, fromOldest: false) } == [made.id])
        _ = try store.write { try $0.deletePost(made.id, by: nil) }
        #expect(try store.read { try $0.expiringPosts(in: .all, limit: 9, fromOldest: false) }.isEmpty)
        try store.expectSums()
    }

    @Test("Passing on a post again finds the first time, until that is deleted", arguments: StoreEngine.allCases)
    func reposts(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let ids = try ["ada", "bob", "cat"].map { try store.account($0).id }
        let (one, other) = (try store.post(ids[0], "one").id, try store.post(ids[0], "other").id)
        let first = try store.repost(ids[1], one)
        #expect(first.isNew && first.value.repostOf == one && first.value.text.isEmpty)
        let before = try store.image()
        let again = try store.repost(ids[1], one)
        #expect(!again.isNew && again.value == first.value)
        let keyed = PostDraft(author: ids[1], slot: ids[1].slot, text: "", idempotencyKey: "k", repostOf: one)
        #expect(try !store.write { try $0.createPost(keyed, now: noon) }.isNew, "with a key too")
        #expect(try store.image() == before)
        #expect(try store.repost(ids[1], other).isNew && store.repost(ids[2], one).isNew)
        #expect(try store.write { try $0.deletePost(first.value.id, by: ids[1]) } == first.value)
        let anew = try store.repost(ids[1], one)
        #expect(anew.isNew && anew.value.id > first.value.id)
        try store.expectSums()
    }

    @Test("A key of a repost is not one of a post", arguments: StoreEngine.allCases)
    func keys(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let ada = try store.account("ada").id
        let one = try store.post(ada, "one", key: "k").id
        let draft = PostDraft(author: ada, slot: ada.slot, text: "", idempotencyKey: "k", repostOf: one)
        let made = try store.write { try $0.createPost(draft, now: noon) }
        #expect(made.isNew)
        _ = try store.write { try $0.deletePost(made.value.id, by: nil) }
        let gone = try store.write { try $0.createPost(draft, now: noon) }
        #expect(!gone.isNew && gone.value.id == made.value.id, "a key is kept for ever")
        let other = PostDraft(author: ada, slot: ada.slot, text: "", idempotencyKey: "k", repostOf: made.value.id)
        #expect(refusal { _ = try store.write { try $0.createPost(other, now: noon) } } == "key_reused")
        let reply = PostDraft(author: ada, slot: ada.slot, text: "one", idempotencyKey: "k", replyTo: one)
        #expect(refusal { _ = try store.write { try $0.createPost(reply, now: noon) } } == "key_reused")
        var short = PostDraft(author: ada, slot: ada.slot, text: "one", idempotencyKey: "k", expiresAt: noon)
        #expect(try store.write { try $0.createPost(short, now: noon) }.value.id == one, "expiry is no argument")
        short.idempotencyKey = nil
        #expect(try store.write { try $0.createPost(short, now: noon) }.isNew)
        try store.expectSums()
    }

    @Test("Likes, answers and reposts are counted, and uncounted when they go", arguments: StoreEngine.allCases)
    func engagement(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        let post = try store.post(ada, "post").id
        func expect(
            _ likes: Int64, _ replies: Int64, _ reposts: Int64, _ line: SourceLocation = #_sourceLocation
        ) throws {
            let expected = Engagement(likes: likes, replies: replies, reposts: reposts)
            try store.read { (reader) throws in
                #expect(try reader.engagement(of: post) == expected, sourceLocation: line)
                var all: [PostID] = []
                try reader.forEachEngagement(in: .all) { id, sum in
                    all.append(id)
                    #expect(sum == expected, sourceLocation: line)
                }
                #expect(all == (expected == Engagement() ? [] : [post]), sourceLocation: line)
            }
            try store.expectSums(line)
        }
        try expect(0, 0, 0)
        for id in [ada, bob, bob] {
            _ = try store.write { try $0.relate(RelationRecord(.like, id, post, since: noon)) }
        }
        _ = try store.write { try $0.relate(RelationRecord(.seen, ada, post, since: noon)) }
        try expect(2, 0, 0)
        let replies = try (0..<3).map { try store.reply(bob, "answer \($0)", to: post).id }
        let repost = try store.repost(bob, post).value.id
        _ = try store.repost(bob, post)
        try expect(2, 3, 1)
        _ = try store.write { try $0.editPost(replies[0], text: "changed", by: bob, now: noon) }
        _ = try store.write { try $0.unrelate(.like, ada, EntityID(post)) }
        _ = try store.write { try $0.deletePost(replies[1], by: nil) }
        try expect(1, 2, 1)
        _ = try store.write { try $0.deletePost(repost, by: nil) }
        try expect(1, 2, 0)
        _ = try store.write { try $0.deletePost(post, by: nil) }
        try expect(1, 2, 0)
        #expect(throws: Interruption.self) {
            try store.write { (writer) throws in
                _ = try writer.relate(RelationRecord(.like, ada, post, since: noon))
                throw Interruption()
            }
        }
        try expect(1, 2, 0)
        _ = try store.write { try $0.deleteAccount(bob) }
        try expect(0, 0, 0)
    }

    @Test("An edit keeps what was said before, and deleting forgets it", arguments: StoreEngine.allCases)
    func edits(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        let post = try store.post(ada, "one")
        let times = [5, 7, 9].map { noon.advanced(byMilliseconds: $0 * 1_000) }
        let head = try store.read { try $0.state() }.head
        let second = try store.write { try $0.editPost(post.id, text: "two", by: ada, now: times[0]) }
        #expect(second.isNew && second.value.text == "two" && second.value.editedAt == times[0])
        #expect(try !store.write { try $0.editPost(post.id, text: "two", by: ada, now: times[1]) }.isNew)
        let third = try store.write { try $0.editPost(post.id, text: "three", by: nil, now: times[2]) }
        #expect(try store.read { try $0.post(post.id) } == third.value && third.value.id == post.id)
        let expected = [
            PostVersion(post: post.id, number: 1, text: "one", writtenAt: post.id.time),
            PostVersion(post: post.id, number: 2, text: "two", writtenAt: times[0]),
        ]
        #expect(try store.read { try $0.versions(of: post.id) } == expected)
        let rows = try store.rows()
        for version in expected { #expect(rows.contains(.version(version))) }
        let entry = EventEntry.postEdited(author: ada, post: post.id)
        #expect(try store.read { try $0.events(after: head, entryLimit: 9) }.map(\.entries) == [[entry], [entry]])
        try store.expectSums()
        let repost = try store.repost(bob, post.id).value.id
        let before = try store.image()
        func edit(_ id: PostID, _ author: UserID?) -> String? {
            refusal { _ = try store.write { try $0.editPost(id, text: "x", by: author, now: noon) } }
        }
        #expect(edit(post.id, bob) == "not_the_author" && edit(repost, bob) == "is_repost")
        #expect(edit(PostID(rawValue: repost.rawValue + 1), nil) == "no_such_post")
        #expect(try store.image() == before)
        _ = try store.write { try $0.deletePost(post.id, by: ada) }
        #expect(try store.read { try $0.versions(of: post.id) }.isEmpty && edit(post.id, ada) == "no_such_post")
        try store.expectSums()
    }

    @Test("Answers, reposts and expiring posts come in pages", arguments: StoreEngine.allCases)
    func pages(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let ids = try (0..<7).map { try store.account("u\($0)").id }
        let (one, other) = (try store.post(ids[0], "one").id, try store.post(ids[0], "other").id)
        var (replies, reposts, expiring): ([PostID], [PostID], [PostID]) = ([], [], [])
        for (index, id) in ids.enumerated() {
            replies.append(try store.reply(id, "\(index)", to: one).id)
            reposts.append(try store.repost(id, one).value.id)
            _ = try store.reply(id, "\(index)", to: other)
            let draft = PostDraft(
                author: id, slot: id.slot, text: "story", time: noon.advanced(byMilliseconds: Int64(-index)),
                expiresAt: noon)
            expiring.append(try store.write { try $0.createPost(draft, now: noon) }.value.id)
        }
        let bounds = [one, other] + expiring
        try store.read { (reader) throws in
            try expectPages(replies.sorted(), key: { $0 }, bounds: bounds) { try reader.replies(to: one, page: $0) }
            try expectPages(reposts.sorted(), key: { $0 }, bounds: bounds) { try reader.reposts(of: one, page: $0) }
            #expect(try reader.replies(to: replies[0], page: Page()).isEmpty)
            let newest = Array(expiring.sorted().reversed())
            for limit in [0, 1, 3, Int.max] {
                let range = newest[5]...newest[1]
                let (first, last) = (Array(newest[1...5].prefix(limit)), Array(newest[1...5].suffix(limit)))
                #expect(try reader.expiringPosts(in: range, limit: limit, fromOldest: false) == first)
                #expect(try reader.expiringPosts(in: range, limit: limit, fromOldest: true) == last)
                let all = try reader.posts(in: range, limit: .max)
                #expect(try reader.posts(in: range, limit: limit, fromOldest: true) == Array(all.suffix(limit)))
                let hers = try reader.posts(by: ids[3], in: .all, limit: .max)
                #expect(
                    try reader.posts(by: ids[3], in: .all, limit: limit, fromOldest: true)
                        == Array(hers.suffix(limit)))
            }
        }
    }
}
