// What every store engine must do at the end of an account, with effects that are pending, and with the progress of
// imports.

import SocialCore
import TestKit
import Testing

@Suite("A store ends accounts and remembers what is to be done")
struct StoreRemovalTests {
    /// A source on which "ada" has something of everything, and others have something to do with her.
    private struct Scene {
        let store: any Store
        let ids: [UserID]
        var ada: UserID { ids[0] }
        let away: PostID
        let others: PostID

        init(_ engine: StoreEngine) throws {
            let store = try StoreFixture(engine).open()
            let ids = try ["ada", "bob", "cat", "dan", "eva"].map { name in
                try store.account(name).id
            }
            let (ada, bob) = (ids[0], ids[1])
            let others = try store.post(bob, "by bob").id
            for id in ids where id != ada {
                _ = try store.write { try $0.follow(FollowRecord(follower: id, followee: ada, since: noon)) }
                _ = try store.write { try $0.follow(FollowRecord(follower: ada, followee: id, since: noon)) }
                _ = try store.write { try $0.relate(RelationRecord(.mute, id, ada, since: noon)) }
                _ = try store.write { try $0.relate(RelationRecord(.mute, ada, id, since: noon)) }
            }
            _ = try store.write { try $0.relate(RelationRecord(.block, ids[4], ada, since: noon)) }
            _ = try store.write { try $0.relate(RelationRecord(.like, ada, others, since: noon)) }
            _ = try store.write { try $0.relate(RelationRecord(.seen, ada, others, since: noon)) }
            let post = try store.post(ada, "by ada", key: "k")
            _ = try store.write { try $0.editPost(post.id, text: "changed", by: ada, now: noon) }
            _ = try store.reply(ada, "answer", to: others)
            _ = try store.repost(ada, others)
            let draft = PostDraft(author: ada, slot: bob.slot, text: "in another slot")
            away = try store.write { try $0.createPost(draft, now: noon) }.value.id
            (self.store, self.ids, self.others) = (store, ids, others)
        }
    }

