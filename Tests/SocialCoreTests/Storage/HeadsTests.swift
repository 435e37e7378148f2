// The heads file: trusted only between "done" and the next intent, on the same boot, beside the same truth.

import TestKit
import Testing

@testable import SocialCore

@Suite("The heads of the logs")
struct HeadsTests {
    private let context = Context(clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)))

    @Test("An intent hides the head until it is done")
    func intent() throws {
        let directory = try directory()
        let heads = try #require(Heads(directory: directory.path, writable: true, context: context))
        let reader = try #require(Heads(directory: directory.path, writable: false, context: context))
        let inode = try #require(FileSystem().inode(of: DataDirectory.truthPath(directory.path, shard: 0)))
        #expect(reader.head(of: 0) == nil && reader.head(of: 1_023) == nil)
        try heads.announce(shard: 0, incarnation: 5, inode: inode, head: 7)
        #expect(reader.head(of: 0) == Heads.Head(incarnation: 5, n: 7))
        let mark = try #require(reader.mark(of: 0))
        try heads.intend(shard: 0, head: 8)
        #expect(reader.head(of: 0) == nil && reader.mark(of: 0) == nil)
        try heads.announce(shard: 0, incarnation: 5, inode: inode, head: 8)
        #expect(reader.mark(of: 0) != nil && reader.mark(of: 0) != mark)
        #expect(reader.head(of: 0)?.n == 8 && reader.head(of: 1) == nil)
        try heads.announce(shard: 0, incarnation: 5, inode: inode &+ 1, head: 8)
        #expect(reader.head(of: 0) == nil, "another file")
    }

    @Test("Any flipped bit of an entry, another boot included, hides the head")
    func flips() throws {
        let directory = try directory()
        let inode = try #require(FileSystem().inode(of: DataDirectory.truthPath(directory.path, shard: 0)))
        let heads = try #require(Heads(directory: directory.path, writable: true, context: context))
        try heads.announce(shard: 0, incarnation: 5, inode: inode, head: 7)
        let map = try MappedFile(opening: directory.file("heads"), writable: true)
        for offset in stride(from: 64, to: 112, by: 8) {
            for bit in 0..<64 {
                let word = map.load(at: offset)
                try map.store(word ^ 1 << UInt64(bit), at: offset)
                #expect(heads.head(of: 0) == nil, "offset \(offset), bit \(bit)")
                try map.store(word, at: offset)
            }
        }
        #expect(heads.head(of: 0)?.n == 7)
    }

    @Test("A file that is missing, cut short or another's is no heads file")
    func notWhole() throws {
        let directory = try directory()
        let path = directory.file("heads")
        let bytes = try FileSystem().contents(of: path)
        for size in [0, 1, 64, 128, 4_096, bytes.count - 1] {
            try TemporaryDirectory.write(Array(bytes.prefix(size)), to: path)
            #expect(Heads(directory: directory.path, writable: true, context: context) == nil, "\(size) bytes")
        }
        try TemporaryDirectory.write([UInt8](repeating: 1, count: bytes.count), to: path)
        #expect(Heads(directory: directory.path, writable: true, context: context) == nil)
        try FileSystem().remove(path)
        #expect(Heads(directory: directory.path, writable: true, context: context) == nil)
    }

    @Test("A copied directory's heads are not trusted, and its feeds are its own")
    func copy() throws {
        let world = try FeedWorld(shards: 2, placement: .user, chance: Chance("copied directory"))
        for _ in 0..<6 { try world.createAccount() }
        for _ in 0..<40 { try world.change() }
        try world.network.publish()
        let place = world.directory.file("copy")
        try TemporaryDirectory.copy(world.directory.file("data"), to: place)
        let heads = try #require(Heads(directory: place, writable: false, context: world.context))
        #expect(heads.head(of: 0) == nil && heads.head(of: 1) == nil)
        let copy = try Network(opening: place, context: world.context)
        try world.expectAllFeeds(in: copy, "the copy")
        // The original goes on; the copy stays where it was.
        let before = try Digest.of(copy.router)
        for _ in 0..<20 { try world.change() }
        try world.network.publish()
        #expect(try Digest.of(copy.router) == before)
        try world.expectAllFeeds("the original")
        try world.expectSound()
    }

    private func directory() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try FileSystem().makeDirectory(directory.file("shards"))
        try FileSystem().makeDirectory(DataDirectory.shardPath(directory.path, shard: 0))
        try FileSystem().replace(DataDirectory.truthPath(directory.path, shard: 0), with: [0])
        try Heads.create(directory: directory.path, shared: false, context: context)
        return directory
    }
}
