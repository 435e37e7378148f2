// Every list of a store, read in pages of every size, is the whole list in its order.

import SocialCore
import TestKit
import Testing

@Suite("A store's lists can be read in pages")
struct StorePagingTests {
    @Test("Accounts come in the order of their keys, by prefix", arguments: StoreEngine.allCases)
    func accounts(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let names = ["b", "a", "A1", "a_x", "ab", "Ab.c", "a-b", "_a", "abc9", "9z", "zz"]
        for name in names { try store.account(name) }
        for prefix in ["", "a", "ab", "a_", "zz", "zzz", "_"] {
            let expected = names.map { $0.lowercased() }.filter { $0.hasPrefix(prefix) }.sorted()
            for limit in [1, 2, 3, 100, Int.max] {
                var keys: [String] = []
                while true {
                    let page = try store.read {
                        try $0.accounts(prefix: prefix, page: Page(after: keys.last, limit: limit))
                    }
                    keys += page.map(\.handle.key)
                    if page.count < limit { break }
                }
                #expect(keys == expected, "prefix \(prefix), limit \(limit)")
            }
        }
        #expect(try store.read { try $0.accounts(prefix: "", page: Page(limit: 0)) }.isEmpty)
    }

    @Test("Edges come in the order of ids, from both ends", arguments: StoreEngine.allCases)
    func edges(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let ids = try (0..<12).map { try store.account("u\($0)").id }.sorted()
        var edges: [FollowRecord] = []
        for (index, follower) in ids.enumerated() {
            for followee in ids where followee != follower && (index + Int(followee.slot.rawValue)) % 3 != 0 {
                edges.append(FollowRecord(follower: follower, followee: followee, since: noon))
            }
        }
        try store.write { writer in for edge in edges.reversed() { _ = try writer.follow(edge) } }
        try store.read { (reader) throws in
            for id in ids {
                let out = edges.filter { $0.follower == id }
                let back = edges.filter { $0.followee == id }
                for limit in [1, 4, Int.max] {
                    var followees: [FollowRecord] = []
                    var followers: [FollowRecord] = []
                    while true {
                        let page = try reader.followees(
                            of: id, page: Page(after: followees.last?.followee, limit: limit))
                        followees += page
                        let other = try reader.followers(
                            of: id, page: Page(after: followers.last?.follower, limit: limit))
                        followers += other
                        if page.isEmpty && other.isEmpty { break }
                    }
                    #expect(followees == out && followers == back)
                }
                #expect(try reader.followerIDs(of: id) == back.map(\.follower))
                #expect(try reader.followerCount(of: id) == back.count && reader.followeeCount(of: id) == out.count)
            }
            var all: [FollowRecord] = []
            try reader.forEachFollow { all.append($0) }
            #expect(all == edges)
        }
    }

    @Test("Posts come newest first, within any range of ids", arguments: StoreEngine.allCases)
    func posts(engine: StoreEngine) throws {
        let store = try StoreFixture(engine).open()
        let (ada, bob) = (try store.account("ada").id, try store.account("bob").id)
        var posts: [PostRecord] = []
        for index in 0..<24 {
            let time = index % 3 == 0 ? noon.advanced(byMilliseconds: Int64(-index * 1_000)) : nil
            posts.append(try store.post(index % 2 == 0 ? ada : bob, "post \(index)", at: time))
        }
        posts.sort { $0.id > $1.id }
        try store.read { (reader) throws in
            for (upper, lower) in [(0, 23), (3, 20), (5, 5), (20, 23)] {
                let range = posts[lower].id...posts[upper].id
                let expected = Array(posts[upper...lower])
                for limit in [0, 1, 7, Int.max] {
                    #expect(try reader.posts(in: range, limit: limit) == Array(expected.prefix(limit)))
                    let hers = expected.filter { $0.author == ada }.map(\.id)
                    #expect(try reader.posts(by: ada, in: range, limit: limit) == Array(hers.prefix(limit)))
                }
                var visited: [PostID] = []
                try reader.forEachPost(in: range) { _, id in visited.append(id) }
                let grouped = [ada, bob].sorted().flatMap { author in
                    expected.filter { $0.author == author }.map(\.id).sorted()
                }
                #expect(visited == grouped)
            }
            #expect(try reader.posts(in: .first...PostID(rawValue: posts[23].id.rawValue - 1), limit: 9).isEmpty)
            #expect(try reader.posts(in: .all, limit: .max).count == 24)
        }
    }
}
