// A slot that moves: a process with an old map in hand must never write to it, and one with a fresh map may.

import SocialCore
import TestKit
import Testing

@Suite("A store refuses slots that have moved")
struct StoreEpochTests {
    @Test("A slot of another shard is refused by every operation", arguments: StoreEngine.allCases)
    func foreignSlot(engine: StoreEngine) throws {
        let store = try StoreFixture(engine, shards: 2, shard: 1).open()
        let mine = try account(store, in: 1)
        let before = try store.image()
        let theirs = try #require(foreign(in: 0))
        let id = UserID(rawValue: try #require(IdentityLayout.compose(noon, Slot(of: theirs), sequence: 0)))
        let post = PostID(rawValue: id.rawValue)
        let operation = OperationRecord(account: id, verb: "v", key: "k", fingerprint: 0, result: 0)
        let writes: [(any StoreWriter) throws -> Void] = [
            { _ = try $0.createAccount(AccountDraft(handle: theirs), now: noon) },
            { _ = try $0.touchAccount(id, now: noon) },
            { _ = try $0.follow(FollowRecord(follower: id, followee: mine.id, since: noon)) },
            { _ = try $0.importFollows(of: id, [mine.id], since: noon) },
            { _ = try $0.unfollow(id, mine.id) },
            { _ = try $0.createPost(PostDraft(author: mine.id, slot: id.slot, text: "a"), now: noon) },
            { _ = try $0.createPost(PostDraft(author: id, slot: id.slot, text: "a", time: noon), now: noon) },
            { _ = try $0.createPost(PostDraft(author: id, slot: id.slot, text: "a", idempotencyKey: "k"), now: noon) },
            { _ = try $0.deletePost(post, by: nil) },
            { _ = try $0.restore(.operation(operation), in: id.slot, now: noon) },
        ]
        for (index, write) in writes.enumerated() {
            #expect(refusal { try store.write(write) } == "slot_moved", "operation \(index)")
        }
        #expect(try store.image() == before)
        // An edge to an account elsewhere is fine: it lives with the follower.
        #expect(try store.write { try $0.follow(FollowRecord(follower: mine.id, followee: id, since: noon)) })
    }

    @Test("After a slot's epoch has changed, a writer with the old map never writes", arguments: StoreEngine.allCases)
    func oldMap(engine: StoreEngine) throws {
        let fixture = try StoreFixture(engine)
        let stale = fixture.open()
        let ada = try stale.account("ada").id
        fixture.setSlot(ada.slot, isOwned: true, epoch: 2)
        let before = try stale.image()
        #expect(refusal { try stale.post(ada, "a") } == "slot_moved")
        stale.beginGroup()
        #expect(refusal { try stale.post(ada, "a") } == "slot_moved")
        #expect(refusal { try stale.post(ada, "a") } == "slot_moved")
        try stale.endGroup()
        #expect(try stale.image() == before)
        let fresh = fixture.open(SlotMapHolder(fixture.map.moving(ada.slot, toEpoch: 2)))
        #expect(refusal { try fresh.post(ada, "a") } == nil)
        fixture.setSlot(ada.slot, isOwned: false, epoch: 2)
        #expect(refusal { try fresh.post(ada, "a") } == "slot_moved", "released")
        let ahead = fixture.open(SlotMapHolder(fixture.map.moving(ada.slot, toEpoch: 3)))
        #expect(refusal { try ahead.post(ada, "a") } == "slot_moved", "a map from the future")
    }

    @Test("A fresh map in hand counts at once, also in a group", arguments: StoreEngine.allCases)
    func freshMap(engine: StoreEngine) throws {
        let fixture = try StoreFixture(engine)
        let ada = try fixture.open().account("ada").id
        fixture.setSlot(ada.slot, isOwned: true, epoch: 2)
        let holder = SlotMapHolder(fixture.map)
        let store = fixture.open(holder)
        store.beginGroup()
        #expect(refusal { try store.post(ada, "a") } == "slot_moved")
        holder.current = fixture.map.moving(ada.slot, toEpoch: 2)
        #expect(refusal { try store.post(ada, "a") } == nil)
        try store.endGroup()
        #expect(try store.read { try $0.postCount() } == 1)
    }

    @Test("A read fails when the source has adopted another map", arguments: StoreEngine.allCases)
    func readVersion(engine: StoreEngine) throws {
        let fixture = try StoreFixture(engine)
        let holder = SlotMapHolder(fixture.map)
        let store = fixture.open(holder)
        let ada = try store.account("ada").id
        fixture.setMapVersion(2)
        #expect(refusal { _ = try store.read { try $0.accountCount() } } == "slot_moved")
        holder.current = fixture.map.moving(ada.slot, toEpoch: 1, version: 2)
        #expect(try store.read { try $0.accountCount() } == 1)
    }

    @Test(
        "A router reloads the map and tries again, alone and in a group", arguments: StoreEngine.allCases,
        [false, true])
    func router(engine: StoreEngine, isGroup: Bool) throws {
        let fixture = try StoreFixture(engine)
        let ada = try fixture.open().account("ada").id
        fixture.setSlot(ada.slot, isOwned: true, epoch: 2)
        fixture.setMapVersion(2)
        let moved = fixture.map.moving(ada.slot, toEpoch: 2, version: 2)
        let holder = SlotMapHolder(fixture.map)
        var reloads = 0
        let router = Router(
            map: holder,
            reloadMap: {
                reloads += 1
                return moved
            }
        ) { _ in fixture.open(holder) }
        if isGroup { router.beginGroup() }
        let draft = PostDraft(author: ada, slot: ada.slot, text: "a")
        _ = try router.write(ada.slot) { try $0.createPost(draft, now: noon) }
        try router.endGroup()
        #expect(try router.gather { try $0.postCount() } == [1])
        #expect(reloads == 1)
    }

    private func foreign(in shard: Int) -> Handle? {
        let map = SlotMap(shardCount: 2)
        return (0..<99).lazy.compactMap { try? Handle("u\($0)") }
            .first { map.owner(of: Slot(of: $0)).shard == shard }
    }

    private func account(_ store: any Store, in shard: Int) throws -> AccountRecord {
        try store.account(try #require(foreign(in: shard)).display)
    }
}
