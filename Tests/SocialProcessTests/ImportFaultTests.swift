// Imports that are stopped at every change that they make, or killed, and then repeated: exactly the file's posts,
// once.

import Formats
import Glibc
import SocialCore
import TestKit
import Testing

@Suite("Stopped imports", .serialized)
struct ImportFaultTests {
    private static let now = Timestamp(milliseconds: 1_780_000_000_000)
    private static let rows = 30
    /// A post a line, with a line that is none.
    private static let input = InputFile(
        name: "posts", bytes: Array((0..<rows).map { $0 == 11 ? "\u{0}\n" : "post \($0)\n" }.joined().utf8))
    private static let texts = (0..<rows).filter { $0 != 11 }.map { "post \($0)" }.sorted()

    private func context(_ tap: (any FileTap)? = nil) -> Context {
        Context(
            clock: .fixed(Self.now), random: .seeded(SeededGenerator(seed: 1)), lockWaitMilliseconds: 0, fileTap: tap)
    }

    private func run(_ directory: String, _ tap: (any FileTap)? = nil) throws -> PostImport.Summary {
        let network = try Network(opening: directory, context: context(tap))
        var work = PostImport(form: .text, authors: .all, overMilliseconds: 3_600_000)
        work.batchRows = 4
        return try work.run(
            Self.input, BadRows(.skip, file: Self.input.name), accounts: network.accounts, posts: network.posts)
    }

    private func texts(in directory: String) throws -> [String] {
        let network = try Network(opening: directory, context: context())
        return try network.posts.page(by: nil, in: .all, limit: .max).map(\.text).sorted()
    }

    @Test(
        "An import that fails at any change goes on where it stopped", arguments: FaultInjector.Fault.allCases,
        [(1, Placement.user), (3, .user), (3, .post)])
    func everyChange(fault: FaultInjector.Fault, network: (shards: Int, placement: Placement)) throws {
        let scene = try Folder()
        let base = "\(scene.path)/base"
        let plan = Network.Plan(shards: network.shards, placement: network.placement)
        try Network.create(base, plan, context: context())
        let made = try Network(opening: base, context: context())
        for name in ["ana", "bob", "cleo"] { _ = try made.accounts.create(AccountDraft(handle: try Handle(name))) }
        let stride = max(1, (TestRun.scale == 1 ? 14 : 8) / TestRun.scale)
        var points = 0
        for position in Swift.stride(from: 1 + Chance(case: 91).below(stride), to: 10_000, by: stride) {
            let place = try Folder()
            let directory = "\(place.path)/network"
            try Folder.copy(base, to: directory)
            let injector = FaultInjector(fault, at: position)
            do {
                try RecordingVFS.watching(directory, injector) { _ = try run(directory, injector) }
            } catch let error as StorageError {
                #expect(injector.hasFired, "\(error)")
            }
            guard injector.hasFired else { break }
            points += 1
            let before = try texts(in: directory).count
            let again = try run(directory)
            #expect(again.posts + before == Self.texts.count && again.present == before, "\(fault) at \(position)")
            #expect(try texts(in: directory) == Self.texts, "\(fault) at \(position)")
            #expect(try run(directory).posts == 0)
        }
        TestRun.report("\(points) points of \(fault), \(network.shards) shards, posts by \(network.placement)")
        #expect(points > 4)
    }

    @Test("An import that is killed at any time goes on where it stopped", arguments: [1, 3])
    func killed(shards: Int) throws {
        let chance = Chance(case: 92 + shards)
        let place = try Folder()
        let data = "\(place.path)/network"
        let count = 6_000
        try Folder.write("\(place.path)/posts.txt", Array((0..<count).map { "post \($0)\n" }.joined().utf8))
        #expect(try Program.run(["init", data, "--shards", "\(shards)", "--shard-by", "post"], data: data).exit == 0)
        for name in ["ana", "bob"] { #expect(try Program.run(["user", "create", name], data: data).exit == 0) }
        var kills = 0
        let words = ["post", "import", "\(place.path)/posts.txt", "--by-all", "--over", "1d", "--batch-size", "20"]
        for _ in 0..<20 * TestRun.scale {
            let running = try Program.start(words, data: data)
            // Where the kill falls is chance; what is expected afterwards is not.
            usleep(UInt32(5_000 + chance.below(60_000)))
            running.kill()
            let result = try running.wait()
            if result.exit == 0 { break }
            #expect(result.exit == nil, "\(result.errors)")
            kills += 1
        }
        let last = try Program.run(words, data: data)
        #expect(last.exit == 0, "\(last.errors)")
        let listed = try Program.run(["post", "list", "--fields", "text"], data: data)
        #expect(Set(listed.values(of: "text")) == Set((0..<count).map { "post \($0)" }))
        #expect(listed.values(of: "text").count == count)
        #expect(try Program.run(["verify"], data: data).exit == 0)
        TestRun.report("\(kills) kills of an import, \(shards) shards")
        #expect(kills > 0)
    }
}
