// A field of a line of a log: some bytes in memory that belongs to somebody else.

/// Bytes of a line; valid only as long as the bytes that were parsed.
package struct LogField {
    // Safety: `length` bytes from `start` on lie within the line; only `LogCursor` and this file make them.
    private let start: UnsafePointer<UInt8>?
    private let length: UInt32
    /// Whether there are backslashes, which may begin escapes.
    package let hasEscapes: Bool

    /// An empty field.
    init() { (start, length, hasEscapes) = (nil, 0, false) }

    /// The bytes between two places of a line, which is shorter than 4 GiB.
    @inline(__always)
    init(_ start: UnsafePointer<UInt8>, upTo end: UnsafePointer<UInt8>, hasEscapes: Bool = false) {
        self.start = start
        length = UInt32(truncatingIfNeeded: end - start)
        self.hasEscapes = hasEscapes
    }

    /// A field of bytes that stand alone, with escapes or none.
    ///
    /// It is cut off after the longest line.
    package init(_ bytes: UnsafeRawBufferPointer, hasEscapes: Bool = false) {
        start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        length = UInt32(min(bytes.count, FormatLimits.accessLogLineBytes))
        self.hasEscapes = hasEscapes
    }

    /// How many bytes it has in the line.
    package var count: Int { Int(length) }
    /// Whether it is missing, or `-`.
    package var isEmpty: Bool { length == 0 }
    /// The bytes as they stand in the line, with their escapes.
    package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// Some of its bytes; places behind its end are its end.
    @inline(__always)
    func part(_ lower: Int, _ upper: Int) -> LogField {
        guard let start else { return self }
        let upper = min(upper, count)
        return LogField(start + min(lower, upper), upTo: start + upper, hasEscapes: hasEscapes)
    }

    /// Nothing if it is `-`, as logs have it for what is missing.
    var unlessDash: LogField {
        @inline(__always) get { length == 1 && start?.pointee == ASCII.minus ? LogField() : self }
    }

    /// Whether it is this text, with no regard to escapes.
    package func equals(_ text: StaticString) -> Bool {
        // Safety: a text of ASCII is stored as bytes, as many as it says.
        text.hasPointerRepresentation
            && bytes.elementsEqual(UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// The text, without escapes; what is no UTF-8 is replaced.
    package var string: String {
        guard hasEscapes else { return String(decoding: bytes, as: UTF8.self) }
        var plain: [UInt8] = []
        append(to: &plain)
        return String(decoding: plain, as: UTF8.self)
    }

    /// Appends the bytes, without escapes.
    ///
    /// Those of Apache and nginx are understood: `\"`, `\\`, `\xHH`, `\n` and its like, and `\uHHHH` as in JSON. Any
    /// other backslash stands for itself.
    package func append(to buffer: inout [UInt8]) {
        let bytes = bytes
        guard hasEscapes else {
            buffer.append(contentsOf: bytes)
            return
        }
        var index = 0
        while index < bytes.count {
            if bytes[index] == ASCII.backslash, let length = LogEscape.decode(bytes, at: index, into: &buffer) {
                index += length
            } else {
                buffer.append(bytes[index])
                index += 1
            }
        }
    }
}

/// The escapes in the fields of logs.
enum LogEscape {
    /// Appends what the escape at a backslash stands for; its length, or nil if it is none.
    static func decode(_ bytes: UnsafeRawBufferPointer, at index: Int, into buffer: inout [UInt8]) -> Int? {
        guard index + 1 < bytes.count else { return nil }
        let letter = bytes[index + 1]
        switch letter {
        case ASCII.quote, ASCII.backslash, ASCII.slash, ASCII.apostrophe: buffer.append(letter)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "v"): buffer.append(0x0B)
        case UInt8(ascii: "x"):
            guard let byte = hexadecimal(bytes, index + 2, digits: 2) else { return nil }
            buffer.append(UInt8(truncatingIfNeeded: byte))
            return 4
        case UInt8(ascii: "u"): return unicode(bytes, at: index, into: &buffer)
        default: return nil
        }
        return 2
    }

    /// Two escapes that are a surrogate pair are one scalar; half a pair is replaced.
    private static func unicode(_ bytes: UnsafeRawBufferPointer, at index: Int, into buffer: inout [UInt8]) -> Int? {
        guard let first = hexadecimal(bytes, index + 2, digits: 4) else { return nil }
        var (scalar, length) = (Unicode.Scalar(first), 6)
        if (0xD800..<0xDC00).contains(first), index + 7 < bytes.count, bytes[index + 6] == ASCII.backslash,
            bytes[index + 7] == UInt8(ascii: "u"), let second = hexadecimal(bytes, index + 8, digits: 4),
            (0xDC00..<0xE000).contains(second)
        {
            scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            length = 12
        }
        buffer.append(contentsOf: String(Character(scalar ?? "\u{FFFD}")).utf8)
        return length
    }

    private static func hexadecimal(_ bytes: UnsafeRawBufferPointer, _ start: Int, digits: Int) -> UInt32? {
        guard start + digits <= bytes.count else { return nil }
        var value: UInt32 = 0
        for index in start..<start + digits {
            guard let digit = ASCII.hexadecimalDigit(bytes[index]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}

extension ASCII {
    /// The value of one of `0` to `9`, `a` to `f` and `A` to `F`.
    static func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case zero...nine: byte - zero
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
