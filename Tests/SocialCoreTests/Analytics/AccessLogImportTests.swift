// Each line of a log counts exactly once, whatever happens to the file that it stands in.

import Formats
import TestKit
import Testing

@testable import SocialCore

/// A web server whose log is counted now and then, and a model that knows every line it has written.
private final class LoggedServer {
    let world: CountedNetwork
    let chance: Chance
    /// Complete lines by path, as the server wrote them.
    private(set) var written: [String: Int64] = [:]
    private(set) var lines = 0
    /// What lies in the log and its older parts: the newest first.
    private(set) var logs: [[UInt8]] = [[]]
    private var half: [UInt8] = []
    private var rotation = 0

    init(shards: Int, chance: Chance) throws {
        world = try CountedNetwork(shards: shards)
        self.chance = chance
        try store()
    }

    func path(_ number: Int) -> String { world.directory.file(number == 0 ? "access.log" : "access.log.\(number)") }

    /// Writes lines, the last one perhaps only half.
    func write() throws {
        logs[0] += half
        half = []
        for _ in 0..<chance.below(40) {
            let path = "/page/\(chance.below(9))"
            lines += 1
            written[path, default: 0] += 1
            // No two lines are alike, so no two logs begin with the same bytes.
            logs[0] += Array(
                """
                10.0.0.\(chance.below(50)) - - [04/Oct/2024:05:\(10 + chance.below(50)):00 +0000] \
                "GET \(path)?\(lines) HTTP/1.1" 200 \(chance.below(1_000)) "-" "Firefox/1"\n
                """.utf8)
        }
        if chance.isOne(in: 2), let end = logs[0].last, end == UInt8(ascii: "\n") {
            // A line is being written: its end comes later.
            let start = logs[0].dropLast().lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
            let cut = start + 1 + chance.below(logs[0].count - start - 1)
            half = Array(logs[0][cut...])
            logs[0] = Array(logs[0][..<cut])
        }
        try store()
    }

    /// Puts a new log in the place of the old one, by renaming or by copying and cutting off.
    func rotate() throws {
        logs[0] += half
        half = []
        logs.insert([], at: 0)
        for number in stride(from: logs.count - 1, through: 1, by: -1) {
            try TemporaryDirectory.write(stored(number), to: path(number))
        }
        if chance.isOne(in: 2) { TemporaryDirectory.remove(path(0)) }
        try TemporaryDirectory.write([], to: path(0))
    }

    private func store() throws { try TemporaryDirectory.write(stored(0), to: path(0)) }

    /// Older logs are compressed now and then.
    private func stored(_ number: Int) -> [UInt8] {
        number > 0 && chance.isOne(in: 3) ? Compressed.gzip(logs[number]) : logs[number]
    }

    /// Counts some of the logs, and perhaps is stopped in between.
    func count(all: Bool) throws {
        var work = AccessLogImport()
        work.batchLines = 1 + chance.below(30)
        work.chunkBytes = 1 + chance.below(2_000)
        try world.reopen()
        var numbers = Array(logs.indices)
        if !all { numbers = numbers.filter { _ in chance.isOne(in: 2) } }
        for number in numbers.shuffled(using: &order) where FileSystem().exists(path(number)) {
            _ = try work.run(path(number), BadRows(.stop, file: path(number)), world.analytics)
        }
    }

    private var order = SystemRandomNumberGenerator()

    /// What has been counted, by path.
    func counted() throws -> [String: Int64] {
        var counted: [String: Int64] = [:]
        for row in try world.analytics.top(AccessFilter(), limit: nil) { counted[row.resource.name] = row.count.count }
        return counted
    }
}

@Suite("Logs are counted exactly once")
struct AccessLogImportTests {
    private static func line(
        _ path: String, _ status: Int = 200, agent: String = "Firefox/1", method: String = "GET"
    ) -> String {
        """
        10.0.0.1 - - [04/Oct/2024:05:10:00 +0000] "\(method) \(path) HTTP/1.1" \(status) 7 "-" "\(agent)"\n
        """
    }

