// What `feed verify` says and with which status it ends, over a cache that is wrong.

import Formats
import TestKit
import Testing

@testable import SocialCore

@Suite("The command feed verify")
struct FeedVerifyTests {
    private let world: CommandWorld

    /// The feeds of ana and bob, each with a post that never was.
    init() throws {
        world = try CommandWorld()
        world.prepare()
        world.run("feed regenerate --full")
        let context = Context(clock: .fixed(CommandWorld.start), lockWaitMilliseconds: 0)
        let network = try Network(opening: world.path(".social"), context: context)
        let cache = try #require(network.feeds.caches.cache(of: 0, writable: true))
        for reader in cache.readers { #expect(try cache.insert(PostID(rawValue: .max - 1), for: reader) == .done) }
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
        let found = world.run("feed verify bob @Bob bob --no-headings --fields handle,extra,damaged")
        #expect(found.status == 1 && found.text == "bob\t[\"\(Int64.max - 1)\"]\tfalse\n")
    }

    @Test("A sample is smaller, and the same again with a seed")
    func sample() {
        let first = world.run("feed verify --sample 1 --seed 5 --json")
        #expect(first.status == 1 && first == world.run("feed verify --sample 1 --seed 5 --json"))
        #expect(first.errorText.hasPrefix("1 feeds compared"))
        #expect(world.run("feed verify ana --sample 1").status == 64)
    }
}
