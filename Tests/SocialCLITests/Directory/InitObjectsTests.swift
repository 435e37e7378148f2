// Command lines on a directory whose uploads are in an object store.

import SocialCore
import TestKit
import Testing

@Suite("Command lines before an object store")
struct InitObjectsTests {
    private let server: S3Server
    private let world: CommandWorld

    init() throws {
        server = try S3Server()
        world = try CommandWorld()
        world.environment = server.environment.merging(["AWS_MAX_ATTEMPTS": "1"]) { $1 }
    }

    private func make() {
        #expect(world.run(["init", world.path(".social"), "--objects", server.address()]).status == 0)
        world.run("user create ana")
    }

    @Test("a directory is made, says where its uploads are, and is the same when it is made again")
    func making() throws {
        let dry = world.run(["init", world.path(".social"), "--objects", server.address(), "--dry-run"])
        #expect(dry.status == 0 && server.takeRequests().isEmpty)
        make()
        #expect(world.run("status --fields objects --no-headings").text == "\(server.address())\n")
        #expect(world.run(["init", world.path(".social"), "--objects", server.address()]).status == 0)
        let other = world.run(["init", world.path(".social"), "--objects", server.address(prefix: "other")])
        #expect(other.status == 73 && other.errorText.contains("--objects \(server.address())"))
        #expect(world.run(["init", world.path(".social")]).status == 73)
        #expect(world.run("verify").status == 0)
    }

    @Test("a place in which something lies, a bucket that is not there and a store that is away make none")
    func refusals() throws {
        func outcome(_ address: String) -> (status: Int32, text: String) {
            let outcome = world.run(["init", world.path("new"), "--objects", address])
            return (outcome.status, outcome.errorText)
        }
        server.objects["net/x"] = [1]
        #expect(outcome(server.address()).status == 73)
        #expect(outcome("s3://other?endpoint=\(server.endpoint)").status == 67)
        let away = outcome("s3://media?endpoint=http://127.0.0.1:1")
        #expect(away.status == 75 && away.text.contains("refused"), "\(away.text)")
        world.environment["AWS_SECRET_ACCESS_KEY"] = "another"
        let refused = outcome(server.address(prefix: "new"))
        #expect(refused.status == 77 && refused.text.contains("secret key") && !refused.text.contains("another"))
        world.environment = [:]
        #expect(outcome(server.address()).status == 78)
        #expect(world.run(["status", "--data", world.path("new")]).status == 66)
    }

    @Test("an upload goes there, comes back without what is kept here, is verified, collected and erased")
    func uploads() throws {
        make()
        let cat = Repository.path("fixtures/pictures/cat.png")
        #expect(world.run(["upload", "put", cat, "--by", "ana"]).status == 0)
        #expect(server.objects.count == 1)
        Folder.removeAll(world.path(".social/shards/0000/objects"))
        #expect(world.run("upload get ana/cat.png -o -").output == (try FileSystem().contents(of: cat)))
        #expect(world.run("upload verify --deep").status == 0)
        let kept = server.objects
        server.objects = [:]
        #expect(world.run("upload verify").status == 1)
        #expect(world.run("upload verify --repair").status == 0)
        #expect(server.objects == kept)
        server.fail { _, _ in .status(503, code: "SlowDown") }
        let away = world.run(["upload", "put", Repository.path("fixtures/pictures/420.jpg"), "--by", "ana"])
        #expect(away.status == 75 && away.errorText.contains("answers 503"))
        // Whatever needs no upload asks nobody.
        server.fail(nil)
        world.run("post create hello --by ana")
        world.run("feed show ana")
        #expect(world.run("upload list --format ids").text.utf8.count > 1 && server.takeRequests().isEmpty)
        #expect(world.run("user delete ana --erase --yes").status == 0)
        #expect(server.objects.isEmpty)
    }

    @Test("a film is cut, streamed from there and verified")
    func films() throws {
        make()
        let film = Repository.path("fixtures/films/h264-aac.mp4")
        #expect(world.run(["video-segment", "cut", film, "--by", "ana", "--duration", "500ms"]).status == 0)
        let count = server.objects.count
        #expect(count > 2)
        Folder.removeAll(world.path(".social/shards/0000/objects"))
        #expect(world.run("video-segment verify").status == 0)
        #expect(world.run("upload gc").status == 0 && server.objects.count == count)
    }
}
