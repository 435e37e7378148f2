// A network moves into another kind of directory: everything of it is there, and nobody uses half of one.

import Formats
import SocialCore
import TestKit
import Testing

@Suite("Migrating")
struct MigrateTests {
    private let world: CommandWorld

    init() throws {
        world = try CommandWorld()
        world.prepare()
        for line in [
            "upload put \(Repository.path("fixtures/pictures/cat.png")) --by ana --caption cat",
            "video-segment cut \(Repository.path("fixtures/films/h264-aac.mp4")) --by bob --duration 500ms",
            "queue push jobs one", "notification preferences ana --off like", "analytics record user/ana --by bob",
            "post create gone --by bob", "config set feed.capacity 37", "user rename bob bob.b",
        ] {
            #expect(world.run(line).status == 0, "\(line)")
        }
        let id = world.run("post list --by bob.b --limit 1 --format ids").text.dropLast()
        #expect(world.run("post delete \(id)").status == 0)
    }

    private func json(_ outcome: CommandWorld.Outcome) throws -> JSONValue {
        #expect(outcome.status == 0, "\(outcome.errorText)")
        return try JSONReader.parse(outcome.output)
    }

    @Test("carries truth, records, settings, uploads and films, on any number of shards")
    func everything() throws {
        let before = world.run("export --with-records").text
        let summary = try json(world.run("--json migrate \(world.path("moved")) --shards 3"))
        let there = "--data \(world.path("moved"))"
        #expect(world.run("export --with-records \(there)").text == before)
        #expect(world.run("export --with-records").text == before)
        #expect(world.run("verify --deep --no-headings \(there)").text == "")
        #expect(world.run("config get feed.capacity --no-headings \(there)").text == "feed.capacity\t37\n")
        #expect(
            world.run("upload get ana/cat.png -o - \(there)").output == world.run("upload get ana/cat.png -o -").output)
        #expect(summary["shards"]?.integer == 3 && summary["lost"]?.integer == 0)
        #expect(
            summary["digest"]?.string == world.run("digest \(there)").text.split(separator: "\n").first.map(String.init)
        )
        #expect(world.run("digest \(there)").text == world.run("digest").text)
        let lines = before.split(separator: "\n").count
        #expect(summary["rows"]?.integer.map { Int($0) + Int(summary["records"]?.integer ?? 0) + 2 } == lines)
        #expect(summary["objects"]?.integer ?? 0 > 2)
        for line in ["post create on --by ana", "feed show ana", "search posts on", "video-segment verify --deep"] {
            #expect(world.run("\(line) \(there)").status == 0, "\(line)")
        }
    }

    @Test("carries uploads to an object store and back")
    func objects() throws {
        let server = try S3Server()
        world.environment.merge(server.environment) { $1 }
        let away = try json(world.run(["--json", "migrate", world.path("away"), "--objects", server.address()]))
        #expect(away["objects"]?.integer.map { Int($0) } == server.objects.count)
        #expect(away["bytes"]?.integer.map { Int($0) } == server.objects.values.reduce(0) { $0 + $1.count })
        // What lies beside it is only what was read.
        Folder.removeAll(world.path("away/shards/0000/objects"))
        let again = world.run("migrate \(world.path("again")) --data \(world.path("away")) --dry-run --json")
        let back = world.run("migrate \(world.path("back")) --data \(world.path("away")) --json")
        #expect(try json(back)["bytes"] == away["bytes"])
        #expect(try json(again)["bytes"] == away["bytes"])
        #expect(world.run("upload verify --deep --no-headings --data \(world.path("back"))").text == "")
        #expect(world.run("digest --data \(world.path("back"))").text == world.run("digest").text)
        let taken = world.run(["migrate", world.path("more"), "--objects", server.address()])
        #expect(taken.status == 73 && taken.errorText.contains("lies there already"), "\(taken.errorText)")
    }

    @Test("refuses what is not empty, and changes nothing in a trial")
    func refusals() throws {
        #expect(world.run("migrate .").status == 73)
        #expect(world.run("migrate \(world.path(".social"))").status == 73)
        let trial = try json(world.run("--json migrate \(world.path("moved")) --dry-run"))
        #expect(world.run("status --data \(world.path("moved"))").status == 66)
        let real = try json(world.run("--json migrate \(world.path("moved"))"))
        #expect(trial == real)
        #expect(world.run("migrate \(world.path("moved"))").status == 73)
        #expect(world.run("migrate \(world.path("other")) --store nowhere").status == 64)
    }

    @Test("leaves nothing behind that is taken for a network when it is interrupted")
    func interruption() throws {
        // One bit of a row in the former directory.
        StoreFixture.run("UPDATE relation SET hash = hash + 1", on: world.path(".social/shards/0000/truth.sqlite"))
        StoreFixture.run("UPDATE post SET hash = hash + 1", on: world.path(".social/shards/0000/truth.sqlite"))
        let failed = world.run("migrate \(world.path("moved"))")
        #expect(failed.status == 74 && failed.errorText.contains("remove it and run the command again"))
        for line in ["status", "user show ana", "migrate \(world.path("more"))"] {
            let outcome = world.run("\(line) --data \(world.path("moved"))")
            #expect(outcome.status == 66 && outcome.errorText.contains("is not whole"), "\(line)")
        }
        #expect(world.run("migrate \(world.path("moved"))").status == 73)
    }

    @Test("says which files of uploads are lost, and carries everything else")
    func losses() throws {
        Folder.removeAll(world.path(".social/shards/0000/objects"))
        for words in ["--dry-run", ""] {
            let outcome = world.run("--json migrate \(world.path("moved")) \(words)")
            let summary = try JSONReader.parse(outcome.output)
            #expect(outcome.status == 1 && summary["objects"]?.integer == 0 && summary["lost"]?.integer ?? 0 > 2)
        }
        #expect(world.run("digest --data \(world.path("moved"))").text == world.run("digest").text)
    }
}
