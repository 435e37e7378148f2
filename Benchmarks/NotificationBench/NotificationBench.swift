// Notifications of a made-up network in one process: how long it takes to make all inboxes, to bring them up to date
// after a burst of likes, and to read one. Each figure is one JSON object a line.
//
//     notification-bench ACCOUNTS FOLLOWS LIKES DIR

import Formats
import Glibc
import SocialCore

/// The program.
@main
enum NotificationBench {
    static func main() {
        let words = CommandLine.arguments.dropFirst()
        let numbers = words.prefix(3).compactMap { Int($0) }
        guard words.count == 4, numbers.count == 3, numbers.allSatisfy({ $0 > 1 }), let directory = words.last else {
            print("usage: notification-bench ACCOUNTS FOLLOWS LIKES DIR")
            exit(64)
        }
        do { try run(accounts: numbers[0], follows: numbers[1], likes: numbers[2], in: directory) } catch {
            print("notification-bench: \(error)")
            exit(70)
        }
    }

    private static func run(accounts: Int, follows: Int, likes: Int, in directory: String) throws {
        try Network.create(directory, Network.Plan(), context: Context())
        var context = Context()
        context.isLongRunning = true
        let network = try Network(opening: directory, context: context)
        var chance = SplitMix(seed: 7)
        let handles = try (0..<accounts).map { try Handle("u\($0)") }
        let ids = try network.accounts.ensure(handles).ids.values.sorted()
        /// Small numbers are likelier than large ones, as the followed and the liked are.
        func skewed(_ count: Int) -> Int {
            let share = Double(chance.next() >> 11) / Double(1 << 53)
            return min(count - 1, Int(Double(count) * share * share * share))
        }
        var edges: Set<[Int]> = []
        while edges.count < follows {
            let (follower, followee) = (Int(chance.next() % UInt64(accounts)), skewed(accounts))
            if follower != followee { edges.insert([follower, followee]) }
        }
        _ = try network.graph.add(edges.map { (ids[$0[0]], ids[$0[1]]) }, batchRows: Limits.importBatchRows)
        let made = try seconds { try network.notifications.rebuild() }
        say(
            "rebuild",
            [
                ("follows", .integer(Int64(follows))), ("seconds", .number(made)),
                ("per_second", .number(Double(follows) / made)),
            ])
        network.router.beginGroup()
        let posts = try (0..<1_000).map { number in
            let author = ids[number * accounts / 1_000]
            return try network.router.write(author.slot) { writer in
                try writer.createPost(
                    PostDraft(author: author, slot: author.slot, text: "post \(number)"), now: network.context.clock.now
                )
            }.value.id
        }
        try network.router.endGroup()
        try network.notifications.bringUpToDate()
        var pairs: Set<[Int]> = []
        while pairs.count < likes { pairs.insert([Int(chance.next() % UInt64(accounts)), skewed(posts.count)]) }
        try like(pairs.map { (ids[$0[0]], posts[$0[1]]) }, network)
        let taken = try seconds { try network.notifications.bringUpToDate() }
        say(
            "burst",
            [
                ("likes", .integer(Int64(likes))), ("seconds", .number(taken)),
                ("per_second", .number(Double(likes) / taken)),
            ])
        var readers = (0..<2_000).map { _ in ids[Int(chance.next() % UInt64(accounts))] }
        try read("inbox of anyone", readers, network)
        readers = Array(repeating: ids[0], count: 500)
        try read("inbox of the most liked and followed", readers, network)
    }

    private static func like(_ pairs: [(actor: UserID, post: PostID)], _ network: Network) throws {
        let now = network.context.clock.now
        try network.router.write(pairs, batchRows: 10_000, accounts: .names, slot: \.actor.slot) { writer, part in
            for pair in part { _ = try writer.relate(RelationRecord(.like, pair.actor, pair.post, since: now)) }
        } committed: { _, _ in
        }
    }

    private static func read(_ figure: String, _ readers: [UserID], _ network: Network) throws {
        var times: [Double] = []
        for reader in readers.prefix(10) + readers[...] {
            times.append(try seconds { _ = try network.notifications.page(for: reader, limit: 20) })
        }
        times.removeFirst(10)
        times.sort()
        say(
            figure,
            [
                ("pages", .integer(Int64(times.count))), ("p50_ms", .number(times[times.count / 2] * 1_000)),
                ("p99_ms", .number(times[times.count * 99 / 100] * 1_000)),
            ])
    }

    /// Prints a figure.
    private static func say(_ figure: String, _ values: [(String, JSONValue)]) {
        let members = [JSONValue.Member("figure", .string(figure))] + values.map { JSONValue.Member($0.0, $0.1) }
        print(JSONValue.object(members).text)
        fflush(nil)
    }

    /// How long a block takes, in seconds.
    private static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let time = try ContinuousClock().measure(body).components
        return Double(time.seconds) + Double(time.attoseconds) / 1e18
    }
}
