// Files that are uploaded, found, given out, healed, moved and collected.

import Formats
import Foundation
import SocialCore
import TestKit
import Testing

@Suite("Uploads")
struct UploadTests {
    /// A network in a directory of its own, with ana and bob.
    private struct Scene {
        let directory: TemporaryDirectory
        let path: String
        let network: Network
        let ana: AccountRecord
        let bob: AccountRecord

        init(shards: Int = 1, replicas: [String] = [], context given: Context? = nil) throws {
            directory = try TemporaryDirectory()
            let context = given ?? Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)))
            path = directory.file("network")
            var plan = Network.Plan(shards: shards)
            if !replicas.isEmpty {
                plan.replication = try Replication(places: replicas.map(directory.file))
            }
            try Network.create(path, plan, context: context)
            network = try Network(opening: path, context: context)
            ana = try network.accounts.create(AccountDraft(handle: try Handle("ana"))).value
            bob = try network.accounts.create(AccountDraft(handle: try Handle("bob"))).value
        }

        /// Uploads bytes that are no picture.
        func put(_ text: String, by author: AccountRecord? = nil) throws -> Uploads.Outcome {
            try network.uploads.put(UploadTests.file(text), by: author ?? ana)
        }

        func bytes(_ record: MediaRecord) throws -> [UInt8] { try network.pictures.content(of: record).read() }

        /// The files in which an object lies, in all folders of the directory and the replicas.
        func files(of record: MediaRecord) -> [String] {
            let name = record.content.object.path
            return (FileManager.default.subpaths(atPath: directory.path) ?? []).filter { $0.hasSuffix(name) }
                .map { "\(directory.path)/\($0)" }.sorted()
        }
    }

    private static func file(_ text: String) -> Upload {
        var upload = Upload(.bytes(Array(text.utf8)), name: "\(text.prefix(4)).txt")
        upload.takesAnything = true
        return upload
    }

    private static func picture(_ name: String) -> Upload {
        Upload(path: Repository.path("fixtures/pictures/\(name)"))
    }

    // MARK: Putting

    @Test("are stored once, whoever uploads them, and say what they are")
    func deduplication() throws {
        let scene = try Scene()
        let first = try scene.network.uploads.put(Self.picture("cat.png"), by: scene.ana)
        #expect(first.isNew && !first.isDuplicate)
        let content = first.record.content
        #expect(content.type == "image/png" && content.name == "cat.png")
        #expect(content.width == 96 && content.height == 72 && content.frames == 1)
        #expect(content.look?.likeness.count == 32 && content.look?.blur.utf8.count == 32)
        let again = try scene.network.uploads.put(Self.picture("cat.png"), by: scene.ana)
        #expect(!again.isNew && again.isDuplicate && again.record == first.record)
        let other = try scene.network.uploads.put(Self.picture("cat.png"), by: scene.bob)
        #expect(other.isNew && other.isDuplicate && other.record.content.object == content.object)
        #expect(try scene.network.media.references(to: content.object) == 2)
        #expect(scene.files(of: first.record).count == 1)
        #expect(try scene.network.media.named("cat.png", by: scene.bob) == other.record)
        #expect(try [first.record, other.record].contains(scene.network.media.named(content.object)))
        #expect(try scene.network.verify() == [])
    }

    @Test("many at once, in their order, on any number of shards", arguments: [1, 3])
    func many(shards: Int) throws {
        let scene = try Scene(shards: shards)
        var records: [MediaRecord] = []
        let texts = (0..<300).map { "text \($0)" }
        try scene.network.uploads.put(texts.map(Self.file), by: scene.ana) { _, result in
            records.append(try result.get().record)
        }
        let read = try records.map { String(decoding: try scene.bytes($0), as: UTF8.self) }
        #expect(read == texts)
        #expect(try scene.network.media.page(by: scene.ana.id, in: .all, limit: .max) == records.reversed())
        #expect(try scene.network.verifyObjects(isDeep: true) == [])
        let folders = records.flatMap { scene.files(of: $0).map { $0.split(separator: "/objects/")[0] } }
        #expect(folders.count == 300 && Set(folders).count == shards)
    }

    @Test("without what they tell of their makers, unless that is asked for")
    func stripping() throws {
        let scene = try Scene()
        let comment = Array("secret of the maker".utf8)
        var bytes = try FileSystem().contents(of: Repository.path("fixtures/pictures/420.jpg"))
        bytes.insert(contentsOf: [0xFF, 0xFE, 0, UInt8(comment.count + 2)] + comment, at: 2)
        var upload = Upload(.bytes(bytes), name: "a.jpg")
        let stripped = try scene.network.uploads.put(upload, by: scene.ana).record
        #expect(!(try scene.bytes(stripped)).contains(comment))
        upload.keepsMetadata = true
        let kept = try scene.network.uploads.put(upload, by: scene.ana).record
        #expect(try scene.bytes(kept) == bytes)
        #expect(kept.content.look == stripped.content.look)
    }

    @Test("only what is a picture or film, whole and not too large, unless anything is taken")
    func refusals() throws {
        let scene = try Scene()
        let whole = try FileSystem().contents(of: Repository.path("fixtures/pictures/cat.png"))
        var bomb = whole
        // The header of a PNG picture says how large it is, and has a checksum.
        bomb.replaceSubrange(16..<24, with: [0, 1, 0x86, 0xA0, 0, 1, 0x86, 0xA0])
        for (bytes, code) in [
            (Array("hello".utf8), "not_media"), (Array(whole.prefix(whole.count / 2)), "not_media"),
            (bomb, "file_too_large"), ([], "not_media"),
        ] {
            var upload = Upload(.bytes(bytes), name: "x.png")
            #expect(refusal { _ = try scene.network.uploads.put(upload, by: scene.ana) } == code)
            upload.takesAnything = true
            let record = try scene.network.uploads.put(upload, by: scene.ana).record
            #expect(record.content.type == "application/octet-stream" && record.content.width == nil)
            #expect(try scene.bytes(record) == bytes)
        }
        for name in ["", "a/b", "..", String(repeating: "x", count: 256)] {
            var upload = Self.file("x")
            upload.name = name
            #expect(refusal { _ = try scene.network.uploads.put(upload, by: scene.ana) } == "bad_name")
        }
        #expect(try scene.network.media.page(by: nil, in: .all, limit: .max).count == 4)
    }

    @Test("up to a bad one, or without it")
    func badFiles() throws {
        let scene = try Scene()
        var bad = Self.file("bad")
        bad.takesAnything = false
        let files = [Self.file("one"), bad, Self.file("two"), Self.file("three")]
        for (ends, expected) in [(true, ["one.txt", "-"]), (false, ["one.txt", "-", "two.txt", "thre.txt"])] {
            var names: [String] = []
            try scene.network.uploads.put(files, by: scene.ana, endsAtFailure: ends) { _, result in
                names.append((try? result.get().record.content.name) ?? "-")
            }
            #expect(names == expected)
            #expect(try scene.network.media.page(by: nil, in: .all, limit: .max).count == (ends ? 1 : 3))
        }
        #expect(try scene.network.uploads.keeping.collect() == .init())
    }

    @Test("once under a key, and not for another file")
    func keys() throws {
        let scene = try Scene()
        let first = try scene.network.uploads.put(Self.file("one"), by: scene.ana, idempotencyKey: "k")
        let again = try scene.network.uploads.put(Self.file("one"), by: scene.ana, idempotencyKey: "k")
        #expect(again.record == first.record && !again.isNew)
        let other = refusal { _ = try scene.network.uploads.put(Self.file("two"), by: scene.ana, idempotencyKey: "k") }
        #expect(other == "key_reused")
        #expect(try scene.network.media.named(key: "k", of: scene.ana.id) == first.record)
        // What was stored for the refused one is collected.
        #expect(try scene.network.uploads.keeping.collect().objects == 1)
        #expect(try scene.network.verify() == [])
    }

    // MARK: Reading

    @Test("in parts, and never what is damaged; putting them again heals them")
    func damage() throws {
        let scene = try Scene()
        let text = String(repeating: "0123456789", count: 20_000)
        let record = try scene.put(text).record
        let object = try scene.network.pictures.content(of: record)
        #expect(try object.read(70_000..<70_010) == Array("0123456789".utf8))
        let path = try #require(scene.files(of: record).first)
        var bytes = try FileSystem().contents(of: path)
        bytes[150_000] ^= 1
        try FileSystem().overwrite(path, with: bytes)
        #expect(refusal { _ = try scene.bytes(record) } == "damaged")
        // Blocks that are whole are given out.
        #expect(try scene.network.pictures.content(of: record).read(0..<10) == Array("0123456789".utf8))
        #expect(try scene.network.verifyObjects(isDeep: false) == [])
        #expect(try scene.network.verifyObjects(isDeep: true).map(\.code) == ["object_damaged"])
        #expect(try scene.put(text).isNew == false)
        #expect(try scene.bytes(record) == Array(text.utf8))
        try FileSystem().remove(path)
        #expect(refusal { _ = try scene.bytes(record) } == "no_such_file")
        #expect(try scene.network.verify().map(\.code) == ["object_missing"])
    }

    @Test("in three sizes, which are made again when they are damaged")
    func sizes() throws {
        let scene = try Scene()
        let record = try scene.network.uploads.put(Self.picture("cat.png"), by: scene.ana).record
        let small = try scene.network.pictures.rendition(of: record, .small)
        let decoded = try Picture.decode(small.bytes).picture
        #expect(decoded.width == 96 && decoded.height == 72)
        let folder = "\(scene.path)/shards/0000/thumbnails"
        let kept = try #require(FileManager.default.subpaths(atPath: folder)?.first { $0.hasSuffix("-small") })
        for offset in [0, 100, 300] {
            var bytes = try FileSystem().contents(of: "\(folder)/\(kept)")
            bytes[offset] ^= 0x10
            try FileSystem().overwrite("\(folder)/\(kept)", with: bytes)
            #expect(try scene.network.pictures.rendition(of: record, .small).bytes == small.bytes)
        }
        let original = try scene.network.pictures.rendition(of: record, .original)
        let whole = try scene.bytes(record)
        #expect(original.bytes == whole)
        _ = try scene.network.uploads.delete(record.id)
        #expect(FileManager.default.subpaths(atPath: folder)?.contains(kept) == false)
        let text = try scene.put("hello").record
        #expect(refusal { _ = try scene.network.pictures.rendition(of: text, .small) } == "not_media")
    }

    // MARK: Deleting

    @Test("go when nobody refers to them any more, and not before")
    func collection() throws {
        let scene = try Scene(shards: 2)
        let mine = try scene.put("shared").record
        let other = try scene.put("shared", by: scene.bob).record
        _ = try scene.network.uploads.delete(mine.id)
        #expect(try scene.bytes(other) == Array("shared".utf8))
        #expect(refusal { _ = try scene.network.uploads.delete(other.id, by: scene.ana.id) } == "not_the_author")
        _ = try scene.network.uploads.delete(other.id)
        #expect(scene.files(of: other).isEmpty)
        #expect(try scene.network.uploads.delete(other.id) == nil)
        // In a group nothing is removed before it is committed.
        let last = try scene.put("last").record
        scene.network.router.beginGroup()
        _ = try scene.network.uploads.delete(last.id)
        try scene.network.router.endGroup()
        #expect(scene.files(of: last).count == 1)
        let incoming = FileSystem.parent(of: FileSystem.parent(of: try #require(scene.files(of: last).first)))
        try FileSystem().overwrite("\(incoming)/incoming/left", with: [1, 2, 3])
        let collection = try scene.network.uploads.keeping.collect()
        #expect(collection == .init(objects: 1, sizeBytes: 4, temporaries: 1))
        #expect(try scene.network.uploads.keeping.collect() == .init())
        // Those of an account that is deleted.
        let orphan = try scene.put("orphan").record
        _ = try scene.network.accounts.delete(scene.ana.handle)
        #expect(refusal { _ = try scene.network.media.named(orphan.id) } == "no_such_media")
        #expect(try scene.network.uploads.keeping.collect().objects == 1)
        #expect(try scene.network.verify() == [])
    }

    @Test("stay while somebody puts them, and what is put waits for the collection")
    func holding() throws {
        var context = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)))
        context.lockWaitMilliseconds = 20
        let scene = try Scene(context: context)
        _ = try scene.put("x")
        let other = try Network(opening: scene.path, context: context)
        scene.network.router.beginGroup()
        _ = try scene.put("y")
        // Its row is not committed, so nobody could know that it is needed.
        #expect(refusal { _ = try other.uploads.keeping.collect() } == "busy")
        try scene.network.router.endGroup()
        #expect(try other.uploads.keeping.collect() == .init())
        try other.objectStore().exclusively {
            #expect(refusal { _ = try scene.put("z") } == "busy")
        }
        #expect(try scene.network.verify() == [])
    }

    // MARK: Moving

    @Test("follow their slots to shards that come, and leave those that go")
    func moving() throws {
        let scene = try Scene()
        let records = try (0..<60).map { try scene.put("text \($0)").record }
        _ = try scene.network.addShard(weight: 1, in: nil)
        _ = try scene.network.addShard(weight: 1, in: scene.directory.file("disk"))
        let network = try Network(opening: scene.path, context: scene.network.context)
        for (index, record) in records.enumerated() {
            #expect(try network.pictures.content(of: record).read() == Array("text \(index)".utf8))
            let shard = network.router.shard(of: Slot(of: record.content.object))
            #expect(scene.files(of: record).count == 1)
            let home = DataDirectory.objectsPath(scene.path, shard: shard) + "/\(record.content.object.path)"
            #expect(FileSystem().exists(home))
        }
        #expect(try network.verifyObjects(isDeep: true) == [])
        _ = try network.removeShard(0)
        _ = try network.removeShard(2)
        for (index, record) in records.enumerated() {
            #expect(try network.pictures.content(of: record).read() == Array("text \(index)".utf8))
        }
        #expect(try network.verify() == [])
        #expect(try network.uploads.keeping.collect() == .init())
    }

    @Test("lie with each replica, are read from there, and repaired from there")
    func replicas() throws {
        let scene = try Scene(shards: 2, replicas: ["one", "two"])
        let records = try (0..<12).map { try scene.put("text \($0)").record }
        for record in records { #expect(scene.files(of: record).count == 3) }
        func contents() throws -> [[UInt8]] { try records.map { try scene.bytes($0) } }
        let expected = (0..<12).map { Array("text \($0)".utf8) }
        for (index, record) in records.enumerated() {
            let own = try #require(scene.files(of: record).first { $0.contains("/network/") })
            if index % 2 == 0 { try FileSystem().remove(own) } else { try FileSystem().overwrite(own, with: [9]) }
        }
        #expect(try contents() == expected)
        let findings = try scene.network.verifyObjects(isDeep: false)
        #expect(findings.count == 12 && findings.allSatisfy { $0.severity == .stale && $0.repair != nil })
        #expect(try scene.network.verifyObjects(isDeep: true, isRepairing: true).count == 12)
        #expect(try scene.network.verifyObjects(isDeep: true) == [])
        // A replica that is lost comes back with everything; a new one gets everything.
        try FileSystem().removeTree(scene.directory.file("two/shards"))
        _ = try scene.network.repairReplicas(nil)
        _ = try scene.network.addReplica(scene.directory.file("three"))
        for record in records { #expect(scene.files(of: record).count == 4) }
        #expect(try scene.network.verifyObjects(isDeep: true) == [])
        // And the whole directory from its replicas.
        let places = ["one", "two", "three"].map(scene.directory.file)
        let recovered = scene.directory.file("recovered")
        try Network.recover(recovered, from: places, context: scene.network.context)
        let network = try Network(opening: recovered, context: scene.network.context)
        #expect(try records.map { try network.pictures.content(of: $0).read() } == expected)
        #expect(try network.verifyObjects(isDeep: true) == [])
    }

    // MARK: Archives

    @Test("come with the posts of an archive", arguments: Placement.allCases)
    func archives(placement: Placement) throws {
        let scene = try Scene()
        let cat = try FileSystem().contents(of: Repository.path("fixtures/pictures/cat.png"))
        let posts = (0..<3).map { number in
            """
            {"type":"Create","object":{"type":"Note","id":"https://a/\(number)",
            "published":"2019-05-06T07:08:0\(number)Z","to":"as:Public",
            "content":"\(number == 2 ? "" : "post \(number)")","attachment":[
            {"url":"/media_attachments/files/\(number).png","name":"cat \(number)"}]}}
            """
        }
        var zip = ZipBuilder()
        zip.add("outbox.json", Array("{\"orderedItems\":[\(posts.joined(separator: ","))]}".utf8))
        zip.add("archive/media_attachments/files/1.png", cat)
        zip.add("archive/media_attachments/files/2.png", cat)
        zip.add("archive/media_attachments/files/0.png", Array("no picture".utf8))
        let input = InputFile(name: "a.zip", bytes: zip.finished())
        func run() throws -> ArchiveImport.Summary {
            try ArchiveImport(.mastodon, author: scene.ana).run(
                .file(input), BadRows(.stop, file: "a.zip"), posts: scene.network.posts
            ) { try scene.network.uploads.put($0, by: scene.ana) }
        }
        let summary = try run()
        #expect(summary.posts == 3 && summary.media == 2 && summary.missingMedia == 1)
        let made = try scene.network.posts.page(by: nil, in: .all, limit: .max)
        #expect(made.map(\.text) == ["", "post 1", "post 0"])
        let media = try scene.network.posts.media(of: made)
        #expect(media.map { $0.map(\.content.alt) } == [["cat 2"], ["cat 1"], []])
        #expect(media[0].first?.id.time == made[0].id.time)
        #expect(try run().present == 3)
        #expect(try scene.network.media.page(by: nil, in: .all, limit: .max).count == 2)
    }
}
