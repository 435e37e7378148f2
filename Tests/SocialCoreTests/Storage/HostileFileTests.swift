// Files that others have made to be read here: archives, tables, backups and databases that name places, lie or are of
// chance.

import Formats
import GRDB
import Glibc
import TestKit
import Testing

@testable import SocialCore

@Suite("Files of strangers")
struct HostileFileTests {
    private let world: CommandWorld

    init() throws {
        world = try CommandWorld()
        world.prepare()
    }

    /// Everything below a folder, each path with its size.
    private func contents(of folder: String) throws -> [String] {
        let files = FileSystem()
        return try files.names(in: folder).flatMap { name in
            let path = "\(folder)/\(name)"
            let isInner = files.isDirectory(path) && !files.isLink(path)
            return isInner ? try contents(of: path) : ["\(path) \(files.size(of: path))"]
        }
    }

    @Test("A row of very many columns costs no more than a line may")
    func columns() {
        for (count, says) in [(400_000, "longer than"), (100_000, "c")] {
            let heading = "text,author" + String(repeating: ",c", count: count) + "\nhello,ana\n"
            let outcome = world.run(["post", "import", "-", "--from", "csv"], input: Array(heading.utf8))
            #expect(outcome.status == 65, "\(outcome.errorText.prefix(200))")
            #expect(outcome.errorText.contains(says) && outcome.errorText.utf8.count < 1_000)
        }
        let keys = (0..<40_000).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(world.run("user import -", input: "{\"handle\":\"x\",\(keys)}\n").status == 65)
    }

    @Test("An archive with names of other places and with links brings in nothing but its own files")
    func archives() throws {
        let picture = try FileSystem().contents(of: Repository.path("fixtures/pictures/cat.png"))
        let outside = world.path("outside")
        try FileSystem().makeDirectory(outside)
        let names = [
            "../outside/media_attachments/a.png", "\(outside)/media_attachments/b.png",
            "media_attachments/../../outside/c.png", "media_attachments/d.png",
        ]
        let posts = names.enumerated().map { number, name in
            """
            {"type":"Create","published":"2020-01-01T00:00:0\(number)Z","to":\
            ["https://www.w3.org/ns/activitystreams#Public"],"object":{"type":"Note",\
            "id":"https://a/\(number)","content":"<p>\(number)</p>","published":"2020-01-01T00:00:0\(number)Z",\
            "to":["https://www.w3.org/ns/activitystreams#Public"],"attachment":[{"type":"Document","url":"/\(name)"}]}}
            """
        }
        var tar = TarBuilder()
        tar.add("../outbox.json", Array("{\"orderedItems\":[\(posts.joined(separator: ","))]}".utf8))
        for name in names.dropLast() { tar.add(name, picture) }
        tar.add("media_attachments/d.png", kind: "2")
        tar.add("media_attachments/d.png", kind: "1")
        tar.add("media_attachments/e.png", kind: "3")
        try TemporaryDirectory.write(tar.finished, to: world.path("archive.tar"))
        let before = try FileSystem().names(in: world.directory)
        let outcome = world.run("post import \(world.path("archive.tar")) --by ana --from mastodon")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try FileSystem().names(in: world.directory) == before)
        #expect(try contents(of: outside) == [])
        let uploads = world.run("upload list --fields name --format tsv --no-headings").text.split(separator: "\n")
        #expect(uploads.allSatisfy { !$0.contains("/") } && !uploads.isEmpty && uploads.count <= 3, "\(uploads)")
        // Of an archive that was unpacked, links are not followed.
        let folder = world.path("unpacked")
        for path in [folder, "\(folder)/media_attachments"] { try FileSystem().makeDirectory(path) }
        try TemporaryDirectory.write(
            Array("{\"orderedItems\":[\(posts[3].replacing("https://a/3", with: "https://a/9"))]}".utf8),
            to: "\(folder)/outbox.json")
        #expect(symlink(Repository.path("fixtures/pictures/420.jpg"), "\(folder)/media_attachments/d.png") == 0)
        let again = world.run("post import \(folder) --by ana --from mastodon --json")
        #expect(again.status == 0 && again.errorText.contains("attachments"), "\(again.text) \(again.errorText)")
        #expect(world.run("upload list --format ids").text.split(separator: "\n").count == uploads.count)
    }

