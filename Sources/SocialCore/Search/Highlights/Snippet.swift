// What is shown of a long text: the part in which most of what the query looks for stands.

/// A part of a text with what is marked in it.
package struct Snippet: Equatable, Sendable {
    /// The part, with `…` where something is left out.
    package let text: String
    /// What is marked, in UTF-8 bytes of the part.
    package let ranges: [Range<Int>]
}

extension HighlightTerms {
    /// A text that is short enough, or the window of it with the most different wanted things, the earliest such.
    ///
    /// It begins and ends where words do, unless a single word fills it.
    ///
    /// - Complexity: O(characters + matches · matches in a window).
    package func snippet(of text: String, maxCharacters: Int = Limits.snippetCharacters) -> Snippet {
        let matches = matches(in: text)
        let marked = HighlightRanges.merged(matches.map(\.source))
        guard text.utf8.count > maxCharacters else { return Snippet(text: text, ranges: marked) }
        let window = SnippetWindow(text)
        guard window.count > maxCharacters else { return Snippet(text: text, ranges: marked) }
        return window.cut(around: matches, maxCharacters: maxCharacters, marked: marked)
    }
}

/// A text by its characters.
private struct SnippetWindow {
    private let characters: [Character]
    /// Where each character begins, and where the last one ends.
    private let starts: [Int]

    init(_ text: String) {
        characters = Array(text)
        var starts = [0]
        for character in characters { starts.append((starts.last ?? 0) + character.utf8.count) }
        self.starts = starts
    }

    var count: Int { characters.count }

    /// The characters of a range of bytes.
    func characters(_ range: Range<Int>) -> Range<Int> {
        func place(_ offset: Int) -> Int {
            var (low, high) = (0, starts.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if starts[middle] < offset { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return place(range.lowerBound)..<place(range.upperBound)
    }

    func cut(around matches: [HighlightTerms.Match], maxCharacters: Int, marked: [Range<Int>]) -> Snippet {
        // A place for each of the two signs of omission.
        let size = max(1, maxCharacters - 2)
        let core = core(matches.map { ($0.wanted, characters($0.source)) }, size)
        // Half of what is left of the window lies before, and what the end of the text leaves too.
        var start = max(0, min(core.lowerBound - (size - core.count) / 2, count - size))
        while start > 0, start < core.lowerBound, !isBorder(start) || characters[start].isWhitespace { start += 1 }
        let limit = min(count, start + size)
        var end = limit
        while end > max(core.upperBound, start), !isBorder(end) || characters[end - 1].isWhitespace { end -= 1 }
        if end == start { end = limit }
        let before = start > 0 ? "…" : ""
        let bytes = starts[start]..<starts[end]
        let moved = before.utf8.count - bytes.lowerBound
        return Snippet(
            text: before + String(characters[start..<end]) + (end < count ? "…" : ""),
            ranges: marked.compactMap { range in
                let inside = range.clamped(to: bytes)
                return inside.isEmpty ? nil : inside.lowerBound + moved..<inside.upperBound + moved
            })
    }

    /// What the window has to hold: from the first to the last of the matches that are to be seen.
    private func core(_ matches: [(wanted: Int, place: Range<Int>)], _ size: Int) -> Range<Int> {
        let matches = matches.sorted { $0.place.lowerBound < $1.place.lowerBound }
        var core = 0..<0
        var most = 0
        for (number, first) in matches.enumerated() {
            let start = first.place.lowerBound
            var wanted: Set<Int> = []
            var end = start
            for match in matches[number...] {
                guard match.place.lowerBound < start + size else { break }
                // A word that is longer than the window is cut.
                guard match.place.upperBound <= start + size || match.place == first.place else { continue }
                wanted.insert(match.wanted)
                end = max(end, min(match.place.upperBound, start + size))
            }
            if wanted.count > most {
                most = wanted.count
                core = start..<end
            }
        }
        return core
    }

    /// Whether the text may be cut before a character.
    private func isBorder(_ place: Int) -> Bool {
        guard place > 0, place < count else { return true }
        return standsAlone(characters[place - 1]) || standsAlone(characters[place])
    }

    /// Whether a character is no part of a longer word: a space, an emoji, or one of a script that does not part its
    /// words; Korean does.
    private func standsAlone(_ character: Character) -> Bool {
        guard !character.isWhitespace, let scalar = character.unicodeScalars.first else { return true }
        switch ScalarClass(scalar) {
        case .emoji: return true
        case .unspaced: return !(0xAC00...0xD7FB).contains(scalar.value)
        default: return false
        }
    }
}
