// What is remembered of the last commits against a plain list of all, and how it is put into a cached feed.

import TestKit
import Testing

@testable import SocialCore

@Suite("What has happened to feeds lately")
struct RecentFeedChangesTests {
    private let start = LogPosition(incarnation: 7, n: 40)

    private func place(_ n: Int64) -> LogPosition { LogPosition(incarnation: start.incarnation, n: n) }

    private func posted(_ id: Int64) -> EventEntry {
        .posted(author: UserID(rawValue: id % 5), post: PostID(rawValue: id))
    }

    @Test("From a place on it tells what came after it, however many changes share a commit")
    func borders() throws {
        var recent = RecentFeedChanges(after: start)
        #expect(try #require(recent.since(start)).isEmpty)
        #expect(recent.since(place(39)) == nil && recent.since(LogPosition(incarnation: 8, n: 40)) == nil)
        for n: Int64 in [41, 41, 43] { recent.note(posted(n), at: n) }
        recent.note(.accountActive(UserID(rawValue: 1)), at: 44)
        #expect(recent.since(start)?.map(\.n) == [41, 41, 43])
        for n: Int64 in [41, 42] { #expect(recent.since(place(n))?.map(\.n) == [43], "after \(n)") }
        for n: Int64 in [43, 44] { #expect(recent.since(place(n))?.isEmpty == true, "after \(n)") }
    }

    @Test("Each entry says whose feed it changes")
    func entries() throws {
        let (one, other, post) = (UserID(rawValue: 1), UserID(rawValue: 2), PostID(rawValue: 3))
        let target = EntityID(other)
        let all: [(EventEntry, RecentFeedChanges.What?)] = [
            (.accountCreated(one), .reader(one)), (.followsImported(follower: one), .reader(one)),
            (.followed(follower: one, followee: other), .reader(one)),
            (.unfollowed(follower: one, followee: other), .reader(one)),
            (.related(.mute, actor: one, target: target), .reader(one)),
            (.unrelated(.mute, actor: one, target: target), .reader(one)),
            (.posted(author: one, post: post), .posted(one, post)),
            (.postDeleted(author: one, post: post), .everything), (.accountDeleted(one), .everything),
            (.postEdited(author: one, post: post), nil), (.accountChanged(one), nil), (.accountActive(one), nil),
            (.related(.block, actor: one, target: target), nil), (.unrelated(.like, actor: one, target: target), nil),
        ]
        for (entry, what) in all {
            var recent = RecentFeedChanges(after: start)
            recent.note(entry, at: 41)
            #expect(recent.since(start)?.map(\.what) == (what.map { [$0] } ?? []), "\(entry)")
        }
    }

    @Test("What it has let go of it does not leave out, and it has not let go of what is recent")
    func letsGo() throws {
        let chance = Chance("recent changes")
        var recent = RecentFeedChanges(after: start)
        var all: [RecentFeedChanges.Change] = []
        var n = start.n
        var (told, refused) = (0, 0)
        while all.count < 5 * RecentFeedChanges.capacity {
            // Commits without changes of feeds, with one, and with many.
            n += Int64(1 + chance.below(3))
            for _ in 0...chance.below(chance.isOne(in: 20) ? 400 : 3) {
                let id = Int64(all.count + 1)
                recent.note(posted(id), at: n)
                let author = UserID(rawValue: id % 5)
                all.append(RecentFeedChanges.Change(n: n, what: .posted(author, PostID(rawValue: id))))
            }
            guard chance.isOne(in: 8) || all.count % RecentFeedChanges.capacity < 3 else { continue }
            let back = chance.isOne(in: 2) ? chance.below(all.count) : chance.below(2 * RecentFeedChanges.capacity)
            let known = all[max(0, all.count - 1 - back)].n - Int64(chance.below(2))
            let expected = all.suffix(back + 500).filter { $0.n > known }
            guard let found = recent.since(place(known)) else {
                refused += 1
                try #require(expected.count > RecentFeedChanges.capacity / 2, "seed \(chance.seed)")
                continue
            }
            told += 1
            try #require(Array(found) == all.filter { $0.n > known }, "after \(known), seed \(chance.seed)")
        }
        #expect(told > 0 && refused > 0, "seed \(chance.seed)")
    }

    @Test("Posts come to their places in a cached feed, once; older ones than it covers do not")
    func adding() throws {
        let chance = Chance("adding")
        for _ in 0..<TestRun.times(300) {
            let covered = chance.below(30)
            let cached = Set((0..<chance.below(12)).map { _ in covered + chance.below(40) })
            let added = (0..<chance.below(12)).map { _ in chance.below(80) }
            var record = FeedRecord(
                reader: UserID(rawValue: 1), coveredFrom: PostID(rawValue: Int64(covered)), generatedAt: noon,
                entries: cached.sorted().map { PostID(rawValue: Int64($0)) })
            record.add(added.map { PostID(rawValue: Int64($0)) })
            let expected = cached.union(added.filter { $0 >= covered }).sorted()
            try #require(record.entries.map { Int($0.rawValue) } == expected, "\(covered), seed \(chance.seed)")
        }
    }
}
