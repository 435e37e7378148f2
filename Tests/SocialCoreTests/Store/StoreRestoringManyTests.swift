// Rows that are put many at a time come to the same as one after the other: what is stored, what is told of each, what
// is logged, counted and summed up.

import SocialCore
import TestKit
import Testing

@Suite("A store takes many rows back at once")
struct StoreRestoringManyTests {
    /// Rows that are in each other's way in every respect.
    private static func rows(_ chance: Chance) throws -> [TruthRow] {
        var rows = try StoreRestoreTests.pairs().flatMap { [$0.row, $0.other] }
        let people = (0..<9).map { UserID(rawValue: StoreRestoreTests.id(Int64($0), 3 + Int64($0 % 2), 7)) }
        let posts = (0..<9).map { PostID(rawValue: StoreRestoreTests.id(20 + Int64($0), 3 + Int64($0 % 2), 7)) }
        for (number, person) in people.enumerated() {
            let handle = try Handle("p\(number % 6)")
            rows.append(.account(AccountRecord(id: person, handle: handle, profile: .init(), activeAt: noon)))
            rows.append(.handle(key: handle.key, account: person))
            rows.append(.formerAccount(person))
            let post = posts[number]
            var record = PostRecord(id: post, author: chance.one(of: people) ?? person, text: "text \(number)")
            record.replyTo = chance.isOne(in: 2) ? chance.one(of: posts).flatMap { $0 == post ? nil : $0 } : nil
            rows.append(.post(record))
            rows.append(.tombstone(post))
            for other in people where other != person {
                rows.append(.follow(FollowRecord(follower: person, followee: other, since: noon)))
                rows.append(.relation(RelationRecord(.like, person, chance.one(of: posts) ?? post, since: noon)))
            }
        }
        return rows
    }

    @Test(
        "as one after the other, whatever is there and whatever they replace",
        arguments: StoreEngine.allCases.filter { $0 != .memory })
    func random(engine: StoreEngine) throws {
        var seen: Set<Restored> = []
        for number in 0..<TestRun.times(4) {
            let chance = Chance(case: number)
            let (tested, memory) = (try StoreFixture(engine).open(), try StoreFixture(.memory).open())
            let rows = try Self.rows(chance)
            for round in 0..<6 {
                let replacing = round < 3 ? 0 : 3
                let items = (0..<chance.below(150)).compactMap { _ in
                    chance.one(of: rows).map {
                        RestoredRow($0, in: $0.slot, replaces: replacing > 0 && chance.isOne(in: replacing))
                    }
                }
                let expected = try memory.write { writer in
                    try items.map { item -> Restored in
                        do {
                            return try writer.restore(item.row, in: item.slot, replacing: item.replaces, now: noon)
                                ? .added : .present
                        } catch let error as StoreError where error.code == .rowDiffers { return .differs }
                    }
                }
                #expect(try tested.write { try $0.restore(items, now: noon) } == expected, "seed \(chance.seed)")
                #expect(try tested.rows() == memory.rows(), "seed \(chance.seed)")
                let events = try [tested, memory].map { try $0.read { try $0.events(after: 0, entryLimit: .max) } }
                #expect(events[0].map(\.entries) == events[1].map(\.entries), "seed \(chance.seed)")
                for row in rows {
                    guard case .post(let post) = row else { continue }
                    let counts = try [tested, memory].map { try $0.read { try $0.engagement(of: post.id) } }
                    #expect(counts[0] == counts[1], "seed \(chance.seed)")
                }
                let last = try [tested, memory].map { try $0.read { try $0.slots().filter { $0.last != 0 } } }
                #expect(last[0] == last[1], "seed \(chance.seed)")
                try tested.expectSums()
                seen.formUnion(expected)
            }
        }
        #expect(seen.count == 3)
    }

    @Test("Presence is told of many things as of one", arguments: StoreEngine.allCases)
    func presence(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let ids = try ["ada", "bob", "cat"].map { try store.account($0).id }
        let post = try store.post(ids[0], "post", key: "k").id
        _ = try store.write { try $0.deleteAccount(ids[2]) }
        let strangers = [UserID(rawValue: 1), UserID(rawValue: post.rawValue)]
        #expect(try store.read { try $0.living(ids + strangers) } == Set(ids.prefix(2)))
        #expect(try store.read { try $0.present([post, PostID(rawValue: ids[0].rawValue)]) } == [post])
        #expect(
            try store.read { try $0.owners(ofKeys: ["ada", "nobody", "cat", "bob"]) } == [ids[0], nil, ids[2], ids[1]])
        #expect(try store.read { try $0.living([]) } == [])
    }
}
