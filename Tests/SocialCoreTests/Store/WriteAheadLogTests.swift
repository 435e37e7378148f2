// Logs of SQLite in which one bit was turned, against the logs as they were; and logs that are torn, which stay so.

import TestKit
import Testing

@testable import SocialCore

@Suite("The log of a database")
struct WriteAheadLogTests {
    /// A log of some commits, as SQLite has written it.
    private let whole: [UInt8]

    init() throws {
        let directory = try TemporaryDirectory()
        let context = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)))
        try Network.create(directory.path, Network.Plan(shards: 1), context: context)
        let network = try Network(opening: directory.path, context: context)
        for name in ["ana", "bob"] {
            let account = try network.accounts.create(AccountDraft(handle: Handle(name))).value
            _ = try network.posts.create(by: account, text: "hello")
        }
        whole = try FileSystem().contents(of: DataDirectory.truthPath(directory.path, shard: 0) + "-wal")
    }

    @Test("is put right where one bit was turned, and nowhere else")
    func turnedBits() {
        let chance = Chance("turned bits of a log")
        let frameBytes = 24 + 4_096
        #expect(whole.count > 5 * frameBytes)
        var exact = 0
        let count = TestRun.times(400, usually: 40)
        for number in 0..<count {
            // Half of them in the header of the log or of a frame, or in what its sums take in last.
            let frame = 32 + chance.below((whole.count - 32) / frameBytes) * frameBytes
            let heads = [chance.below(32), frame + chance.below(24), frame + frameBytes - 1 - chance.below(8)]
            let place = number % 6 > 2 ? chance.below(whole.count) : heads[number % 3]
            var bytes = whole
            bytes[place] ^= 1 << UInt8(chance.below(8))
            let log = WriteAheadLog(bytes)
            #expect(log.mended.count == 1, "at \(place), seed \(chance.seed)")
            // Where the page was not written before, the highest bits of many words explain the same.
            let differing = log.bytes == whole ? [] : whole.indices.filter { log.bytes[$0] != whole[$0] }
            #expect(differing.count <= 2, "at \(place), seed \(chance.seed)")
            if place < 32 { #expect(differing == [], "at \(place), seed \(chance.seed)") }
            #expect(WriteAheadLog(log.bytes).mended == [], "at \(place), seed \(chance.seed)")
            if differing.isEmpty { exact += 1 }
        }
        #expect(exact > count / 2)
    }

    @Test("is left as it is where more was changed")
    func torn() {
        let chance = Chance("torn logs")
        #expect(WriteAheadLog(whole).bytes == whole && WriteAheadLog(whole).mended == [])
        for _ in 0..<TestRun.times(20, usually: 5) {
            var bytes = whole
            let place = 32 + 24 + chance.below(whole.count - 32 - 24 - 512)
            for offset in 0..<512 { bytes[place + offset] = UInt8(chance.below(256)) }
            let log = WriteAheadLog(bytes)
            #expect(log.bytes == bytes && log.mended == [] && !log.isProven, "at \(place), seed \(chance.seed)")
        }
    }
}
