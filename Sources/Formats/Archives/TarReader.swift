// Tape archives (POSIX ustar with pax headers, and GNU's long names), read from the front. Only the bytes of entries
// are handed out: nothing is ever written under a name that an archive gives, so no name can do harm.

/// Reads the entries of a tar archive one after the other.
package struct TarReader {
    /// One entry.
    package struct Entry: Equatable, Sendable {
        /// The name as the archive gives it.
        package let name: String
        /// The size of its contents.
        package let sizeBytes: Int
        /// Whether it is a file, and no directory, link or device.
        package let isFile: Bool
    }

    private var input: ByteQueue
    /// What of the present entry, with its padding, has not been read.
    private var restBytes = 0
    private var sizeBytes = 0
    private var isAtEnd = false

    private static let blockBytes = 512

    /// Makes a reader of an archive, which is not compressed.
    package init(_ source: @escaping ChunkSource) { input = ByteQueue(source) }

    /// Whether data that begins with these bytes, 512 at least, is an archive.
    package static func isTar(_ head: ArraySlice<UInt8>) -> Bool {
        head.count >= blockBytes && head.dropFirst(257).starts(with: "ustar".utf8)
    }

    /// The next entry, or nil at the end.
    ///
    /// - Throws: a `DataError` with the place in the archive, or what its source throws.
    package mutating func next() throws -> Entry? {
        var name: String?
        var size: Int?
        while !isAtEnd {
            try input.skip(restBytes)
            restBytes = 0
            let start = input.offset
            let block = try input.bytes(Self.blockBytes)
            if block.allSatisfy({ $0 == 0 }) {
                isAtEnd = true
                return nil
            }
            let header = TarHeader(block, at: start)
            try header.checkSum()
            let length = try size ?? header.size()
            sizeBytes = length
            restBytes = length + (Self.blockBytes - length % Self.blockBytes) % Self.blockBytes
            switch header.kind {
            case UInt8(ascii: "L"): name = Self.text(try meta(start).prefix { $0 != 0 })
            case UInt8(ascii: "K"), UInt8(ascii: "g"): _ = try meta(start)
            case UInt8(ascii: "x"):
                let records = try PaxRecords(try meta(start), at: start)
                name = records.path ?? name
                size = records.size
            case UInt8(ascii: "S"):
                throw DataError(.syntax, byteOffset: start, "a sparse file; make the archive without --sparse")
            default:
                return Entry(name: name ?? header.name, sizeBytes: length, isFile: header.isFile)
            }
        }
        return nil
    }

    /// The contents of the entry that was returned last; once.
    ///
    /// - Throws: `outOfRange` when there are more than `limitBytes`.
    package mutating func contents(limitBytes: Int) throws -> [UInt8] {
        let size = sizeBytes
        guard size <= limitBytes else {
            throw DataError(
                .outOfRange, byteOffset: input.offset, "an entry of \(size) bytes, where \(limitBytes) are the limit")
        }
        let bytes = try input.bytes(size)
        restBytes -= size
        sizeBytes = 0
        return bytes
    }

    /// The contents of an entry that is about the next one.
    private mutating func meta(_ start: Int) throws -> [UInt8] {
        guard sizeBytes <= FormatLimits.entryNameBytes else {
            throw DataError(.outOfRange, byteOffset: start, "a name of \(sizeBytes) bytes")
        }
        return try contents(limitBytes: FormatLimits.entryNameBytes)
    }

    static func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
}

/// The fields of a header block.
private struct TarHeader {
    private let block: [UInt8]
    private let start: Int

    init(_ block: [UInt8], at start: Int) {
        self.block = block
        self.start = start
    }

    var kind: UInt8 { block[156] }

    var isFile: Bool { kind == 0 || kind == UInt8(ascii: "0") || kind == UInt8(ascii: "7") }