    @Test("A deleted account takes along what lives with it", arguments: StoreEngine.allCases)
    func delete(engine: StoreEngine) throws {
        let scene = try Scene(engine)
        let (store, ada) = (scene.store, scene.ada)
        let record = try store.read { try $0.account(ada) }
        let head = try store.read { try $0.state() }.head
        #expect(try store.write { try $0.deleteAccount(ada) } == record)
        try store.read { (reader) throws in
            #expect(try reader.account(ada) == nil && reader.isFormer(ada) && !reader.isFormer(scene.ids[1]))
            #expect(try reader.owner(ofKey: "ada") == ada, "the handle stays reserved")
            #expect(try reader.followees(of: ada, page: Page()).isEmpty && reader.followeeCount(of: ada) == 0)
            for kind in RelationKind.allCases { #expect(try reader.relations(kind, of: ada, page: Page()).isEmpty) }
            #expect(try reader.posts(by: ada, in: .all, limit: 9) == [scene.away], "another slot is for later")
            #expect(try reader.engagement(of: scene.others) == Engagement())
            #expect(try reader.pendingEffects().contains(.remove(ada)))
            #expect(try reader.followerCount(of: ada) > 0 && reader.accountCount() == 4)
            #expect(try !reader.accountIDs().contains(ada))
            #expect(try reader.accounts(prefix: "", page: Page()).map(\.handle.key) == ["bob", "cat", "dan", "eva"])
            let events = try reader.events(after: head, entryLimit: 9)
            #expect(events.count == 1 && events[0].entries.last == .accountDeleted(ada))
            #expect(events[0].entries.count == 4, "three posts lay in its slot")
        }
        #expect(try store.rows().contains(.formerAccount(ada)))
        try store.expectSums()
        let before = try store.image()
        #expect(try store.write { try $0.deleteAccount(ada) } == nil)
        let nobody = UserID(rawValue: ada.rawValue + 99)
        #expect(refusal { _ = try store.write { try $0.deleteAccount(nobody) } } == "no_such_account")
        #expect(try store.image() == before)
    }

    @Test("Its traces go in steps of any size, each of which can be the last", arguments: StoreEngine.allCases, 1...6)
    func traces(engine: StoreEngine, limit: Int) throws {
        let scene = try Scene(engine)
        let (store, ada) = (scene.store, scene.ada)
        _ = try store.write { try $0.deleteAccount(ada) }
        func left() throws -> Int {
            try store.read { reader in
                try reader.followerCount(of: ada) + reader.posts(by: ada, in: .all, limit: 99).count
                    + RelationKind.allCases.reduce(0) {
                        $0 + (try reader.relations($1, to: EntityID(ada), page: Page()).count)
                    }
            }
        }
        var before = try left()
        #expect(before == 3 + 1 + 4 + 1, "three follow her still, one blocks, four mute")
        var steps = 0
        while try !store.write({ try $0.removeTraces(of: ada, limit: limit) }) {
            let now = try left()
            #expect(now == before - limit, "a step does as much as it may")
            before = now
            steps += 1
            try #require(steps < 20)
            try store.expectSums()
        }
        #expect(try left() == 0)
        let image = try store.image()
        #expect(try store.write { try $0.removeTraces(of: ada, limit: limit) })
        #expect(try store.image() == image)
        try store.write { try $0.finish(.remove(ada)) }
        #expect(try store.read { try !$0.pendingEffects().contains(.remove(ada)) })
        try store.expectSums()
    }

    @Test("A deleted account does nothing, and nothing is done to it", arguments: StoreEngine.allCases)
    func nothingAfterwards(engine: StoreEngine) throws {
        let scene = try Scene(engine)
        let (store, ada, bob) = (scene.store, scene.ada, scene.ids[1])
        _ = try store.write { try $0.deleteAccount(ada) }
        let before = try store.image()
        let attempts: [(any StoreWriter) throws -> Void] = [
            { _ = try $0.follow(FollowRecord(follower: ada, followee: bob, since: noon)) },
            { _ = try $0.follow(FollowRecord(follower: bob, followee: ada, since: noon)) },
            { _ = try $0.importFollows(of: ada, [bob], since: noon) },
            { _ = try $0.relate(RelationRecord(.block, bob, ada, since: noon)) },
            { _ = try $0.relate(RelationRecord(.like, ada, scene.others, since: noon)) },
            { _ = try $0.createPost(PostDraft(author: ada, slot: ada.slot, text: "late"), now: noon) },
            { _ = try $0.createPost(PostDraft(author: ada, slot: bob.slot, text: "late"), now: noon) },
            { _ = try $0.touchAccount(ada, now: noon.advanced(byMilliseconds: 9_999_999)) },
            { _ = try $0.updateAccount(ada) { $0.name = "late" } },
            { _ = try $0.rename(ada, to: try Handle("late"), operation: 1) },
        ]
        for (number, attempt) in attempts.enumerated() {
            #expect(refusal { try store.write(attempt) } == "no_such_account", "attempt \(number)")
        }
        let draft = AccountDraft(handle: try Handle("ada"))
        #expect(refusal { _ = try store.write { try $0.createAccount(draft, now: noon) } } == "handle_taken")
        #expect(try store.image() == before)
        _ = try store.write { try $0.deletePost(scene.away, by: nil) }
        let next = PostDraft(author: bob, slot: ada.slot, text: "in the slot of one who is gone")
        #expect(try store.write { try $0.createPost(next, now: noon) }.value.id.rawValue > ada.rawValue)
    }

    @Test("The progress of an import is remembered and is no row of truth", arguments: StoreEngine.allCases)
    func progress(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        try store.account("ada")
        let before = (try store.rows(), try store.read { try $0.state() })
        #expect(try store.read { try $0.progress("file") } == nil)
        for done in [Int64(0), 5, 5, 1_000] {
            try store.write { try $0.setProgress("file", done) }
            #expect(try store.read { try $0.progress("file") } == done)
        }
        try store.write { try $0.setProgress("other", 7) }
        #expect(throws: Interruption.self) {
            try store.write { (writer) throws in
                try writer.setProgress("file", 2_000)
                throw Interruption()
            }
        }
        #expect(try store.read { try [$0.progress("file"), $0.progress("other")] } == [1_000, 7])
        #expect(try store.rows() == before.0 && store.read { try $0.state() } == before.1, "no event, no row")
    }
}
