// Files replaced whole, locks between two holders, mappings.

import SocialCore
import TestKit
import Testing

/// Notes what is asked of the file system, and can refuse it.
private final class Recorder: FileTap, @unchecked Sendable {
    // Safety: each test runs on one thread, and so does its tap.
    var names: [String] = []
    var refuses: String?

    func willApply(_ change: FileChange) throws(StorageError) {
        let name = String("\(change)".prefix { $0 != "(" })
        names.append(name)
        if name == refuses { throw StorageError(.diskFull, "refused") }
    }
}

@Suite("Files, locks and mappings")
struct FileSystemTests {
    @Test("A file is replaced by a synced temporary and a rename, or stays as it was")
    func replace() throws {
        let directory = try TemporaryDirectory()
        let path = directory.file("a")
        let recorder = Recorder()
        let files = FileSystem(tap: recorder)
        try files.replace(path, with: [1, 2, 3])
        #expect(recorder.names == ["resize", "write", "sync", "rename", "syncDirectory"])
        #expect(try files.contents(of: path) == [1, 2, 3])
        for refused in ["resize", "write", "sync", "rename"] {
            recorder.refuses = refused
            #expect(refusal { try files.replace(path, with: [9]) } == "disk_full")
            #expect(try files.contents(of: path) == [1, 2, 3], "\(refused) refused")
        }
        recorder.refuses = nil
        try files.replace(path, with: [])
        #expect(try files.contents(of: path) == [] && files.names(in: directory.path) == ["a"])
    }

    @Test("What is not there is told apart from what cannot be read")
    func missing() throws {
        let directory = try TemporaryDirectory()
        let files = FileSystem()
        #expect(refusal { _ = try files.contents(of: directory.file("none")) } == "no_such_file")
        #expect(refusal { _ = try files.contents(of: directory.path) } != nil)
        #expect(files.inode(of: directory.file("none")) == nil && files.size(of: directory.file("none")) == 0)
        #expect(!files.exists(directory.file("none")) && files.exists(directory.path))
        try files.remove(directory.file("none"))
        try files.makeDirectory(directory.path)
        #expect(
            FileSystem.parent(of: "a/b") == "a" && FileSystem.parent(of: "a") == "."
                && FileSystem.parent(of: "/a") == "/")
    }

    @Test("A lock has one holder at a time, and goes when its object goes")
    func locks() throws {
        let directory = try TemporaryDirectory()
        let first = FileLock(path: directory.file("lock"))
        var second: FileLock? = FileLock(path: directory.file("lock"))
        #expect(try first.tryAcquire() && first.tryAcquire() && first.isHeld)
        #expect(try second?.tryAcquire() == false)
        #expect(refusal { try second?.acquire(waitingMilliseconds: 0) } == "busy")
        first.release()
        first.release()
        try second?.acquire(waitingMilliseconds: 0)
        #expect(try second?.isHeld == true && !first.tryAcquire())
        second = nil
        #expect(try first.tryAcquire())
    }

    @Test("Two mappings of a file share their bytes, and changes are reported before they happen")
    func mapping() throws {
        let directory = try TemporaryDirectory()
        let recorder = Recorder()
        let map = try MappedFile(creating: directory.file("m"), sizeBytes: 100, tap: recorder)
        let other = try MappedFile(opening: directory.file("m"), writable: false)
        #expect(map.bytes.allSatisfy { $0 == 0 } && map.sizeBytes == 100 && !other.isWritable)
        try map.store(0x0102_0304_0506_0708, at: 8)
        #expect(other.load(at: 8) == 0x0102_0304_0506_0708)
        try map.update(50..<53) { $0.copyBytes(from: [7, 8, 9]) }
        #expect(Array(other.bytes[49..<54]) == [0, 7, 8, 9, 0])
        recorder.refuses = "store"
        #expect(refusal { try map.store(1, at: 8) } == "disk_full")
        #expect(refusal { try map.update(50..<53) { $0[0] = 1 } } == "disk_full")
        #expect(other.load(at: 8) == 0x0102_0304_0506_0708 && other.bytes[50] == 7, "a refused change did not happen")
        try map.sync()
        #expect(try FileSystem().contents(of: directory.file("m")).count == 100)
        try FileSystem().replace(directory.file("e"), with: [])
        #expect(refusal { _ = try MappedFile(opening: directory.file("e"), writable: true) } == "damaged")
        #expect(refusal { _ = try MappedFile(opening: directory.file("n"), writable: true) } == "no_such_file")
    }
}
