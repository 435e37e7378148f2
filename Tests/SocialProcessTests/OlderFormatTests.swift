// Directories of format 1 are brought up to date by whoever opens them first, whatever happens on the way, and nothing
// is lost or altered.

import SocialCore
import TestKit
import Testing

@Suite("Older formats", .serialized)
struct OlderFormatTests {
    private func context(_ tap: (any FileTap)? = nil) -> Context {
        Context(
            clock: .fixed(OlderDirectory.time), random: .seeded(SeededGenerator(seed: 1)), lockWaitMilliseconds: 0,
            fileTap: tap)
    }

    private func open(_ directory: String) throws -> Network { try Network(opening: directory, context: context()) }

    /// What was there is there, as it was.
    private func expectWhole(_ directory: String, _ note: String = "") throws {
        let network = try open(directory)
        #expect(try Digest.of(network.router).description == OlderDirectory.digest, "\(note)")
        #expect(try network.verification.run() == [], "\(note)")
    }

    @Test("The first look brings a directory up to date and keeps the old file until all is verified")
    func migration() throws {
        let (folder, files) = (try Folder(), FileSystem())
        let directory = "\(folder.path)/network"
        try OlderDirectory.make(directory)
        let kept = OlderDirectory.kept(directory)
        try expectWhole(directory)
        #expect(DatabaseFile.format(OlderDirectory.truth(directory)) == 5 && DatabaseFile.format(kept) == 1)
        #expect(files.size(of: OlderDirectory.truth(directory) + "-wal") == 0)
        // What was remembered is remembered still, and everything new can be done.
        let network = try open(directory)
        let (ana, bob) = (try network.accounts.named(Handle("ana")), try network.accounts.named(Handle("bob")))
        let first = try network.posts.create(by: ana, text: "hello, world", idempotencyKey: "first")
        #expect(!first.isNew)
        #expect(try Digest.of(network.router).description == OlderDirectory.digest)
        let answer = try network.posts.create(by: bob, text: "hello", replyTo: first.value.id)
        #expect(answer.isNew)
        _ = try network.posts.edit(answer.value.id, text: "hello, you")
        #expect(try network.posts.like(first.value.id, by: bob.id).isNew)
        #expect(try network.posts.repost(first.value.id, by: bob).isNew)
        #expect(try network.graph.relate(.block, ana, bob) && network.accounts.rename(ana, to: Handle("anna")).isNew)
        #expect(try network.accounts.delete(Handle("bob")).isDeleted)
        #expect(files.exists(kept))
        #expect(try network.verify() == [] && !files.exists(kept))
        #expect(try network.verify() == [])
    }

    @Test("A directory that differs from its hashes keeps its old file")
    func damaged() throws {
        let folder = try Folder()
        let directory = "\(folder.path)/network"
        try OlderDirectory.make(directory)
        StoreFixture.run("UPDATE post SET text = 'altered'", on: OlderDirectory.truth(directory))
        let network = try open(directory)
        #expect(try !network.verify().isEmpty)
        #expect(FileSystem().exists(OlderDirectory.kept(directory)))
    }

    @Test("The first write, alone or in a group, brings a directory up to date", arguments: [true, false])
    func firstWrite(isGrouping: Bool) throws {
        let folder = try Folder()
        let directory = "\(folder.path)/network"
        try OlderDirectory.make(directory)
        let network = try open(directory)
        if isGrouping { network.router.beginGroup() }
        let handle = try Handle("dan")
        try network.router.write(Slot(of: handle)) { writer in
            _ = try writer.createAccount(AccountDraft(handle: handle), now: OlderDirectory.time)
        }
        if isGrouping { try network.router.endGroup() }
        #expect(try open(directory).accounts.find(handle) != nil)
        #expect(try open(directory).verification.run() == [])
        #expect(DatabaseFile.format(OlderDirectory.kept(directory)) == 1)
    }

    @Test("Any change that fails on the way, or that the process does not survive, leaves a whole directory")
    func faults() throws {
        // Each fault at every third change in the usual run, and at every one in the long one.
        let step = TestRun.scale == 1 ? 3 : 1
        for fault in FaultInjector.Fault.allCases {
            var points = 0
            for position in stride(from: 1 + Chance(case: 89).below(step), to: 10_000, by: step) {
                let folder = try Folder()
                let directory = "\(folder.path)/network"
                try OlderDirectory.make(directory)
                let injector = FaultInjector(fault, at: position)
                var failure: StorageError?
                do {
                    try RecordingVFS.watching(directory, injector) {
                        let network = try Network(opening: directory, context: context(injector))
                        _ = try Digest.of(network.router)
                    }
                } catch let error as StorageError { failure = error }
                guard injector.hasFired else { break }
                points += 1
                if let failure {
                    #expect(failure.code == (fault == .diskFull ? .diskFull : .ioError), "\(fault) at \(position)")
                }
                try expectWhole(directory, "\(fault) at \(position)")
                try expectWhole(directory, "\(fault) at \(position), again")
            }
            #expect(points > 5)
            TestRun.report("\(points) points of \(fault)")
        }
    }

