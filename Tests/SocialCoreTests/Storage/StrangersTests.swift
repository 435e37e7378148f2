// What others may have put where the program reads and writes: links, pipes, second names, directories of their own.

import Glibc
import SocialCore
import TestKit
import Testing

@Suite("What strangers put in the way")
struct StrangersTests {
    /// What can lie in the place of a file.
    enum Trap: CaseIterable {
        case link, danglingLink, secondName, pipe
    }

    /// The bytes of the file that somebody else would like to have overwritten.
    private static let treasure = Array("mine".utf8)

    private let directory: TemporaryDirectory
    private var mine: String { directory.file("mine") }

    init() throws {
        directory = try TemporaryDirectory()
        try TemporaryDirectory.write(Self.treasure, to: directory.file("mine"))
    }

    /// Puts a trap at a path.
    private func set(_ trap: Trap, at path: String) {
        switch trap {
        case .link: #expect(symlink(mine, path) == 0)
        case .danglingLink: #expect(symlink(directory.file("nothing"), path) == 0)
        case .secondName: #expect(link(mine, path) == 0)
        case .pipe: #expect(mkfifo(path, 0o600) == 0)
        }
    }

    /// Whether nothing was written but at the path itself.
    private var isUntouched: Bool {
        get throws {
            try FileSystem().contents(of: mine) == Self.treasure && !FileSystem().exists(directory.file("nothing"))
        }
    }

    @Test("Nothing is written through it, whoever writes", arguments: Trap.allCases)
    func traps(_ trap: Trap) throws {
        let files = FileSystem()
        let writers: [(name: String, at: String, write: (String) throws -> Void)] = [
            ("replace", "a.new", { _ in try files.replace(directory.file("a"), with: [1]) }),
            ("make", "b", { try files.makeEmptyFile($0) }),
            ("map", "c", { _ = try MappedFile(creating: $0, sizeBytes: 64) }),
        ]
        for writer in writers {
            let path = directory.file(writer.at)
            set(trap, at: path)
            #expect(refusal { try writer.write(path) } != nil, "\(writer.name)")
            #expect(try isUntouched, "\(writer.name)")
        }
        guard trap != .secondName, trap != .pipe else { return }
        let others: [(name: String, write: (String) throws -> Void)] = [
            ("lock", { _ = try FileLock(path: $0).tryAcquire() }),
            ("count", { _ = try MappedFile(allocating: $0, sizeBytes: 64, shared: false) }),
            ("open", { _ = try MappedFile(opening: $0, writable: true) }),
            ("put", { try files.put([1], at: 0, of: $0) }),
            ("reasons", { try files.overwrite($0, with: [1], followsLinks: false) }),
        ]
        for other in others {
            let path = directory.file("of \(other.name)")
            set(trap, at: path)
            #expect(refusal { try other.write(path) } == "permission_denied", "\(other.name)")
            #expect(try isUntouched, "\(other.name)")
        }
    }

    @Test("A file that goes out replaces it, and what it leads to stays as it was", arguments: Trap.allCases)
    func out(_ trap: Trap) throws {
        let path = directory.file("out")
        let part = "\(path).\(getpid()).part"
        set(trap, at: part)
        if trap != .pipe { set(trap, at: path) }
        try FileSystem().writeOut(path) { try $0([7, 8]) }
        #expect(try isUntouched)
        #expect(try FileSystem().contents(of: path) == [7, 8] && !FileSystem().isLink(path))
        #expect(!FileSystem().exists(part))
    }

    @Test("A database that is a link is not opened, nor is one whose log is", arguments: ["", "-wal", "-shm"])
    func databases(_ suffix: String) throws {
        let data = directory.file("data")
        try Network.create(data, Network.Plan(), context: Context())
        let truth = "\(DataDirectory.shardPath(data, shard: 0))/truth.sqlite"
        for log in ["-wal", "-shm"] { unlink(truth + log) }
        let moved = directory.file("moved\(suffix)")
        if suffix.isEmpty { #expect(rename(truth, moved) == 0) } else { try TemporaryDirectory.write([], to: moved) }
        #expect(symlink(moved, truth + suffix) == 0)
        let before = try FileSystem().contents(of: moved)
        #expect(
            refusal {
                let network = try Network(opening: data, context: Context())
                _ = try network.accounts.create(AccountDraft(handle: Handle("ana")))
            } == "permission_denied")
        #expect(try FileSystem().contents(of: moved) == before)
    }

    @Test("Objects are neither written nor read through links, whatever leads where")
    func objects() throws {
        let data = directory.file("data")
        try Network.create(data, Network.Plan(), context: Context())
        let network = try Network(opening: data, context: Context())
        let store = try network.objectStore()
        let bytes = Array("an object".utf8)
        let folder = DataDirectory.objectsPath(data, shard: 0)
        let path = ObjectHash(of: bytes).path(in: folder)
        _ = try store.writer.put([.bytes(bytes)])
        #expect(unlink(path) == 0)
        set(.link, at: path)
        _ = try store.writer.put([.bytes(bytes)])
        #expect(try isUntouched)
        #expect(!FileSystem().isLink(path))
        unlink(path)
        // The right bytes behind a link are not read either: who can change them afterwards is not known.
        let elsewhere = directory.file("elsewhere")
        try TemporaryDirectory.write(bytes, to: elsewhere)
        #expect(symlink(elsewhere, path) == 0)
        #expect(refusal { _ = try store.reader.open(ObjectHash(of: bytes), checks: BlockChecks(of: bytes)) } != nil)
    }

    @Test("A data directory above that is somebody else's, or everybody's, is not taken for one's own")
    func found() throws {
        let data = directory.file(".social")
        try Network.create(data, Network.Plan(), context: Context())
        try FileSystem().makeDirectory(directory.file("inner"))
        let start = directory.file("inner")
        #expect(try DataDirectory.find(from: start) == data)
        #expect(chmod(data, 0o707) == 0)
        #expect(refusal { _ = try DataDirectory.find(from: start) } == "permission_denied")
        #expect(chmod(data, 0o770) == 0)
        #expect(try DataDirectory.find(from: start) == data)
        guard geteuid() == 0 else { return }
        #expect(chown(data, 65_534, 65_534) == 0)
        #expect(refusal { _ = try DataDirectory.find(from: start) } == "permission_denied")
        #expect(chown(data, 0, 0) == 0)
        let link = directory.file("inner/.social")
        #expect(symlink(data, link) == 0)
        #expect(try DataDirectory.find(from: start) == link)
        #expect(lchown(link, 65_534, 65_534) == 0)
        #expect(refusal { _ = try DataDirectory.find(from: start) } == "permission_denied")
    }
}
