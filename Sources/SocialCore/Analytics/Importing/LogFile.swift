// A log as a file: what its bytes begin with, and whether a log of which something has been counted is this one. A log
// is known by its bytes, so it may be renamed, copied, compressed, cut off and read from a pipe.

internal import Formats
internal import Glibc

/// A log to be counted.
struct LogFile {
    /// The name under which it is reported.
    let name: String
    /// Which file it is; 0 for what is no file.
    let device: UInt64
    let inode: UInt64
    /// Whether its bytes are compressed with gzip.
    let isCompressed: Bool
    /// Its first bytes, as text.
    let head: [UInt8]
    private let content: Content

    private enum Content {
        case file(FileReader)
        case bytes([UInt8])
    }

    /// How many bytes at most tell a log from all others.
    static let headBytes = 1_024

    /// Opens a file; nil when there is none.
    init?(path: String) throws {
        let reader: FileReader
        do { reader = try FileReader(path) } catch {
            if error.code == .noSuchFile, !FileSystem().exists(path) { return nil }
            throw error
        }
        // A pipe can be read only once.
        try self.init(
            name: path, reader.isRegular ? .file(reader) : .bytes(try reader.rest()),
            identity: reader.isRegular ? FileSystem().identity(of: path) : nil)
    }

    /// Bytes in memory.
    init(name: String, bytes: [UInt8]) throws { try self.init(name: name, .bytes(bytes), identity: nil) }

    private init(name: String, _ content: Content, identity: (device: UInt64, inode: UInt64)?) throws {
        try self.init(name: name, content, device: identity?.device ?? 0, inode: identity?.inode ?? 0)
    }

    /// The same file, whose first bytes are looked at again.
    func again() throws -> LogFile { try LogFile(name: name, content, device: device, inode: inode) }

    private init(name: String, _ content: Content, device: UInt64, inode: UInt64) throws {
        self.name = name
        self.content = content
        self.device = device
        self.inode = inode
        let magic = try LogFile.bytes(content, at: 0, count: 2)
        isCompressed = magic == [0x1F, 0x8B]
        guard isCompressed else {
            head = try LogFile.bytes(content, at: 0, count: LogFile.headBytes)
            return
        }
        let source = Gzip.inflating(LogFile.source(content, from: 0, LogFile.headBytes))
        var text: [UInt8] = []
        while text.count < LogFile.headBytes {
            let before = text.count
            try source(&text)
            if text.count == before { break }
        }
        head = Array(text.prefix(LogFile.headBytes))
    }

    private static func bytes(_ content: Content, at offset: Int, count: Int) throws -> [UInt8] {
        switch content {
        case .file(let reader): try reader.bytes(at: offset, count: count)
        case .bytes(let bytes): Array(bytes.dropFirst(offset).prefix(count))
        }
    }

    private static func source(_ content: Content, from start: Int, _ chunkBytes: Int) -> ChunkSource {
        var offset = start
        return { buffer in
            let piece = try bytes(content, at: offset, count: chunkBytes)
            offset += piece.count
            buffer += piece
        }
    }

    /// Its bytes: those from a position of the text on, or all of them where they are compressed.
    func source(from position: Int, chunkBytes: Int) -> ChunkSource {
        LogFile.source(content, from: isCompressed ? 0 : position, chunkBytes)
    }

    /// The text before a position, at most `headBytes` of it; nil where that cannot be told without reading everything,
    /// and fewer where the text ends before.
    func text(before position: Int) throws -> [UInt8]? {
        if isCompressed { return nil }
        let start = max(0, position - LogFile.headBytes)
        return try LogFile.bytes(content, at: start, count: position - start)
    }

    /// A hash of the first bytes.
    func hash(ofFirst count: Int) -> UInt64 { ReplicaCheck.sum(of: Array(head.prefix(count))) }

    /// Whether the log that a source tells of is this one, as far as it had been counted.
    ///
    /// It has the same first bytes, and the same where counting ended; if it ends before that, all of it was counted.
    func isSame(as source: SourceRecord) throws -> Bool {
        guard source.headBytes > 0, source.headBytes <= head.count, hash(ofFirst: source.headBytes) == source.head,
            let end = try text(before: source.offset)
        else {
            return source.headBytes > 0 && source.headBytes <= head.count && isCompressed
                && hash(ofFirst: source.headBytes) == source.head
        }
        let isShorter = end.count < min(source.offset, LogFile.headBytes)
        return isShorter || ReplicaCheck.sum(of: Array(end.suffix(source.tailBytes))) == source.tail
    }
}