    @Test("A power cut on the way leaves a whole directory")
    func powerCut() throws {
        let folder = try Folder()
        let directory = "\(folder.path)/network"
        let record = DiskRecord()
        try RecordingVFS.watching(directory, record) {
            try OlderDirectory.make(directory, tap: record)
            record.acknowledge(0)
            _ = try Digest.of(try Network(opening: directory, context: context(record)).router)
        }
        let chance = Chance(case: 90)
        var disk = SimulatedDisk(root: folder.path)
        var (cuts, isMade) = (0, false)
        for entry in record.entries {
            switch entry {
            case .change(let change): disk.apply(change)
            case .acknowledged: isMade = true
            }
            guard isMade, TestRun.scale > 1 || chance.isOne(in: 2) else { continue }
            for _ in 0..<TestRun.scale {
                let place = "\(folder.path)-cut"
                defer { Folder.removeAll(place) }
                try Folder.write(disk.afterPowerCut(chance), from: folder.path, to: place)
                try expectWhole("\(place)/network", "cut \(cuts)")
                cuts += 1
            }
        }
        #expect(cuts > 20)
        TestRun.report("\(cuts) power cuts")
    }

    @Test("Processes that come at once find one directory")
    func crowd() throws {
        let folder = try Folder()
        let directory = "\(folder.path)/network"
        try OlderDirectory.make(directory)
        let lines = (0..<20).map { $0 % 2 == 0 ? ["digest"] : ["user", "create", "user-\($0)"] }
        let running = try lines.map { try Program.start($0, data: directory) }
        let results = try running.map { try $0.wait() }
        #expect(results.filter { $0.exit != 0 }.map(\.errors) == [])
        let users = try Program.run(["user", "list"], data: directory).values(of: "handle")
        #expect(users.count == 3 + 10)
        #expect(FileSystem().exists(OlderDirectory.kept(directory)))
        let verified = try Program.run(["verify"], data: directory)
        #expect(verified.exit == 0, "\(verified.output)")
        #expect(!FileSystem().exists(OlderDirectory.kept(directory)))
    }

    @Test("A directory that cannot be written is read as it would be", .enabled(if: Mount.isPossible, "needs root"))
    func readOnly() throws {
        let mount = try Mount(sizeKilobytes: 16_384)
        let directory = "\(mount.path)/network"
        try OlderDirectory.make(directory)
        let before = try FileSystem().contents(of: OlderDirectory.truth(directory))
        try mount.setReadOnly(true)
        let digest = try Program.run(["digest"], data: directory)
        #expect(digest.exit == 0 && digest.output.contains(OlderDirectory.digest), "\(digest.errors)")
        for words in [["verify"], ["feed", "show", "ana"], ["user", "list"], ["post", "list"]] {
            let result = try Program.run(words, data: directory)
            #expect(result.exit == 0 && !result.output.isEmpty, "\(words): \(result.errors)")
        }
        #expect(try Program.run(["user", "create", "dan"], data: directory).exit == 77)
        #expect(try FileSystem().contents(of: OlderDirectory.truth(directory)) == before)
        #expect(!FileSystem().exists(OlderDirectory.kept(directory)))
    }

    @Test("A full disk is reported and forgiven", .enabled(if: Mount.isPossible, "needs root"))
    func fullDisk() throws {
        let mount = try Mount(sizeKilobytes: 2_048)
        let directory = "\(mount.path)/network"
        try OlderDirectory.make(directory)
        mount.fill()
        let result = try Program.run(["digest"], data: directory)
        #expect(result.exit == 74 && result.errors.contains("disk_full"), "\(result.output) \(result.errors)")
        mount.clear()
        try expectWhole(directory)
    }

    @Test("A newer format is refused by readers and writers")
    func newer() throws {
        let folder = try Folder()
        let directory = "\(folder.path)/network"
        try OlderDirectory.make(directory)
        DatabaseFile.setFormat(OlderDirectory.truth(directory), to: 6)
        for words in [["digest"], ["verify"], ["user", "create", "dan"], ["feed", "regenerate"]] {
            let result = try Program.run(words, data: directory)
            #expect(result.exit == 76, "\(words): \(result.output) \(result.errors)")
        }
        #expect(!FileSystem().exists(OlderDirectory.kept(directory)))
    }
}
