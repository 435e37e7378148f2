// The log of one copy of a shard: what it has promised to keep. It begins at a base, up to which the copy beside it
// has everything, and only grows; when the copy has taken up what it holds, it is made again from there.
//
//     header  magic, shard, identity, epoch, sequence and check of the base, floor, check

/// An append-only file of entries, each of which follows from the one before.
package struct ReplicaLog {
    private static let magic: UInt64 = 0x3147_4F4C_4C50_4552  // "REPLLOG1"
    /// The bytes of an empty log.
    package static let headerBytes = 64

    /// The file.
    package let path: String
    /// Tells this shard's history from that of any other network.
    package let identity: UInt64
    /// Where it begins.
    package let base: ReplicaMark
    /// New entries have at least this epoch.
    package let floor: Int64
    /// Where it ends.
    package private(set) var head: ReplicaMark
    /// The bytes up to there; what follows in the file is the beginning of an entry whose writer was interrupted.
    package private(set) var sizeBytes: Int
    private let files: FileSystem

    /// The epoch that the next entry has.
    package var epoch: Int64 { max(floor, head.position.epoch) }

    /// Opens a log and finds its end.
    ///
    /// - Parameter provesLast: whether all of the last entry is looked at, or its header alone.
    /// - Returns: nil when there is none.
    /// - Throws: `damaged` when it is no log of this shard.
    package init?(opening path: String, shard: Int, provesLast: Bool, files: FileSystem) throws(StorageError) {
        self.path = path
        self.files = files
        let found: (bytes: [UInt8], last: ReplicaEntry.Header?, size: Int)
        do {
            found = try files.withFile(path) { (descriptor, size) throws(StorageError) in
                let header = try FileSystem.read(descriptor, 0..<min(size, ReplicaLog.headerBytes), of: path)
                let last = try ReplicaLog.last(descriptor, size, provesLast, path)
                return (header, last, size)
            }
        } catch {
            if error.code == .noSuchFile { return nil }
            throw error
        }
        let words = found.bytes[...]
        guard words.count == ReplicaLog.headerBytes, words.word(0) == ReplicaLog.magic,
            words.word(1) == UInt64(shard),
            words.word(7) == ReplicaCheck.mix((1..<7).map { words.word($0) })
        else { throw StorageError(.damaged, "\"\(path)\" is no log of shard \(shard)") }
        identity = words.word(2)
        base = ReplicaMark(
            ReplicaPosition(epoch: Int64(bitPattern: words.word(3)), sequence: Int64(bitPattern: words.word(4))),
            check: words.word(5))
        floor = Int64(bitPattern: words.word(6))
        head = base
        sizeBytes = ReplicaLog.headerBytes
        if let last = found.last, last.position.sequence > base.position.sequence {
            head = last.mark
            sizeBytes = found.size
        } else if found.size > ReplicaLog.headerBytes {
            try scan { _ in }
        }
    }

    /// The header of the entry that ends where the file ends; nil when none does.
    private static func last(
        _ descriptor: Int32, _ size: Int, _ isProven: Bool, _ path: String
    ) throws(StorageError) -> ReplicaEntry.Header? {
        guard size >= headerBytes + ReplicaEntry.frameBytes, size % 8 == 0 else { return nil }
        let trailer = try FileSystem.read(descriptor, size - 8..<size, of: path)
        guard trailer.count == 8 else { return nil }
        let frame = trailer[...].word(0)
        guard frame >= UInt64(ReplicaEntry.frameBytes), frame <= UInt64(size - headerBytes) else { return nil }
        let start = size - Int(frame)
        let end = isProven ? size : start + ReplicaEntry.headerBytes
        let bytes = try FileSystem.read(descriptor, start..<end, of: path)
        guard let header = ReplicaEntry.Header(bytes[...]), header.frameBytes == Int(frame) else { return nil }
        return isProven && ReplicaEntry(bytes[...]) == nil ? nil : header
    }

    /// Makes a log, replacing what was there.
    ///
    /// - Parameter entries: the bytes of entries that follow the base.
    package static func create(
        _ path: String, shard: Int, identity: UInt64, base: ReplicaMark, floor: Int64 = 0, entries: [UInt8] = [],
        shared: Bool, files: FileSystem
    ) throws(StorageError) {
        let words = [
            UInt64(shard), identity, UInt64(bitPattern: base.position.epoch),
            UInt64(bitPattern: base.position.sequence), base.check, UInt64(bitPattern: floor),
        ]
        var bytes: [UInt8] = []
        for word in [magic] + words + [ReplicaCheck.mix(words)] { bytes.append(word: word) }
        try files.replace(path, with: bytes + entries, shared: shared)
    }

    // MARK: Reading

    /// Calls a closure for each entry, and finds the end of those that follow from each other.
    private mutating func scan(_ visit: (ReplicaEntry) throws -> Void) throws(StorageError) {
        var end = base
        var offset = ReplicaLog.headerBytes
        do {
            try forEach { entry in
                try visit(entry)
                end = entry.mark
                offset += entry.encodedBytes
            }
        } catch let error as StorageError { throw error } catch { throw StorageError(.ioError, "\(error)") }
        head = end
        sizeBytes = offset
    }

    /// Calls a closure for each entry from the base on, as far as they are whole and follow from each other.
    package func forEach(_ visit: (ReplicaEntry) throws -> Void) throws {
        let bytes = try files.contents(of: path)
        var offset = ReplicaLog.headerBytes
        var mark = base
        while offset < bytes.count, let entry = ReplicaEntry(bytes[offset...]), entry.previous == mark.check,
            entry.mark.position.sequence == mark.position.sequence + 1,
            entry.mark.position.epoch >= mark.position.epoch
        {
            try visit(entry)
            mark = entry.mark
            offset += entry.encodedBytes
        }
    }

    /// The entries after a sequence number up to the head; nil when the log does not hold all of them.
    ///
    /// - Parameter check: that of the entry with that number, where it is known.
    package func entries(after sequence: Int64, check: UInt64? = nil) throws -> [ReplicaEntry]? {
        guard let mark = try mark(at: sequence), check == nil || mark.check == check else { return nil }
        var entries: [ReplicaEntry] = []
        try forEach { if $0.mark.position.sequence > sequence { entries.append($0) } }
        return (entries.last?.mark ?? mark) == head ? entries : nil
    }

    /// The mark at a sequence number; nil when it lies outside the log.
    package func mark(at sequence: Int64) throws -> ReplicaMark? {
        if sequence == head.position.sequence { return head }
        if sequence == base.position.sequence { return base }
        guard sequence > base.position.sequence, sequence < head.position.sequence else { return nil }
        var found: ReplicaMark?
        try forEach { if $0.mark.position.sequence == sequence { found = $0.mark } }
        return found
    }

    /// Whether every entry up to the head is whole.
    package func isWhole() throws -> Bool {
        var end = base
        try forEach { end = $0.mark }
        return end == head
    }

    // MARK: Writing

    /// Adds entries behind the head, over whatever an interrupted writer has left there; not synced.
    package mutating func append(_ entries: [ReplicaEntry]) throws(StorageError) {
        guard let last = entries.last else { return }
        var bytes: [UInt8] = []
        for entry in entries { bytes += entry.encoded }
        if files.size(of: path) > sizeBytes { try files.cut(path, to: sizeBytes) }
        try files.put(bytes, at: sizeBytes, of: path)
        head = last.mark
        sizeBytes += bytes.count
    }

    /// Makes what was added durable.
    package func sync() throws(StorageError) { try files.sync(path) }

    /// Makes what was added durable; where the sync fails, by writing the whole log to another file.
    ///
    /// A sync is never tried again: after one that failed, pages that never reached the disk count as written.
    func syncOrRewrite(shard: Int, shared: Bool) throws(StorageError) {
        do { try sync() } catch {
            let bytes = try files.contents(of: path)
            guard bytes.count >= sizeBytes else { throw error }
            let entries = Array(bytes[ReplicaLog.headerBytes..<sizeBytes])
            try ReplicaLog.create(
                path, shard: shard, identity: identity, base: base, floor: floor, entries: entries, shared: shared,
                files: files)
        }
    }
}

extension ReplicaEntry {
    /// The number of bytes in a log.
    var encodedBytes: Int { ReplicaEntry.frameBytes + (changes.count + 7) & ~7 }
}
