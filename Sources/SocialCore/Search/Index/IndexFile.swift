// Which segments an index of a shard has, what of them is no more, and up to which commit of the shard's log they tell:
// one small file, replaced by rename after the segments that it names have been written. Nothing is synced: what a power
// cut leaves behind is found by its checks, and then the index is made again.

/// The state of an index on disk.
struct IndexFile {
    /// The kind of the packed file: "SCINDEX1".
    static let kind: UInt64 = 0x3158_4544_4E49_4353

    /// A segment with the number of its file.
    struct Stored {
        var number: UInt64
        var living: LivingSegment
    }

    /// The log up to which it tells.
    var position: LogPosition
    /// Whether English words have lost their endings.
    var stems: Bool
    /// The next segment's number.
    var next: UInt64 = 1
    /// The segments, in no order that means anything.
    var segments: [Stored] = []

    /// An index without documents.
    init(position: LogPosition, stems: Bool) {
        self.position = position
        self.stems = stems
    }

    /// Opens an index; nil when there is none of use.
    init?(in folder: String, files: FileSystem) {
        guard let file = PackedFile(opening: IndexFile.path(in: folder), kind: IndexFile.kind, files: files),
            let words = try? file.all(0, of: UInt64.self), let dead = try? file.all(1, of: UInt32.self),
            words.count >= 4, words.count % 3 == 1
        else { return nil }
        position = LogPosition(incarnation: words[0], n: Int64(bitPattern: words[1]))
        stems = words[2] == 1
        next = words[3]
        var place = 0
        for start in stride(from: 4, to: words.count, by: 3) {
            let count = Int(truncatingIfNeeded: words[start + 1])
            guard 0...dead.count - place ~= count,
                let packed = PackedFile(
                    opening: IndexFile.path(ofSegment: words[start], in: folder), kind: Segment.kind, files: files),
                let segment = try? Segment(packed)
            else { return nil }
            let gone = UnsafeBufferPointer(rebasing: dead[place..<place + count])
            place += count
            segments.append(
                Stored(
                    number: words[start],
                    living: LivingSegment(segment, dead: gone, deadLength: Int(truncatingIfNeeded: words[start + 2]))))
        }
    }

    /// Writes the file, after which the segments that it does not name are nobody's.
    func write(in folder: String, shared: Bool, files: FileSystem) throws(StorageError) {
        var words: [UInt64] = [position.incarnation, UInt64(bitPattern: position.n), stems ? 1 : 0, next]
        var dead: [UInt32] = []
        for stored in segments {
            words += [stored.number, UInt64(stored.living.dead.count), UInt64(stored.living.deadLength)]
            dead += stored.living.dead.documents
        }
        let file = PackedFile(sectionSizes: [8 * words.count, 4 * dead.count])
        _ = file.place(0, of: UInt64.self).update(fromContentsOf: words)
        _ = file.place(1, of: UInt32.self).update(fromContentsOf: dead)
        try file.write(IndexFile.path(in: folder), kind: IndexFile.kind, shared: shared, files: files)
        let wanted = segments.map { IndexFile.name(ofSegment: $0.number) }
        for name in try files.names(in: folder) where name.hasSuffix(".segment") && !wanted.contains(name) {
            try files.remove("\(folder)/\(name)")
        }
    }

    /// Writes a segment to a file, maps it, and takes it up.
    mutating func add(_ segment: Segment, in folder: String, shared: Bool, files: FileSystem) throws(StorageError) {
        let path = IndexFile.path(ofSegment: next, in: folder)
        try segment.file.write(path, kind: Segment.kind, shared: shared, files: files)
        guard let packed = PackedFile(opening: path, kind: Segment.kind, files: files) else {
            throw StorageError(.damaged, "\"\(path)\" cannot be read", hint: "try again")
        }
        segments.append(Stored(number: next, living: LivingSegment(try Segment(packed))))
        next += 1
    }

    static func path(in folder: String) -> String { "\(folder)/index" }
    private static func path(ofSegment number: UInt64, in folder: String) -> String {
        "\(folder)/\(name(ofSegment: number))"
    }
    private static func name(ofSegment number: UInt64) -> String { "\(number).segment" }

    // MARK: Merging

    /// Brings segments together: where one is not much larger than all smaller ones together, and where much of one is
    /// no more. So there are few, and each document is written again only a few times.
    mutating func compact(in folder: String, shared: Bool, files: FileSystem) throws(StorageError) {
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
            if merged.count > 0 { try add(merged, in: folder, shared: shared, files: files) }
        }
    }
}
