// Disks that are full or read-only, and directories that are damaged, newer or not there.

import SocialCore
import TestKit
import Testing

@Suite("States of the disk", .serialized)
struct DiskStateTests {
    @Test("A full disk is reported, loses nothing, and is forgiven", .enabled(if: Mount.isPossible, "needs root"))
    func fullDisk() throws {
        let scene = try ProcessScene(shards: 1)
        // These have nothing to store here.
        let idle: [[String]] = [
            ["feed", "regenerate"], ["feed", "regenerate", "bob"], ["feed", "verify", "--repair"],
            ["upload", "gc"], ["verify", "--repair"], ["notification", "list", "ana", "--format", "ndjson"],
        ]
        for act in TestRun.some(16, of: scene.acts.filter(\.isPlain), Chance(case: 64)) {
            let mount = try Mount(sizeKilobytes: 4_096)
            let copy = try scene.copy(for: act)
            let place = ScenePlace(folder: copy.folder, data: "\(mount.path)/network")
            if !act.isInit { try Folder.copy(copy.data, to: place.data) }
            let before = act.isInit ? nil : try Truth(of: try place.network())
            // The index beside the log is made by the first process that reads.
            if !act.isInit { #expect(try Program.run(["status"], data: place.data).exit == 0) }
            mount.fill()
            let result = try scene.start(act, in: place).wait()
            if !idle.contains(act.words) {
                #expect(result.exit == 74, "\(act.words): \(result.output) \(result.errors)")
                #expect(result.errors.contains("full") || result.errors.contains("no space"), "\(result.errors)")
                #expect(result.errors.contains("disk_full"), "\(act.words): \(result.errors)")
            }
            if let before {
                #expect(try Program.run(["verify"], data: place.data).exit == 0)
                #expect(try Truth(of: try place.network()) == before, "\(act.words)")
            }
            mount.clear()
            let again = try scene.start(act, in: place).wait()
            #expect(again.exit == 0, "\(act.words): \(again.errors)")
            #expect(try Program.run(["verify"], data: place.data).exit == 0)
        }
    }

    /// What is left beside a database file when the directory becomes read-only.
    enum Log: CaseIterable {
        case empty, left, leftWithoutIndex
    }

    @Test(
        "A read-only directory can be read and not written", .enabled(if: Mount.isPossible, "needs root"),
        arguments: Log.allCases, [true, false])
    func readOnly(log: Log, hasLocks: Bool) throws {
        let scene = try ProcessScene(shards: 1)
        guard let anyAct = scene.acts.last else { return }
        let copy = try scene.copy(for: anyAct)
        let mount = try Mount(sizeKilobytes: 16_384)
        let place = ScenePlace(folder: copy.folder, data: "\(mount.path)/network")
        try Folder.copy(copy.data, to: place.data)
        let shard = DataDirectory.shardPath(place.data, shard: 0)
        let files = FileSystem()
        if log == .empty { DatabaseFile.emptyLog("\(shard)/truth.sqlite") }
        if log == .left { #expect(try Program.run(["status"], data: place.data).exit == 0) }
        if log == .leftWithoutIndex { try files.remove("\(shard)/truth.sqlite-shm") }
        if !hasLocks { for name in ["truth.lock", "views.lock"] { try files.remove("\(shard)/\(name)") } }
        #expect((files.size(of: "\(shard)/truth.sqlite-wal") == 0) == (log == .empty))
        let before = try Truth(of: try copy.network())
        try mount.setReadOnly(true)
        for words in [
            ["feed", "show", "ana"], ["user", "list"], ["user", "show", "ana"], ["post", "list"], ["verify"],
            ["feed", "verify"], ["feed", "status"], ["digest"], ["status"], ["follow", "list", "ana"],
            ["config", "list"],
        ] {
            let result = try Program.run(words, data: place.data)
            #expect(result.exit == 0, "\(words): \(result.output) \(result.errors)")
            #expect(!result.output.isEmpty, "\(words)")
        }
        let shown = try Program.run(["post", "list"], data: place.data).values(of: "id")
        #expect(Set(shown) == Set(before.posts.map(\.id.description)))
        let acts = scene.acts.filter { $0.isPlain && !$0.isInit }
        for act in TestRun.some(16, of: acts, Chance(case: 65)) {
            let result = try scene.start(act, in: place).wait()
            // Who reads an inbox brings it up to date in memory, where the file cannot be written.
            let isReader = act.words.prefix(2) == ["notification", "list"] || act.words.first == "verify"
            #expect(result.exit == (isReader ? 0 : 77), "\(act.words): \(result.output) \(result.errors)")
        }
        let made = try Program.run(["init", "\(mount.path)/other"], data: place.data)
        #expect(made.exit == 77, "\(made.errors)")
    }

    @Test("What is no data directory, newer or damaged is told apart")
    func damage() throws {
        let scene = try ProcessScene(shards: 1)
        guard let anyAct = scene.acts.last else { return }
        func expect(_ exit: Int32, _ words: [String] = ["status"], after change: (String) throws -> Void) throws {
            let place = try scene.copy(for: anyAct)
            try change(place.data)
            for words in [words, ["user", "create", "eva"]] {
                let result = try Program.run(words, data: place.data)
                #expect(result.exit == exit, "\(words): \(result.output) \(result.errors)")
            }
        }
        let files = FileSystem()
        func edit(_ data: String, _ change: (inout [UInt8]) -> Void) throws {
            var bytes = try files.contents(of: DataDirectory.manifestPath(data))
            change(&bytes)
            try Folder.write(DataDirectory.manifestPath(data), bytes)
        }
        try expect(66) { Folder.removeAll($0) }
        try expect(66) { try files.remove(DataDirectory.manifestPath($0)) }
        try expect(76) { data in
            try edit(data) { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                bytes = Array(text.replacing("\"format\": 1", with: "\"format\": 9").utf8)
            }
        }
        try expect(76) { DatabaseFile.setFormat(DataDirectory.truthPath($0, shard: 0), to: 6) }
        try expect(74) { try edit($0) { $0[$0.count / 2] ^= 1 } }
        try expect(74) { try edit($0) { $0.removeLast(20) } }
        try expect(74) { try edit($0) { $0 = [] } }
        try expect(74) { try files.remove(DataDirectory.truthPath($0, shard: 0)) }
        try expect(74) { data in
            for suffix in ["-wal", "-shm"] { try files.remove(DataDirectory.truthPath(data, shard: 0) + suffix) }
            try Folder.write(DataDirectory.truthPath(data, shard: 0), [UInt8](repeating: 0x55, count: 8_192))
        }
    }

    @Test("A damaged or missing cache or list of heads is made again and never believed")
    func damagedViews() throws {
        let scene = try ProcessScene(shards: 1)
        guard let anyAct = scene.acts.last else { return }
        let files = FileSystem()
        for name in ["heads", "shards/0000/feed.cache"] {
            for damage in 0..<5 {
                let place = try scene.copy(for: anyAct)
                let path = "\(place.data)/\(name)"
                var bytes = try files.contents(of: path)
                switch damage {
                case 0: try files.remove(path)
                case 1: try Folder.write(path, [])
                case 2: try Folder.write(path, [UInt8](repeating: 0, count: bytes.count))
                case 3: try Folder.write(path, Array(bytes.prefix(bytes.count / 2)))
                default:
                    for offset in stride(from: 0, to: bytes.count, by: 97) { bytes[offset] ^= 0x10 }
                    try Folder.write(path, bytes)
                }
                let truth = try Truth(of: try place.network())
                let network = try place.network()
                for reader in truth.accounts {
                    let shown = try network.feeds.page(for: reader, limit: 40).map(\.post.id)
                    #expect(
                        shown == truth.feed(of: reader, at: network.context.clock.now, limit: 40),
                        "\(name), damage \(damage)")
                }
                for words in [["user", "create", "eva"], ["feed", "regenerate"], ["verify"], ["feed", "verify"]] {
                    let result = try Program.run(words, data: place.data)
                    #expect(result.exit == 0, "\(name), damage \(damage): \(words) \(result.output) \(result.errors)")
                }
            }
        }
    }
}
