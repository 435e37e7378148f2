// Uploads of a network whose objects are in an object store: put, given out, verified, mended, collected, erased and
// backed up.

import Formats
import Foundation
import SocialCore
import TestKit
import Testing

@Suite("Uploads in an object store")
struct RemoteUploadTests {
    /// A network with ana and bob, and the store of its objects.
    private struct Scene {
        let server: S3Server
        let directory: TemporaryDirectory
        let path: String
        let context: Context
        let network: Network
        let ana: AccountRecord
        let bob: AccountRecord

        init(shards: Int = 1) throws {
            server = try S3Server()
            directory = try TemporaryDirectory()
            path = directory.file("network")
            var context = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)))
            // One attempt, so that nobody waits.
            let variables = server.environment.merging(["AWS_MAX_ATTEMPTS": "1"]) { $1 }
            context.environment = { variables[$0] }
            self.context = context
            var plan = Network.Plan(shards: shards)
            plan.objects = try S3Address(server.address())
            try Network.create(path, plan, context: context)
            network = try Network(opening: path, context: context)
            ana = try network.accounts.create(AccountDraft(handle: try Handle("ana"))).value
            bob = try network.accounts.create(AccountDraft(handle: try Handle("bob"))).value
        }

        func put(_ text: String, by author: AccountRecord? = nil) throws -> MediaRecord {
            var upload = Upload(.bytes(Array(text.utf8)), name: "\(text.prefix(4)).txt")
            upload.takesAnything = true
            return try network.uploads.put(upload, by: author ?? ana).record
        }

        func text(_ record: MediaRecord, _ network: Network? = nil) throws -> String {
            String(decoding: try (network ?? self.network).pictures.content(of: record).read(), as: UTF8.self)
        }

        func key(_ record: MediaRecord) -> String { "net/\(record.content.object.path)" }

        /// The files in which an object lies here.
        func files(_ record: MediaRecord) -> [String] {
            let name = record.content.object.path
            return (FileManager.default.subpaths(atPath: path) ?? []).filter { $0.hasSuffix(name) }
                .map { "\(path)/\($0)" }
        }

        func forget(_ record: MediaRecord) throws { for file in files(record) { try FileSystem().remove(file) } }

        /// What verification says, by code.
        func problems(isDeep: Bool = false, isRepairing: Bool = false) throws -> [String] {
            try network.verifyObjects(isDeep: isDeep, isRepairing: isRepairing).map { finding in
                "\(finding.code) \(finding.severity == .damage ? "lost" : finding.isRepaired ? "mended" : "found")"
            }
        }
    }

    @Test("are in the store, and come from it where they are not kept here", arguments: [1, 3])
    func reading(shards: Int) throws {
        let scene = try Scene(shards: shards)
        let records = try (0..<20).map { try scene.put("text \($0)") }
        #expect(Set(scene.server.objects.keys) == Set(records.map(scene.key)))
        for record in records { try scene.forget(record) }
        let again = try Network(opening: scene.path, context: scene.context)
        for (number, record) in records.enumerated() { #expect(try scene.text(record, again) == "text \(number)") }
        #expect(records.allSatisfy { scene.files($0).count == 1 })
        #expect(try scene.problems(isDeep: true) == [])
        // A picture that another program looks at, or that is decoded here.
        let picture = try scene.network.uploads.put(
            Upload(path: Repository.path("fixtures/pictures/cat.png")), by: scene.bob
        ).record
        try scene.forget(picture)
        #expect(try scene.network.pictures.metadata(of: picture)?.width == 96)
        try scene.forget(picture)
        #expect(try scene.network.pictures.rendition(of: picture, .small).type.hasPrefix("image/"))
    }

    @Test("have no row when the store did not take them")
    func failure() throws {
        let scene = try Scene()
        scene.server.fail { request, _ in request.method == "PUT" ? .status(500, code: "InternalError") : nil }
        #expect(refusal { _ = try scene.put("one") } == "object_store_unreachable")
        #expect(try scene.network.media.page(by: nil, in: .all, limit: 9).isEmpty)
        scene.server.fail(nil)
        #expect(try scene.text(scene.put("one")) == "one")
        #expect(scene.server.objects.count == 1)
    }

    @Test("are verified there, put there again from here, and from there here")
    func verification() throws {
        let scene = try Scene(shards: 2)
        let records = try (0..<5).map { try scene.put("text \($0)") }
        scene.server.objects[scene.key(records[0])] = nil
        #expect(try scene.problems() == ["object_missing found"])
        #expect(try scene.problems(isRepairing: true) == ["object_missing mended"])
        #expect(scene.server.objects[scene.key(records[0])] == Array("text 0".utf8))
        // Another byte, and the same size: only who reads it knows.
        scene.server.objects[scene.key(records[1])] = Array("text X".utf8)
        #expect(try scene.problems() == [])
        #expect(try scene.problems(isDeep: true, isRepairing: true) == ["object_damaged mended"])
        #expect(scene.server.objects[scene.key(records[1])] == Array("text 1".utf8))
        scene.server.objects[scene.key(records[1])] = Array("text".utf8)
        #expect(try scene.problems() == ["object_damaged found"])
        #expect(try scene.problems(isRepairing: true) == ["object_damaged mended"])
        // A cache may lack what it likes, but must not lie.
        try scene.forget(records[2])
        try TemporaryDirectory.write(Array("text Y".utf8), to: try #require(scene.files(records[3]).first))
        #expect(try scene.problems() == [])
        #expect(try scene.problems(isDeep: true, isRepairing: true) == ["object_damaged mended"])
        #expect(try scene.text(records[3]) == "text 3")
        // Nowhere whole.
        scene.server.objects[scene.key(records[2])] = nil
        #expect(try scene.problems(isRepairing: true) == ["object_missing lost"])
        #expect(try scene.problems(isDeep: true) == ["object_missing lost"])
        scene.server.fail { _, _ in .cut }
        #expect(refusal { _ = try scene.problems() } == "object_store_unreachable")
    }

    @Test("are removed there when nobody refers to them, as is what puts have left")
    func collection() throws {
        let scene = try Scene()
        let records = try (0..<6).map { try scene.put("text \($0)") }
        _ = try scene.network.uploads.delete(records[0].id)
        #expect(scene.server.objects.count == 5 && scene.files(records[0]).isEmpty)
        // The store was away when one was deleted.
        scene.server.fail { request, _ in request.method == "DELETE" ? .status(503, code: "SlowDown") : nil }
        _ = try scene.network.uploads.delete(records[1].id)
        scene.server.fail(nil)
        try scene.forget(records[1])
        #expect(scene.server.objects.count == 5)
        scene.server.leaveUpload(of: "net/\(records[2].content.object.path)")
        scene.server.objects["net/strange"] = [1]
        var dry = scene.context
        dry.isDryRun = true
        let asked = try Network(opening: scene.path, context: dry).uploads.keeping.collect()
        #expect(asked.objects == 1 && asked.sizeBytes == 6 && scene.server.objects.count == 6)
        let collected = try scene.network.uploads.keeping.collect()
        #expect(collected == ObjectKeeping.Collection(objects: 1, sizeBytes: 6, temporaries: 1))
        #expect(Set(scene.server.objects.keys) == Set(records[2...].map(scene.key) + ["net/strange"]))
        #expect(try records[2...].map { try scene.text($0) } == ["text 2", "text 3", "text 4", "text 5"])
    }

    @Test("leave nothing there when somebody is erased, and what others have uploaded too stays")
    func erasure() throws {
        let scene = try Scene(shards: 2)
        let mine = try scene.put("mine")
        let shared = try scene.put("both")
        let theirs = try scene.put("both", by: scene.bob)
        try scene.forget(mine)
        let erasure = try scene.network.erase(scene.ana.id)
        #expect(erasure.uploads == 2 && erasure.objects == 1)
        #expect(Array(scene.server.objects.keys) == [scene.key(shared)])
        #expect(try scene.text(theirs) == "both")
    }

    @Test("stay readable while slots move and shards go")
    func moves() throws {
        let scene = try Scene(shards: 2)
        let records = try (0..<20).map { try scene.put("text \($0)") }
        _ = try scene.network.addShard(weight: 1, in: nil)
        _ = try scene.network.removeShard(0)
        for (number, record) in records.enumerated() { #expect(try scene.text(record) == "text \(number)") }
        #expect(try scene.problems(isDeep: true) == [])
        #expect(scene.server.objects.count == 20)
    }

    @Test("are in backups, which are brought back without the store")
    func backups() throws {
        let scene = try Scene()
        let records = try (0..<5).map { try scene.put("text \($0)") }
        for record in records.prefix(3) { try scene.forget(record) }
        let backups = Backups(in: scene.directory.file("backups"), context: scene.context)
        let made = try backups.create(of: scene.network)
        #expect(made.record.objects.count == 5)
        let before = scene.server.objects
        let target = scene.directory.file("restored")
        try backups.restore(to: target)
        let restored = try Network(opening: target, context: scene.context)
        #expect(restored.manifest.objects == nil)
        for (number, record) in records.enumerated() { #expect(try scene.text(record, restored) == "text \(number)") }
        _ = try restored.uploads.delete(records[0].id)
        #expect(scene.server.objects == before)
    }

    @Test("say so in the manifest, which older programs refuse")
    func manifest() throws {
        let scene = try Scene()
        let bytes = try FileSystem().contents(of: DataDirectory.manifestPath(scene.path))
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(text.contains("\"format\": 2") && text.contains("\"objects\": \"\(scene.server.address())\""))
        #expect(!text.contains(scene.server.secretKey) && !text.contains(scene.server.accessKey))
        var manifest = scene.network.manifest
        #expect(try Manifest.decode(manifest.encoded, of: "x") == manifest)
        manifest.objects = nil
        #expect(String(decoding: manifest.encoded, as: UTF8.self).contains("\"format\": 1"))
    }

    @Test("need nobody to be asked before one is wanted")
    func laziness() throws {
        let scene = try Scene()
        scene.server.fail(nil)
        var context = scene.context
        context.environment = { _ in nil }
        let network = try Network(opening: scene.path, context: context)
        #expect(try network.accounts.named(Handle("ana")).id == scene.ana.id)
        #expect(try network.media.page(by: nil, in: .all, limit: 9).isEmpty)
        #expect(scene.server.takeRequests().isEmpty)
        var upload = Upload(.bytes([1]), name: "x")
        upload.takesAnything = true
        #expect(refusal { _ = try network.uploads.put(upload, by: scene.ana) } == "no_credentials")
    }
}
