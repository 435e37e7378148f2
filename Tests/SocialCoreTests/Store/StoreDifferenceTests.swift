// The same random operations on an engine of SQL and on the model in memory: equal results, reads, events and sums.

import SocialCore
import TestKit
import Testing

@Suite("Engines of SQL and memory agree")
struct StoreDifferenceTests {
    static let steps = TestRun.times(500)

    /// Two stores, and what has been made in both.
    private struct Pair {
        var chance: Chance
        let tested: any Store
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
            let (found, expected) = (attempt(tested), attempt(memory))
            try #require(found.0 == expected.0 && found.1 == expected.1, "seed \(chance.seed): \(found) \(expected)")
            return found.0
        }
    }

    @Test("Over random operations, in groups and alone", arguments: StoreEngine.allCases.filter { $0 != .memory })
    func random(engine: StoreEngine) throws {
        var pair = Pair(
            chance: Chance("store difference"), tested: try StoreFixture(engine).open(),
            memory: try StoreFixture(.memory).open())
        var isGrouping = false
        for step in 0..<StoreDifferenceTests.steps {
            if pair.chance.isOne(in: 12) {
                for store in [pair.tested, pair.memory] { isGrouping ? try store.endGroup() : store.beginGroup() }
                isGrouping.toggle()
            }
            try operate(&pair)
            if !isGrouping, step % 20 == 0 { try compare(pair) }
        }
        for store in [pair.tested, pair.memory] { try store.endGroup() }
        try compare(pair)
        try pair.tested.expectSums()
    }

    private func operate(_ pair: inout Pair) throws {
        pair.now = pair.now.advanced(byMilliseconds: Int64(pair.chance.below(5_000)) - 1_000)
        let (now, number) = (pair.now, pair.chance.below(40))
        let one = pair.chance.one(of: pair.users) ?? UserID(rawValue: 1)
        let other = pair.chance.one(of: pair.users) ?? UserID(rawValue: 2)
        let post = pair.chance.one(of: pair.posts) ?? PostID(rawValue: 3)
        switch pair.chance.below(30) {
        case 0, 1:
            let draft = AccountDraft(
                handle: try Handle("u\(number)"), profile: .init(name: number % 7 == 0 ? "n" : nil),
                idempotencyKey: number % 5 == 0 ? "k" : nil)
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
                idempotencyKey: number % 3 == 0 ? "k\(number)" : nil, replyTo: number % 5 < 2 ? post : nil,
                expiresAt: number % 6 == 0 ? now.advanced(byMilliseconds: Int64(number) * 1_000) : nil)
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
                _ = try writer.createPost(PostDraft(author: one, slot: one.slot, text: "lost", replyTo: post), now: now)
                _ = try writer.relate(RelationRecord(.block, one, other, since: now))
                _ = try writer.deleteAccount(other)
                throw StoreError(.noSuchPost, "on purpose")
            }
        case 15...17:
            let draft = PostDraft(
                author: one, slot: one.slot, text: "", idempotencyKey: number % 8 == 0 ? "k" : nil, repostOf: post)
            if let made = try pair.both({ try $0.createPost(draft, now: now).value }) { pair.posts.append(made.id) }
        default: try operateFurther(&pair, one, other, post, number)
        }
    }

    /// What came with format 2.
    private func operateFurther(
        _ pair: inout Pair, _ one: UserID, _ other: UserID, _ post: PostID, _ number: Int
    ) throws {
        let now = pair.now
        let kind = RelationKind.allCases[number % 4]
        let target = kind == .block || kind == .mute ? EntityID(other) : EntityID(post)
        switch pair.chance.below(18) {
        case 14...17: try operateOnMedia(&pair, one, number)
        case 0...3: try pair.both { try $0.relate(RelationRecord(kind, one, target, since: now)) }
        case 4: try pair.both { try $0.unrelate(kind, one, target) }
        case 5, 6:
            let author = number % 4 == 0 ? one : nil
            try pair.both { try $0.editPost(post, text: "e\(number % 3)", by: author, now: now).value }
        case 7: try pair.both { try $0.updateAccount(one) { $0.bio = number % 2 == 0 ? "bio" : nil }.value }
        case 8:
            let handle = try Handle("u\(number)")
            let claim = HandleClaim(key: handle.key, account: one, operation: Int64(number % 6))
            let isClaimed = try pair.both { try $0.claimHandle(claim) } != nil
            if isClaimed, number % 3 > 0 {
                try pair.both { try $0.rename(one, to: handle, operation: claim.operation) }
            }
        case 9:
            let claims = try pair.memory.read { try $0.claims() }
            guard let claim = pair.chance.one(of: claims) else { break }
            let isOff = try pair.both { try $0.callOffRename(of: claim.account, operation: claim.operation) }
            try pair.both { (writer) throws -> Int in
                try writer.settle(claim, isConfirmed: isOff == false)
                return 0
            }
        case 10:
            if number < 8 { try pair.both { try $0.deleteAccount(one) } }
            let isGone = try pair.memory.read { try $0.isFormer(one) }
            if number < 4, isGone { try pair.both { try $0.eraseNames(of: one) } }
        case 11:
            let effects = try pair.memory.read { try $0.pendingEffects() }
            guard let effect = pair.chance.one(of: effects) else { break }
            try pair.both { (writer) throws -> Bool in
                switch effect {
                case .sever(let follower, let followee): _ = try writer.unfollow(follower, followee)
                case .remove(let account):
                    guard try writer.removeTraces(of: account, limit: 1 + number) else { return false }
                }
                try writer.finish(effect)
                return true
            }
        case 12:
            try pair.both { (writer) throws -> Int64? in
                try writer.setProgress("import \(number % 3)", Int64(number))
                return try writer.progress("import 1")
            }
        default:
            let row = try row(&pair, one, other, post)
            let isReplacing = pair.chance.isOne(in: 2)
            try pair.both { try $0.restore(row, in: row.slot, replacing: isReplacing, now: now) }
        }
    }

    /// What came with format 4.
    private func operateOnMedia(_ pair: inout Pair, _ one: UserID, _ number: Int) throws {
        let now = pair.now
        let all = try pair.memory.read { try $0.media(by: nil, in: .all, limit: .max, fromOldest: false) }
        let media = pair.chance.one(of: all)?.id ?? MediaID(rawValue: 1)
        let author = number % 4 == 0 ? one : nil
        switch pair.chance.below(6) {
        case 0...2:
            let draft = MediaDraft(
                author: one, content: content(number),
                time: number % 7 == 0 ? noon.advanced(byMilliseconds: Int64(-number / 10)) : nil,
                idempotencyKey: number % 3 == 0 ? "k\(number % 9)" : nil)
            try pair.both { try $0.createMedia(draft, now: now).value }
        case 3:
            try pair.both { try $0.updateMedia(media, by: author) { $0.alt = number % 2 == 0 ? "alt" : nil }.value }
        case 4: try pair.both { try $0.deleteMedia(media, by: author) }
        default:
            let draft = PostDraft(author: one, slot: one.slot, text: "", media: [media, MediaID(rawValue: 7)])
            if let made = try pair.both({ try $0.createPost(draft, now: now).value }) { pair.posts.append(made.id) }
            try pair.both { try $0.updateAccount(one) { $0.avatar = media }.value }
        }
    }

    /// One of a few files.
    private func content(_ number: Int) -> MediaRecord.Content {
        let object = ObjectHash(of: [UInt8(number % 3), UInt8(number % 2)])
        var content = MediaRecord.Content(
            name: "\(number % 4).png", type: "image/png", object: object, sizeBytes: 3,
            checks: [1, 2, 3, 4, 5, 6, 7, 8],
            width: 4, height: 5, frames: 1)
        if number % 2 == 0 { content.look = .init(colour: 255, blur: "ab", likeness: [UInt8(number % 5)]) }
        if number % 3 == 0 {
            let part = Segmentation.Part(object: ObjectHash(of: [UInt8(number % 4)]), sizeBytes: 1)
            content.segmentation = Segmentation(manifest: part, checks: [UInt8](repeating: 7, count: 8), tracks: [part])
        }
        if number % 5 == 0 { (content.caption, content.tags) = ("of \(number % 10)", "a b") }
        return content
    }

    /// A row to be restored, which is often there already, in this form or another.
    private func row(_ pair: inout Pair, _ one: UserID, _ other: UserID, _ post: PostID) throws -> TruthRow {
        let now = pair.now
        let raw = IdentityLayout.compose(now, one.slot, sequence: Int64(pair.chance.below(3))) ?? 0
        switch pair.chance.below(15) {
        case 12: return .media(MediaRecord(id: MediaID(rawValue: raw), author: one, content: content(Int(raw % 11))))
        case 13, 14:
            let media = pair.chance.one(
                of: try pair.memory.read { reader in
                    try reader.media(by: nil, in: .all, limit: .max, fromOldest: true)
                })
            guard var media else { return .formerMedia(MediaID(rawValue: raw)) }
            if pair.chance.isOne(in: 2) { return .formerMedia(media.id) }
            media.content.caption = "restored"
            return .media(media)
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
        case 7:
            return pair.chance.isOne(in: 4)
                ? .formerAccount(one) : .handle(key: "u\(pair.chance.below(40))", account: other)
        case 8: return .post(PostRecord(id: PostID(rawValue: raw), author: one, text: "back", repostOf: post))
        case 9: return .tombstone(PostID(rawValue: raw))
        default:
            // From a list that is in an order of its own, so that both stores are given the same.
            return pair.chance.one(of: try pair.memory.rows()) ?? .tombstone(post)
        }
    }

    private func compare(_ pair: Pair) throws {
        let (found, expected) = (try pair.tested.image(), try pair.memory.image())
        try #require(found == expected, "seed \(pair.chance.seed)")
        var digests: [Digest] = []
        for store in [pair.tested, pair.memory] {
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
                    "\(try reader.followCount())",
                    "\(try RelationKind.allCases.map { try reader.relations($0, of: user, page: Page(limit: 5)) })",
                    "\(try reader.relations(.block, to: EntityID(user), page: Page(before: user)))",
                    "\(try reader.followees(of: user, page: Page(before: user, limit: 2)))",
                    "\(try reader.isFormer(user))",
                    "\(try reader.media(by: user, in: .all, limit: 3, fromOldest: true))",
                    "\(try reader.media(by: user, named: "1.png").map { "\($0)" } ?? "")",
                ]
            }
            #expect(try pair.tested.read(look) == pair.memory.read(look), "seed \(pair.chance.seed)")
        }
        for post in Set(pair.posts).sorted() {
            func look(_ reader: any StoreReader) throws -> [String] {
                [
                    "\(try reader.engagement(of: post)) \(try reader.versions(of: post))",
                    "\(try reader.replies(to: post, page: Page(limit: 3)))",
                    "\(try reader.reposts(of: post, page: Page(before: post, limit: 3)))",
                    "\(try reader.relations(.like, to: EntityID(post), page: Page(limit: 3)))",
                ]
            }
            #expect(try pair.tested.read(look) == pair.memory.read(look), "seed \(pair.chance.seed)")
        }
        func look(_ reader: any StoreReader) throws -> [String] {
            var counted: [String] = []
            try reader.forEachEngagement(in: .all) { counted.append("\($0) \($1)") }
            return counted + [
                "\(try reader.claims()) \(try reader.pendingEffects()) \(try reader.accountIDs())",
                "\(try reader.accounts(prefix: "u1", page: Page(before: "u3", limit: 4)))",
                "\(try reader.expiringPosts(in: .all, limit: 9, fromOldest: true))",
                "\(try (0..<3).map { try reader.progress("import \($0)") })",
                "\(try reader.mediaCount()) \(try reader.media(by: nil, in: .all, limit: 5, fromOldest: false))",
                "\(try reader.objects(after: nil, limit: 3)) \(try reader.media(of: content(2).object, limit: 2))",
                "\(try reader.references(to: content(4).object)) \(try reader.isFormer(MediaID(rawValue: 7)))",
            ]
        }
        #expect(try pair.tested.read(look) == pair.memory.read(look), "seed \(pair.chance.seed)")
    }
}
