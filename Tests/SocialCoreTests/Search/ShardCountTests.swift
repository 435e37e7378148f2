// The same network on 1, 8 and 64 shards, and on shards that hold one topic each: what is found is the same, in the
// same order, with the same scores.

import TestKit
import Testing

@testable import SocialCore

@Suite("Search on any number of shards")
struct ShardCountTests {
    private static let topics = [
        ["comet", "comets", "planet", "orbit", "#space"], ["violin", "sonata", "concert", "#music", "orbit"],
        ["bread", "butter", "planet", "kitchen", "#food"],
    ]
    private static let common = ["today", "people", "great", "morning", "the", "of"]

    /// A network with posts about topics, each account on one topic.
    private func network(_ directory: TemporaryDirectory, shards: Int, seed: UInt64) throws -> Network {
        let path = directory.file("\(shards)")
        let start = Timestamp(milliseconds: 1_790_000_000_000)
        let making = Context(clock: .fixed(start), random: .seeded(SeededGenerator(seed: 5)))
        try Network.create(path, .init(shards: shards), context: making)
        let network = try Network(opening: path, context: making)
        let chance = Chance(seed: seed)
        func word(_ topic: Int) -> String {
            let words = chance.below(3) == 0 ? Self.common : Self.topics[topic]
            return words[min(chance.below(words.count), chance.below(words.count))]
        }
        func text(_ topic: Int) -> String { (0..<1 + chance.below(14)).map { _ in word(topic) }.joined(separator: " ") }
        let people = try (0..<12).map { number in
            let name = ["Ana", "Anna", "Bob", "Carla"][number % 4]
            let handle = try Handle("\(name.lowercased())\(number)")
            let bio = text(number % 3)
            return try network.accounts.create(
                AccountDraft(handle: handle, profile: .init(name: "\(name) \(number)", bio: bio))
            ).value
        }
        for one in people {
            for other in people where chance.below(3) == 0 && one != other {
                _ = try network.graph.follow(one, other)
            }
        }
        var posts: [PostID] = []
        for step in 0..<400 {
            network.context = Context(
                clock: .fixed(start.advanced(byMilliseconds: Int64(step) * 600_000)), random: making.random)
            let author = chance.below(people.count)
            let post = try network.posts.create(
                by: people[author], text: text(author % 3), replyTo: chance.isOne(in: 9) ? chance.one(of: posts) : nil)
            posts.append(post.value.id)
            switch chance.below(12) {
            case 0: posts.removeAll { $0 == post.value.id }; _ = try network.posts.delete(post.value.id)
            case 1: _ = try network.posts.edit(posts[chance.below(posts.count)], text: text(author % 3))
            case 2: _ = try network.posts.like(posts[chance.below(posts.count)], by: people[chance.below(12)].id)
            // Some of it is in segments, some is not.
            case 3 where chance.isOne(in: 4): try network.search.rebuild()
            case 4: _ = try network.search.posts(.init("planet"))
            default: break
            }
        }
        return network
    }

    private static let queries = [
        "comet", "comet violin bread", "orbit planet", "+planet -comet", "\"great morning\"", "com*", "#music",
        "from:ana0 planet", "to:ana0", "is:reply orbit", "kichen sonatta", "planet today great concert butter people",
        "the of", "(comet OR violin) AND orbit", "since:2026-10-01 until:2026-10-03 orbit",
    ]

    /// Everything that somebody could see of what is found.
    private func found(_ network: Network) throws -> [String] {
        let search = network.search
        var lines: [String] = []
        for query in Self.queries {
            for rank in Search.Rank.allCases {
                var after: Search.Cursor?
                for _ in 0..<3 {
                    let answer = try search.posts(.init(query, rank: rank, limit: 7, after: after))
                    for hit in answer.hits { lines.append("\(query) \(rank) \(hit.cursor) \(hit.score ?? 0)") }
                    lines.append("\(query): \(answer.corrections) \(try search.count(answer))")
                    guard answer.hasMore, let last = answer.hits.last else { break }
                    after = last.cursor
                }
            }
        }
        for text in ["ana", "an", "anna5", "bobb2", "planet", "ana concert", "carla 3"] {
            let users = try search.users(text, limit: 20)
            lines += users.accounts.map { "\(text) \($0.account.handle) \($0.followers) \($0.score)" }
            lines.append("\(users.corrections) \(users.count)")
        }
        for tag in try search.tags(windowMilliseconds: 86_400_000) { lines.append("\(tag)") }
        for tag in try search.trends(windowMilliseconds: 3_600_000) { lines.append("\(tag)") }
        return lines
    }

    /// Says where two lists begin to differ.
    private func expectEqual(_ expected: [String], _ found: [String], _ note: String) {
        #expect(expected.count == found.count, "\(note)")
        let difference = zip(expected, found).first { $0 != $1 }
        #expect(difference == nil, "\(note)")
    }

    @Test("What is found is the same on 1, 8 and 64 shards")
    func counts() throws {
        let seed = Chance("shard counts").seed
        let directory = try TemporaryDirectory()
        let expected = try found(network(directory, shards: 1, seed: seed))
        #expect(expected.count > 300)
        for shards in [8, 64] {
            let lines = try found(network(directory, shards: shards, seed: seed))
            expectEqual(expected, lines, "\(shards) shards, seed \(seed)")
        }
    }

    @Test("What is found is the same when each topic has moved to a shard of its own")
    func skewed() throws {
        let seed = Chance("skewed shards").seed
        let directory = try TemporaryDirectory()
        let network = try network(directory, shards: 4, seed: seed)
        let expected = try found(network)
        for (number, account) in try network.accounts.page(Page()).enumerated() {
            let topic = Int(account.handle.key.drop { !$0.isNumber }) ?? number
            _ = try network.moveSlots([account.id.slot], to: topic % 3)
        }
        expectEqual(expected, try found(network), "moved, seed \(seed)")
        try network.search.rebuild()
        expectEqual(expected, try found(network), "rebuilt, seed \(seed)")
    }
}
