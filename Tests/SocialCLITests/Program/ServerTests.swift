// Networks whose truth is on a PostgreSQL server, for builds that have it; SOCIAL_TEST_POSTGRESQL says where one is.
#if PostgreSQL

import SocialCore
import TestKit
import Testing

@Suite("A network on a server", .enabled(if: StoreEngine.server != nil))
struct ServerTests {
    @Test(
        "shows two machines what plain arrays say, whatever is done on either", arguments: [1, 3],
        Placement.allCases)
    func simulation(shards: Int, placement: Placement) throws {
        for number in 0..<TestRun.times(2) {
            let database = try TestDatabase()
            let chance = Chance(case: 900 + number * 8 + shards + (placement == .user ? 0 : 1))
            let history = SimulatedHistory.random(60, chance)
            let found = try SimulatedHistory.difference(
                in: history, shards: shards, placement: placement, store: database.address.text)
            #expect(found == nil, "history \(number), SOCIAL_TEST_SEED=\(TestRun.seed)")
        }
    }

    /// Command lines that show what they do, without addresses and sizes.
    private static let lines = [
        "user create ada --name Ada", "user create bob", "user create cleo --bio travelling",
        "follow add ada bob", "follow add ada cleo", "follow add bob ada", "post create good-morning --by bob",
        "post create apples-and-pears --by cleo", "post create a-story --by bob --expires 1h",
        "user rename cleo cleopatra", "feed show ada", "feed show bob", "search posts apples", "search users cleo",
        "follow list ada --followers", "follow list ada", "follow block bob cleopatra", "feed show bob",
        "user show ada",
        "notification list bob", "notification mark-read bob --all", "post list --by bob",
        "analytics record page/1 --by ada",
        "analytics count page/1", "queue push jobs one", "queue pull jobs", "follow suggest ada",
        "service register web here:80",
        "service list", "config set feed.push-limit 5", "config get feed.push-limit", "user create ada",
        "follow add ada nobody", "user delete cleopatra --yes", "feed show ada", "digest", "verify", "export",
    ]

    @Test("answers every line as one in files does")
    func answers() throws {
        func answers(_ making: String) throws -> [CommandWorld.Outcome] {
            let world = try CommandWorld()
            #expect(world.run("init \(world.path(".social")) \(making)").status == 0)
            return ServerTests.lines.map { world.run("\($0) --json --data \(world.path(".social"))") }
        }
        let database = try TestDatabase()
        let expected = try answers("--shards 3")
        let found = try answers("--shards 3 --store \(database.address.text)")
        for (line, (found, expected)) in zip(ServerTests.lines, zip(found, expected)) {
            #expect(found == expected, "\(line): \(found.text)\(found.errorText) and not \(expected.text)")
        }
        #expect(expected.count { $0.status != 0 } == 2)
    }

    @Test("takes a network from files and gives it back, the same in all that is exported")
    func migrating() throws {
        let (database, empty) = (try TestDatabase(), try TestDatabase())
        let world = try CommandWorld()
        world.prepare()
        for line in ServerTests.lines { world.run(line) }
        let picture = Repository.path("fixtures/pictures/cat.png")
        #expect(world.run("upload put \(picture) --by ada").status == 0)
        let before = world.run("export --with-records").text
        let there = "--data \(world.path("there"))"
        let store = "--store \(database.address.text)"
        #expect(world.run("migrate \(world.path("there")) \(store) --shards 3").status == 0)
        #expect(world.run("export --with-records \(there)").text == before)
        #expect(world.run("verify --no-headings \(there)").text == "")
        #expect(world.run("migrate \(world.path("more")) \(store)").status == 73)
        #expect(
            world.run("migrate \(world.path("second")) --store \(empty.address.text) --shards 2 \(there)").status == 0)
        let back = world.run("migrate \(world.path("back")) --data \(world.path("second"))")
        #expect(back.status == 0, "\(back.errorText)")
        #expect(world.run("export --with-records --data \(world.path("back"))").text == before)
        #expect(world.run("upload verify --deep --no-headings --data \(world.path("back"))").text == "")
        // One more machine joins as it always does.
        #expect(world.run("init \(world.path("joined")) \(store) --shards 3").status == 0)
        #expect(world.run("digest --data \(world.path("joined"))").text == world.run("digest").text)
    }

    @Test("is made once, and found by whoever comes later")
    func joining() throws {
        let database = try TestDatabase()
        let world = try CommandWorld()
        let place = world.directory
        let store = "--store \(database.address.text)"
        #expect(world.run("init \(place)/one \(store) --shards 2").status == 0)
        #expect(world.run("user create ada --data \(place)/one").status == 0)
        #expect(world.run("init \(place)/two \(store) --json").text.contains("\"shards\":2"))
        #expect(world.run("user show ada --data \(place)/two").status == 0)
        #expect(world.run("init \(place)/three \(store) --shards 5").status == 73)
        #expect(world.run("init \(place)/one \(store) --shards 2 --json").text.contains("\"changed\":false"))
        #expect(world.run("backup create \(place)/copies --data \(place)/one").status == 69)
        #expect(world.run("shard add --data \(place)/one").status == 69)
        #expect(world.run("init \(place)/four --store postgresql://127.0.0.1:1/none").status == 69)
        #expect(world.run("init \(place)/five --store http://host").status == 64)
    }
}

#endif
