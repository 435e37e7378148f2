// One name for one resource: what a log's requests have for a path, in the form in which they can be compared.

/// Normalises the targets of requests.
///
/// Scheme and host, query and fragment go; percent-encoded letters, digits, `-`, `.`, `_` and `~` are decoded, other
/// percent-encoding gets capital letters, and a `%` that begins none becomes `%25` (RFC 3986 §6.2.2); empty segments,
/// `.` and `..` are resolved. What is normal already stays as it is.
package enum LogPath {
    /// Whether a target is normal already.
    ///
    /// Targets that have a `%` or a segment that begins with `.` count as not normal without a closer look.
    package static func isNormal(_ target: LogField) -> Bool {
        let bytes = target.bytes
        guard bytes.first == ASCII.slash, bytes.count <= FormatLimits.requestPathBytes, !target.hasEscapes else {
            return false
        }
        var isAfterSlash = false
        for byte in bytes {
            switch byte {
            case ASCII.slash:
                if isAfterSlash { return false }
                isAfterSlash = true
            case UInt8(ascii: "."):
                if isAfterSlash { return false }
            case UInt8(ascii: "%"), UInt8(ascii: "?"), UInt8(ascii: "#"): return false
            default: isAfterSlash = false
            }
        }
        return true
    }

    /// Appends the normal form of a target; false, and nothing is appended, if it is no path, as `*` and `host:443`.
    ///
    /// It begins with `/` and has at most `FormatLimits.requestPathBytes` bytes: longer ones are cut off.
    package static func append(_ target: LogField, to buffer: inout [UInt8]) -> Bool {
        if isNormal(target) {
            buffer.append(contentsOf: target.bytes)
            return true
        }
        guard target.hasEscapes else { return append(target.bytes, to: &buffer) }
        var plain: [UInt8] = []
        target.append(to: &plain)
        return plain.withUnsafeBytes { append($0, to: &buffer) }
    }

    /// The length of `http://` or `https://` at the beginning, in capital letters or small ones; 0 if there is none.
    static func lengthOfScheme(_ bytes: UnsafeRawBufferPointer) -> Int {
        for scheme in ["http://", "https://"] as [StaticString] {
            let length = scheme.utf8CodeUnitCount
            guard bytes.count >= length else { continue }
            // Safety: a text of ASCII is stored as bytes, as many as it says.
            let text = UnsafeBufferPointer(start: scheme.utf8Start, count: length)
            if zip(text, bytes).allSatisfy({ $0 == (ASCII.isLetter($1) ? $1 | 0x20 : $1) }) { return length }
        }
        return 0
    }

    private static func append(_ bytes: UnsafeRawBufferPointer, to buffer: inout [UInt8]) -> Bool {
        var rest = bytes[...]
        let scheme = lengthOfScheme(bytes)
        if scheme > 0 {
            rest = rest.dropFirst(scheme).drop { $0 != ASCII.slash && !isEnd($0) }
        } else if rest.first != ASCII.slash {
            return false
        }
        let start = buffer.count
        buffer.append(ASCII.slash)
        let path = decoded(rest.prefix { !isEnd($0) })
        let segments = path.split(separator: ASCII.slash, omittingEmptySubsequences: true)
        for (number, segment) in segments.enumerated() {
            let isLast = number == segments.count - 1
            if segment == [UInt8(ascii: "."), UInt8(ascii: ".")] {
                removeSegment(&buffer, from: start)
            } else if segment != [UInt8(ascii: ".")] {
                buffer += segment
                if !isLast || path.last == ASCII.slash { buffer.append(ASCII.slash) }
            }
        }
        cut(&buffer, from: start)
        return true
    }

    private static func isEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") }

    /// Takes the last segment away; the slash before it stays.
    private static func removeSegment(_ buffer: inout [UInt8], from start: Int) {
        guard buffer.count > start + 1 else { return }
        buffer.removeLast()
        while buffer.count > start + 1, buffer.last != ASCII.slash { buffer.removeLast() }
    }

    /// Cuts a path off, but not within a percent-encoded byte, and so that it stays normal.
    private static func cut(_ buffer: inout [UInt8], from start: Int) {
        let limit = start + FormatLimits.requestPathBytes
        guard buffer.count > limit else { return }
        buffer.removeLast(buffer.count - limit)
        for length in 1...2 where buffer[buffer.count - length] == UInt8(ascii: "%") {
            buffer.removeLast(length)
            break
        }
        let dot = UInt8(ascii: ".")
        if buffer.hasSuffix([ASCII.slash, dot]) {
            buffer.removeLast()
        } else if buffer.hasSuffix([ASCII.slash, dot, dot]) {
            buffer.removeLast(2)
        }
    }

    /// The bytes with their percent-encoding made uniform.
    private static func decoded(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                result.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            let values = digits.compactMap(ASCII.hexadecimalDigit)
            guard values.count == 2 else {
                result += "%25".utf8
                continue
            }
            rest = rest.dropFirst(2)
            let value = values[0] << 4 | values[1]
            if isUnreserved(value) {
                result.append(value)
            } else {
                result.append(byte)
                result += digits.map { $0 >= UInt8(ascii: "a") ? $0 - 0x20 : $0 }
            }
        }
        return result
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == ASCII.minus || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }
}

extension [UInt8] {
    /// Whether it ends with these bytes.
    fileprivate func hasSuffix(_ bytes: [UInt8]) -> Bool { suffix(bytes.count) == bytes[...] }
}
