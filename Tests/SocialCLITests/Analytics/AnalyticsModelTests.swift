// The questions of `analytics` against a model that keeps every access in a list and counts by looking at all of them.

import Formats
import TestKit
import Testing

@Suite("The verbs of analytics")
struct AnalyticsModelTests {
    private struct Access {
        var resource: String
        var kind: String
        var viewer: String?
        var minute: Int
        var amount: Int64
        var isBot: Bool
    }

    private struct Question {
        var kinds: [String] = []
        var audience: String?
        var since: Int?
        var until: Int?

        func admits(_ access: Access) -> Bool {
            (kinds.isEmpty || kinds.contains(access.kind))
                && (audience.map { ($0 == "bots") == access.isBot } ?? true)
                && access.minute >= since ?? .min && access.minute < until ?? .max
        }

        /// The viewers of accesses that it admits: they are known by the hour, of which any part counts.
        func viewers(_ accesses: [Access]) -> Int64 {
            let own = accesses.filter { access in
                let hour = access.minute / 60 * 60
                return (kinds.isEmpty || kinds.contains(access.kind))
                    && (audience.map { ($0 == "bots") == access.isBot } ?? true)
                    && hour + 60 > since ?? .min && hour < until ?? .max
            }
            return Int64(Set(own.compactMap(\.viewer)).count)
        }

        var words: String {
            var words = kinds.map { " --kind \($0)" }.joined()
            if let audience { words += " --audience \(audience)" }
            if let since { words += " --since \(AnalyticsModelTests.time(since))" }
            if let until { words += " --until \(AnalyticsModelTests.time(until))" }
            return words
        }
    }

    /// 2026-01-01T00:00:00Z, in minutes since 1970; the world's clock begins a day later.
    private static let start = 29_453_760
    private static let minutes = 26 * 60
    private static let kinds = ["view", "like", "profile-view", "start"]

    private static func time(_ minute: Int) -> String { RFC3339.format(Int64(start + minute) * 60_000) }

    private let world: CommandWorld
    private let accesses: [Access]
    private let owners: [String: String]
    private let tags: [String: [String]]

    /// A world with posts of two accounts, and accesses to them, to profiles and to paths.
    private init(shards: Int, _ chance: inout Chance) throws {
        world = try CommandWorld()
        world.run("init \(world.path(".social")) --shards \(shards)")
        var owners: [String: String] = [:]
        var tags: [String: [String]] = [:]
        for name in ["ana", "bob", "cleo"] {
            world.run("user create \(name)")
            owners["user/\(name)"] = name
        }
        for index in 0..<6 {
            let author = ["ana", "bob"][index % 2]
            let own = [["a"], ["b"], ["a", "b"], []][index % 4]
            let words = ["text\(index)"] + own.map { "#\($0)" }
            let made = world.run(["post", "create", words.joined(separator: " "), "--by", author, "--format", "ids"])
            let resource = "post/\(made.text.dropLast())"
            owners[resource] = author
            tags[resource] = own
        }
        self.owners = owners
        self.tags = tags
        let resources = owners.keys.sorted() + ["/x", "/y/z", "post/77"]
        var accesses: [Access] = []
        for _ in 0..<300 {
            accesses.append(
                Access(
                    resource: chance.one(of: resources) ?? "/x", kind: chance.one(of: Self.kinds) ?? "view",
                    viewer: chance.percent(80) ? "v\(chance.below(40))" : nil,
                    minute: chance.below(Self.minutes), amount: Int64(chance.below(100)),
                    isBot: chance.isOne(in: 4)))
        }
        self.accesses = accesses
        let rows = accesses.map { access -> JSONValue in
            [
                "resource": .string(access.resource), "kind": .string(access.kind),
                "viewer": access.viewer.map(JSONValue.string) ?? .null, "at": .string(Self.time(access.minute)),
                "amount": .integer(access.amount), "bot": .bool(access.isBot),
            ]
        }
        let input = rows.map { $0.text + "\n" }.joined()
        let outcome = world.run("analytics record - --batch-size 17 -q", input: input)
        try #require(outcome.status == 0, "\(outcome.errorText)")
    }

    private func rows(_ line: String) throws -> [JSONValue] {
        let outcome = world.run("analytics \(line) --json")
        try #require(outcome.status == 0, "\(line): \(outcome.errorText)")
        return try JSONReader.parse(outcome.output).array ?? []
    }

    private func question(_ chance: inout Chance) -> Question {
        var question = Question()
        question.kinds = Self.kinds.filter { _ in chance.percent(50) }
        if question.kinds.isEmpty { question.kinds = ["view"] }
        if chance.isOne(in: 3) { question.audience = chance.one(of: ["people", "bots"]) }
        if chance.percent(60) { question.since = chance.below(Self.minutes) }
        if chance.percent(60) { question.until = chance.below(Self.minutes) }
        return question
    }

    @Test("answer as a list of all accesses does", arguments: [1, 3])
    static func model(shards: Int) throws {
        var chance = Chance("the verbs of analytics, shards \(shards)")
        let test = try AnalyticsModelTests(shards: shards, &chance)
        for _ in 0..<TestRun.times(10) {
            let question = test.question(&chance)
            let admitted = test.accesses.filter(question.admits)
            try test.compareCounts(question, admitted)
            try test.compareTop(question, admitted, limit: 1 + chance.below(8))
            try test.compareOwners(question, admitted)
            try test.compareTimes(question, admitted)
        }
    }

