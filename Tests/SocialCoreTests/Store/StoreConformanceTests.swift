// What every store engine must do with accounts and edges: each operation, its refusals, and its event. The suites
// beside this one have posts, logs, groups, epochs and paging; all run on each engine.

import SocialCore
import TestKit
import Testing

@Suite("A store keeps accounts and edges")
struct StoreConformanceTests {
    @Test("An account is found by its id and by its handle in any case", arguments: StoreEngine.allCases)
    func createAccount(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let draft = AccountDraft(handle: try Handle("Ada"), profile: .init(name: "Ada L.", bio: "", link: nil))
        let made = try store.write { try $0.createAccount(draft, now: noon) }
        #expect(made.isNew && made.value.profile == draft.profile && made.value.activeAt == noon)
        #expect(made.value.id.slot == Slot(of: draft.handle) && made.value.id.time == noon)
        try store.read { (reader) throws in
            #expect(try reader.account(made.value.id) == made.value)
            #expect(try reader.owner(ofKey: "ada") == made.value.id)
            #expect(try reader.account(made.value.id)?.handle.display == "Ada")
            #expect(try reader.owner(ofKey: "bob") == nil)
            #expect(try reader.account(UserID(rawValue: 1)) == nil)
            #expect(try reader.accountCount() == 1)
            #expect(try reader.events(after: 0, entryLimit: 9).map(\.entries) == [[.accountCreated(made.value.id)]])
        }
        try store.expectSums()
    }

    @Test("An equal account is made once, and a different one is refused", arguments: StoreEngine.allCases)
    func sameHandle(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let first = try store.account("ada")
        let before = try store.image()
        let again = try store.write { try $0.createAccount(AccountDraft(handle: first.handle), now: noon) }
        #expect(!again.isNew && again.value == first)
        for draft in [
            AccountDraft(handle: try Handle("ADA")), AccountDraft(handle: first.handle, profile: .init(name: "Ada")),
            AccountDraft(handle: first.handle, profile: .init(bio: "")),
        ] {
            #expect(refusal { _ = try store.write { try $0.createAccount(draft, now: noon) } } == "handle_taken")
        }
        #expect(try store.image() == before)
    }

    @Test("Activity is noted at most once an hour", arguments: StoreEngine.allCases)
    func touch(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let id = try store.account("ada").id
        let almost = noon.advanced(byMilliseconds: Limits.activityMilliseconds - 1)
        let hour = noon.advanced(byMilliseconds: Limits.activityMilliseconds)
        #expect(try !store.write { try $0.touchAccount(id, now: almost) }.isNew)
        #expect(try store.read { try $0.state() }.head == 1)
        let touched = try store.write { try $0.touchAccount(id, now: hour) }
        #expect(touched.isNew && touched.value.activeAt == hour)
        #expect(try store.read { try $0.account(id) } == touched.value)
        #expect(try store.read { try $0.events(after: 1, entryLimit: 9) }.map(\.entries) == [[.accountActive(id)]])
        #expect(try !store.write { try $0.touchAccount(id, now: noon) }.isNew, "the clock stepped back")
        let nobody = UserID(rawValue: id.rawValue + 1)
        #expect(refusal { _ = try store.write { try $0.touchAccount(nobody, now: hour) } } == "no_such_account")
        try store.expectSums()
    }

    @Test("An edge is added once and removed once", arguments: StoreEngine.allCases)
    func edges(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        let edge = FollowRecord(follower: ada, followee: bob, since: noon)
        #expect(try store.write { try $0.follow(edge) })
        let later = FollowRecord(follower: ada, followee: bob, since: noon.advanced(byMilliseconds: 5))
        #expect(try !store.write { try $0.follow(later) })
        try store.read { (reader) throws in
            #expect(try reader.follow(ada, bob) == edge, "the first edge stays")
            #expect(try reader.follow(bob, ada) == nil)
            #expect(try reader.followerIDs(of: bob) == [ada] && reader.followerIDs(of: ada).isEmpty)
            #expect(try reader.followeeCount(of: ada) == 1 && reader.followeeCount(of: bob) == 0)
            #expect(try reader.followerCount(of: bob) == 1 && reader.followerCount(of: ada) == 0)
            #expect(try reader.followCount() == 1)
        }
        try store.expectSums()
        #expect(try store.write { try $0.unfollow(ada, bob) })
        #expect(try !store.write { try $0.unfollow(ada, bob) })
        let entries = try store.read { try $0.events(after: 2, entryLimit: 9) }.map(\.entries)
        #expect(entries == [[.followed(follower: ada, followee: bob)], [.unfollowed(follower: ada, followee: bob)]])
        #expect(try store.read { try $0.followeeCount(of: ada) } == 0)
        try store.expectSums()
    }

    @Test("Imported edges count once and share one entry", arguments: StoreEngine.allCases)
    func importFollows(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let ids = try ["ada", "bob", "cat", "dan"].map { try store.account($0).id }
        _ = try store.write { try $0.follow(FollowRecord(follower: ids[0], followee: ids[1], since: noon)) }
        let added = try store.write {
            try $0.importFollows(of: ids[0], [ids[3], ids[1], ids[2], ids[3]], since: noon)
        }
        #expect(added == 2)
        #expect(try store.write { try $0.importFollows(of: ids[0], [ids[1], ids[2]], since: noon) } == 0)
        #expect(try store.write { try $0.importFollows(of: ids[0], [], since: noon) } == 0)
        #expect(
            try store.read { try $0.events(after: 5, entryLimit: 9) }.map(\.entries)
                == [[.followsImported(follower: ids[0])]])
        #expect(try store.read { try $0.followeeCount(of: ids[0]) } == 3)
        try store.expectSums()
    }
}