    private func run(
        _ text: String, _ world: CountedNetwork, _ policy: BadRows.Policy = .stop,
        _ work: AccessLogImport = AccessLogImport()
    ) throws -> AccessLogImport.Summary {
        try work.run(name: "-", bytes: Array(text.utf8), BadRows(policy, file: "-"), world.analytics)
    }

    @Test("whatever is written, rotated, copied, compressed and counted again", arguments: [1, 3])
    func model(shards: Int) throws {
        for life in 0..<TestRun.times(6) {
            let chance = Chance(case: 900 + 10 * shards + life)
            let server = try LoggedServer(shards: shards, chance: chance)
            for _ in 0..<25 {
                switch chance.below(8) {
                case 0...3: try server.write()
                case 4: try server.rotate()
                default: try server.count(all: chance.isOne(in: 2))
                }
            }
            try server.rotate()
            try server.count(all: true)
            try server.count(all: true)
            #expect(try server.counted() == server.written, "seed \(chance.seed)")
            let status = try server.world.analytics.status(isDeep: true)
            #expect(status.problems.map(\.message) == [], "seed \(chance.seed)")
            #expect(status.events == Int64(server.lines), "seed \(chance.seed)")
        }
    }

    @Test("A kill between two batches leaves the rest for the next run, and nothing twice")
    func kills() throws {
        struct Killed: Error {}
        let world = try CountedNetwork()
        let chance = Chance("killed counting")
        // Each path asks for an account, which is where the run dies.
        let text = (0..<400).map { Self.line("/user/u\($0)") }.joined()
        let path = world.directory.file("log")
        try TemporaryDirectory.write(Array(text.utf8), to: path)
        var runs = 0
        while try world.count() < 400, runs < 400 {
            runs += 1
            var work = AccessLogImport()
            work.batchLines = 20
            work.chunkBytes = 300
            var left = 1 + chance.below(90)
            work.rules.user = { _ in
                left -= 1
                if left < 0 { throw Killed() }
                return nil
            }
            do { _ = try work.run(path, BadRows(.stop, file: path), world.analytics) } catch is Killed {}
            try world.reopen()
        }
        #expect(runs > 1)
        #expect(try world.count() == 400)
        #expect(try world.analytics.top(AccessFilter(), limit: nil).allSatisfy { $0.count.count == 1 })
    }

