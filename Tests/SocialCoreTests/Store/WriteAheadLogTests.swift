// Logs of SQLite that are whole or torn, which stay as they are.

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
        for name in ["ana", "bob", "cleo"] {
            let account = try network.accounts.create(AccountDraft(handle: Handle(name))).value
            _ = try network.posts.create(by: account, text: "hello")
        }
        whole = try FileSystem().contents(of: DataDirectory.truthPath(directory.path, shard: 0) + "-wal")
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
