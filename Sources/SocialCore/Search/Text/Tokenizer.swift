// The third stage: a text into terms. ASCII words, which are nearly all, go from byte to byte; what holds anything else
// goes through scalars, where it is folded and composed.

/// Cuts texts into terms.
package struct Tokenizer: Sendable {
    /// What the terms are for.
    package enum Purpose: Sendable {
        /// To be found: the last character of an unspaced text is a term too, so that each begins one.
        case index
        /// To find.
        case query
    }

    /// What the terms are for.
    private let purpose: Purpose
    /// Whether English words lose their endings.
    private let stems: Bool
    /// The scalars of the word that is being read; kept for its memory.
    private var run: [PlacedScalar] = []
    private var position: UInt32 = 0
    /// Where the last word ended: a sign right behind it begins no tag and no mention.
    private var wordEnd = -1

    /// A tokenizer, with English stemming or without any.
    package init(_ purpose: Purpose = .index, stems: Bool = false) {
        self.purpose = purpose
        self.stems = stems
    }

    /// Puts the terms of a text behind those that the list has.
    ///
    /// A position stays free between two texts, so that no phrase goes from one to the next.
    /// - Complexity: O(bytes).
    package mutating func tokenize(_ text: String, into list: inout TermList) {
        let span = text.utf8.span
        if let blanked = Markup.blanked(span) {
            if blanked.hasLink { list.noteLink() }
            read(blanked.bytes.span, into: &list)
        } else {
            read(span, into: &list)
        }
    }

    private mutating func read(_ text: Span<UInt8>, into list: inout TermList) {
        position = list.nextPosition
        wordEnd = -1
        var index = 0
        while index < text.count {
            let byte = text[index]
            if ASCIIText.isWord(byte) {
                index = word(text, at: index, into: &list)
            } else if byte >= 0x80 {
                index = scalars(text, at: index, into: &list)
            } else {
                index += 1
                guard byte == ASCIIText.number || byte == ASCIIText.at, wordEnd != index - 1 else { continue }
                if byte == ASCIIText.at {
                    index = mention(text, at: index, sign: index - 1, into: &list) ?? index
                } else {
                    tag(text, at: index, sign: index - 1, into: &list)
                }
            }
        }
    }

    /// Takes a word that begins with ASCII, and says where the text goes on.
    @inline(__always)
    private mutating func word(_ text: Span<UInt8>, at start: Int, into list: inout TermList) -> Int {
        let mark = list.mark
        var index = start
        while index < text.count, ASCIIText.isWord(text[index]) {
            list.write(ASCIIText.folded(text[index]))
            index += 1
        }
        if index < text.count {
            let next = text[index]
            if next == 0 || (next >= 0x80 && continuesWord(text, at: index)) {
                list.cut(to: mark)
                return longWord(text, at: start, into: &list)
            }
            if next == ASCIIText.apostrophe, let clitic = ASCIIText.clitic(text, behind: index + 1) {
                index = take(clitic, of: text, behind: index + 1, into: &list)
            }
        }
        end(start..<index, from: mark, into: &list)
        return index
    }

    private mutating func end(_ source: Range<Int>, from mark: Int, into list: inout TermList) {
        if stems { list.shorten(from: mark) { EnglishStemmer.stem(&$0, from: $1) } }
        list.end(.word, position: position, source: source, from: mark)
        wordEnd = source.upperBound
        position += 1
    }

    /// Adds what follows an apostrophe, but for the possessive `s`; says where the text goes on.
    private func take(_ clitic: Int, of text: Span<UInt8>, behind start: Int, into list: inout TermList) -> Int {
        if clitic > 1 || text[start] | 0x20 != UInt8(ascii: "s") {
            list.write(ASCIIText.apostrophe)
            for index in start..<start + clitic { list.write(ASCIIText.folded(text[index])) }
        }
        return start + clitic
    }

    private func continuesWord(_ text: Span<UInt8>, at index: Int) -> Bool {
        guard let (scalar, _) = text.scalar(at: index) else { return false }
        if scalar == "’" { return true }
        let kind = ScalarClass(scalar)
        return kind == .word || kind == .mark || kind == .ignorable
    }

    // MARK: Words beyond ASCII

    /// Takes what begins with a scalar beyond ASCII.
    private mutating func scalars(_ text: Span<UInt8>, at start: Int, into list: inout TermList) -> Int {
        guard let (scalar, next) = text.scalar(at: start) else { return start + 1 }
        switch ScalarClass(scalar) {
        case .word: return longWord(text, at: start, into: &list)
        case .unspaced: return unspaced(text, at: start, into: &list)
        case .emoji: return emoji(text, at: start, into: &list)
        case .gap where scalar == "＃":
            tag(text, at: next, sign: start, into: &list)
            return next
        case .gap where scalar == "＠": return mention(text, at: next, sign: start, into: &list) ?? next
        case .gap, .mark, .ignorable: return next
        }
    }

    private mutating func longWord(_ text: Span<UInt8>, at start: Int, into list: inout TermList) -> Int {
        let mark = list.mark
        var index = collect(text, at: start, .word)
        var isKeycap = false
        for placed in run {
            if placed.scalar.value == 0x20E3 { isKeycap = true }
            write(placed.scalar, into: &list)
        }
        let letters: Int? = text.apostropheEnd(at: index)
        if let letters, let clitic = ASCIIText.clitic(text, behind: letters) {
            index = take(clitic, of: text, behind: letters, into: &list)
        }
        guard isKeycap else {
            end(start..<index, from: mark, into: &list)
            return index
        }
        list.end(.emoji, position: position, source: start..<index, from: mark)
        position += 1
        return index
    }

    private func write(_ scalar: Unicode.Scalar, into list: inout TermList) {
        if scalar.value >= 0x80, let text = CaseFolding.expansion(of: scalar) {
            for byte in text.utf8 { list.write(byte) }
        } else {
            list.write(scalar)
        }
    }

    /// Fills the run with the scalars of one class from `start` on, folded and composed; says where they end.
    private mutating func collect(_ text: Span<UInt8>, at start: Int, _ kind: ScalarClass) -> Int {
        run.removeAll(keepingCapacity: true)
        var index = start
        var mayChange = false
        while let (scalar, next) = text.scalar(at: index) {
            let own = ScalarClass(scalar)
            if own == kind || (own == .mark && !run.isEmpty) {
                run.append(PlacedScalar(scalar: scalar, start: index, end: next))
                mayChange = mayChange || Composition.mayChange(scalar)
            } else if own != .ignorable {
                break
            }
            index = next
        }
        if mayChange { Composition.compose(&run) }
        for place in run.indices { run[place].scalar = CaseFolding.folded(run[place].scalar) }
        return index
    }

    // MARK: Texts without spaces

    private mutating func unspaced(_ text: Span<UInt8>, at start: Int, into list: inout TermList) -> Int {
        let end = collect(text, at: start, .unspaced)
        for place in run.indices {
            let isLast = place + 1 == run.count
            if !isLast || run.count == 1 || purpose == .index {
                let mark = list.mark
                list.write(run[place].scalar)
                if !isLast { list.write(run[place + 1].scalar) }
                let last = isLast ? run[place].end : run[place + 1].end
                list.end(.bigram, position: position, source: run[place].start..<last, from: mark)
            }
            position += 1
        }
        wordEnd = end
        return end
    }

    // MARK: Tags, mentions and emoji

    /// Takes a tag; its words follow from the same position on.
    private mutating func tag(_ text: Span<UInt8>, at start: Int, sign: Int, into list: inout TermList) {
        let mark = list.mark
        list.write(ASCIIText.number)
        run.removeAll(keepingCapacity: true)
        var index = start
        var hasLetter = false
        while let (scalar, next) = text.scalar(at: index) {
            let kind = ScalarClass(scalar)
            guard kind == .word || kind == .unspaced || scalar == "_" || (kind == .mark && index > start) else { break }
            hasLetter = hasLetter || !(scalar.value &- 0x30 < 10 || scalar == "_")
            run.append(PlacedScalar(scalar: scalar, start: index, end: next))
            index = next
        }
        guard hasLetter else { return list.cut(to: mark) }
        if run.contains(where: { Composition.mayChange($0.scalar) }) { Composition.compose(&run) }
        for placed in run { write(CaseFolding.folded(placed.scalar), into: &list) }
        list.end(.tag, position: position, source: sign..<index, from: mark)
    }

    /// Takes a mention, and says where the text goes on; nil when it is none.
    private mutating func mention(
        _ text: Span<UInt8>, at start: Int, sign: Int, into list: inout TermList
    ) -> Int? {
        guard let nameEnd = ASCIIText.nameEnd(text, from: start) else { return nil }
        let mark = list.mark
        list.write(ASCIIText.at)
        for index in start..<nameEnd { list.write(ASCIIText.folded(text[index])) }
        let written = mark..<list.mark
        var end = nameEnd
        list.end(.mention, position: position, source: sign..<end, from: mark)
        if end < text.count, text[end] == ASCIIText.at, let host = ASCIIText.nameEnd(text, from: end + 1) {
            let whole = list.mark
            list.repeatBytes(written)
            for index in end..<host { list.write(ASCIIText.folded(text[index])) }
            end = host
            list.end(.mention, position: position, source: sign..<end, from: whole)
        }
        position += 1
        return end
    }

    private mutating func emoji(_ text: Span<UInt8>, at start: Int, into list: inout TermList) -> Int {
        let sequence = EmojiSequence(text, at: start)
        let mark = list.mark
        for scalar in sequence.scalars { list.write(scalar) }
        list.end(.emoji, position: position, source: start..<sequence.end, from: mark)
        if sequence.hasTone {
            let plain = list.mark
            for scalar in sequence.scalars where !EmojiSequence.isTone(scalar) { list.write(scalar) }
            list.end(.emoji, position: position, source: start..<sequence.end, from: plain)
        }
        position += 1
        return sequence.end
    }
}
