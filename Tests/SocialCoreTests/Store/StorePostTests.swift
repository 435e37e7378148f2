// What every store engine must do with posts: ids, times of their own, tombstones, idempotency keys.

import SocialCore
import TestKit
import Testing

@Suite("A store keeps posts")
struct StorePostTests {
    @Test("A post is made, found, deleted once, and leaves a tombstone", arguments: StoreEngine.allCases)
    func createAndDelete(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        let post = try store.post(ada, "hello")
        #expect(try store.read { try $0.post(post.id) } == post)
        #expect(try store.read { try $0.postCount() } == 1)
        #expect(refusal { _ = try store.write { try $0.deletePost(post.id, by: bob) } } == "not_the_author")
        #expect(try store.write { try $0.deletePost(post.id, by: ada) } == post)
        #expect(try store.write { try $0.deletePost(post.id, by: bob) } == nil, "it is gone already")
        #expect(try store.read { try $0.post(post.id) } == nil)
        #expect(try store.rows().contains(.tombstone(post.id)))
        let never = PostID(rawValue: post.id.rawValue + 1)
        #expect(refusal { _ = try store.write { try $0.deletePost(never, by: nil) } } == "no_such_post")
        #expect(
            try store.read { try $0.events(after: 2, entryLimit: 9) }.map(\.entries)
                == [[.posted(author: ada, post: post.id)], [.postDeleted(author: ada, post: post.id)]])
        try store.expectSums()
    }

    @Test("Ids increase in a slot also when the clock steps back", arguments: StoreEngine.allCases)
    func clockStepsBack(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let ada = try store.account("ada").id
        var last = PostID(rawValue: ada.rawValue)
        let steps: [Int64] = [0, -5, -599_999, 3, -1, 0, 2, 4, -599_996]
        for step in steps {
            let now = noon.advanced(byMilliseconds: step)
            let draft = PostDraft(author: ada, slot: ada.slot, text: "a")
            let post = try store.write { try $0.createPost(draft, now: now) }.value
            #expect(post.id > last && post.id.slot == ada.slot)
            last = post.id
        }
        let tooEarly = last.time.advanced(byMilliseconds: -600_001)
        let before = try store.image()
        let draft = PostDraft(author: ada, slot: ada.slot, text: "a")
        #expect(refusal { _ = try store.write { try $0.createPost(draft, now: tooEarly) } } == "clock_ahead")
        #expect(try store.image() == before)
    }

    @Test("An imported millisecond holds 1,024 posts and never reuses an erased id", arguments: StoreEngine.allCases)
    func importedTime(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let ada = try store.account("ada").id
        let past = noon.advanced(byMilliseconds: -86_400_000)
        let draft = PostDraft(author: ada, slot: ada.slot, text: "old", time: past)
        let erased = try store.write { try $0.createPost(draft, now: noon) }.value
        #expect(erased.id.time == past && IdentityLayout.sequence(of: erased.id.rawValue) == 0)
        _ = try store.write { try $0.deletePost(erased.id, by: nil) }
        let ids = try store.write { (writer) throws in
            try (0..<1_023).map { _ in try writer.createPost(draft, now: noon).value.id }
        }
        #expect(Set(ids).count == 1_023 && !ids.contains(erased.id) && ids.allSatisfy { $0.time == past })
        #expect(refusal { _ = try store.write { try $0.createPost(draft, now: noon) } } == "bad_time")
        let slot = try store.read { try $0.slots() }.first { $0.slot == ada.slot }
        #expect(slot?.last == ada.rawValue, "imports do not advance the slot")
        for time in [
            IdentityLayout.earliest.advanced(byMilliseconds: -1), IdentityLayout.latest.advanced(byMilliseconds: 1),
        ] {
            let bad = PostDraft(author: ada, slot: ada.slot, text: "x", time: time)
            #expect(refusal { _ = try store.write { try $0.createPost(bad, now: noon) } } == "bad_time")
        }
        try store.expectSums()
    }

    @Test("A minted id steps over those that an import took", arguments: StoreEngine.allCases)
    func importAhead(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let ada = try store.account("ada").id
        let soon = noon.advanced(byMilliseconds: 10)
        let imported = try (0..<3).map { _ in try store.post(ada, "early", at: soon).id }
        _ = try store.write { try $0.deletePost(imported[1], by: nil) }
        let draft = PostDraft(author: ada, slot: ada.slot, text: "now")
        let made = try store.write { try $0.createPost(draft, now: soon) }.value.id
        #expect(made.time == soon && made.rawValue == imported[2].rawValue + 1)
        let here = try store.post(ada, "at the account's own millisecond", at: noon)
        #expect(here.id.rawValue == ada.rawValue + 1, "the account has the first id of its millisecond")
    }

    @Test(
        "A repeated idempotency key gives the first post, and another text is refused", arguments: StoreEngine.allCases)
    func idempotency(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        let first = try store.post(ada, "hello", key: "k")
        let before = try store.image()
        let again = PostDraft(author: ada, slot: ada.slot, text: "hello", idempotencyKey: "k")
        let repeated = try store.write { try $0.createPost(again, now: noon) }
        #expect(!repeated.isNew && repeated.value == first)
        for other in [
            PostDraft(author: ada, slot: ada.slot, text: "hullo", idempotencyKey: "k"),
            PostDraft(author: ada, slot: ada.slot, text: "hello", time: noon, idempotencyKey: "k"),
        ] {
            #expect(refusal { _ = try store.write { try $0.createPost(other, now: noon) } } == "key_reused")
        }
        #expect(try store.image() == before)
        #expect(try store.post(bob, "hello", key: "k").id != first.id, "a key belongs to its account")
        _ = try store.write { try $0.deletePost(first.id, by: nil) }
        let gone = try store.write { try $0.createPost(again, now: noon) }
        #expect(!gone.isNew && gone.value.id == first.id, "a deleted post does not come back")
        #expect(try store.read { try $0.post(first.id) } == nil)
        try store.expectSums()
    }
}
