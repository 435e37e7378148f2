// A box in memory, and the numbers in it: each read is checked against the end of the box, and what fails says which
// box it was and where in the file that lies. (`Boxes` looks at mapped files, and needs to say less.)

/// A box (ISO/IEC 14496-12 §4.2).
struct MovieBox {
    /// What it is.
    let name: FourCC
    /// The bytes of the outermost box that is in memory.
    private let bytes: [UInt8]
    /// What stands behind the header.
    private let data: Range<Int>
    /// Where the bytes lie in the file.
    private let origin: Int
    /// How long the header is.
    private let headerBytes: Int
    private let trail: Trail

    /// The boxes around a box; put together as a text only if something is wrong.
    private final class Trail: Sendable {
        let name: FourCC
        let number: Int?
        let parent: Trail?

        init(_ name: FourCC, _ number: Int?, in parent: Trail?) {
            self.name = name
            self.number = number
            self.parent = parent
        }

        var path: String { (parent.map { $0.path + "/" } ?? "") + name.text + (number.map { "[\($0)]" } ?? "") }
    }

    /// A box that is in memory as a whole.
    init(_ name: FourCC, bytes: [UInt8], headerBytes: Int, origin: Int) {
        self.name = name
        self.bytes = bytes
        self.headerBytes = headerBytes
        self.origin = origin
        data = headerBytes..<bytes.count
        trail = Trail(name, nil, in: nil)
    }

    private init(_ name: FourCC, in parent: MovieBox, data: Range<Int>, headerBytes: Int, number: Int?) {
        self.name = name
        self.data = data
        self.headerBytes = headerBytes
        bytes = parent.bytes
        origin = parent.origin
        trail = Trail(name, number, in: parent.trail)
    }

    /// How many bytes stand behind the header.
    var count: Int { data.count }

    /// Where the box begins in the file.
    var start: Int { origin + data.lowerBound - headerBytes }

    /// The whole box.
    var whole: ArraySlice<UInt8> { bytes[data.lowerBound - headerBytes..<data.upperBound] }

    /// What stands behind the header, from an offset on.
    func rest(from offset: Int) throws(MovieError) -> ArraySlice<UInt8> {
        try check(offset, 0)
        return bytes[(data.lowerBound + offset)..<data.upperBound]
    }

    /// An error about this box.
    func error(_ code: MovieError.Code, _ message: String) -> MovieError {
        MovieError(code, message, path: trail.path, byteOffset: start)
    }

    /// An error that knows no place, with that of this box.
    func located(_ error: MovieError) -> MovieError {
        error.path.isEmpty ? self.error(error.code, error.message) : error
    }

    /// The byte at an offset.
    func u8(_ offset: Int) throws(MovieError) -> Int { Int(try big(offset, 1)) }
    /// The number of two bytes at an offset.
    func u16(_ offset: Int) throws(MovieError) -> Int { Int(try big(offset, 2)) }
    /// The number of four bytes at an offset.
    func u32(_ offset: Int) throws(MovieError) -> UInt32 { UInt32(truncatingIfNeeded: try big(offset, 4)) }
    /// The number of eight bytes at an offset.
    func u64(_ offset: Int) throws(MovieError) -> UInt64 { try big(offset, 8) }

    /// The number of four bytes at an offset, which counts things of `width` bytes that stand behind it.
    func counted(_ offset: Int, width: Int) throws(MovieError) -> Int {
        let number = Int(try u32(offset))
        guard number * width <= count - offset - 4 else {
            throw error(.damaged, "\(number) entries of \(width) bytes do not fit into it")
        }
        return number
    }

    /// A time or place of four bytes, or of eight in a box of version 1; not above 2⁶⁰.
    func wide(_ offset: Int, isWide: Bool) throws(MovieError) -> Int {
        let number = try isWide ? u64(offset) : UInt64(u32(offset))
        guard number < 1 << 60 else { throw error(.damaged, "the number \(number) makes no sense") }
        return Int(number)
    }

    private func check(_ offset: Int, _ width: Int) throws(MovieError) {
        guard offset >= 0, offset <= data.count, width <= data.count - offset else {
            throw error(.truncated, "the box ends too early")
        }
    }

    @inline(__always)
    private func big(_ offset: Int, _ width: Int) throws(MovieError) -> UInt64 {
        try check(offset, width)
        let start = data.lowerBound + offset
        var value: UInt64 = 0
        for place in start..<start + width { value = value << 8 | UInt64(bytes[place]) }
        return value
    }

    /// Goes through the boxes inside, which begin at an offset.
    func children(from offset: Int = 0) -> Children { Children(parent: self, offset: offset) }

    /// The only box of a name inside; nil if there is none.
    func child(_ name: FourCC, from offset: Int = 0) throws(MovieError) -> MovieBox? {
        var found: MovieBox?
        var boxes = children(from: offset)
        while let box = try boxes.next() {
            guard box.name == name else { continue }
            guard found == nil else { throw box.error(.damaged, "there is a second one") }
            found = box
        }
        return found
    }

    /// The only box of a name inside, which must be there.
    func needed(_ name: FourCC) throws(MovieError) -> MovieBox {
        guard let box = try child(name) else { throw error(.damaged, "it has no box \"\(name.text)\"") }
        return box
    }

    /// The boxes inside of another.
    struct Children {
        private let parent: MovieBox
        private var offset: Int
        /// How many tracks there were.
        private var tracks = 0

        fileprivate init(parent: MovieBox, offset: Int) {
            self.parent = parent
            self.offset = offset
        }

        /// The next box; nil at the end, before which a few bytes may be left over.
        mutating func next() throws(MovieError) -> MovieBox? {
            guard offset >= 0, parent.count - offset >= 8 else { return nil }
            let name = FourCC(try parent.u32(offset + 4))
            var headerBytes = 8
            var size = UInt64(try parent.u32(offset))
            if size == 1 {
                size = try parent.u64(offset + 8)
                headerBytes = 16
            } else if size == 0 {
                size = UInt64(parent.count - offset)
            }
            guard size >= headerBytes, size <= parent.count - offset else {
                throw parent.error(.damaged, "the box \"\(name.text)\" in it has the size \(size)")
            }
            tracks += name == "trak" || name == "traf" ? 1 : 0
            let start = parent.data.lowerBound + offset
            offset += Int(size)
            return MovieBox(
                name, in: parent, data: start + headerBytes..<start + Int(size), headerBytes: headerBytes,
                number: name == "trak" || name == "traf" ? tracks : nil)
        }
    }
}
