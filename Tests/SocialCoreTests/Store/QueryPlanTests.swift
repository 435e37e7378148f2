// Reads that must stay fast however much there is: each looks a few rows up in an index, and none walks a table or
// sorts what it has found.

import GRDB
import TestKit
import Testing

@testable import SocialCore

@Suite("Statements use their indexes")
struct QueryPlanTests {
    /// A call of the store, and how SQLite is to look for its rows.
    struct Plan: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var expected: [String]
        var call: @Sendable (any StoreWriter) throws -> Void

        init(_ name: String, _ expected: String..., call: @escaping @Sendable (any StoreWriter) throws -> Void) {
            (testDescription, self.expected, self.call) = (name, expected, call)
        }
    }

    private static let ada = UserID(rawValue: 4_194_304)
    private static let post = PostID(rawValue: 8_388_608)
    private static let pages: [Page<PostID>] = [Page(limit: 9), Page(before: post, limit: 9), Page(after: post)]

    private static let plans: [Plan] = [
        Plan("accounts", "account USING INDEX account_by_handle") { store in
            for page in [Page<String>(limit: 9), Page(before: "z", limit: 9), Page(after: "a", before: "z")] {
                _ = try store.accounts(prefix: "a", page: page)
            }
        },
        Plan("relations of an actor", "relation USING PRIMARY KEY (kind=? AND actor=? AND target>? AND target<?)") {
            store in
            for page in [Page<EntityID>(limit: 9), Page(before: EntityID(ada), limit: 9)] {
                _ = try store.relations(.like, of: ada, page: page)
            }
        },
        Plan("relations to a target", "relation_by_target (kind=? AND target=? AND actor>? AND actor<?)") { store in
            for page in [Page<UserID>(limit: 9), Page(before: ada, limit: 9)] {
                _ = try store.relations(.like, to: EntityID(post), page: page)
            }
        },
        Plan("one relation", "relation USING PRIMARY KEY (kind=? AND actor=? AND target=?)") { store in
            _ = try store.relation(.block, ada, EntityID(ada))
        },
        Plan("answers", "post USING COVERING INDEX post_by_parent (reply_to=? AND id>? AND id<?)") { store in
            for page in pages { _ = try store.replies(to: post, page: page) }
        },
        Plan("reposts", "post USING COVERING INDEX post_by_original (repost_of=? AND id>? AND id<?)") { store in
            for page in pages { _ = try store.reposts(of: post, page: page) }
        },
        Plan("an author's posts", "post USING COVERING INDEX post_by_author (author=? AND id>? AND id<?)") { store in
            for isOldest in [true, false] { _ = try store.posts(by: ada, in: .all, limit: 9, fromOldest: isOldest) }
        },
        Plan("all posts", "post USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)") { store in
            for isOldest in [true, false] { _ = try store.posts(in: .all, limit: 9, fromOldest: isOldest) }
        },
        Plan("stories", "post USING INDEX post_that_expires (id>? AND id<?)") { store in
            for isOldest in [true, false] { _ = try store.expiringPosts(in: .all, limit: 9, fromOldest: isOldest) }
        },
        Plan("versions", "version USING PRIMARY KEY (post=?)") { _ = try $0.versions(of: post) },
        Plan("engagement", "engagement USING INTEGER PRIMARY KEY (rowid=?)") { _ = try $0.engagement(of: post) },
        Plan("engagement of a range", "engagement USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)") { store in
            try store.forEachEngagement(in: post...post) { _, _ in }
        },
        Plan("a claim", "claim USING PRIMARY KEY (key=?)") { _ = try $0.claim(key: "ada") },
        Plan("a former account", "tombstone USING INTEGER PRIMARY KEY (rowid=?)") { _ = try $0.isFormer(ada) },
        Plan(
            "followers", "follower USING PRIMARY KEY (followee=? AND follower>? AND follower<?)",
            "follow USING PRIMARY KEY (follower=? AND followee=?)"
        ) { store in
            for page in [Page<UserID>(limit: 9), Page(before: ada, limit: 9)] {
                _ = try store.followers(of: ada, page: page)
            }
        },
        Plan(
            "passing on", "tombstone USING INTEGER PRIMARY KEY (rowid=?)",
            "post USING INDEX post_by_reposter (author=? AND repost_of=?)"
        ) { store in
            let draft = PostDraft(author: ada, slot: ada.slot, text: "", repostOf: post)
            _ = try store.createPost(draft, now: noon)
        },
    ]

    @Test("As they are meant to", arguments: plans)
    func plan(_ plan: Plan) throws {
        let fixture = try StoreFixture(.sqlite)
        let ada = try fixture.open().account("ada").id
        _ = try fixture.open().post(ada, "post")
        let connection = try SQLiteConnection(path: try #require(fixture.path), mode: .readWrite, busyMilliseconds: 0)
        try connection.perform { database in
            var seen: Set<String> = []
            database.trace(options: .statement) { event in
                if case .statement(let statement) = event { seen.insert(statement.sql) }
            }
            try database.execute(sql: "BEGIN")
            try plan.call(try SQLTransaction(writing: database, shard: 0, map: fixture.map))
            try database.execute(sql: "ROLLBACK")
            database.trace()
            var details: [String] = []
            // Only what reads the tables that the call is about: not the shard's state, and nothing that is written.
            for sql in seen.sorted() where sql.hasPrefix("SELECT") && !sql.contains("FROM shard") {
                if sql.contains("FROM slot") || sql.contains("EXISTS") { continue }
                let statement = try database.makeStatement(sql: "EXPLAIN QUERY PLAN " + sql)
                statement.setUncheckedArguments(StatementArguments())
                details += try Row.fetchAll(statement).map { $0["detail"] }
            }
            #expect(!details.isEmpty && details.allSatisfy { $0.hasPrefix("SEARCH") }, "\(details)")
            for detail in details { #expect(plan.expected.contains { detail.contains($0) }, "\(detail)") }
            for expected in plan.expected { #expect(details.contains { $0.contains(expected) }, "\(details)") }
        }
    }
}
