// What slots and accounts have, against a count over all rows.

import TestKit
import Testing

@testable import SocialCore

@Suite("Hot spots")
struct HotSpotsTests {
    @Test("Slots and accounts have what the rows say", arguments: [1, 4], Placement.allCases)
    func sums(shards: Int, placement: Placement) throws {
        let lived = try LivedNetwork(shards: shards, placement: placement, chance: Chance("hot spots"))
        try lived.live(steps: 400 * TestRun.scale)
        let network = lived.network
        let rows = try network.rows()
        let spots = try network.hotSpots()

        let slots = spots.slots(by: .bytes)
        #expect(zip(slots, slots.dropFirst()).allSatisfy { $0.bytes >= $1.bytes })
        #expect(slots.reduce(0) { $0 + $1.bytes } == rows.reduce(0) { $0 + $1.sizeBytes })
        for spot in slots {
            let mine = rows.filter { $0.slot == spot.slot }
            #expect(spot.bytes == mine.reduce(0) { $0 + $1.sizeBytes })
            #expect(spot.posts == mine.count { if case .post = $0 { true } else { false } })
        }

        let accounts = spots.accounts(by: .followers)
        #expect(zip(accounts, accounts.dropFirst()).allSatisfy { $0.followers >= $1.followers })
        #expect(accounts.count == rows.count { if case .account = $0 { true } else { false } })
        for spot in accounts {
            let id = try #require(spot.account)
            #expect(spot.slot == id.slot && spot.load == nil)
            let posts = rows.count { if case .post(let post) = $0 { post.author == id } else { false } }
            let followers = rows.count { if case .follow(let edge) = $0 { edge.followee == id } else { false } }
            #expect(spot.posts == posts && spot.followers == followers && spot.bytes > 0)
        }
        // Whether anybody follows in the end is chance: deletions and blocks end follows.
        #expect(accounts.contains { $0.posts > 0 })
    }

    @Test("A hot author makes one shard hot under user, and none under post")
    func hotAuthor() throws {
        for placement in Placement.allCases {
            let directory = try TemporaryDirectory()
            let context = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 3)))
            let path = directory.file("data")
            try Network.create(path, .init(shards: 4, placement: placement), context: context)
            let network = try Network(opening: path, context: context)
            let author = try network.accounts.create(AccountDraft(handle: Handle("hot"))).value
            network.router.beginGroup()
            for number in 0..<400 { _ = try network.posts.create(by: author, text: "post \(number)") }
            try network.router.endGroup()
            let writes = try network.shards().map(\.load.writes)
            let hottest = try #require(try network.hotSpots().slots(by: .writes).first)
            #expect(writes.reduce(0, +) == 401)
            switch placement {
            case .user:
                #expect(writes.max() == 401 && hottest.slot == author.id.slot && hottest.load?.writes == 401)
            case .post: #expect((writes.max() ?? 0) < 150 && (hottest.load?.writes ?? 0) < 10)
            }
        }
    }
}
