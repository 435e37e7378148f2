// A fixture is the same on every machine, comes in the order of an export, and has the shape that was asked for.

import Foundation
import TestKit
import Testing

@testable import SocialCore

@Suite("Made-up networks")
struct FixtureTests {
    private static func plan(
        users: Int = 300, posts: Int = 900, seed: UInt64 = 7, _ change: (inout FixturePlan) -> Void = { _ in }
    ) -> FixturePlan {
        var plan = FixturePlan()
        plan.users = users
        plan.posts = posts
        plan.seed = seed
        change(&plan)
        return plan
    }

    private static func rows(_ plan: FixturePlan) throws -> [TruthRow] {
        var rows: [TruthRow] = []
        try Fixture(plan).forEachRow { rows.append($0) }
        return rows
    }

    private static func text(_ plan: FixturePlan) throws -> String {
        var encoder = ExportEncoder()
        encoder.header(plan.placement)
        try Fixture(plan).forEachRow { encoder.row($0) }
        return String(decoding: encoder.bytes, as: UTF8.self)
    }

    @Test("The bytes are those that every machine makes", arguments: FixturePlan.Shape.allCases)
    func golden(shape: FixturePlan.Shape) throws {
        let plan = Self.plan(users: 12, posts: 30) {
            $0.shape = shape
            $0.follows = 3
            $0.placement = shape == .smallworld ? .post : .user
        }
        let path = Repository.path("fixtures/networks/\(shape.rawValue).ndjson")
        let actual = try Self.text(plan)
        if ProcessInfo.processInfo.environment["RECORD"] == "1" {
            try actual.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try actual == String(contentsOfFile: path, encoding: .utf8))
    }

    @Test("The digest of a larger one is what it was", arguments: FixturePlan.Shape.allCases)
    func digest(shape: FixturePlan.Shape) throws {
        // More accounts than pairs of words, so that handles have numbers.
        var digest = Digest()
        for row in try Self.rows(Self.plan(users: 5_000, posts: 2_000) { $0.shape = shape }) { digest.add(row) }
        let expected = [
            FixturePlan.Shape.powerlaw: "bff6d8c6357ebb018e060cf0d3f49ba2",
            .linkbench: "6e8fddea5d889f13e5f9a3a1567e937d", .smallworld: "a8ddaeac9bee9479d046a1fad86ca70c",
        ]
        #expect(digest.description == expected[shape])
    }

    @Test("Rows come in the order of an export, and each once", arguments: [1, 2, 3, 100, 5_000])
    func order(users: Int) throws {
        for shape in FixturePlan.Shape.allCases {
            let rows = try Self.rows(Self.plan(users: users) { $0.shape = shape })
            for (row, next) in zip(rows, rows.dropFirst()) {
                let isInOrder = RowKey(row) < RowKey(next)
                if !isInOrder { Issue.record("\(shape): \(row) stands before \(next)") }
            }
        }
    }

    @Test("Everything happened after what it needs, and before the end")
    func times() throws {
        let plan = Self.plan()
        for row in try Self.rows(plan) {
            switch row {
            case .account(let account):
                #expect(account.activeAt >= account.id.time && account.activeAt <= plan.end)
                #expect(Slot(of: account.handle) == account.id.slot)
            case .follow(let edge):
                #expect(edge.follower != edge.followee && edge.since < plan.end)
                #expect(edge.since >= max(edge.follower.time, edge.followee.time))
            case .post(let post):
                #expect(post.id.time < plan.end && post.id.time > post.author.time)
                #expect(post.id.slot == post.author.slot)
                #expect(throws: Never.self) { try Posts.check(post.text) }
            default: break
            }
        }
    }

