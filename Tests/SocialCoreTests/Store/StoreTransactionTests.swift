// What every store engine must do with transactions: roll back, group, log, trim, and refuse slots that have moved.

import SocialCore
import TestKit
import Testing

@Suite("A store writes all or nothing")
struct StoreTransactionTests {
    @Test("A write that throws changes nothing", arguments: StoreEngine.allCases)
    func rollback(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        let post = try store.post(ada, "stays")
        let before = try store.image()
        for count in 0..<6 {
            let steps: [(any StoreWriter) throws -> Void] = [
                { _ = try $0.createAccount(AccountDraft(handle: try Handle("cat")), now: noon) },
                { _ = try $0.follow(FollowRecord(follower: ada, followee: bob, since: noon)) },
                { _ = try $0.importFollows(of: bob, [ada], since: noon) },
                {
                    _ = try $0.createPost(
                        PostDraft(author: ada, slot: ada.slot, text: "b", idempotencyKey: "k"), now: noon)
                },
                { _ = try $0.deletePost(post.id, by: ada) },
                { try $0.trimLog(through: 2) },
            ]
            #expect(throws: Interruption.self) {
                try store.write { (writer) throws in
                    for step in steps.prefix(count + 1) { try step(writer) }
                    throw Interruption()
                }
            }
            #expect(try store.image() == before, "after \(count + 1) operations")
        }
        try store.expectSums()
    }

    @Test("A write of several operations is one event, in their order", arguments: StoreEngine.allCases)
    func oneEvent(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob, post) = try store.write { (writer) throws in
            let ada = try writer.createAccount(AccountDraft(handle: try Handle("ada")), now: noon).value.id
            let bob = try writer.createAccount(AccountDraft(handle: try Handle("bob")), now: noon).value.id
            _ = try writer.follow(FollowRecord(follower: bob, followee: ada, since: noon))
            let draft = PostDraft(author: ada, slot: ada.slot, text: "a")
            return (ada, bob, try writer.createPost(draft, now: noon).value.id)
        }
        let entries: [EventEntry] = [
            .accountCreated(ada), .accountCreated(bob), .followed(follower: bob, followee: ada),
            .posted(author: ada, post: post),
        ]
        #expect(try store.read { try $0.events(after: 0, entryLimit: 1) } == [Event(n: 1, at: noon, entries: entries)])
        _ = try store.write { try $0.unfollow(ada, bob) }
        #expect(try store.read { try $0.state() }.head == 1, "a write that changes nothing is no commit")
    }

    @Test("In a group each write fails alone, and all commit together", arguments: StoreEngine.allCases)
    func groups(engine: StoreEngine) throws {
        let fixture = try StoreFixture(engine)
        let (store, other) = (fixture.open(), fixture.open())
        let ada = try store.account("ada").id
        store.beginGroup()
        let first = try store.post(ada, "one")
        #expect(
            refusal {
                try store.write { (writer) throws in
                    _ = try writer.createPost(PostDraft(author: ada, slot: ada.slot, text: "lost"), now: noon)
                    throw StoreError(.noSuchPost, "anything")
                }
            } == "no_such_post")
        let second = try store.post(ada, "two")
        #expect(second.id.rawValue == first.id.rawValue + 1, "the lost post's id was not used")
        #expect(try store.read { try $0.postCount() } == 2)
        #expect(try other.read { try $0.postCount() } == 0, "nothing is committed yet")
        #expect(try !other.tryBegin())
        #expect(refusal { try other.account("bob") } == "busy")
        try store.endGroup()
        #expect(try other.read { try $0.postCount() } == 2)
        let events = try other.read { try $0.events(after: 1, entryLimit: 9) }
        let posted = [first, second].map { EventEntry.posted(author: ada, post: $0.id) }
        #expect(events == [Event(n: 2, at: noon, entries: posted)], "a group is one commit")
        try other.account("bob")
        try other.expectSums()
    }

    @Test("A group that ends without a write gives the source back", arguments: StoreEngine.allCases)
    func emptyGroup(engine: StoreEngine) throws {
        let fixture = try StoreFixture(engine)
        let (store, other) = (fixture.open(), fixture.open())
        store.beginGroup()
        #expect(try store.tryBegin())
        try store.endGroup()
        #expect(refusal { try other.account("bob") } == nil)
        #expect(try store.read { try $0.state() }.head == 1)
    }

    @Test("A trimmed log keeps what is younger and never goes back", arguments: StoreEngine.allCases)
    func trimming(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        for index in 1...9 { try store.account("a\(index)") }
        func state() throws -> [Int64] {
            let state = try store.read { try $0.state() }
            let events = try store.read { try $0.events(after: 0, entryLimit: .max) }
            #expect(events.map(\.n) == (state.oldest..<state.head + 1).map { $0 })
            return [state.oldest, state.head]
        }
        #expect(try state() == [1, 9])
        try store.write { try $0.trimLog(through: 0) }
        #expect(try state() == [1, 9])
        try store.write { try $0.trimLog(through: 4) }
        #expect(try state() == [5, 9])
        try store.write { try $0.trimLog(through: 3) }
        #expect(try state() == [5, 9])
        try store.write { (writer) throws in
            try writer.trimLog(through: 7)
            try writer.trimLog(through: 6)
        }
        #expect(try state() == [8, 9])
        try store.write { try $0.trimLog(through: 99) }
        #expect(try state() == [10, 9])
        try store.account("b")
        #expect(try state() == [10, 10])
        try store.expectSums()
    }

    @Test("Events come whole, at least one, until there are enough entries", arguments: StoreEngine.allCases)
    func eventLimits(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        for size in [1, 3, 2, 5] {
            try store.write { (writer) throws in
                for index in 0..<size {
                    _ = try writer.createAccount(AccountDraft(handle: try Handle("a\(size)_\(index)")), now: noon)
                }
            }
        }
        func numbers(_ n: Int64, _ limit: Int) throws -> [Int64] {
            try store.read { try $0.events(after: n, entryLimit: limit) }.map(\.n)
        }
        #expect(try numbers(0, 1) == [1] && numbers(0, 2) == [1, 2] && numbers(0, 4) == [1, 2])
        #expect(try numbers(0, 5) == [1, 2, 3] && numbers(1, 1) == [2] && numbers(3, 1) == [4] && numbers(4, 9) == [])
    }
}
