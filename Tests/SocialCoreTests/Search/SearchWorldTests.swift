// Search in a network that people use while files are lost, power fails and slots move: what is found is always what
// the model finds in the posts and uploads as they are in the truth.

import TestKit
import Testing

@testable import SocialCore

@Suite("Search in a network in use")
struct SearchWorldTests {
    private static let queries = [
        "sun", "sun moon star", "+sun -moon", "\"sun moon\"", "su*", "#dawn OR comet", "post sun comet dusk edited",
        "from:u1 post", "to:u1", "is:reply sun", "+old star",
    ]

    /// What is found equals what the model finds in all posts.
    private func expectSearch(_ world: FeedWorld, _ network: Network, _ note: String) throws {
        // Sometimes much is read along with an index, sometimes little.
        network.search.indexes.tailLimit = [1, 3, 256][world.chance.below(3)]
        var model = SearchModel()
        let records = try network.posts.records(of: world.model.posts.keys.sorted())
        for case let post? in records where post.repostOf == nil {
            var markers = [Segment.term(.author(post.author.rawValue))]
            if post.replyTo != nil { markers.append(Segment.term(.reply)) }
            if let id = post.replyTo, let parent = world.model.posts[id] {
                markers.append(Segment.term(.answered(parent.author.rawValue)))
            }
            model.documents.append(.init(id: post.id.rawValue, text: post.text, markers: markers))
        }
        let stems = network.manifest.settings.searchLanguage == .english
        for _ in 0..<2 {
            let text = Self.queries[world.chance.below(Self.queries.count)]
            let comment: Comment = "\(text), \(note)"
            let answer: Search.Answer<PostItem>
            do {
                answer = try network.search.posts(.init(text, rank: .relevance, limit: 10_000, corrects: false))
            } catch is AccountsError { continue }
            // Who wrote what was answered is known as long as that was there when the answer was indexed.
            if text.hasPrefix("to:") { continue }
            let expected = model.run(answer.run.plan, stems: stems)
            #expect(answer.run.statistics.documents == model.documents.count, comment)
            let shown = try Set(network.posts.items(of: records.compactMap { $0 }).map(\.id.rawValue))
            let hits = expected.hits.filter { shown.contains($0.id) }
            #expect(answer.hits.map(\.item.id.rawValue) == hits.map(\.id), comment)
            #expect(answer.hits.map(\.cursor.place) == hits.map(\.score), comment)
        }
        try world.expectUploads(network, note)
        let id = world.chance.one(of: world.model.accounts)?.id
        guard let id, let account = try network.accounts.records(of: [id])[0] else { return }
        let found = try network.search.users(account.handle.display, limit: 1, corrects: false)
        #expect(found.accounts.first?.account.id == account.id, "\(account.handle), \(note)")
    }

    @Test("What is found is what the truth holds", arguments: Placement.allCases)
    func life(placement: Placement) throws {
        let seed = Chance("search by \(placement)").seed
        for shards in [1, 3] {
            let world = try FeedWorld(
                shards: shards, placement: placement, chance: Chance(seed: seed), hasTwin: false, losesPower: true)
            world.look = { [unowned world] in try expectSearch(world, world.network, "\($0), seed \(seed)") }
            for _ in 0..<5 { try world.createAccount() }
            for step in 0..<TestRun.times(40) {
                for _ in 0..<world.chance.below(3) { try world.changeUploads() }
                let done = try world.turn()
                try expectSearch(world, world.network, "\(shards) shards, step \(step) (\(done)), seed \(seed)")
            }
        }
    }

    @Test("Slots that move are found where they are", arguments: Placement.allCases)
    func moves(placement: Placement) throws {
        let seed = Chance("search and moves by \(placement)").seed
        let world = try FeedWorld(shards: 2, placement: placement, chance: Chance(seed: seed), hasTwin: false)
        let mover = SlotMover(world, seed: seed)
        for _ in 0..<5 { try world.createAccount() }
        let other = try world.opened(isLongRunning: true)
        for step in 0..<TestRun.times(40, usually: 20) {
            try mover.turn()
            for _ in 0...world.chance.below(6) { try world.change() }
            for _ in 0..<world.chance.below(4) { try world.changeUploads() }
            let note = "step \(step), seed \(seed)"
            try expectSearch(world, world.network, note)
            // A process that goes on working and learns of moves by itself.
            other.context = world.context
            if world.chance.isOne(in: 2) { try expectSearch(world, other, "other, \(note)") }
        }
    }
}