    /// The name with its prefix, which only the POSIX form has: GNU keeps times there.
    var name: String {
        let name = field(0, 100)
        let isPOSIX = block[257..<263].elementsEqual(Array("ustar".utf8) + [0])
        let prefix = isPOSIX ? field(345, 155) : ""
        return prefix.isEmpty ? name : "\(prefix)/\(name)"
    }

    /// The sum of the header's bytes, in which those of the sum itself count as spaces.
    func checkSum() throws(DataError) {
        var sum = 0
        for index in 0..<block.count { sum += (148..<156).contains(index) ? Int(ASCII.space) : Int(block[index]) }
        guard octal(148, 8) == sum else {
            throw DataError(.syntax, byteOffset: start, "this is no header of a tar archive: its checksum is wrong")
        }
    }

    /// The size: octal digits, or, beyond eight gigabytes, a number in base 256.
    func size() throws(DataError) -> Int {
        var size = octal(124, 12)
        if block[124] & 0x80 != 0 {
            var value = Int(block[124] & 0x7F)
            for byte in block[125..<136] where value < 1 << 48 { value = value << 8 | Int(byte) }
            size = value
        }
        guard let size, size < 1 << 48 else {
            throw DataError(.syntax, byteOffset: start, "a header without a size that makes sense")
        }
        return size
    }

    private func field(_ first: Int, _ length: Int) -> String {
        TarReader.text(block[first..<first + length].prefix { $0 != 0 })
    }

    private func octal(_ first: Int, _ length: Int) -> Int? {
        var value = 0
        var hasDigits = false
        for byte in block[first..<first + length] {
            if byte == ASCII.space || byte == 0 {
                if hasDigits { break }
                continue
            }
            guard byte >= ASCII.zero, byte <= UInt8(ascii: "7"), value < 1 << 48 else { return nil }
            hasDigits = true
            value = value << 3 | Int(byte - ASCII.zero)
        }
        return hasDigits ? value : nil
    }
}

/// The records of a pax header that matter here: `LENGTH KEY=VALUE` and a newline, where the length counts itself.
private struct PaxRecords {
    private(set) var path: String?
    private(set) var size: Int?

    init(_ bytes: [UInt8], at start: Int) throws(DataError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: ASCII.space),
                let length = Int(TarReader.text(rest[..<space])), length > space - rest.startIndex + 1,
                length <= rest.count
            else { throw DataError(.syntax, byteOffset: start, "a pax header that makes no sense") }
            let record = rest[(space + 1)..<(rest.startIndex + length - 1)]
            rest = rest.dropFirst(length)
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = TarReader.text(record[(equals + 1)...])
            switch TarReader.text(record[..<equals]) {
            case "path": path = value
            case "size":
                guard let number = Int(value), number >= 0, number < 1 << 48 else {
                    throw DataError(.syntax, byteOffset: start, "a pax header without a size that makes sense")
                }
                size = number
            default: break
            }
        }
    }
}

/// Bytes that are taken from a source in the amounts that a format asks for.
private struct ByteQueue {
    /// How many bytes have been taken.
    private(set) var offset = 0
    private let source: ChunkSource
    private var buffer: [UInt8] = []
    private var start = 0

    init(_ source: @escaping ChunkSource) { self.source = source }

    /// The next `count` bytes.
    mutating func bytes(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            if start == buffer.count { try refill() }
            bytes += take(count - bytes.count)
        }
        return bytes
    }

    /// Passes over bytes.
    mutating func skip(_ count: Int) throws {
        var rest = count
        while rest > 0 {
            if start == buffer.count { try refill() }
            rest -= take(rest).count
        }
    }

    /// What is at hand of the next bytes.
    private mutating func take(_ limit: Int) -> ArraySlice<UInt8> {
        let part = buffer[start...].prefix(limit)
        start += part.count
        offset += part.count
        return part
    }

    private mutating func refill() throws {
        buffer.removeAll(keepingCapacity: true)
        start = 0
        try source(&buffer)
        guard !buffer.isEmpty else { throw DataError(.syntax, byteOffset: offset, "the archive ends too early") }
    }
}
