// How fast look-alikes are found among many uploads, in process, beside comparing all fingerprints.

import Formats
import Glibc
import SocialCore

/// Times searches for what looks alike.
enum LookAlikes {
    /// Makes a network of so many uploads in a folder, unless there is one, and searches it.
    static func run(_ count: Int, folder: String) throws {
        let random = SeededGenerator(seed: 7)
        func hash() -> PictureHash {
            PictureHash(words: SIMD4(random.next(), random.next(), random.next(), random.next()))
        }
        let hashes = (0..<count).map { _ in hash() }
        let context = Context(random: .seeded(SeededGenerator(seed: 5)))
        if !FileSystem().exists("\(folder)/social.json") { try make(folder, hashes, context) }
        let network = try Network(opening: folder, context: context)
        let rebuilding = ContinuousClock().measure { _ = try? network.search.rebuild() }
        let status = try network.search.status().filter { $0.source == .media }
        SearchBench.say(
            "alike index",
            [
                ("uploads", .integer(Int64(count))), ("seconds", .rounded(rebuilding.seconds)),
                ("bytes", .integer(Int64(status.reduce(0) { $0 + $1.bytes }))),
                ("segments", .integer(Int64(status.reduce(0) { $0 + $1.segments }))),
            ])
        let near = (0..<500).map { number in
            var words = hashes[number * 7 % count].words
            for _ in 0..<20 { words[Int(random.next() % 4)] ^= 1 << (random.next() % 64) }
            return [PictureHash(words: words)]
        }
        try time("near", near, network, expected: 500)
        try time("near again", near, network, expected: 500)
        try time("far", (0..<500).map { _ in [hash()] }, network, expected: 0)
        try time("turned", near.map { $0 + (0..<7).map { _ in hash() } }, network, expected: 500)
        var compared = 0
        let seconds = SearchBench.seconds(rounds: 3) {
            compared = hashes.reduce(0) { $0 + (near[0][0].distance(to: $1) <= PictureHash.nearDistance ? 1 : 0) }
        }
        SearchBench.say(
            "alike", [("engine", .string("comparing all in memory")), ("p50Milliseconds", .rounded(seconds * 1_000))])
        guard compared > 0 else { return print("search-bench: nothing was found") }
    }

    private static func make(_ folder: String, _ hashes: [PictureHash], _ context: Context) throws {
        try Network.create(folder, .init(), context: context)
        let network = try Network(opening: folder, context: context)
        let ana = try network.accounts.create(AccountDraft(handle: Handle("ana"))).value.id
        for start in stride(from: 0, to: hashes.count, by: Limits.importBatchRows) {
            _ = try network.router.write(ana.slot) { writer in
                for number in start..<min(start + Limits.importBatchRows, hashes.count) {
                    var content = MediaRecord.Content(
                        name: "IMG_\(number).jpg", type: "image/jpeg", object: ObjectHash(of: hashes[number].bytes),
                        sizeBytes: 1, width: 4_000, height: 3_000)
                    content.look = .init(colour: 0, blur: "", likeness: hashes[number].bytes)
                    _ = try writer.createMedia(MediaDraft(author: ana, content: content), now: context.clock.now)
                }
            }
        }
    }

    private static func time(
        _ name: String, _ questions: [[PictureHash]], _ network: Network, expected: Int
    ) throws {
        var times: [Double] = []
        var found = 0
        for hashes in questions {
            times.append(
                try ContinuousClock().measure { found += try network.search.similar(to: hashes, limit: 6).count }
                    .seconds)
        }
        times.sort()
        SearchBench.say(
            "alike",
            [
                ("engine", .string("social")), ("kind", .string(name)),
                ("p50Milliseconds", .rounded(times[times.count / 2] * 1_000)),
                ("p99Milliseconds", .rounded(times[times.count * 99 / 100] * 1_000)),
                ("found", .integer(Int64(found))), ("expected", .integer(Int64(expected))),
            ])
    }
}

extension Duration {
    /// As seconds.
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
