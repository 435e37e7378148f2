// The object store in one process, beside the plainest way to store a file so that it lasts: written, synced, renamed,
// its folder synced, under the same hash.

import Formats
import Glibc
import SocialCore

/// How fast objects are put and read.
enum Objects {
    static func run(_ words: [String]) throws {
        guard words.count == 3, let count = Int(words[1]), let bytes = Int(words[2]) else { throw Misuse() }
        let folder = words[0]
        for part in ["", "/objects", "/plain"] { mkdir(folder + part, 0o700) }
        let store = ObjectStore(
            directory: folder, layout: ObjectLayout(home: { _ in "\(folder)/objects" }, folders: ["\(folder)/objects"]),
            shared: false, context: Context())
        var generator = SeededGenerator(seed: UInt64(getpid()))
        let contents = (0..<2 * count).map { _ in Self.content(bytes, &generator) }
        // Both ways in turn, a part of the files each, so that a busy disk slows both down.
        let rounds = 4
        var (ours, peers) = (0.0, 0.0)
        var stored: [StoredObject] = []
        for round in 0..<rounds {
            let part = contents[round * count / rounds..<(round + 1) * count / rounds]
            ours += try seconds { stored += try store.writer.put(part.map { .bytes($0) }) }
            let other = contents[count + round * count / rounds..<count + (round + 1) * count / rounds]
            peers += try seconds { for content in other { try plain(content, in: "\(folder)/plain") } }
        }
        MediaBench.say(
            "puts", [("ours_per_s", Double(count) / ours), ("peer_per_s", Double(count) / peers)])
        try reads(store, stored, "\(folder)/objects")
    }

    /// Whole objects from the page cache, beside opening, reading and closing their files.
    private static func reads(_ store: ObjectStore, _ stored: [StoredObject], _ folder: String) throws {
        var (ours, peers) = ([Double](), [Double]())
        var sum = 0
        for _ in 0..<9 {
            ours.append(
                try seconds {
                    for object in stored {
                        sum += try store.reader.open(object.hash, checks: object.checks).read().count
                    }
                })
            peers.append(
                try seconds {
                    for object in stored { sum += try read("\(folder)/\(object.hash.path)", object.sizeBytes).count }
                })
        }
        func microseconds(_ times: [Double]) -> Double { times.sorted()[times.count / 2] / Double(stored.count) * 1e6 }
        MediaBench.say(
            "reads", [("ours_us", microseconds(ours)), ("peer_us", microseconds(peers)), ("bytes", Double(sum))])
    }

    private static func content(_ count: Int, _ generator: inout SeededGenerator) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        for index in stride(from: 0, to: count, by: 8) {
            var word = generator.next()
            for place in index..<min(index + 8, count) {
                bytes[place] = UInt8(truncatingIfNeeded: word)
                word >>= 8
            }
        }
        return bytes
    }

    private static func plain(_ bytes: [UInt8], in folder: String) throws {
        let path = "\(folder)/\(ObjectHash(of: bytes))"
        let descriptor = open("\(path).new", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let directory = open(folder, O_RDONLY | O_DIRECTORY)
        defer {
            close(descriptor)
            close(directory)
        }
        // Safety: the bytes are written within the call.
        let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count, fsync(descriptor) == 0, rename("\(path).new", path) == 0, fsync(directory) == 0
        else { throw StorageError(errno: errno, while: "write \"\(path)\"") }
    }

    private static func read(_ path: String, _ count: Int) throws -> [UInt8] {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, got in
            // Safety: as many bytes are read as the buffer has.
            got = max(0, pread(descriptor, buffer.baseAddress, count, 0))
        }
    }

    private static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let start = ContinuousClock.now
        try body()
        let time = (ContinuousClock.now - start).components
        return Double(time.seconds) + Double(time.attoseconds) / 1e18
    }
}
