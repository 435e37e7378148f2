// The first stage of the text pipeline: what is not said but written around it. Tags and addresses become spaces, and
// character references become what they name, in place: no offset changes, so that later stages speak of the original.

internal import Formats

/// Takes markup, character references and URLs out of a text.
package enum Markup {
    /// What fills the gap behind a decoded reference; the stages behind step over it as if it were not there.
    package static let filler: UInt8 = 0

    /// A text without markup.
    package struct Blanked {
        /// The text, as many bytes as it had.
        package fileprivate(set) var bytes: [UInt8]
        /// Whether there was an address in it.
        package fileprivate(set) var hasLink = false
    }

    /// The text with as many bytes without markup, or nil when it has none.
    ///
    /// - Complexity: O(bytes).
    package static func blanked(_ text: Span<UInt8>) -> Blanked? {
        guard mayHaveAny(text) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        for index in text.indices { bytes.append(text[index]) }
        var blanked = Blanked(bytes: bytes)
        var hasAny = false
        var index = 0
        while index < text.count {
            let end = take(&blanked, at: index)
            hasAny = hasAny || end != nil
            index = end ?? index + 1
        }
        return hasAny ? blanked : nil
    }

    /// A quick look for the bytes with which markup begins.
    private static func mayHaveAny(_ text: Span<UInt8>) -> Bool {
        for index in text.indices {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "<"), UInt8(ascii: "&"): return true
            case UInt8(ascii: ":"):
                if index + 2 < text.count, text[index + 1] == slash, text[index + 2] == slash { return true }
            case UInt8(ascii: "w"), UInt8(ascii: "W"):
                if index + 3 < text.count, text[index + 3] == UInt8(ascii: "."), text[index + 1] | 0x20 == w {
                    return true
                }
            default: break
            }
        }
        return false
    }

    private static let slash = UInt8(ascii: "/")
    private static let w = UInt8(ascii: "w")

    /// Takes out what begins at `start`, and says where the text goes on; nil when nothing begins there.
    private static func take(_ text: inout Blanked, at start: Int) -> Int? {
        switch text.bytes[start] {
        case UInt8(ascii: "&"):
            guard let (scalar, end) = CharacterReference.decode(text.bytes, at: start) else { return nil }
            let named = Array(scalar.utf8)
            guard named.count <= end - start else { return nil }
            for index in start..<end {
                text.bytes[index] = index - start < named.count ? named[index - start] : filler
            }
            return end
        case UInt8(ascii: "<"):
            guard let end = tagEnd(text.bytes, from: start) else { return nil }
            text.hasLink = text.hasLink || text.bytes[start..<end].contains("://".utf8)
            blank(&text.bytes, start..<end)
            return end
        case UInt8(ascii: "h"), UInt8(ascii: "H"), w, UInt8(ascii: "W"):
            guard start == 0 || !isWord(text.bytes[start - 1]), isAddress(text.bytes[start...]) else { return nil }
            let end = text.bytes[start...].firstIndex { $0 <= 0x20 || isDelimiter($0) } ?? text.bytes.count
            text.hasLink = true
            blank(&text.bytes, start..<end)
            return end
        default: return nil
        }
    }

    private static func blank(_ bytes: inout [UInt8], _ range: Range<Int>) {
        for index in range { bytes[index] = 0x20 }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "\"")
    }

    private static let addressPrefixes = ["http://", "https://", "www."]

    private static func isAddress(_ bytes: ArraySlice<UInt8>) -> Bool {
        addressPrefixes.contains { prefix in
            let letters = prefix.utf8
            guard bytes.count > letters.count, isWord(bytes[bytes.startIndex + letters.count]) else { return false }
            return zip(bytes, letters).allSatisfy { byte, letter in
                byte == letter || (isWord(byte) && byte | 0x20 == letter)
            }
        }
    }

    /// Where the tag or comment that begins at `start` ends; nil when it is none.
    ///
    /// Only elements that servers write into posts count: `Array<Int>` and `a <b and c> d` are text.
    private static func tagEnd(_ bytes: [UInt8], from start: Int) -> Int? {
        let rest = bytes[(start + 1)...]
        if rest.starts(with: "!--".utf8) {
            var index = start + 4
            while index + 2 < bytes.count {
                if bytes[index..<index + 3].elementsEqual("-->".utf8) { return index + 3 }
                index += 1
            }
            return nil
        }
        let first = rest.first == slash ? start + 2 : start + 1
        var end = first
        while end < bytes.count, end - first <= longestName, isWord(bytes[end]), bytes[end] < 0x80 { end += 1 }
        guard end > first, end < bytes.count, isTagGap(bytes[end]) else { return nil }
        let name = String(decoding: bytes[first..<end].map { $0 | 0x20 }, as: UTF8.self)
        guard elements.contains(name) else { return nil }
        var quote: UInt8?
        for index in end..<bytes.count {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: ">") {
                return index + 1
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte == UInt8(ascii: "<") {
                return nil
            }
        }
        return nil
    }

    private static func isTagGap(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == slash || byte == UInt8(ascii: ">")
    }

    private static let longestName = 10

    /// The elements of posts; `| 0x20` has made `1` of the digits of headings what they were.
    private static let elements = [
        "p", "br", "a", "b", "i", "u", "s", "em", "strong", "span", "div", "del", "ins", "sub", "sup", "small", "mark",
        "ul", "ol", "li", "blockquote", "code", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "ruby", "rt",
        "rp", "script", "style",
    ]
}
