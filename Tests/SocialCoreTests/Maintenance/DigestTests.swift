// The digest counts rows, not their order; verification finds what the digest and the sums rest on, and mends what it
// can.

import TestKit
import Testing

@testable import SocialCore

@Suite("The digest and the verification")
struct DigestTests {
    @Test("The order of rows does not matter, their number and content do")
    func order() {
        var chance = Chance("digest")
        let rows = (1...200).map { TruthRow.tombstone(PostID(rawValue: Int64($0))) }
        func digest(_ rows: [TruthRow]) -> Digest {
            var digest = Digest()
            for row in rows { digest.add(row) }
            return digest
        }
        let whole = digest(rows)
        #expect(whole.rows == 200 && whole.description.count == 32)
        for _ in 0..<10 { #expect(digest(rows.shuffled(using: &chance)) == whole) }
        #expect(digest(rows.dropLast()) != whole && digest(rows + rows.suffix(1)) != whole)
        #expect(Digest().description == String(repeating: "0", count: 32))
    }

    @Test(
        "Altered, lost and foreign rows are found",
        arguments: [
            "UPDATE post SET text = 'altered'", "DELETE FROM post", "UPDATE account SET name = 'x'",
            "UPDATE account SET handle = 'other'", "DELETE FROM handle", "UPDATE handle SET account = account + 1",
            "DELETE FROM follow", "UPDATE follow SET since = since + 1", "UPDATE edges SET count = count + 1",
            "DELETE FROM edges", "UPDATE tombstone SET id = id + 1", "DELETE FROM tombstone", "DELETE FROM operation",
            "UPDATE operation SET result = result + 1", "UPDATE slot SET epoch = 2 WHERE slot = 5",
            "DELETE FROM slot WHERE slot = 5", "DELETE FROM log WHERE n = 3", "UPDATE shard SET rows = rows + 1",
            "UPDATE shard SET sum = sum + 1", "UPDATE shard SET oldest = 0",
            "DELETE FROM follow; DELETE FROM edges", "UPDATE shard SET head = head + 1",
            "UPDATE account SET fields = '{}'", "UPDATE tombstone SET is_account = 1 - is_account",
            "UPDATE relation SET since = since + 1", "UPDATE relation SET kind = 4 WHERE kind = 3",
            "DELETE FROM relation WHERE kind = 3", "DELETE FROM relation WHERE kind = 2",
            "UPDATE post SET reply_to = NULL", "UPDATE post SET repost_of = NULL", "UPDATE post SET expires_at = 1",
            "UPDATE post SET edited_at = edited_at + 1", "UPDATE version SET text = 'x'", "DELETE FROM version",
            "UPDATE version SET number = number + 1", "UPDATE engagement SET likes = likes + 1",
            "UPDATE engagement SET replies = 0", "UPDATE engagement SET reposts = 2", "DELETE FROM engagement",
            "INSERT INTO engagement VALUES (1, 1, 0, 0)", "UPDATE engagement SET post = post + 1",
            "INSERT INTO follow SELECT follower, 5, since FROM follow",
        ])
    func verification(damage: String) throws {
        let folder = try Folder()
        let directory = "\(folder.path)/network"
        let context = Context(
            clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)), lockWaitMilliseconds: 0)
        func network() throws -> Network { try Network(opening: directory, context: context) }
        try Network.create(directory, Network.Plan(), context: context)
        let store = try network().router.store(0)
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        _ = try store.write { try $0.follow(FollowRecord(follower: ada, followee: bob, since: noon)) }
        let stays = try store.post(ada, "stays", key: "k")
        _ = try store.write { try $0.editPost(stays.id, text: "changed", by: ada, now: noon) }
        try store.reply(bob, "answer", to: stays.id)
        try store.repost(bob, stays.id)
        _ = try store.write { try $0.relate(RelationRecord(.like, bob, stays.id, since: noon)) }
        _ = try store.write { try $0.relate(RelationRecord(.mute, bob, ada, since: noon)) }
        _ = try store.write {
            try $0.deleteAccount(try $0.createAccount(AccountDraft(handle: Handle("cat")), now: noon).value.id)
        }
        let post = try store.post(ada, "goes")
        _ = try store.write { try $0.deletePost(post.id, by: nil) }
        #expect(try network().verify() == [])
        StoreFixture.run(damage, on: DataDirectory.truthPath(directory, shard: 0))
        #expect(try network().verify().contains { $0.severity == .damage })
        // What can be proved takes its place again; a row that names an account that is lost stays told of.
        _ = try network().verify(isRepairing: true)
        #expect(try network().verify().filter { $0.isOpen && $0.code != "account_missing" } == [])
        #expect(try network().verify().contains { $0.code == "quarantined" })
    }
}
