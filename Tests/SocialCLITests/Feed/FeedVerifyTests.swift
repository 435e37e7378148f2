// What `feed verify` says and with which status it ends, over a cache that is damaged.

import Formats
import Foundation
import TestKit
import Testing

@Suite("The command feed verify")
struct FeedVerifyTests {
    private let world: CommandWorld

    /// The feeds of ana and bob, each with a flipped entry.
    init() throws {
        world = try CommandWorld()
        world.prepare()
        world.run("feed regenerate --full")
        let path = world.path(".social/shards/0000/feed.cache")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        // Behind the header and the index, in every record.
        for offset in stride(from: 1_024, to: bytes.count, by: 64) { bytes[offset] ^= 0x40 }
        try bytes.write(to: URL(fileURLWithPath: path))
    }

    @Test("Differences are printed, and the status is 1 until they have been repaired")
    func statuses() throws {
        let found = world.run("feed verify --json")
        #expect(found.status == 1)
        let handles = try JSONReader.parse(found.output).array?.compactMap { $0["handle"]?.string }
        #expect(handles == ["ana", "bob"])
        let trial = world.run("feed verify --repair --json --dry-run")
        let repaired = world.run("feed verify --repair --json")
        #expect(trial.status == 0 && repaired.status == 0)
        #expect(repaired.text == found.text && trial.text == found.text)
        #expect(repaired.errorText.contains("2 differ, 2 repaired"))
        let after = world.run("feed verify --json")
        #expect(after.status == 0 && after.text == "[]\n")
    }

    @Test("An account that is named twice is printed once")
    func twice() {
        let found = world.run("feed verify bob @Bob bob --no-headings --fields handle,damaged")
        #expect(found.status == 1 && found.text == "bob\ttrue\n")
    }

    @Test("A sample is smaller, and the same again with a seed")
    func sample() {
        let first = world.run("feed verify --sample 1 --seed 5 --json")
        #expect(first.status == 1 && first == world.run("feed verify --sample 1 --seed 5 --json"))
        #expect(first.errorText.hasPrefix("1 feeds compared"))
        #expect(world.run("feed verify ana --sample 1").status == 64)
    }
}
