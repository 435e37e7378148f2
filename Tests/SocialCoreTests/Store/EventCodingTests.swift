// The bytes of the log and the hashes of rows: what goes in comes out, nothing traps, every field counts.

import SocialCore
import TestKit
import Testing

@Suite("Event bytes and row hashes")
struct EventCodingTests {
    static let tries = TestRun.times(3_000)

    @Test("Entries come back from their bytes")
    func roundTrip() {
        var chance = Chance("event coding")
        for _ in 0..<EventCodingTests.tries {
            let entries = (0..<chance.below(6)).map { _ in entry(&chance) }
            let bytes = EventCoding.encode(entries)
            #expect(EventCoding.decode(bytes) == entries)
            if !bytes.isEmpty, let cut = EventCoding.decode(Array(bytes.dropLast(1 + chance.below(8)))) {
                #expect(cut.count < entries.count, "a cut entry is not made up")
            }
        }
    }

    @Test("No bytes trap")
    func nonsense() {
        let chance = Chance("event nonsense")
        for _ in 0..<EventCodingTests.tries {
            let bytes = (0..<chance.below(60)).map { _ in
                chance.isOne(in: 3) ? UInt8(chance.below(12) + 32 * chance.below(3)) : UInt8(chance.below(256))
            }
            if let entries = EventCoding.decode(bytes) { #expect(EventCoding.encode(entries) == bytes) }
        }
        #expect(EventCoding.decode([]) == [] && EventCoding.decode([0]) == nil && EventCoding.decode([1]) == nil)
    }

    @Test("A row's hash differs when any of its fields does")
    func rows() throws {
        let account = AccountRecord(
            id: UserID(rawValue: 1), handle: try Handle("ada"), profile: .init(), activeAt: noon)
        func with(_ change: (inout AccountRecord) -> Void) -> TruthRow {
            var other = account
            change(&other)
            return .account(other)
        }
        let (one, two) = (UserID(rawValue: 1), UserID(rawValue: 2))
        let later = noon.advanced(byMilliseconds: 1)
        let upper = try Handle("Ada")
        func operation(_ user: UserID, _ verb: String, _ key: String, _ print: Int64, _ result: Int64) -> TruthRow {
            .operation(OperationRecord(account: user, verb: verb, key: key, fingerprint: print, result: result))
        }
        let post1 = PostID(rawValue: 1)
        func post(_ change: (inout PostRecord) -> Void) -> TruthRow {
            var post = PostRecord(id: post1, author: one, text: "a")
            change(&post)
            return .post(post)
        }
        let media1 = MediaID(rawValue: 1)
        func media(_ change: (inout MediaRecord) -> Void) -> TruthRow {
            let object = ObjectHash(of: "1,2,3,4".utf8)
            var media = MediaRecord(
                id: media1, author: one,
                content: MediaRecord.Content(name: "a", type: "a", object: object, sizeBytes: 1))
            change(&media)
            return .media(media)
        }
        func version(_ post: Int64, _ number: Int64, _ text: String, _ at: Timestamp) -> TruthRow {
            .version(PostVersion(post: PostID(rawValue: post), number: number, text: text, writtenAt: at))
        }
        func relation(_ kind: RelationKind, _ actor: UserID, _ target: UserID, _ since: Timestamp) -> TruthRow {
            .relation(RelationRecord(kind, actor, target, since: since))
        }
        let rows: [TruthRow] = [
            with { _ in }, with { $0.id = two }, with { $0.handle = upper }, with { $0.activeAt = later },
            with { $0.profile.name = "" }, with { $0.profile.name = "a" }, with { $0.profile.bio = "" },
            with { $0.profile.bio = "a" }, with { $0.profile.location = "a" }, with { $0.profile.link = "a" },
            .handle(key: "ada", account: one), .handle(key: "ada", account: two), .handle(key: "adb", account: one),
            .follow(FollowRecord(follower: one, followee: two, since: noon)),
            .follow(FollowRecord(follower: two, followee: one, since: noon)),
            .follow(FollowRecord(follower: one, followee: one, since: noon)),
            .follow(FollowRecord(follower: one, followee: two, since: later)),
            .post(PostRecord(id: PostID(rawValue: 1), author: one, text: "a")),
            .post(PostRecord(id: PostID(rawValue: 2), author: one, text: "a")),
            .post(PostRecord(id: PostID(rawValue: 1), author: two, text: "a")),
            .post(PostRecord(id: PostID(rawValue: 1), author: one, text: "b")),
            .tombstone(PostID(rawValue: 1)), .tombstone(PostID(rawValue: 2)), .formerAccount(one), .formerAccount(two),
            with { $0.profile.fields = "" }, with { $0.profile.fields = "a" },
            post { $0.replyTo = post1 }, post { $0.repostOf = post1 }, post { $0.expiresAt = noon },
            post { $0.editedAt = noon }, post { $0.replyTo = PostID(rawValue: 2) },
            version(1, 1, "a", noon), version(2, 1, "a", noon), version(1, 2, "a", noon), version(1, 1, "b", noon),
            version(1, 1, "a", later), relation(.like, one, two, noon), relation(.seen, one, two, noon),
            relation(.like, two, one, noon), relation(.like, one, one, noon), relation(.like, one, two, later),
            operation(one, "v", "k", 1, 1), operation(two, "v", "k", 1, 1), operation(one, "w", "k", 1, 1),
            operation(one, "v", "l", 1, 1), operation(one, "v", "k", 2, 1), operation(one, "v", "k", 1, 2),
            operation(one, "vk", "", 1, 1), with { $0.profile.avatar = media1 },
            with { $0.profile.avatar = MediaID(rawValue: 2) }, post { $0.media = [media1] },
            post { $0.media = [media1, media1] }, .formerMedia(media1), .formerMedia(MediaID(rawValue: 2)),
            media { _ in }, media { $0.id = MediaID(rawValue: 2) }, media { $0.author = two },
            media { $0.content.name = "b" }, media { $0.content.type = "b" },
            media { $0.content.object = ObjectHash(of: "1,2,3,5".utf8) }, media { $0.content.sizeBytes = 2 },
            media { $0.content.checks = [1] }, media { $0.content.width = 1 }, media { $0.content.height = 1 },
            media { $0.content.frames = 1 }, media { $0.content.durationMilliseconds = 1 },
            media { $0.content.look = .init(colour: 1, blur: "", likeness: []) },
            media { $0.content.look = .init(colour: 1, blur: "a", likeness: []) },
            media { $0.content.look = .init(colour: 1, blur: "", likeness: [1]) },
            media { $0.content.caption = "a" }, media { $0.content.alt = "a" }, media { $0.content.tags = "a" },
        ]
        #expect(Set(rows.map(\.digest.high)).count == rows.count && Set(rows.map(\.digest.low)).count == rows.count)
        #expect(Set(rows.map(\.sumShare)).count == rows.count)
        #expect(rows.allSatisfy { $0.digest == $0.digest })
        let times = [nil, noon, later].map { PostDraft(author: one, slot: one.slot, text: "a", time: $0).fingerprint }
        #expect(Set(times).count == 3, "a fingerprint has the time")
    }

    private func entry(_ chance: inout Chance) -> EventEntry {
        let (one, other) = (UserID(rawValue: Int64(chance.next() >> 1)), UserID(rawValue: Int64(chance.next() >> 1)))
        let post = PostID(rawValue: other.rawValue)
        let all: [EventEntry] = [
            .accountCreated(one), .accountActive(one), .followed(follower: one, followee: other),
            .unfollowed(follower: one, followee: other), .followsImported(follower: one),
            .posted(author: one, post: post), .postDeleted(author: one, post: post),
            .postEdited(author: one, post: post), .accountChanged(one), .accountDeleted(one),
            .uploaded(author: one, media: MediaID(rawValue: other.rawValue)),
            .mediaChanged(author: one, media: MediaID(rawValue: other.rawValue)),
            .mediaDeleted(author: one, media: MediaID(rawValue: other.rawValue)),
        ]
        let target = EntityID(other)
        if let kind = chance.one(of: RelationKind.allCases), chance.isOne(in: 2) {
            return chance.isOne(in: 2)
                ? .related(kind, actor: one, target: target) : .unrelated(kind, actor: one, target: target)
        }
        return all[chance.below(all.count)]
    }
}
