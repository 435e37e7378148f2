// Which segments an index of a shard has, what of them is no more, and up to which commit of the shard's log they tell:
// one small file, replaced by rename after the segments that it names have been written. Nothing is synced: what a
// power cut leaves behind is found by its checks, and then the index is made again.

/// The state of an index on disk.
struct IndexFile {
    /// The kind of the packed file: "SCINDEX1".
    static let kind: UInt64 = 0x3158_4544_4E49_4353

    /// A segment with the number of its file.
    struct Stored {
        var number: UInt64
        var living: LivingSegment
    }

    /// Where an index lies, and how it is written.
    struct Place {
        /// The folder of all indexes of a shard.
        var folder: String
        /// What is in this one.
        var source: SearchSource
        var shared: Bool
        var files: FileSystem
        var random: RandomSource

        /// The index itself.
        var path: String { "\(folder)/\(source.rawValue).index" }

        func path(ofSegment number: UInt64) -> String { "\(folder)/\(name(ofSegment: number))" }

        func name(ofSegment number: UInt64) -> String { "\(source.rawValue).\(number).segment" }

        /// The names of all files of the index, but for its lock.
        func names() throws(StorageError) -> [String] {
            guard files.exists(folder) else { return [] }
            return try files.names(in: folder).filter { name in
                name.hasPrefix("\(source.rawValue).") && !name.hasSuffix(".lock")
            }
        }
    }

    /// The log up to which it tells.
    var position: LogPosition
    /// Whether English words have lost their endings.
    var stems: Bool
    /// The segments, in no order that means anything.
    var segments: [Stored] = []

    /// An index without documents.
    init(position: LogPosition, stems: Bool) {
        self.position = position
        self.stems = stems
    }

    /// Opens an index; nil when there is none of use.
    init?(in place: Place) {
        guard let file = PackedFile(opening: place.path, kind: IndexFile.kind, files: place.files),
            let words = try? file.all(0, of: UInt64.self), let dead = try? file.all(1, of: UInt32.self),
            words.count >= 3, words.count % 3 == 0
        else { return nil }
        position = LogPosition(incarnation: words[0], n: Int64(bitPattern: words[1]))
        stems = words[2] == 1
        var next = 0
        for start in stride(from: 3, to: words.count, by: 3) {
            let count = Int(truncatingIfNeeded: words[start + 1])
            guard 0...dead.count - next ~= count,
                let packed = PackedFile(
                    opening: place.path(ofSegment: words[start]), kind: Segment.kind, files: place.files),
                let segment = try? Segment(packed)
            else { return nil }
            let gone = UnsafeBufferPointer(rebasing: dead[next..<next + count])
            next += count
            segments.append(
                Stored(
                    number: words[start],
                    living: LivingSegment(segment, dead: gone, deadLength: Int(truncatingIfNeeded: words[start + 2]))))
        }
    }

    /// Three words, three more a segment, and the documents that are no more.
    private var sectionSizes: [Int] {
        [8 * (3 + 3 * segments.count), 4 * segments.reduce(0) { $0 + $1.living.dead.count }]
    }

    /// The bytes of its files.
    var sizeBytes: Int {
        segments.reduce(PackedFile.sizeBytes(ofSections: sectionSizes)) { $0 + $1.living.segment.file.sizeBytes }
    }

    /// Writes the file, after which the segments that it does not name are nobody's.
    func write(in place: Place) throws(StorageError) {
        var words: [UInt64] = [position.incarnation, UInt64(bitPattern: position.n), stems ? 1 : 0]
        var dead: [UInt32] = []
        for stored in segments {
            words += [stored.number, UInt64(stored.living.dead.count), UInt64(stored.living.deadLength)]
            dead += stored.living.dead.documents
        }
        let file = PackedFile(sectionSizes: sectionSizes)
        _ = file.place(0, of: UInt64.self).update(fromContentsOf: words)
        _ = file.place(1, of: UInt32.self).update(fromContentsOf: dead)
        try file.write(place.path, kind: IndexFile.kind, shared: place.shared, files: place.files)
        let wanted = segments.map { place.name(ofSegment: $0.number) }
        for name in try place.names() where !name.hasSuffix(".index") && !wanted.contains(name) {
            try place.files.remove("\(place.folder)/\(name)")
        }
    }

    /// Writes a segment to a file, maps it, and takes it up.
    mutating func add(_ segment: Segment, in place: Place) throws(StorageError) {
        // Files that come back from elsewhere must not be taken for others; chance may be given, and repeat itself.
        var number = place.random.next()
        while place.files.exists(place.path(ofSegment: number)) { number = number &* 3 &+ 1 }
        let path = place.path(ofSegment: number)
        try segment.file.write(path, kind: Segment.kind, shared: place.shared, files: place.files)
        guard let packed = PackedFile(opening: path, kind: Segment.kind, files: place.files) else {
            throw StorageError(.damaged, "\"\(path)\" cannot be read", hint: "try again")
        }
        segments.append(Stored(number: number, living: LivingSegment(try Segment(packed))))
    }

    // MARK: Merging

    /// Brings segments together: where one is not much larger than all smaller ones together, and where much of one is
    /// no more.
    ///
    /// So there are few, and each document is written again only a few times.
    mutating func compact(in place: Place) throws(StorageError) {
        segments.sort { $0.living.livingCount > $1.living.livingCount }
        var first = segments.count
        var below = 0
        for index in segments.indices.reversed() {
            let count = segments[index].living.livingCount
            if count <= 3 * below, count + below <= Limits.segmentDocuments { first = index }
            below += count
        }
        let small = Array(segments[first...])
        let wasted = segments[..<first].filter { $0.living.dead.count > max(256, $0.living.segment.count / 16) }
        for group in [small] + wasted.map({ [$0] })
        where group.count > 1 || group.contains(where: { $0.living.dead.count > 0 }) {
            let merged = try Segment.merged(group.map(\.living))
            segments.removeAll { stored in group.contains { $0.number == stored.number } }
            if merged.count > 0 { try add(merged, in: place) }
        }
    }
}
