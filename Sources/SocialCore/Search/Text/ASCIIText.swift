// The bytes and scalars of a text as the tokenizer looks at them.

/// What the tokenizer asks about ASCII bytes.
enum ASCIIText {
    static let number = UInt8(ascii: "#")
    static let at = UInt8(ascii: "@")
    static let apostrophe = UInt8(ascii: "'")

    @inline(__always)
    static func isWord(_ byte: UInt8) -> Bool { isLetter(byte) || byte &- 0x30 < 10 }

    @inline(__always)
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// The lower case of a word's byte.
    @inline(__always)
    static func folded(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// How many letters of an English short form (`'s`, `'t`, `'ll`) stand behind an apostrophe; nil when something
    /// else does, such as the word behind a French article.
    static func clitic(_ text: Span<UInt8>, behind start: Int) -> Int? {
        guard start < text.count else { return nil }
        let first = text[start] | 0x20
        let second = start + 1 < text.count ? text[start + 1] : 0x20
        let third = start + 2 < text.count ? text[start + 2] : 0x20
        func isEnd(_ byte: UInt8) -> Bool { !isWord(byte) && byte != 0 }
        if isEnd(second) { return "stdm".utf8.contains(first) ? 1 : nil }
        guard isEnd(third) else { return nil }
        switch (first, second | 0x20) {
        case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "l"), UInt8(ascii: "l")):
            return 2
        default: return nil
        }
    }

    /// Where the handle or host that begins at `start` ends; nil when none does.
    static func nameEnd(_ text: Span<UInt8>, from start: Int) -> Int? {
        var end = start
        var last = start
        while end < text.count {
            let byte = text[end]
            let isInner = byte == UInt8(ascii: ".") || byte == UInt8(ascii: "-")
            guard isWord(byte) || byte == UInt8(ascii: "_") || (isInner && end > start) else { break }
            end += 1
            if !isInner { last = end }
        }
        return last > start ? last : nil
    }
}

extension Span<UInt8> {
    /// The scalar that begins at a byte, and where the next begins; nil at the end and in the middle of one.
    func scalar(at index: Int) -> (scalar: Unicode.Scalar, next: Int)? {
        guard index < count else { return nil }
        let lead = self[index]
        if lead < 0x80 { return (Unicode.Scalar(lead), index + 1) }
        let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
        guard lead >= 0xC2, index + length <= count else { return nil }
        var value = UInt32(lead) & (0x7F >> UInt32(length))
        for place in index + 1..<index + length { value = value << 6 | UInt32(self[place] & 0x3F) }
        return Unicode.Scalar(value).map { ($0, index + length) }
    }

    /// Where the text goes on behind the apostrophe, straight or curly, that stands at a byte; nil when none does.
    func apostropheEnd(at index: Int) -> Int? {
        guard let (scalar, next) = scalar(at: index), scalar == "'" || scalar == "’" else { return nil }
        return next
    }
}
