// What every store engine must do with rows that are put exactly as they are: once, never over others, and so that no
// id is given again.

import SocialCore
import TestKit
import Testing

@Suite("A store takes rows back")
struct StoreRestoreTests {
    static let ada = UserID(rawValue: id(0, 3))
    private static let bob = UserID(rawValue: id(0, 4))
    private static let post = PostID(rawValue: id(5, 3))

    /// An id of some milliseconds before noon.
    static func id(_ milliseconds: Int64, _ slot: Int64, _ sequence: Int64 = 0) -> Int64 {
        let time = noon.advanced(byMilliseconds: -1_000 + milliseconds)
        return IdentityLayout.compose(time, Slot(masking: slot), sequence: sequence) ?? 0
    }

    /// A row of each kind, and one that stands in its place but differs.
    static func pairs() throws -> [(row: TruthRow, other: TruthRow, entries: [EventEntry])] {
        let later = noon.advanced(byMilliseconds: 1)
        func account(_ name: String?) throws -> TruthRow {
            .account(AccountRecord(id: ada, handle: try Handle("ada"), profile: .init(name: name), activeAt: noon))
        }
        func relation(_ since: Timestamp) -> TruthRow { .relation(RelationRecord(.like, ada, post, since: since)) }
        func mute(_ since: Timestamp) -> TruthRow { .relation(RelationRecord(.seen, ada, post, since: since)) }
        func written(_ text: String) -> TruthRow {
            .post(
                PostRecord(
                    id: post, author: ada, text: text, replyTo: PostID(rawValue: 9), expiresAt: later, editedAt: noon))
        }
        func version(_ text: String) -> TruthRow {
            .version(PostVersion(post: post, number: 1, text: text, writtenAt: noon))
        }
        func operation(_ result: Int64) -> TruthRow {
            .operation(OperationRecord(account: ada, verb: "post create", key: "k", fingerprint: 1, result: result))
        }
        func upload(_ alt: String) -> TruthRow {
            let content = MediaRecord.Content(
                name: "a.png", type: "image/png", object: ObjectHash(of: "1,2,3,4".utf8), sizeBytes: 5, alt: alt)
            return .media(MediaRecord(id: MediaID(rawValue: id(13, 1)), author: ada, content: content))
        }
        let grave = id(9, 3)
        return [
            (try account("Ada"), try account(nil), [.accountCreated(ada)]),
            (.handle(key: "ada", account: ada), .handle(key: "ada", account: bob), []),
            (
                .follow(FollowRecord(follower: ada, followee: bob, since: noon)),
                .follow(FollowRecord(follower: ada, followee: bob, since: later)), [.followsImported(follower: ada)]
            ),
            (relation(noon), relation(later), [.related(.like, actor: ada, target: EntityID(post))]),
            (mute(noon), mute(later), []), (written("a"), written("b"), [.posted(author: ada, post: post)]),
            (version("a"), version("b"), []), (operation(1), operation(2), []),
            (.tombstone(PostID(rawValue: grave)), .formerAccount(UserID(rawValue: grave)), []),
            (.formerAccount(UserID(rawValue: id(11, 3))), .tombstone(PostID(rawValue: id(11, 3))), []),
            (upload("a"), upload("b"), [.uploaded(author: ada, media: MediaID(rawValue: id(13, 1)))]),
            (.formerMedia(MediaID(rawValue: id(12, 3))), .tombstone(PostID(rawValue: id(12, 3))), []),
        ]
    }