    @Test("The follows have the mean and the shape that were asked for", arguments: FixturePlan.Shape.allCases)
    func shapes(shape: FixturePlan.Shape) throws {
        let users = 20_000
        let fixture = try Fixture(Self.plan(users: users, posts: 0) { $0.shape = shape })
        var degrees: [Int] = []
        var followers: [UserID: Int] = [:]
        for number in 0..<users {
            let edges = fixture.follows(of: number)
            degrees.append(edges.count)
            for edge in edges { followers[edge.followee, default: 0] += 1 }
        }
        let mean = Double(degrees.reduce(0, +)) / Double(users)
        let most = followers.values.max() ?? 0
        #expect(mean > 9 && mean < 11, "\(mean)")
        switch shape {
        case .powerlaw:
            #expect(most > users / 50, "\(most)")
            #expect(degrees.filter { $0 <= 6 }.count > users / 3 && (degrees.max() ?? 0) > 200)
        case .linkbench:
            #expect((8_000...10_000).contains(degrees.filter { $0 == 0 }.count))
            #expect((degrees.max() ?? 0) > 1_000)
        case .smallworld:
            #expect(degrees.allSatisfy { $0 == 10 } && most < 30, "\(most)")
        }
    }

    @Test("Posts have tags, mentions of accounts, links and other scripts")
    func texts() throws {
        let rows = try Self.rows(Self.plan(posts: 2_000))
        let keys = Set(rows.compactMap { if case .handle(let key, _) = $0 { key } else { nil } })
        let texts = rows.compactMap { if case .post(let post) = $0 { post.text } else { nil } }
        #expect(texts.filter { $0.contains("#") }.count > 300)
        #expect(texts.filter { $0.contains("https://example.org/") }.count > 100)
        #expect(texts.filter { $0.unicodeScalars.contains { $0.value > 0x3000 && $0.value < 0xE000 } }.count > 20)
        let mentions = texts.filter { $0.hasPrefix("@") }.map { $0.dropFirst().prefix { $0 != " " } }
        #expect(mentions.count > 100 && mentions.allSatisfy { keys.contains(String($0)) })
    }

    @Test("Words for handles come in order, so that handles do")
    func words() {
        for words in [FixtureWords.adjectives, FixtureWords.animals] {
            #expect(words == words.sorted() && Set(words).count == words.count && words.count == 64)
        }
    }

    @Test("A shuffle goes to every place once, and finds its way back")
    func shuffle() {
        for count in 1...200 {
            var chance = FixtureChance(seed: 3, .layout, count)
            let shuffle = FixtureShuffle(count: count, &chance)
            let places = (0..<count).map(shuffle.place)
            #expect(places.sorted() == Array(0..<count))
            #expect(places.map(shuffle.number) == Array(0..<count))
        }
    }

    @Test("The first ranks are drawn most, and all of them are")
    func skew() {
        for count in [1, 2, 3, 10, 100] {
            for growth in [FixtureSkew.zipf, FixtureSkew.popularity] {
                var chance = FixtureChance(seed: 5, .layout)
                let skew = FixtureSkew(count: count, growth: growth)
                var drawn = Array(repeating: 0, count: count)
                for _ in 0..<20_000 { drawn[skew.draw(&chance)] += 1 }
                #expect(drawn.allSatisfy { $0 > 0 })
                #expect(count < 10 || drawn[0] > 4 * drawn[count - 1])
            }
        }
    }

    @Test("What cannot be made is refused")
    func problems() throws {
        #expect(throws: FixtureError.self) { try Fixture(Self.plan(users: 0)) }
        #expect(throws: FixtureError.self) { try Fixture(Self.plan { $0.overMilliseconds = 10 }) }
        #expect(throws: FixtureError.self) {
            try Fixture(Self.plan { $0.end = IdentityLayout.earliest.advanced(byMilliseconds: 1) })
        }
        #expect(throws: FixtureError.self) {
            try Fixture(Self.plan { $0.end = IdentityLayout.latest.advanced(byMilliseconds: 1) })
        }
        #expect(try Self.rows(Self.plan(users: 0, posts: 0)).isEmpty)
    }
}