    @Test("A film that is cut into a folder does not follow what others have put there")
    func films() throws {
        let film = Repository.path("fixtures/films/h264-aac.mp4")
        let plain = world.path("plain")
        #expect(world.run("video-segment cut \(film) -o \(plain)").status == 0)
        let track = try #require(
            try FileSystem().names(in: plain).first { FileSystem().isDirectory("\(plain)/\($0)") })
        let file = try #require(try FileSystem().names(in: "\(plain)/\(track)").first { $0.hasSuffix(".mp4") })
        let mine = world.path("mine")
        try FileSystem().makeDirectory(mine)
        try TemporaryDirectory.write([1, 2, 3], to: "\(mine)/kept")
        let before = try contents(of: mine)
        for (number, trap) in [".work", track, "\(track)/\(file)"].enumerated() {
            let folder = world.path("folder\(number)")
            try FileSystem().makeDirectory(folder)
            if trap != ".work" { try FileSystem().makeDirectory("\(folder)/.work") }
            if trap.contains("/") { try FileSystem().makeDirectory("\(folder)/\(track)") }
            let aim = trap.contains("/") ? "\(mine)/kept" : mine
            #expect(symlink(aim, "\(folder)/\(trap)") == 0)
            let outcome = world.run("video-segment cut \(film) -o \(folder)")
            #expect(outcome.status == 77, "\(trap): \(outcome.text) \(outcome.errorText)")
            #expect(try contents(of: mine) == before, "\(trap)")
        }
    }

    @Test("The name of an upload is never a place")
    func names() throws {
        let picture = Repository.path("fixtures/pictures/cat.png")
        for name in ["..", ".", "../x.png", "/etc/x.png", "a/b.png", "", String(repeating: "x", count: 256)] {
            let outcome = world.run(["upload", "put", picture, "--by", "ana", "--name", name])
            #expect([64, 65].contains(outcome.status), "\(name): \(outcome.text) \(outcome.errorText)")
        }
        #expect(world.run(["upload", "put", picture, "--by", "ana", "--name", "..\\x;y z.png"]).status == 0)
        let paths = try contents(of: world.path(".social"))
        #expect(!paths.contains { $0.contains("y z") })
        #expect(paths.contains { $0.contains("/objects/") })
    }

    @Test("A backup that names other places is refused, and nothing is written")
    func backups() throws {
        #expect(world.run("backup create \(world.path("backups"))").status == 0)
        let folder = world.path("backups/backups")
        let name = try #require(try FileSystem().names(in: folder).first)
        let bytes = try FileSystem().contents(of: "\(folder)/\(name)")
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        let names = try FileSystem().names(in: world.directory)
        for (old, new) in [
            ("\"file\":\"shards/", "\"file\":\"../shards/"), ("\"file\":\"shards/", "\"file\":\"/shards/"),
            ("shards/0000/truth.sqlite", "shards/../../truth.sqlite"), ("\"file\":\"shards/", "\"file\":\"shards//"),
        ] {
            var changed = lines.dropLast().map { $0.replacing(old, with: new) }.joined(separator: "\n") + "\n"
            #expect(changed != lines.dropLast().joined(separator: "\n") + "\n")
            changed += "{\"sha256\":\"\(ObjectHash(of: Array(changed.utf8)))\"}\n"
            try TemporaryDirectory.write(Array(changed.utf8), to: "\(folder)/\(name)")
            let outcome = world.run("backup restore \(world.path("backups")) \(world.path("again/deep"))")
            #expect(outcome.errorText.contains("is damaged"), "\(new): \(outcome.errorText)")
            #expect(outcome.status == 74 && !FileSystem().exists(world.path("again")), "\(outcome.status)")
        }
        #expect(try FileSystem().names(in: world.directory) == names)
    }

    @Test("What a removed folder leads to stays")
    func removal() throws {
        let files = FileSystem()
        let mine = world.path("mine")
        for path in [mine, world.path("tree"), world.path("tree/inner")] { try files.makeDirectory(path) }
        try TemporaryDirectory.write([1], to: "\(mine)/kept")
        #expect(symlink(mine, world.path("tree/folder")) == 0 && symlink("\(mine)/kept", world.path("tree/file")) == 0)
        #expect(symlink(mine, world.path("tree/inner/again")) == 0)
        try files.removeTree(world.path("tree"))
        #expect(!files.exists(world.path("tree")))
        #expect(try contents(of: mine) == ["\(mine)/kept 1"])
    }

    @Test("A database is opened so that its schema can do nothing and its pages are not believed")
    func databases() throws {
        let path = "\(DataDirectory.shardPath(world.path(".social"), shard: 0))/truth.sqlite"
        let connection = try SQLiteConnection(path: path, mode: .readWrite, busyMilliseconds: 1_000)
        func number(_ sql: String) throws -> Int? { try connection.perform { try Int.fetchOne($0, sql: sql) } }
        #expect(try number("PRAGMA trusted_schema") == 0)
        #expect(try number("PRAGMA cell_size_check") == 1)
        #expect(try number("PRAGMA mmap_size") ?? 0 == 0)
        #expect(throws: (any Error).self) { try number("SELECT load_extension('libm.so.6')") }
        #expect(throws: (any Error).self) {
            try connection.perform {
                try $0.execute(
                    sql: "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = '' WHERE name = 'post'")
            }
        }
        // A schema may not use what reaches out of the file.
        try connection.perform { try $0.execute(sql: "CREATE VIEW bait AS SELECT load_extension('x') AS y") }
        #expect(throws: (any Error).self) { try number("SELECT y FROM bait") }
        #expect(world.run("post list --format ids").status == 0)
    }

    @Test("A database with pages of chance is an error or an answer, and never a crash")
    func pages() throws {
        let chance = Chance("pages of chance")
        let data = world.path(".social")
        let truth = "\(DataDirectory.shardPath(data, shard: 0))/truth.sqlite"
        for number in 0..<40 { world.run(["post", "create", "post \(number)", "--by", "ana"]) }
        let connection = try SQLiteConnection(path: truth, mode: .readWrite, busyMilliseconds: 1_000)
        #expect(try connection.truncateLog(busyMilliseconds: 1_000))
        let whole = try FileSystem().contents(of: truth)
        for _ in 0..<TestRun.times(12) {
            let copy = world.path("copy")
            try TemporaryDirectory.copy(data, to: copy)
            var bytes = whole
            for _ in 0...chance.below(3) {
                let start = chance.below(bytes.count)
                for place in start..<min(bytes.count, start + 1 + chance.below(600)) {
                    bytes[place] = UInt8(truncatingIfNeeded: chance.next())
                }
            }
            try TemporaryDirectory.write(bytes, to: truth.replacing(data, with: copy))
            for line in ["post list --limit 50", "user list", "feed show bob", "verify", "post create x --by ana"] {
                let outcome = world.run("--data \(copy) \(line)")
                #expect(outcome.status != 70, "\(line): \(outcome.errorText)")
            }
            TemporaryDirectory.remove(copy)
        }
    }
}