    @Test("Each kind of row once, and nothing over it", arguments: StoreEngine.allCases)
    func everyKind(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        var rows: [TruthRow] = []
        for pair in try StoreRestoreTests.pairs() {
            let head = try store.read { try $0.state() }.head
            let slot = pair.row.slot
            #expect(try store.write { try $0.restore(pair.row, in: slot, now: noon) }, "\(pair.row)")
            rows.append(pair.row)
            #expect(
                try store.read { try $0.events(after: head, entryLimit: 9) }.flatMap(\.entries) == pair.entries,
                "\(pair.row)")
            let before = try store.image()
            #expect(try !store.write { try $0.restore(pair.row, in: slot, now: noon) }, "\(pair.row)")
            #expect(
                refusal { _ = try store.write { try $0.restore(pair.other, in: slot, now: noon) } } == "row_differs",
                "\(pair.other)")
            #expect(try store.image() == before)
            try store.expectSums()
        }
        #expect(try Set(store.rows().map(\.digest.low)) == Set(rows.map(\.digest.low)))
        try store.read { (reader) throws in
            #expect(try reader.engagement(of: StoreRestoreTests.post) == Engagement(likes: 1))
            #expect(try reader.engagement(of: PostID(rawValue: 9)) == Engagement(replies: 1))
            #expect(try reader.followerIDs(of: StoreRestoreTests.bob) == [StoreRestoreTests.ada])
            #expect(try reader.pendingEffects().isEmpty && reader.versions(of: StoreRestoreTests.post).count == 1)
        }
    }

    @Test("A block is restored as a row, and undoes nothing", arguments: StoreEngine.allCases)
    func block(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        _ = try store.write { try $0.follow(FollowRecord(follower: ada, followee: bob, since: noon)) }
        let row = TruthRow.relation(RelationRecord(.block, ada, bob, since: noon))
        #expect(try store.write { try $0.restore(row, in: ada.slot, now: noon) })
        #expect(try store.read { try $0.follow(ada, bob) != nil && $0.pendingEffects().isEmpty })
    }

    @Test("An id that was restored, in whatever row, is not minted again", arguments: StoreEngine.allCases, 0..<4)
    func minting(engine: StoreEngine, kind: Int) throws {
        let store = try StoreFixture(engine).open()
        let ada = try store.account("ada", now: noon.advanced(byMilliseconds: -500)).id
        func row(_ raw: Int64) throws -> TruthRow {
            switch kind {
            case 0:
                .account(
                    AccountRecord(
                        id: UserID(rawValue: raw), handle: try Handle("ada\(raw)"), profile: .init(), activeAt: noon))
            case 1: .post(PostRecord(id: PostID(rawValue: raw), author: ada, text: "back"))
            case 2: .tombstone(PostID(rawValue: raw))
            default: .formerAccount(UserID(rawValue: raw))
            }
        }
        let slot = Int64(ada.slot.rawValue)
        // One that lies now, and three in a future in which the clock still has to come by.
        let past = StoreRestoreTests.id(1_000, slot, 5)
        let future = (0..<3).map { StoreRestoreTests.id(2_000, slot, Int64($0)) }
        for raw in [past] + future {
            #expect(try store.write { try $0.restore(try row(raw), in: ada.slot, now: noon) })
            for other in [try row(raw)] {
                #expect(try !store.write { try $0.restore(other, in: ada.slot, now: noon) })
            }
        }
        let draft = PostDraft(author: ada, slot: ada.slot, text: "new")
        let first = try store.write { try $0.createPost(draft, now: noon) }.value.id.rawValue
        #expect(first == past + 1)
        let then = noon.advanced(byMilliseconds: 1_000)
        let next = try store.write { try $0.createPost(draft, now: then) }.value.id.rawValue
        #expect(next == future[2] + 1)
        let old = PostDraft(author: ada, slot: ada.slot, text: "old", time: then)
        let imported = try store.write { try $0.createPost(old, now: then) }.value.id.rawValue
        #expect(imported == next + 1, "an import steps over all of them too")
        for raw in [past, future[0]] {
            let taken: [TruthRow] = [
                .account(
                    AccountRecord(
                        id: UserID(rawValue: raw), handle: try Handle("other"), profile: .init(), activeAt: noon)),
                .post(PostRecord(id: PostID(rawValue: raw), author: ada, text: "other")),
                .tombstone(PostID(rawValue: raw)), .formerAccount(UserID(rawValue: raw)),
            ]
            for (number, other) in taken.enumerated() where number != kind {
                #expect(
                    refusal { _ = try store.write { try $0.restore(other, in: ada.slot, now: noon) } }
                        == "row_differs", "\(other)")
            }
        }
        try store.expectSums()
    }

    @Test("All rows of a source make an equal source", arguments: StoreEngine.allCases)
    func everything(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let ids = try ["ada", "bob", "cat"].map { try store.account($0).id }
        let post = try store.post(ids[0], "post", key: "k").id
        _ = try store.write { try $0.editPost(post, text: "changed", by: nil, now: noon) }
        _ = try store.reply(ids[1], "answer", to: post)
        _ = try store.repost(ids[2], post)
        let gone = try store.post(ids[1], "gone").id
        _ = try store.write { try $0.deletePost(gone, by: nil) }
        _ = try store.write { try $0.follow(FollowRecord(follower: ids[0], followee: ids[1], since: noon)) }
        for kind in RelationKind.allCases {
            _ = try store.write { try $0.relate(RelationRecord(kind, ids[1], post, since: noon)) }
        }
        _ = try store.write { try $0.deleteAccount(ids[2]) }
        let rows = try store.rows()
        let copy = try StoreFixture(engine).open()
        for row in rows.reversed() {
            #expect(try copy.write { try $0.restore(row, in: row.slot, now: noon) })
        }
        #expect(try copy.rows() == rows)
        let (one, other) = (try store.read { try $0.state() }, try copy.read { try $0.state() })
        #expect(one.rows == other.rows && one.sum == other.sum)
        #expect(try copy.read { try $0.engagement(of: post) } == store.read { try $0.engagement(of: post) })
        try copy.expectSums()
    }
}