    @Test("Two commands that count the same log at once count it once")
    func crowd() async throws {
        let world = try CountedNetwork()
        let path = world.directory.file("log")
        let text = (0..<3_000).map { Self.line("/page/\($0 % 50)?\($0)") }.joined()
        try TemporaryDirectory.write(Array(text.utf8), to: path)
        let directory = world.directory.file("data")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for size in [70, 110, 256] {
                group.addTask {
                    let context = Context(clock: .fixed(CountedNetwork.now), lockWaitMilliseconds: 60_000)
                    let network = try Network(opening: directory, context: context)
                    var work = AccessLogImport()
                    work.batchLines = size
                    work.chunkBytes = 4_096
                    do {
                        _ = try work.run(path, BadRows(.stop, file: path), network.analytics)
                    } catch let error as AnalyticsError where error.code == .sourceBusy {}
                }
            }
            try await group.waitForAll()
        }
        try world.reopen()
        _ = try AccessLogImport().run(path, BadRows(.stop, file: path), world.analytics)
        #expect(try world.count() == 3_000)
        #expect(try world.analytics.status(isDeep: true).problems.map(\.message) == [])
    }

    @Test("What a request means: its path, its status, its method and who asks")
    func meanings() throws {
        let world = try CountedNetwork()
        let text = [
            Self.line("/a"), Self.line("/a?x=1"), Self.line("/./b/../a"), Self.line("/a", 304), Self.line("/a", 404),
            Self.line("/a", 302), Self.line("/a", method: "POST"), Self.line("/a", agent: "Googlebot/2.1"),
            Self.line("/post/77"), Self.line("/media/5?download"), Self.line("/media/5?size=small"),
            Self.line("/search?q=two+words&x=1"), Self.line("/tag/Rain"), Self.line("/user/nobody"),
        ].joined()
        let summary = try run(text, world)
        #expect(summary.lines == 14 && summary.events == 14 && summary.rejected == 0)
        var rows: [String] = []
        try world.analytics.forEachRow(AccessFilter(), grain: .day) { row in
            rows.append("\(row.kind.name) \(row.resource.name) \(row.audience) \(row.tally.count)")
            return true
        }
        #expect(
            rows.sorted() == [
                "download media/5 people 1", "error /a people 1", "other /a people 1", "redirect /a people 1",
                "search search/two words people 1", "view /a bots 1", "view /a people 4", "view /user/nobody people 1",
                "view media/5 people 1", "view post/77 people 1", "view tag/rain people 1",
            ])
    }

    @Test("Rules of one's own come first")
    func rules() throws {
        let world = try CountedNetwork()
        var work = AccessLogImport()
        work.rules.rules = [
            try AccessRules.Rule("^/p/([0-9]+)/?$=view:post/$1"), try AccessRules.Rule("^/dl/=download"),
            try AccessRules.Rule("=x$=view"),
        ]
        let text = ["/p/12", "/p/12/", "/dl/a.zip", "/y=x", "/p/none"].map { Self.line($0) }.joined()
        _ = try run(text, world, .stop, work)
        let rows = try world.analytics.top(AccessFilter(), limit: nil).map { "\($0.resource.name) \($0.count.count)" }
        #expect(rows == ["post/12 2", "/dl/a.zip 1", "/p/none 1", "/y=x 1"])
        for text in ["nothing", "(=view", "a=View", "a=view:"] {
            #expect(throws: AnalyticsError.self, "\(text)") { try AccessRules.Rule(text) }
        }
    }

    @Test("A dry run of many batches counts nothing and says what would be counted")
    func dryRun() throws {
        let world = try CountedNetwork()
        let path = world.directory.file("log")
        let text = (0..<300).map { Self.line("/page/\($0 % 40)") }.joined()
        try TemporaryDirectory.write(Array(text.utf8), to: path)
        var work = AccessLogImport()
        work.batchLines = 20
        work.chunkBytes = 500
        for isDryRun in [true, false] {
            try world.reopen(isDryRun: isDryRun)
            let summary = try work.run(path, BadRows(.stop, file: path), world.analytics)
            #expect(summary.events == 300 && summary.countedBytes == text.utf8.count)
            try world.reopen()
            #expect(try world.count() == (isDryRun ? 0 : 300))
        }
    }

    @Test("A bad line is left out, or stops everything behind it")
    func badLines() throws {
        let text = Self.line("/a") + "no line of a log\n" + Self.line("/b")
        let skipping = try CountedNetwork()
        let summary = try run(text, skipping, .skip)
        #expect(summary.lines == 3 && summary.events == 2 && summary.rejected == 1)
        let stopping = try CountedNetwork()
        let error = #expect(throws: FileError.self) { try run(text, stopping, .stop) }
        #expect(error?.error.line == 2)
        #expect(try stopping.count() == 1)
        // Whoever leaves it out then goes on behind what is counted.
        #expect(try run(text, stopping, .skip).events == 1)
        #expect(try stopping.count() == 2)
        #expect(try stopping.analytics.status(isDeep: false).sources.map(\.source.lines) == [3])
    }

    @Test("A log that goes on growing is followed through a rotation")
    func following() throws {
        let world = try CountedNetwork()
        let path = world.directory.file("log")
        try TemporaryDirectory.write(Array(Self.line("/a").utf8), to: path)
        let follower = LogFollower(path, AccessLogImport(), world.analytics)
        let badRows = BadRows(.stop, file: path)
        #expect(try follower.look(badRows)?.events == 1)
        #expect(try follower.look(badRows) == nil)
        try TemporaryDirectory.write(Array((Self.line("/a") + Self.line("/b")).utf8), to: path)
        #expect(try follower.look(badRows)?.events == 1)
        // What is written to the old file before a new one comes is not lost.
        try TemporaryDirectory.write(Array((Self.line("/a") + Self.line("/b") + Self.line("/c")).utf8), to: path)
        try FileSystem().rename(path, to: path + ".1")
        #expect(try follower.look(badRows)?.events == 1)
        try TemporaryDirectory.write(Array(Self.line("/d").utf8), to: path)
        #expect(try follower.look(badRows)?.events == 1)
        #expect(try world.count() == 4)
    }
}