    private func compareCounts(_ question: Question, _ admitted: [Access]) throws {
        for row in try rows("count\(question.words)") {
            let own = admitted.filter { $0.kind == row["kind"]?.string }
            #expect(row["count"]?.integer == Int64(own.count), "\(question)")
            #expect(row["bots"]?.integer == Int64(own.filter(\.isBot).count))
            let kind = row["kind"]?.string
            // Where nothing is counted, nobody has come.
            let viewers = own.isEmpty ? 0 : question.viewers(accesses.filter { $0.kind == kind })
            #expect(row["viewers"]?.integer == viewers)
            #expect(row["amount"]?.integer == own.reduce(0) { $0 + $1.amount })
        }
        #expect(try rows("count\(question.words)").count == question.kinds.count)
        let resource = admitted.first?.resource ?? "/x"
        let of = try rows("count \(resource)\(question.words)")
        let counts = of.compactMap { $0["count"]?.integer }
        #expect(counts.reduce(0, +) == Int64(admitted.filter { $0.resource == resource }.count))
    }

    private func sums(_ admitted: [Access], _ owners: (Access) -> [String]) -> [String: [Access]] {
        var sums: [String: [Access]] = [:]
        for access in admitted { for owner in owners(access) { sums[owner, default: []].append(access) } }
        return sums
    }

    private func compareTop(_ question: Question, _ admitted: [Access], limit: Int) throws {
        for (rank, value) in [("count", { _ in 1 }), ("amount", \.amount)] as [(String, (Access) -> Int64)] {
            let sums = sums(admitted) { [$0.resource] }
            let top = try rows("top\(question.words) --rank \(rank) --limit \(limit)")
            let values = sums.mapValues { $0.reduce(0) { $0 + value($1) } }
            let best = values.values.sorted(by: >).prefix(limit)
            #expect(top.compactMap { $0[rank]?.integer } == Array(best), "\(question)")
            #expect(top.compactMap { $0["rank"]?.integer } == best.indices.map { Int64($0 + 1) })
            for row in top {
                let own = sums[row["resource"]?.string ?? ""] ?? []
                #expect(row["count"]?.integer == Int64(own.count))
                let resource = row["resource"]?.string
                #expect(row["viewers"]?.integer == question.viewers(accesses.filter { $0.resource == resource }))
            }
        }
    }

    private func compareOwners(_ question: Question, _ admitted: [Access]) throws {
        let author = { (access: Access) in owners[access.resource].map { ["user/\($0)"] } ?? [] }
        let tag = { (access: Access) in (tags[access.resource] ?? []).map { "tag/\($0)" } }
        let byAuthor = sums(admitted, author)
        for (by, owner) in [("author", author), ("tag", tag)] {
            let sums = sums(admitted, owner)
            let top = try rows("top\(question.words) --by \(by)")
            #expect(Set(top.compactMap { $0["resource"]?.string }) == Set(sums.keys), "\(question)")
            for row in top {
                let own = sums[row["resource"]?.string ?? ""] ?? []
                #expect(row["count"]?.integer == Int64(own.count))
                let name = row["resource"]?.string ?? ""
                let counted = Set(own.map(\.resource))
                let theirs = accesses.filter { owner($0).contains(name) && counted.contains($0.resource) }
                #expect(row["viewers"]?.integer == question.viewers(theirs))
            }
        }
        let own = try rows("count\(question.words) --author ana").compactMap { $0["count"]?.integer }
        #expect(own.reduce(0, +) == Int64(byAuthor["user/ana"]?.count ?? 0))
    }

    private func compareTimes(_ question: Question, _ admitted: [Access]) throws {
        let series = try rows("series\(question.words) --by hour --viewers --tz +05:30")
        #expect(series.compactMap { $0["count"]?.integer }.reduce(0, +) == Int64(admitted.count), "\(question)")
        for (one, next) in zip(series, series.dropFirst()) { #expect(one["end"] == next["start"]) }
        for row in series {
            let start = try RFC3339.parse(row["start"]?.string ?? "") / 60_000 - Int64(Self.start)
            let end = try RFC3339.parse(row["end"]?.string ?? "") / 60_000 - Int64(Self.start)
            // Whoever looks on when it is over is not counted twice: the end is left out.
            let own = admitted.filter { $0.minute >= start && $0.minute < end }
            #expect(row["count"]?.integer == Int64(own.count))
        }
        // Who came is told by the hour of UTC.
        let whole = try rows("uniques --kind \(question.kinds.joined(separator: " --kind "))").first
        let viewers = Set(accesses.filter { question.kinds.contains($0.kind) }.compactMap(\.viewer))
        #expect(whole?["viewers"]?.integer == Int64(viewers.count))
        #expect(whole?["exact"] == .bool(true) && whole?["error"] == .number(0))
    }

    @Test("the time before has the same length, and change is by how much it has grown")
    static func comparison() throws {
        var chance = Chance("the time before")
        let test = try AnalyticsModelTests(shards: 1, &chance)
        let (since, until) = (13 * 60, 26 * 60)
        let line = "--since \(Self.time(since)) --until \(Self.time(until)) --compare previous"
        for row in try test.rows("count --kind view \(line)") {
            let views = test.accesses.filter { $0.kind == "view" }
            let (now, before) = (views.filter { $0.minute >= since }, views.filter { $0.minute < since })
            #expect(row["count"]?.integer == Int64(now.count))
            #expect(row["previous"]?.integer == Int64(before.count))
            let change = Double(now.count) / Double(before.count) - 1
            #expect(row["change"].map { abs(($0.number ?? 9) - change) < 1e-5 } == true)
        }
        let top = try test.rows("top --by author \(line)")
        #expect(!top.isEmpty)
        for row in top {
            let name = row["resource"]?.string.map { String($0.dropFirst("user/".count)) }
            let own = test.accesses.filter { test.owners[$0.resource] == name && $0.kind != "like" }
            #expect(row["previous"]?.integer == Int64(own.filter { $0.minute < since }.count))
        }
    }
}
