// Depth: page after page beyond the cache, for a reader who follows two thousand, while those followed go on posting.
// Every post that was there at the start comes exactly once, in order.

import Formats
import SocialCore

// Usage: depth DIRECTORY [--follows 2000] [--pages 1000]
enum DeepReads {
    static func run(_ run: Run) throws {
        let network = try run.open()
        let people = try Population(of: network)
        guard let place = people.reader(following: run.number("follows", 2_000)) else {
            throw Wrong("nobody follows so many")
        }
        let reader = people.accounts[place]
        var chance = run.chance
        let cached = try network.feeds.cachedRecord(of: reader)?.entries.count ?? 0
        let expected = people.feed(place, limit: .max / 2)
        let writers = try network.accounts.records(
            of: people.followees[place].prefix(100).map { people.accounts[Int($0)] }
        ).compactMap { $0 }
        var (first, deep, last) = (LatencyHistogram(), LatencyHistogram(), LatencyHistogram())
        for _ in 0..<100 { _ = try first.time { try network.feeds.page(for: reader, limit: 20) } }
        var read: [PostID] = []
        let wanted = run.number("pages", 1_000)
        var pages = 0
        while pages < wanted + (cached + 19) / 20 {
            let (took, page) = try Run.timed { try network.feeds.page(for: reader, after: read.last, limit: 20) }
            if page.isEmpty { break }
            if read.count >= cached { deep.record(took) }
            read += page.map(\.post.id)
            pages += 1
            if page.count < 20 { break }
            if pages % 10 == 0, let writer = writers.randomElement(using: &chance) {
                _ = try network.posts.create(by: writer, text: "meanwhile")
                try network.publish()
            }
        }
        guard read == Array(expected.prefix(read.count)), read.count > cached else {
            throw Wrong("a post is missing, or comes twice, below the cache")
        }
        if let cursor = read.dropLast(20).last {
            for _ in 0..<100 { _ = try last.time { try network.feeds.page(for: reader, after: cursor, limit: 20) } }
        }
        let handle = try network.accounts.records(of: [reader]).first.flatMap { $0 }?.handle.display ?? ""
        run.say("first page of the deep reader", first)
        run.say("pages beyond the cache", deep, [("follows", .count(people.followees[place].count))])
        run.say(
            "last page beyond the cache", last,
            [
                ("depth", .count(pages - (cached + 19) / 20)), ("handle", .string(handle)),
                ("cursor", .string(read.dropLast(20).last?.description ?? "")),
            ])
    }
}
