// The log of a replica: what is appended comes back, and whatever happens to the file, only whole entries that follow
// from each other do.

import SocialCore
import TestKit
import Testing

@Suite("The log of a replica")
struct ReplicaLogTests {
    private let folder: TemporaryDirectory
    private let path: String
    private let base = ReplicaMark(ReplicaPosition(epoch: 2, sequence: 7), check: 99)
    private let files = FileSystem()

    init() throws {
        folder = try TemporaryDirectory()
        path = folder.file("replica.log")
        try ReplicaLog.create(path, shard: 3, identity: 11, base: base, shared: false, files: files)
    }

    private func open(proven: Bool = true) throws -> ReplicaLog {
        try #require(try ReplicaLog(opening: path, shard: 3, provesLast: proven, files: files))
    }

    /// Appends entries of some sizes, and returns them.
    private func fill(_ sizes: [Int]) throws -> [ReplicaEntry] {
        var log = try open()
        var entries: [ReplicaEntry] = []
        for (index, size) in sizes.enumerated() {
            let changes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) }
            let entry = ReplicaEntry(after: log.head, epoch: 2, incarnation: 5, changes: changes)
            try log.append([entry])
            entries.append(entry)
        }
        return entries
    }

    @Test("an empty log ends where it begins")
    func empty() throws {
        let log = try open()
        #expect(log.head == base && log.base == base && log.identity == 11 && log.epoch == 2)
        #expect(try log.entries(after: 7, check: 99) == [])
        #expect(try log.entries(after: 7, check: 98) == nil)
        #expect(try log.entries(after: 6) == nil)
    }

    @Test("entries come back from any of them on")
    func entries() throws {
        let entries = try fill([0, 1, 7, 8, 9, 40_000, 3])
        for proven in [true, false] {
            let log = try open(proven: proven)
            #expect(log.head == entries.last?.mark)
            for (index, entry) in entries.enumerated() {
                let rest = Array(entries[(index + 1)...])
                #expect(try log.entries(after: entry.mark.position.sequence, check: entry.mark.check) == rest)
                #expect(try log.mark(at: entry.mark.position.sequence) == entry.mark)
            }
            #expect(try log.entries(after: 7) == entries)
        }
    }

    @Test("a log that is cut anywhere ends with its last whole entry, and goes on from there")
    func torn() throws {
        let entries = try fill([5, 30, 12])
        let whole = try files.contents(of: path)
        for length in ReplicaLog.headerBytes..<whole.count {
            try TemporaryDirectory.write(Array(whole[..<length]), to: path)
            var end = ReplicaLog.headerBytes
            let kept = entries.prefix { entry in
                end += entry.encoded.count
                return end <= length
            }
            var log = try open()
            #expect(log.head == kept.last?.mark ?? base, "cut at \(length)")
            let next = ReplicaEntry(after: log.head, epoch: 3, incarnation: 5, changes: [1, 2, 3])
            try log.append([next])
            #expect(try open().entries(after: 7) == Array(kept) + [next], "cut at \(length)")
        }
    }

    @Test("a flipped bit anywhere is never taken for an entry")
    func flipped() throws {
        let entries = try fill([5, 30, 12])
        let whole = try files.contents(of: path)
        for offset in 0..<whole.count {
            var bytes = whole
            bytes[offset] ^= 1 << UInt8(offset % 8)
            try TemporaryDirectory.write(bytes, to: path)
            guard offset >= ReplicaLog.headerBytes else {
                #expect(refusal { _ = try open() } == "damaged", "at \(offset)")
                continue
            }
            let log = try open()
            var found: [ReplicaEntry] = []
            try log.forEach { found.append($0) }
            #expect(found == Array(entries.prefix(found.count)), "at \(offset)")
            // What fills an entry up to eight bytes is not looked at.
            let isFilling = try found.count == 3 && log.isWhole()
            #expect(try isFilling || !log.isWhole() || log.head != entries[2].mark, "at \(offset)")
            if !isFilling { #expect(try log.entries(after: 7) != entries, "at \(offset)") }
        }
    }

    @Test("entries of another history do not follow")
    func otherHistory() throws {
        let entries = try fill([5, 30])
        let stray = ReplicaEntry(after: entries[0].mark, epoch: 2, incarnation: 6, changes: [9])
        var log = try open()
        try log.append([ReplicaEntry(after: stray.mark, epoch: 2, incarnation: 6, changes: [])])
        #expect(try open().isWhole() == false)
        var found: [ReplicaEntry] = []
        try open().forEach { found.append($0) }
        #expect(found == entries)
    }

    @Test("another shard's log is none, and neither is any other file")
    func strangers() throws {
        #expect(
            refusal { _ = try ReplicaLog(opening: path, shard: 4, provesLast: true, files: files) } == "damaged")
        #expect(try ReplicaLog(opening: folder.file("none"), shard: 3, provesLast: true, files: files) == nil)
        try TemporaryDirectory.write([], to: path)
        #expect(refusal { _ = try open() } == "damaged")
    }
}
