// How the parsers of pictures and films look at a file: numbers and pieces at an offset, each checked, so that no
// input whatsoever can make them read beyond it.

/// A part of a file; offsets count from its beginning.
struct FilePart {
    /// The whole file.
    let file: FileBytes
    /// Where in the file the part lies.
    let range: Range<Int>

    /// The whole of a file.
    init(_ file: FileBytes) {
        self.file = file
        range = 0..<file.count
    }

    private init(_ file: FileBytes, _ range: Range<Int>) {
        self.file = file
        self.range = range
    }

    /// The size in bytes.
    var count: Int { range.count }

    /// The bytes.
    var bytes: Slice<FileBytes> { file[range] }

    /// The part of `count` bytes at an offset.
    func part(_ offset: Int, _ count: Int) throws(PictureError) -> FilePart {
        guard offset >= 0, count >= 0, offset <= range.count, count <= range.count - offset else {
            throw PictureError(.truncated, "the file ends too early")
        }
        let start = range.lowerBound + offset
        return FilePart(file, start..<start + count)
    }

    /// Everything from an offset on.
    func part(from offset: Int) throws(PictureError) -> FilePart { try part(offset, range.count - offset) }

    /// The byte at an offset.
    func byte(_ offset: Int) throws(PictureError) -> Int { Int(try slice(offset, 1)) }

    /// The number of `width` bytes, at most eight, at an offset, most significant byte first.
    func big(_ offset: Int, _ width: Int) throws(PictureError) -> Int {
        try number(try slice(offset, width))
    }

    /// The number of `width` bytes, at most eight, at an offset, least significant byte first.
    func little(_ offset: Int, _ width: Int) throws(PictureError) -> Int {
        try number(try slice(offset, width).byteSwapped >> UInt64(64 - 8 * width))
    }

    /// Whether this text, in ASCII, stands at an offset.
    func has(_ text: StaticString, at offset: Int = 0) -> Bool {
        guard offset >= 0, offset <= count - text.utf8CodeUnitCount else { return false }
        let start = range.lowerBound + offset
        return text.withUTF8Buffer { $0.elementsEqual(file[start..<start + $0.count]) }
    }

    /// The four characters at an offset, as a number.
    func code(_ offset: Int) throws(PictureError) -> FourCC { FourCC(UInt32(truncatingIfNeeded: try big(offset, 4))) }

    private func slice(_ offset: Int, _ width: Int) throws(PictureError) -> UInt64 {
        guard offset >= 0, width <= range.count, offset <= range.count - width else {
            throw PictureError(.truncated, "the file ends too early")
        }
        var value: UInt64 = 0
        for index in 0..<width { value = value << 8 | UInt64(file[range.lowerBound + offset + index]) }
        return value
    }

    /// A number as a size or place; half of the largest possible one is beyond every file, and never overflows a sum.
    private func number(_ value: UInt64) throws(PictureError) -> Int {
        guard value < 1 << 60 else { throw PictureError(.damaged, "a number that makes no sense") }
        return Int(value)
    }
}

/// A name of four characters, as chunks and boxes have.
struct FourCC: Equatable, Hashable, ExpressibleByStringLiteral {
    /// The characters, the first in the most significant byte.
    let value: UInt32

    /// A name of these four bytes.
    init(_ value: UInt32) { self.value = value }

    /// A name of four characters below 256.
    init(stringLiteral text: StaticString) {
        var value: UInt32 = 0
        text.withUTF8Buffer { bytes in
            // QuickTime has names that begin with a copyright sign, one byte there and C2 with that byte in UTF-8.
            for byte in bytes where byte != 0xC2 { value = value << 8 | UInt32(byte) }
        }
        self.value = value
    }

    /// The four bytes.
    var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) } }

    /// The characters, for people; what is not printable is a full stop.
    var text: String {
        String(decoding: bytes.map { (0x20..<0x7F).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends the lowest `width` bytes of a number, the most significant first.
    mutating func appendBig(_ value: Int, _ width: Int) {
        for index in (0..<width).reversed() { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }

    /// Appends the lowest `width` bytes of a number, the least significant first.
    mutating func appendLittle(_ value: Int, _ width: Int) {
        for index in 0..<width { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}
