// Shards that move between servers while others write, wherever the move is interrupted. Two databases stand for two
// servers: neither can read what is in the other.
#if PostgreSQL

import SocialCore
import Synchronization
import TestKit
import Testing

@Suite("Shards that move between servers", .enabled(if: StoreEngine.server != nil))
struct ServerMoveTests {
    private struct Stop: Error {}

    /// A network of some shards on one server, another server, and data directories that share the network.
    private final class Place {
        let world: CommandWorld
        let (one, two): (TestDatabase, TestDatabase)

        init(shards: Int) throws {
            world = try CommandWorld()
            (one, two) = (try TestDatabase(), try TestDatabase())
            for machine in ["a", "b"] {
                let made = world.run("init \(world.path(machine)) --store \(one.address.text) --shards \(shards)")
                #expect(made.status == 0, "\(made.errorText)")
            }
        }

        func run(_ line: String, on machine: String = "a") -> CommandWorld.Outcome {
            world.run("\(line) --data \(world.path(machine))")
        }

        func network(_ machine: String) throws -> Network {
            try Network(opening: world.path(machine), context: Context(lockWaitMilliseconds: 10_000))
        }
    }

    @Test("take everything along, and show both machines what they showed")
    func everything() throws {
        let place = try Place(shards: 4)
        for name in ["ada", "bob", "cleo", "dora"] {
            #expect(place.run("user create \(name)").status == 0)
            let posted = place.run("post create hello-from-\(name) --by \(name)")
            #expect(posted.status == 0, "\(posted.errorText)")
        }
        for line in ["follow add ada bob", "queue push jobs one", "analytics record page/1 --by ada"] {
            #expect(place.run(line).status == 0)
        }
        let questions = [
            "digest", "feed show ada --format ids", "search posts hello --format ids", "queue list --json",
            "analytics count page/1 --json", "post list --by dora --format ids", "export --with-records",
        ]
        let answers = questions.map { place.run($0).text }
        let planned = place.run("shard add --store \(place.two.address.text) --dry-run --json").text
        #expect(planned.contains("\"slots\":2048") && planned.contains("\"longest_wait_ms\":null"), "\(planned)")
        let added = place.run("shard add --store \(place.two.address.text) --json")
        #expect(added.status == 0 && added.text.contains("\"slots\":2048"), "\(added.errorText)")
        let list = place.run("shard list --fields shard,server --json", on: "b").text
        #expect(list.split(separator: place.two.address.text).count == 3, "\(list)")
        for machine in ["a", "b"] { #expect(questions.map { place.run($0, on: machine).text } == answers) }
        #expect(place.run("verify --deep", on: "b").status == 0)
        // Everything goes to the other server, and back.
        let two = place.run("shard move --shard 0,1,2,3 --store \(place.two.address.text)", on: "b")
        #expect(two.status == 0, "\(two.errorText)")
        #expect(questions.map { place.run($0, on: "a").text } == answers)
        #expect(place.run("shard move --shard 0,1,2,3 --store \(place.one.address.text)").status == 0)
        #expect(questions.map { place.run($0, on: "b").text } == answers)
        #expect(place.run("user create emil", on: "b").status == 0)
    }

    @Test("are refused where they cannot go, and nothing is changed")
    func refusals() throws {
        let place = try Place(shards: 2)
        let alias = place.one.address.text.replacing("127.0.0.1", with: "localhost")
        #expect(alias != place.one.address.text)
        let same = place.run("shard add --store \(alias) --json")
        #expect(same.status == 64 && same.errorText.contains("same database"), "\(same.errorText)")
        #expect(place.run("shard move --shard 7 --store \(place.two.address.text)").status == 67)
        #expect(place.run("shard move --shard 1").status == 64)
        #expect(place.run("shard add").status == 69)
        // Somebody else's schema stays what it is.
        try PostgreSQLShards.execute("CREATE SCHEMA social_1", at: place.two.address)
        #expect(place.run("shard move --shard 1 --store \(place.two.address.text)").status == 73)
        try PostgreSQLShards.execute("CREATE TABLE social_1.kept (id BIGINT)", at: place.two.address)
        #expect(place.run("shard move --shard 0 --store postgresql://127.0.0.1:1/none").status == 69)
        #expect(place.run("user create ada").status == 0)
        let files = try CommandWorld()
        let data = files.path("data")
        #expect(files.run("init \(data)").status == 0)
        #expect(files.run("shard add --store \(place.two.address.text) --data \(data)").status == 69)
    }

    @Test("lose nothing wherever a move is interrupted, and let nobody wait for ever")
    func interruptions() throws {
        let place = try Place(shards: 2)
        #expect(place.run("user create ada").status == 0)
        // It has the map of before each move in hand, as a process that has slept has.
        let other = try place.network("b")
        let author = try other.accounts.named(Handle("ada"))
        let shard = other.router.shard(of: author.id.slot)
        var posts = 0
        func post(_ when: String) throws {
            _ = try other.posts.create(by: author, text: "post \(posts)")
            posts += 1
            try other.attributes.set(.notice, "n", of: author.id, to: Array("\(posts)".utf8))
            let texts = try place.network("a").posts.page(by: author.id, in: .all, limit: .max).map(\.text)
            #expect(texts.sorted() == (0..<posts).map { "post \($0)" }.sorted(), "\(when)")
            let value = try place.network("a").attributes.value(.notice, "n", of: author.id)?.value
            #expect(value == Array("\(posts)".utf8), "\(when)")
        }
        var isOver = false
        var stop = 0
        while !isOver {
            let mover = try place.network("a")
            var left = stop
            mover.beforeMoveStep = {
                left -= 1
                if left < 0 { throw Stop() }
            }
            let here = mover.place(of: shard) == nil
            let target = (here ? place.two : place.one).address.text
            do {
                _ = try mover.moveShards(try mover.giving([shard], toServer: target))
                isOver = true
            } catch is Stop {}
            try post("stopped at step \(stop)")
            mover.beforeMoveStep = {}
            _ = try mover.moveShards(try mover.giving([shard], toServer: target))
            #expect(try (place.network("b").place(of: shard) == nil) != here)
            try post("moved after step \(stop)")
            stop += 1
        }
        #expect(stop > 6)
        #expect(place.run("verify --deep").status == 0)
    }

    @Test("let writers go on, who lose nothing and do nothing twice")
    func writers() throws {
        let place = try Place(shards: 4)
        let failures = Mutex<[String]>([])
        let isDone = Atomic<Bool>(false)
        let written = Mutex<[String]>([])
        let data = place.world.path("b")
        let names = ["ada", "bob", "cleo"]
        for name in names { #expect(place.run("user create \(name)").status == 0) }
        let threads = try names.map { name in
            try WorkerThread {
                do {
                    let network = try Network(opening: data, context: Context(lockWaitMilliseconds: 20_000))
                    let author = try network.accounts.named(Handle(name))
                    var number = 0
                    while !isDone.load(ordering: .relaxed) {
                        number += 1
                        let text = "\(name) \(number)"
                        _ = try network.posts.create(by: author, text: text)
                        written.withLock { $0.append(text) }
                    }
                } catch { failures.withLock { $0.append("\(name): \(error)") } }
            }
        }
        let mover = try place.network("a")
        for target in [place.two, place.one] {
            let summary = try mover.moveShards(try mover.giving([0, 1, 2, 3], toServer: target.address.text))
            #expect(summary.longestFence < 5_000_000)
        }
        isDone.store(true, ordering: .relaxed)
        for thread in threads { thread.join() }
        #expect(failures.withLock { $0 } == [])
        let stored = try mover.posts.page(by: nil, in: .all, limit: .max).map(\.text)
        let texts = written.withLock { $0 }
        #expect(texts.count > 50)
        #expect(stored.sorted() == texts.sorted())
    }
}

#endif
