// The same random operations on the SQLite engine and on the model in memory: equal results, reads, events and sums.

import SocialCore
import TestKit
import Testing

@Suite("SQLite and memory agree")
struct StoreDifferenceTests {
    static let steps = TestRun.times(500)

    /// Two stores, and what has been made in both.
    private struct Pair {
        var chance: Chance
        let sqlite: any Store
        let memory: any Store
        var users: [UserID] = []
        var posts: [PostID] = []
        var now = noon

        /// The same write on both; results and refusals must be equal.
        @discardableResult
        func both<Result: Equatable>(_ body: (any StoreWriter) throws -> Result) throws -> Result? {
            func attempt(_ store: any Store) -> (Result?, String?) {
                var result: Result?
                let code = refusal { result = try store.write(body) }
                return (result, code)
            }
            let (found, expected) = (attempt(sqlite), attempt(memory))
            try #require(found.0 == expected.0 && found.1 == expected.1, "seed \(chance.seed): \(found) \(expected)")
            return found.0
        }
    }

    @Test("Over random operations, in groups and alone")
    func random() throws {
        var pair = Pair(
            chance: Chance("store difference"), sqlite: try StoreFixture(.sqlite).open(),
            memory: try StoreFixture(.memory).open())
        var isGrouping = false
        for step in 0..<StoreDifferenceTests.steps {
            if pair.chance.isOne(in: 12) {
                for store in [pair.sqlite, pair.memory] { isGrouping ? try store.endGroup() : store.beginGroup() }
                isGrouping.toggle()
            }
            try operate(&pair)
            if !isGrouping, step % 20 == 0 { try compare(pair) }
        }
        for store in [pair.sqlite, pair.memory] { try store.endGroup() }
        try compare(pair)
        try pair.sqlite.expectSums()
    }

    private func operate(_ pair: inout Pair) throws {
        pair.now = pair.now.advanced(byMilliseconds: Int64(pair.chance.below(5_000)) - 1_000)
        let (now, number) = (pair.now, pair.chance.below(40))
        let one = pair.chance.one(of: pair.users) ?? UserID(rawValue: 1)
        let other = pair.chance.one(of: pair.users) ?? UserID(rawValue: 2)
        let post = pair.chance.one(of: pair.posts) ?? PostID(rawValue: 3)
        switch pair.chance.below(16) {
        case 0, 1:
            let draft = AccountDraft(
                handle: try Handle("u\(number)"), profile: .init(name: number % 7 == 0 ? "n" : nil))
            let made = try pair.both { try $0.createAccount(draft, now: now).value }
            if let made, !pair.users.contains(made.id) { pair.users.append(made.id) }
        case 2: try pair.both { try $0.touchAccount(one, now: now.advanced(byMilliseconds: 3_000_000)).value }
        case 3, 4: try pair.both { try $0.follow(FollowRecord(follower: one, followee: other, since: now)) }
        case 5: try pair.both { try $0.unfollow(one, other) }
        case 6:
            let some = Array(pair.users.shuffled(using: &pair.chance).prefix(4))
            try pair.both { try $0.importFollows(of: one, some, since: now) }
        case 7...10:
            let isOld = number % 4 == 0
            let draft = PostDraft(
                author: one, slot: number % 9 == 0 ? other.slot : one.slot, text: "t\(number % 5)",
                time: isOld ? noon.advanced(byMilliseconds: Int64(-number / 10)) : nil,
                idempotencyKey: number % 3 == 0 ? "k\(number)" : nil)
            if let made = try pair.both({ try $0.createPost(draft, now: now).value }) { pair.posts.append(made.id) }
        case 11, 12: try pair.both { try $0.deletePost(post, by: number % 5 == 0 ? one : nil) }
        case 13:
            try pair.both { (writer) throws -> Int in
                try writer.trimLog(through: Int64(number))
                return 0
            }
        case 14:
            // A write that fails after it has done something.
            _ = try pair.both { (writer) throws -> Int in
                _ = try writer.follow(FollowRecord(follower: one, followee: other, since: now))
                _ = try writer.createPost(PostDraft(author: one, slot: one.slot, text: "lost"), now: now)
                throw StoreError(.noSuchPost, "on purpose")
            }
        default:
            let row = row(&pair, one, other, post)
            let isReplacing = pair.chance.isOne(in: 2)
            try pair.both { try $0.restore(row, in: row.slot(.user), replacing: isReplacing, now: now) }
        }
    }

    /// A row to be restored, which is often there already in another form.
    private func row(_ pair: inout Pair, _ one: UserID, _ other: UserID, _ post: PostID) -> TruthRow {
        let now = pair.now
        switch pair.chance.below(8) {
        case 0: return .follow(FollowRecord(follower: one, followee: other, since: now))
        case 1:
            let kind = pair.chance.one(of: RelationKind.allCases) ?? .like
            let target = kind == .like || kind == .seen ? EntityID(post) : EntityID(other)
            return .relation(RelationRecord(kind, one, target, since: now))
        case 2, 3:
            let parent = pair.chance.one(of: pair.posts)
            return .post(PostRecord(id: post, author: other, text: "r", replyTo: parent, editedAt: now))
        case 4: return .version(PostVersion(post: post, number: 1, text: "v\(pair.chance.below(2))", writtenAt: noon))
        case 5: return .tombstone(post)
        case 6:
            return .operation(
                OperationRecord(
                    account: one, verb: "post create", key: "k3", fingerprint: Int64(pair.chance.below(2)), result: 1))
        default:
            return pair.chance.isOne(in: 4)
                ? .formerAccount(one) : .handle(key: "u\(pair.chance.below(40))", account: other)
        }
    }

    private func compare(_ pair: Pair) throws {
        let (found, expected) = (try pair.sqlite.image(), try pair.memory.image())
        try #require(found == expected, "seed \(pair.chance.seed)")
        var digests: [Digest] = []
        for store in [pair.sqlite, pair.memory] {
            var digest = Digest()
            try store.read { try $0.forEachRow(damaged: { _ in }) { digest.add($0) } }
            digests.append(digest)
        }
        #expect(digests[0] == digests[1])
        for user in pair.users {
            func look(_ reader: any StoreReader) throws -> [String] {
                [
                    "\(try reader.account(user).map { "\($0)" } ?? "")",
                    "\(try reader.followees(of: user, page: Page(limit: 9)))",
                    "\(try reader.followers(of: user, page: Page(after: user, limit: 9)))",
                    "\(try reader.followerIDs(of: user))",
                    "\(try reader.posts(by: user, in: .all, limit: 7))", "\(try reader.posts(in: .all, limit: 9))",
                    "\(try reader.accountCount()) \(try reader.postCount()) \(try reader.followeeCount(of: user))",
                ]
            }
            #expect(try pair.sqlite.read(look) == pair.memory.read(look), "seed \(pair.chance.seed)")
        }
    }
}
