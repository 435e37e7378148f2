// Processes whose clocks are hours and years ahead and behind, or jump while they run: nothing is lost, no id comes
// twice, and what depends on the time depends on the clock of whoever asks.

import Glibc
import SocialCore
import TestKit
import Testing

@Suite("Clocks that jump", .serialized, .enabled(if: WrongClock.isPossible, "libfaketime is not installed"))
struct ClockTests {
    /// A directory with some accounts.
    private struct Scene {
        let folder: Folder
        let data: String

        init(shards: Int, _ names: [String]) throws {
            folder = try Folder()
            data = "\(folder.path)/network"
            #expect(try Program.run(["init", data, "--shards", "\(shards)"], data: data).exit == 0)
            // Made a while ago, so that nobody's clock is behind it by chance.
            let lines = names.map { "[\"user\",\"create\",\"\($0)\"]\n" }.joined()
            let made = try Program.run(
                ["batch", "-"], data: data, input: lines, environment: WrongClock.ahead(-5 * year))
            #expect(made.exit == 0, "\(made.errors)")
        }

        /// Runs a command under a clock that is ahead by so many seconds.
        func run(_ seconds: Int, _ line: String) throws -> ProgramResult {
            try Program.run(
                line.split(separator: " ").map(String.init), data: data, environment: WrongClock.ahead(seconds))
        }

        /// Runs a command, which must succeed.
        @discardableResult
        func expect(_ seconds: Int, _ line: String) throws -> ProgramResult {
            let result = try run(seconds, line)
            #expect(result.exit == 0, "\(line): \(result.output) \(result.errors)")
            return result
        }

        /// That all is well by clocks that are right and by others, and that what was acknowledged is there once.
        func expectSound(_ acknowledged: [String]) throws {
            for seconds in [0, -year, 3 * year] {
                for line in ["verify", "feed verify"] { try expect(seconds, line) }
            }
            let network = try Network(opening: data, context: Context())
            var ids: Set<PostID> = []
            for shard in network.router.shards {
                var last: [Slot: PostID] = [:]
                try network.router.read(shard: shard) { reader in
                    for event in try reader.events(after: 0, entryLimit: .max) {
                        for case .posted(_, let post) in event.entries {
                            #expect(ids.insert(post).inserted, "\(post) was given twice")
                            if let before = last[post.slot] { #expect(before < post) }
                            last[post.slot] = post
                        }
                    }
                }
            }
            #expect(Set(acknowledged).count == acknowledged.count)
            #expect(Set(acknowledged).isSubset(of: ids.map(\.description)))
        }
    }

    @Test(
        "Ids are unique and increase, and who is more than ten minutes behind them is told to wait", arguments: [1, 4])
    func wrong(shards: Int) throws {
        let names = ["ana", "bob", "cleo", "dan"]
        let scene = try Scene(shards: shards, names)
        let chance = Chance(case: 120 + shards)
        let clocks = [-2 * year, -3 * hour, -7 * minute, 0, 7 * minute, 3 * hour, 2 * year]
        // By how much the newest id of each author's slot is ahead of the right clock.
        var newest = [Int](repeating: -5 * year, count: names.count)
        var said: [String] = []
        var refused = 0
        for number in 0..<TestRun.times(24) {
            let author = chance.below(names.count)
            // The extremes come late, because nothing can be said after them by another clock.
            let clock = clocks[chance.below(number < 16 ? 5 : clocks.count)]
            let result = try scene.run(clock, "post create post-\(number) --by \(names[author])")
            let isLate = newest[author] - clock > 10 * minute
            #expect(result.exit == (isLate ? 75 : 0), "clock \(clock), newest \(newest[author]): \(result.errors)")
            if isLate { refused += 1 } else { newest[author] = max(newest[author], clock) }
            said += result.values(of: "id")
        }
        // All at once, with clocks that are a few minutes apart.
        try scene.expect(-5 * year, "user create eve")
        let running = try (0..<12).map { number in
            try Program.start(
                ["post", "create", "together-\(number)", "--by", "eve"], data: scene.data,
                environment: WrongClock.ahead((number % 5 - 2) * 2 * minute))
        }
        for program in running {
            let result = try program.wait()
            #expect(result.exit == 0, "\(result.errors)")
            said += result.values(of: "id")
        }
        #expect(refused > 0)
        try scene.expectSound(said)
        TestRun.report("\(said.count) posts by wrong clocks, \(refused) refused, \(shards) shards")
    }

