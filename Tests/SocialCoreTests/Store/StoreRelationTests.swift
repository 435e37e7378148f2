// What every store engine must do with blocks, mutes, likes and sights: one row each, found from both ends.

import SocialCore
import TestKit
import Testing

@Suite("A store keeps relations")
struct StoreRelationTests {
    @Test("A relation is added once, keeps its first time, and is removed once", arguments: StoreEngine.allCases)
    func everyKind(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        let post = try store.post(bob, "hello").id
        for kind in RelationKind.allCases {
            let target = kind == .block || kind == .mute ? EntityID(bob) : EntityID(post)
            let head = try store.read { try $0.state() }.head
            let relation = RelationRecord(kind, ada, target, since: noon)
            #expect(try store.write { try $0.relate(relation) })
            let later = RelationRecord(kind, ada, target, since: noon.advanced(byMilliseconds: 9))
            #expect(try !store.write { try $0.relate(later) })
            try store.read { (reader) throws in
                #expect(try reader.relation(kind, ada, target) == relation, "the first one stays")
                #expect(try reader.relation(kind, bob, EntityID(ada)) == nil, "it has a direction")
                #expect(try reader.relations(kind, of: ada, page: Page()) == [relation])
                #expect(try reader.relations(kind, to: target, page: Page()) == [relation])
                var all: [RelationRecord] = []
                try reader.forEachRelation(kind) { all.append($0) }
                #expect(all == [relation])
            }
            #expect(try store.rows().contains(.relation(relation)))
            try store.expectSums()
            #expect(try store.write { try $0.unrelate(kind, ada, target) })
            #expect(try !store.write { try $0.unrelate(kind, ada, target) })
            #expect(try store.read { try $0.relation(kind, ada, target) } == nil)
            let entries = try store.read { try $0.events(after: head, entryLimit: 9) }.flatMap(\.entries)
            let expected: [EventEntry] = [
                .related(kind, actor: ada, target: target), .unrelated(kind, actor: ada, target: target),
            ]
            #expect(entries == (kind == .seen ? [] : expected), "what someone has seen concerns no view")
            try store.expectSums()
        }
        #expect(try store.rows().contains { if case .relation = $0 { true } else { false } } == false)
    }

    @Test("A block ends the own follow and leaves the other one to be ended", arguments: StoreEngine.allCases)
    func block(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        _ = try store.write { try $0.follow(FollowRecord(follower: ada, followee: bob, since: noon)) }
        _ = try store.write { try $0.follow(FollowRecord(follower: bob, followee: ada, since: noon)) }
        let head = try store.read { try $0.state() }.head
        #expect(try store.write { try $0.relate(RelationRecord(.block, ada, bob, since: noon)) })
        let effect = PendingEffect.sever(follower: bob, followee: ada)
        try store.read { (reader) throws in
            #expect(try reader.follow(ada, bob) == nil && reader.follow(bob, ada) != nil)
            #expect(try reader.pendingEffects() == [effect])
            let entries: [EventEntry] = [
                .unfollowed(follower: ada, followee: bob), .related(.block, actor: ada, target: EntityID(bob)),
            ]
            #expect(try reader.events(after: head, entryLimit: 9).map(\.entries) == [entries], "in one commit")
        }
        #expect(try store.write { try $0.unfollow(bob, ada) })
        try store.write { try $0.finish(effect) }
        try store.write { try $0.finish(effect) }
        #expect(try store.read { try $0.pendingEffects() }.isEmpty)
        for kind in [RelationKind.mute, .like, .seen] {
            _ = try store.write { try $0.relate(RelationRecord(kind, ada, bob, since: noon)) }
        }
        #expect(try store.read { try $0.pendingEffects() }.isEmpty, "only a block has effects elsewhere")
        #expect(try store.write { try $0.unrelate(.block, ada, EntityID(bob)) })
        #expect(try store.read { try $0.follow(bob, ada) } == nil, "what a block ended does not come back")
        try store.expectSums()
    }

    @Test("Relations come in pages from both ends and in both directions", arguments: StoreEngine.allCases)
    func pages(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let ids = try (0..<9).map { try store.account("u\($0)").id }.sorted()
        for (index, actor) in ids.enumerated() {
            for target in ids.reversed() where target != actor && (index * 7 + Int(target.slot.rawValue)) % 3 != 0 {
                for kind in [RelationKind.mute, .like] {
                    _ = try store.write { try $0.relate(RelationRecord(kind, actor, target, since: noon)) }
                }
            }
        }
        let all = try store.read { (reader) throws in
            var all: [RelationRecord] = []
            try reader.forEachRelation(.mute) { all.append($0) }
            return all
        }
        #expect(all.map(\.actor) == all.map(\.actor).sorted() && all.count > 30)
        try store.read { (reader) throws in
            for id in ids {
                try expectPages(all.filter { $0.actor == id }, key: \.target, bounds: ids.map(EntityID.init)) {
                    try reader.relations(.mute, of: id, page: $0)
                }
                let incoming = all.filter { $0.target == EntityID(id) }
                try expectPages(incoming, key: \.actor, bounds: ids) {
                    try reader.relations(.mute, to: EntityID(id), page: $0)
                }
            }
        }
    }

    @Test("A refused write leaves no relation behind", arguments: StoreEngine.allCases)
    func rollback(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        let post = try store.post(bob, "hello").id
        _ = try store.write { try $0.follow(FollowRecord(follower: ada, followee: bob, since: noon)) }
        let before = try store.image()
        #expect(throws: Interruption.self) {
            try store.write { (writer) throws in
                _ = try writer.relate(RelationRecord(.like, ada, post, since: noon))
                _ = try writer.relate(RelationRecord(.block, ada, bob, since: noon))
                throw Interruption()
            }
        }
        #expect(try store.image() == before)
        try store.read { (reader) throws in
            #expect(try reader.pendingEffects().isEmpty && reader.engagement(of: post) == Engagement())
        }
    }
}
