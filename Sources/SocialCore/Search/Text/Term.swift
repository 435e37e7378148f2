// What the text pipeline ends in: the terms of a text, each with its place in the original, for phrases and highlights.

/// One term of a text.
package struct Term: Equatable, Sendable {
    /// What a term stands for.
    package enum Kind: UInt8, CaseIterable, Sendable {
        /// A word: letters, digits, and an apostrophe within.
        case word
        /// `#tag`, with its sign; its bare word is a term of its own at the same position.
        case tag
        /// `@name` or `@name@host`, with the sign.
        case mention
        /// Two neighbours, or the last character, of a text that is written without spaces, and of Hangul.
        case bigram
        /// An emoji with all that is joined to it.
        case emoji
    }

    /// What it stands for.
    package let kind: Kind
    /// Which term of the text it is; terms that say the same thing in two ways share one.
    package let position: UInt32
    /// Where in the original text it stands, in UTF-8 bytes.
    package let source: Range<UInt32>
    /// Where its folded bytes stand in the list.
    package let stored: Range<UInt32>
}

/// The terms of one text, in one buffer that is used again for the next.
package struct TermList: Sendable {
    /// The folded bytes of all terms, one behind another.
    package private(set) var bytes: [UInt8] = []
    /// The terms in the order of their positions.
    package private(set) var terms: [Term] = []
    /// Whether an address stands in the text; it is none of the terms.
    package private(set) var hasLink = false

    /// No terms.
    package init() {}

    /// The folded text of a term.
    package func text(of term: Term) -> String {
        String(decoding: bytes[Int(term.stored.lowerBound)..<Int(term.stored.upperBound)], as: UTF8.self)
    }

    /// Forgets all terms and keeps the memory.
    package mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        terms.removeAll(keepingCapacity: true)
        hasLink = false
    }

    /// Notes an address.
    mutating func noteLink() { hasLink = true }

    /// Where the next text begins.
    var nextPosition: UInt32 { (terms.last?.position).map { $0 + 2 } ?? 0 }

    /// Where the next term's bytes begin.
    var mark: Int { bytes.count }

    /// Adds a byte to the term that is being written.
    @inline(__always)
    mutating func write(_ byte: UInt8) { bytes.append(byte) }

    /// Adds a scalar to the term that is being written.
    mutating func write(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        } else {
            bytes.append(contentsOf: scalar.utf8)
        }
    }

    /// Adds bytes that were written before to the term that is being written.
    mutating func repeatBytes(_ range: Range<Int>) {
        for index in range { bytes.append(bytes[index]) }
    }

    /// Shortens what was written to so many bytes.
    mutating func cut(to count: Int) { bytes.removeLast(bytes.count - count) }

    /// Lets a closure change the bytes from `start` on and say how many of them stay.
    @inline(__always)
    mutating func shorten(from start: Int, _ change: (inout [UInt8], Int) -> Int) {
        let end = change(&bytes, start)
        if end < bytes.count { bytes.removeLast(bytes.count - end) }
    }

    /// Ends the term that is being written.
    @inline(__always)
    mutating func end(_ kind: Term.Kind, position: UInt32, source: Range<Int>, from start: Int) {
        terms.append(
            Term(
                kind: kind, position: position,
                source: UInt32(truncatingIfNeeded: source.lowerBound)..<UInt32(truncatingIfNeeded: source.upperBound),
                stored: UInt32(truncatingIfNeeded: start)..<UInt32(truncatingIfNeeded: bytes.count)))
    }
}
