// Our own files, as they could lie on a disk that has lost or changed bytes. Damage is found, or does no harm.

internal import Formats
internal import SocialCore
internal import TestKit

/// What reads our own files one by one.
enum StoredParsers {
    static let all = [
        FuzzSubject("events", events), FuzzSubject("manifest", manifest), FuzzSubject("checks", checks),
        FuzzSubject("backups", backups), FuzzSubject("replicas", replicas), FuzzSubject("segments", segments),
        FuzzSubject("feeds", feeds),
    ]

    private static func context() -> Context {
        Context(
            clock: .fixed(CommandWorld.start), random: .seeded(SeededGenerator(seed: 1)), lockWaitMilliseconds: 100)
    }

    private static func events() -> FuzzParser {
        let (user, other, post) = (UserID(rawValue: 5 << 40), UserID(rawValue: 6 << 40), PostID(rawValue: 7 << 40))
        let entries: [EventEntry] = [
            .posted(author: user, post: post), .followed(follower: user, followee: other), .accountCreated(user),
            .related(.block, actor: user, target: EntityID(other)), .adopted(Slot(ofKey: "a"), from: 2, after: 9),
        ]
        return FuzzParser(seeds: [EventCoding.encode(entries), EventCoding.encode(entries.suffix(1)), []]) { bytes in
            guard let entries = EventCoding.decode(bytes) else { return false }
            try FuzzFault.expect(EventCoding.encode(entries) == bytes, "entries are written as they were read")
            return true
        }
    }

    private static func manifest() throws -> FuzzParser {
        let world = try SampleWorld()
        world.run("shard add")
        let path = DataDirectory.manifestPath(world.directory)
        let seed = try FileSystem().contents(of: path)
        let words = TextParsers.pieces + ["\"shards\"", "\"slots\"", "\"from\": ", "\"next_shard\"", "4095", "-1"]
        return FuzzParser(seeds: [seed], words: words.map { Array($0.utf8) }) { bytes in
            guard let manifest = try? Manifest.decode(bytes, of: "x") else { return false }
            try FuzzFault.expect(
                try Manifest.decode(manifest.encoded, of: "x") == manifest, "a manifest is read as it is written")
            return true
        }
    }

    private static func checks() -> FuzzParser {
        let bytes = [UInt8](repeating: 7, count: 300_000)
        let parts = [300_000, 7, 1 << 30].map { Segmentation.Part(object: ObjectHash(of: [1]), sizeBytes: $0) }
        let film = Segmentation(
            manifest: parts[0], checks: BlockChecks(of: bytes).coded, tracks: Array(parts.dropFirst()))
        return FuzzParser(seeds: [BlockChecks(of: bytes).coded, BlockChecks(of: [1]).coded, film.coded]) { coded in
            let sizes = [0, 1, 300_000, 1 << 40, Int.max].map { BlockChecks(coded: coded, sizeBytes: $0) != nil }
            guard let film = Segmentation(coded: coded) else { return sizes.contains(true) }
            try FuzzFault.expect(film.coded == coded && film.sizeBytes >= 0, "a film is written as it was read")
            return true
        }
    }

    private static func backups() throws -> FuzzParser {
        let world = try SampleWorld()
        world.run("backup create \(world.directory)-backup")
        let folder = "\(world.directory)-backup"
        var seeds: [[UInt8]] = []
        func walk(_ folder: String) throws {
            for name in try FileSystem().names(in: folder) {
                let path = "\(folder)/\(name)"
                if FileSystem().isDirectory(path) {
                    try walk(path)
                } else {
                    let bytes = try FileSystem().contents(of: path)
                    if bytes.starts(with: "{\"social_backup\"".utf8) { seeds.append(bytes) }
                }
            }
        }
        try walk(folder)
        let words = TextParsers.pieces + ["\"file\":\"../x\"", "\"bytes\":", "\"blocks\":[", "\"object\":", "..", "//"]
        return FuzzParser(
            seeds: seeds, words: words.map { Array($0.utf8) },
            mend: { bytes, _ in
                // The last line says the hash of those before.
                let lines = bytes.split(separator: UInt8(ascii: "\n"))
                guard lines.count > 1, let last = lines.last else { return }
                bytes.removeLast(bytes.count - last.startIndex)
                bytes += Array("{\"sha256\":\"\(ObjectHash(of: bytes))\"}\n".utf8)
            }
        ) { bytes in
            guard let record = try? BackupRecord(bytes, path: "x") else { return false }
            try FuzzFault.expect(
                record.files.allSatisfy { !$0.path.split(separator: "/").contains("..") }, "paths stay inside")
            _ = record.sizeBytes
            return true
        }
    }

