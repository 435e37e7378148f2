// Ids of many processes whose clocks disagree: unique, and in each slot ever larger in the order of the commits.

import SocialCore
import TestKit
import Testing

@Suite("Many processes that mint", .serialized)
struct MintingCrowdTests {
    @Test("Clocks ten seconds apart give no id twice, and none out of order", arguments: [1, 4], Placement.allCases)
    func clocks(shards: Int, placement: Placement) throws {
        let folder = try Folder()
        let data = "\(folder.path)/network"
        let authors = 4
        let (crowd, posts) = (16, 25)
        let setUp = (0..<authors).map { "[\"user\",\"create\",\"author-\($0)\"]\n" }.joined()
        let time = "2026-01-02T00:00:"
        #expect(
            try Program.run(["init", data, "--shards", "\(shards)", "--shard-by", placement.rawValue], data: data).exit
                == 0)
        #expect(try Program.run(["batch", "-", "--now", "\(time)00Z"], data: data, input: setUp).exit == 0)
        let running = try (0..<crowd).map { number in
            let lines = (0..<posts).map {
                "[\"post\",\"create\",\"post \(number) \($0)\",\"--by\",\"author-\($0 % authors)\"]\n"
            }
            // Every other clock is ten seconds behind; then all of them are.
            let seconds = number % 2 == 0 ? "20" : "10"
            return try Program.start(["batch", "-", "--now", "\(time)\(seconds)Z"], data: data, input: lines.joined())
        }
        #expect(try running.map { try $0.wait() }.filter { $0.exit != 0 }.map(\.errors) == [])
        let late = try Program.run(["post", "create", "late", "--by", "author-0", "--now", "\(time)10Z"], data: data)
        let latest = try #require(late.values(of: "id").first.flatMap { PostID(decimal: $0) })

        let network = try Network(opening: data, context: Context())
        var ids: Set<PostID> = []
        for shard in network.router.shards {
            var last: [Slot: PostID] = [:]
            try network.router.read(shard: shard) { reader in
                for event in try reader.events(after: 0, entryLimit: .max) {
                    for case .posted(_, let post) in event.entries {
                        #expect(ids.insert(post).inserted)
                        if let before = last[post.slot] { #expect(before < post) }
                        last[post.slot] = post
                    }
                }
            }
        }
        #expect(ids.count == crowd * posts + 1)
        // The slot of the author has been used at the later time, so the earlier clock is overruled.
        // Spread posts have slots of their own, most of which have not been used.
        if placement == .user { #expect(latest.time.milliseconds % 60_000 / 10_000 == 2) }
        TestRun.report("\(crowd) processes on \(shards) shards, \(placement.rawValue)")
    }
}