    @Test("A clock that jumps while a command runs loses nothing", arguments: [1, 4])
    func jumping(shards: Int) throws {
        let scene = try Scene(shards: shards, ["ana", "bob"])
        let chance = Chance(case: 130 + shards)
        var (said, refused): ([String], Int) = ([], 0)
        for round in 0..<TestRun.times(3) {
            let file = "\(scene.folder.path)/clock"
            try WrongClock.jump(file, to: 0)
            let lines = (0..<150).map { number in
                "[\"post\",\"create\",\"\(round) \(number)\",\"--by\",\"\(number % 2 == 0 ? "ana" : "bob")\"]\n"
            }
            let words = ["batch", "-", "--keep-going", "--commit", chance.percent(50) ? "each" : "group"]
            let program = try Program.start(
                words, data: scene.data, input: lines.joined(), environment: WrongClock.following(file))
            // Where the clock jumps is chance; what is expected afterwards is not.
            for seconds in [hour, -hour, 0, 5 * minute, -5 * minute] {
                usleep(UInt32(5_000 + chance.below(30_000)))
                try WrongClock.jump(file, to: seconds)
            }
            let result = try program.wait()
            let answers = result.output.split(separator: "\n")
            #expect(answers.count == lines.count, "\(result.errors)")
            #expect(answers.allSatisfy { $0.contains("\"exit\":0,") || $0.contains("\"exit\":75,") })
            refused += answers.count { $0.contains("\"exit\":75,") }
            said += result.values(of: "id")
        }
        try scene.expectSound(said)
        TestRun.report("\(said.count) posts while the clock jumped, \(refused) refused, \(shards) shards")
        #expect(said.count > 10)
    }

    @Test("Stories, leases, heartbeats, tokens and feeds go by the clock of whoever asks")
    func times() throws {
        let scene = try Scene(shards: 1, ["ana", "bob"])
        try scene.expect(0, "follow add bob ana")
        let story = try scene.expect(0, "post create story --by ana --expires 1h").values(of: "id")
        let post = try scene.expect(0, "post create post --by ana").values(of: "id")
        func feed(_ seconds: Int) throws -> [String] { try scene.expect(seconds, "feed show bob").values(of: "id") }
        // Whatever is done by a wrong clock, a right one shows what was there.
        for seconds in [-year, -2 * hour, 0, 2 * hour, 3 * year] {
            let expected = seconds > hour ? post : post + story
            #expect(try feed(seconds) == expected, "by a clock that is \(seconds) s ahead")
            for line in ["feed regenerate --full", "feed publish", "search rebuild", "notification rebuild"] {
                try scene.expect(seconds, line)
            }
            #expect(try feed(seconds) == expected, "by a clock that is \(seconds) s ahead, made again")
            #expect(try feed(0) == post + story)
            try scene.expect(seconds, "user sign-in bob")
        }

        try scene.expect(0, "queue push jobs one")
        let lease = try scene.expect(0, "queue pull jobs --lease 10m").values(of: "lease").joined()
        for seconds in [-year, -hour, 0] {
            #expect(try scene.expect(seconds, "queue pull jobs").values(of: "lease") == [])
        }
        let other = try scene.expect(hour, "queue pull jobs --lease 10m").values(of: "lease").joined()
        #expect(other != "" && other != lease)
        #expect(try scene.run(0, "queue ack jobs \(lease)").exit == 75)
        try scene.expect(0, "queue ack jobs \(other)")

        try scene.expect(0, "service register search one --timeout 5m")
        // A heartbeat from far ahead counts as little as one from long ago.
        for (seconds, isAlive) in [(-hour, false), (-2 * minute, true), (0, true), (hour, false), (0, true)] {
            let listed = try scene.expect(seconds, "service list").output
            #expect(listed.contains("\"alive\":\(isAlive)"), "by a clock that is \(seconds) s ahead: \(listed)")
        }

        try scene.expect(year, "user token ana --name phone")
        #expect(try scene.expect(-year, "user token ana --list").output.contains("phone"))
        try scene.expectSound(story + post)
    }
}

private let minute = 60
private let hour = 3_600
private let year = 31_557_600