    private static func replicas() throws -> FuzzParser {
        let place = try TemporaryDirectory()
        let (path, files) = (place.file("log"), FileSystem())
        var mark = ReplicaMark(.start, check: 9)
        let base = mark
        var entries: [UInt8] = []
        for number in 0..<5 {
            let entry = ReplicaEntry(
                after: mark, epoch: 1, incarnation: 3, changes: [UInt8](repeating: 1, count: 7 * number))
            entries += entry.encoded
            mark = entry.mark
        }
        try ReplicaLog.create(path, shard: 2, identity: 4, base: base, entries: entries, shared: false, files: files)
        let seed = try files.contents(of: path)
        return FuzzParser(seeds: [seed], words: [Array("SRENTRY1".utf8)]) { bytes in
            try TemporaryDirectory.write(bytes, to: place.file("log"))
            guard let log = try? ReplicaLog(opening: path, shard: 2, provesLast: true, files: files) else {
                return false
            }
            var count = 0
            try? log.forEach { _ in count += 1 }
            _ = try? log.entries(after: 1)
            _ = try? log.mark(at: 3)
            try FuzzFault.expect(count <= 5 || bytes.count > seed.count, "no entries are made up")
            return count == 5
        }
    }

    /// Parts of the search index, of which every term and posting is read.
    private static func segments() throws -> FuzzParser {
        let world = try SampleWorld()
        let seeds = try world.files().filter { $0.name.hasSuffix(".segment") }.map(\.bytes)
        let place = try TemporaryDirectory()
        return FuzzParser(seeds: seeds) { bytes in
            let path = place.file("segment")
            try TemporaryDirectory.write(bytes, to: path)
            let kind = bytes.count < 16 ? 0 : (8..<16).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(bytes[$1]) }
            guard let file = PackedFile(opening: path, kind: kind, files: FileSystem()),
                let segment = try? Segment(file)
            else { return false }
            var positions: [UInt32] = []
            for term in 0..<min(segment.termCount, 10_000) {
                guard (try? segment.text(term)) != nil, let cursor = try? segment.postings(term) else { continue }
                var turns = 0
                while cursor.document != PostingCursor.end, turns < 1_000 {
                    turns += 1
                    _ = try? (cursor.frequency(), cursor.positions(into: &positions))
                    guard (try? cursor.advance()) != nil else { break }
                }
            }
            for word in 0..<min(segment.wordCount, 10_000) { _ = try? segment.word(word) }
            for document in 0..<UInt32(clamping: min(segment.count, 10_000)) { _ = try? segment.id(document) }
            return (try? file.prove()) != nil
        }
    }

    /// Feeds that are ready: of each reader the record is read, and changed.
    private static func feeds() throws -> FuzzParser {
        let world = try SampleWorld()
        let seeds = try world.files().filter { $0.name.hasSuffix("feed.cache") }.map(\.bytes)
        let readers = ["ana", "bob", "cleo", "dan"].compactMap { handle in
            UserID(decimal: world.run("user show \(handle) --format ids").text.filter(\.isNumber))
        }
        let posts = (0..<4).map { PostID(rawValue: readers[0].rawValue + Int64($0) << 20) }
        let place = try TemporaryDirectory()
        let context = context()
        return FuzzParser(seeds: seeds) { bytes in
            let path = place.file("feed.cache")
            try TemporaryDirectory.write(bytes, to: path)
            guard let cache = FeedCache(opening: path, writable: true, context: context) else { return false }
            var isTaken = false
            for reader in readers {
                if case .found(let record) = cache.record(of: reader) {
                    isTaken = true
                    try FuzzFault.expect(record.reader == reader, "a record is its reader's")
                }
                for post in posts { _ = try? cache.insert(post, for: reader) }
                _ = try? cache.remove(from: reader) { $0 == posts[0] }
            }
            return isTaken
        }
    }
}
