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
            ($0.blocks, $0.mutes) = (20, 20)
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
            FixturePlan.Shape.powerlaw: "290ea7d812e0a3a287efa1e01598e6a7",
            .linkbench: "5b6a949157bc6c6141300c4cde64ac7f", .smallworld: "bec9211d47cd59578579f4a7ffa8723d",
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
                if post.repostOf == nil { #expect(throws: Never.self) { try Posts.check(post.text) } }
            case .relation(let relation):
                #expect(relation.since >= max(relation.actor.time, relation.target.time) && relation.since < plan.end)
            default: break
            }
        }
    }

    @Test("Posts answer and pass on what was there, and nobody passes on the same twice", arguments: [0, 20, 100])
    func reactions(percent: Int) throws {
        let plan = Self.plan(users: 50, posts: 9_000) {
            $0.replies = 100 - percent
            $0.reposts = percent
            $0.placement = .post
            $0.likes = 30
        }
        let rows = try Self.rows(plan)
        let posts = rows.compactMap { if case .post(let post) = $0 { post } else { nil } }
        let byID = Dictionary(uniqueKeysWithValues: posts.map { ($0.id, $0) })
        let replies = posts.filter { $0.replyTo != nil }
        let reposts = posts.filter { $0.repostOf != nil }
        for post in replies { #expect(post.replyTo.map { $0 < post.id && byID[$0]?.repostOf == nil } == true) }
        for post in reposts {
            let original = try #require(post.repostOf.flatMap { byID[$0] })
            #expect(original.id < post.id && original.repostOf == nil && original.author != post.author)
            #expect(post.text.isEmpty && post.id.slot == post.author.slot)
        }
        struct Repost: Hashable { var author: UserID, original: PostID? }
        #expect(Set(reposts.map { Repost(author: $0.author, original: $0.repostOf) }).count == reposts.count)
        // Where all posts are to be reposts there is nothing to pass on.
        if percent == 20 { #expect((1_600...1_800).contains(reposts.count) && (6_900...7_300).contains(replies.count)) }
        // Among the first posts there may be none that will do.
        if percent == 0 { #expect(reposts.isEmpty && replies.count > 8_900) }
        if percent == 100 { #expect(reposts.isEmpty && replies.isEmpty) }
        let likes = rows.compactMap { row -> RelationRecord? in
            if case .relation(let relation) = row, relation.kind == .like { relation } else { nil }
        }
        #expect(likes.allSatisfy { byID[PostID(rawValue: $0.target.rawValue)]?.repostOf == nil })
        #expect(percent == 100 || likes.count > 800)
    }

    @Test("Blocks sever, mutes concern those who are followed")
    func restraints() throws {
        let rows = try Self.rows(Self.plan { ($0.blocks, $0.mutes) = (50, 50) })
        var edges: Set<[Int64]> = []
        var counts: [RelationKind: Int] = [:]
        for case .follow(let edge) in rows { edges.insert([edge.follower.rawValue, edge.followee.rawValue]) }
        for case .relation(let relation) in rows {
            counts[relation.kind, default: 0] += 1
            let pair = [relation.actor.rawValue, relation.target.rawValue]
            switch relation.kind {
            case .block: #expect(!edges.contains(pair) && !edges.contains(pair.reversed()) && pair[0] != pair[1])
            case .mute: #expect(edges.contains(pair))
            default: break
            }
        }
        #expect((100...200).contains(counts[.block] ?? 0) && (100...200).contains(counts[.mute] ?? 0))
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
        #expect(throws: FixtureError.self) { try Fixture(Self.plan { ($0.replies, $0.reposts) = (50, 51) }) }
        #expect(throws: FixtureError.self) {
            try Fixture(Self.plan { $0.end = IdentityLayout.earliest.advanced(byMilliseconds: 1) })
        }
        #expect(throws: FixtureError.self) {
            try Fixture(Self.plan { $0.end = IdentityLayout.latest.advanced(byMilliseconds: 1) })
        }
        #expect(try Self.rows(Self.plan(users: 0, posts: 0)).isEmpty)
    }
}
