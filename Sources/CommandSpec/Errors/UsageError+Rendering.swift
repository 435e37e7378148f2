// An error as a person reads it: the message, the line with a caret under the word to blame, the hint, and what to
// try instead last, where the eye rests.

extension UsageError {
    /// The error as lines of text, each with a line feed at its end.
    ///
    /// - Parameters:
    ///   - program: the name of the program.
    ///   - label: what stands before the message, perhaps in colour.
    ///   - includesHints: whether to say what to do and to try.
    ///   - cells: the width of a text where it is shown; by default every Unicode scalar takes one cell.
    package func rendered(
        program: String, label: String = "error:", includesHints: Bool = true,
        cells: (String) -> Int = { $0.unicodeScalars.count }
    ) -> String {
        // A reason may repeat the word that it is about.
        var lines = ["\(program): \(label) \(visible(message, limit: .max))"]
        if let excerpt { lines += excerpt.lines(cells).map { "    " + $0 } }
        guard includesHints else { return lines.joined(separator: "\n") + "\n" }
        if let hint { lines.append("hint: " + visible(hint, limit: .max)) }
        for words in suggestions {
            lines.append("try: " + UsageError.shellLine(program, words))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A line that a shell reads back as the same words.
    package static func shellLine(_ program: String, _ words: [String]) -> String {
        ([program] + words).map { ShellWord($0).text }.joined(separator: " ")
    }
}

extension Excerpt {
    /// The text, and a line with a caret under the part to blame.
    ///
    /// - Parameter cells: the width of a text where it is shown.
    package func lines(_ cells: (String) -> Int) -> [String] {
        let (text, blamed) = shown
        let scalars = text.unicodeScalars
        let before = String(scalars.prefix(blamed.lowerBound))
        let beyond = max(0, blamed.lowerBound - scalars.count)
        let width = cells(String(Substring(scalars.dropFirst(blamed.lowerBound).prefix(blamed.count))))
        let caret = "^" + String(repeating: "~", count: max(0, width - 1))
        return [text, String(repeating: " ", count: cells(before) + beyond) + caret]
    }

    /// The text as it is shown, and the part of it to blame, in scalars.
    private var shown: (text: String, blamed: Range<Int>) {
        switch source {
        case .line(let program, let words): line(program, words)
        case .setting(let text):
            // The beginning is always shown, so that the line can be recognised.
            (escaped(text).text, place(in: escaped(text).offsets, from: 0))
        case .text(let text): piece(of: text)
        }
    }

    /// The part of a text around what is to blame, with what cannot be seen escaped.
    private func piece(of text: String) -> (text: String, blamed: Range<Int>) {
        let longest = 60
        let scalars = Array(text.unicodeScalars)
        let start = max(0, min(range.lowerBound - longest / 3, scalars.count - longest))
        let end = min(scalars.count, start + longest)
        let (shown, offsets) = escaped(String(String.UnicodeScalarView(scalars[start..<end])))
        let lower = offsets[range.lowerBound - start]
        let upper = offsets[min(range.upperBound, end) - start]
        let indent = start > 0 ? 1 : 0
        return (
            (start > 0 ? "…" : "") + shown + (end < scalars.count ? "…" : ""), lower + indent..<upper + indent
        )
    }

    private func line(_ program: String, _ words: [String]) -> (text: String, blamed: Range<Int>) {
        let longestWord = 60
        var text = ShellWord(program).text
        var length = text.unicodeScalars.count
        var blamed: Range<Int>?
        for (index, word) in words.enumerated() {
            let isToBlame = index == self.word
            let shown = ShellWord(word, around: isToBlame ? range.lowerBound : 0, limit: longestWord)
            let count = shown.text.unicodeScalars.count
            if isToBlame {
                // The quotes belong to the caret where the whole word is to blame.
                let isWhole = range == 0..<word.unicodeScalars.count
                blamed = isWhole ? length + 1..<length + 1 + count : place(in: shown.offsets, from: length + 1)
            }
            text += " " + shown.text
            length += 1 + count
        }
        return (text, blamed ?? length + 1..<length + 2)
    }

    /// Where the range is shown, given where each scalar is.
    private func place(in offsets: [Int], from start: Int) -> Range<Int> {
        let last = offsets.count - 1
        let lower = start + offsets[min(range.lowerBound, last)]
        return lower..<max(lower, start + offsets[min(range.upperBound, last)])
    }

    /// A text is shown unquoted, with what cannot be seen escaped.
    private func escaped(_ text: String) -> (text: String, offsets: [Int]) {
        var shown = ""
        var offsets = [0]
        for scalar in text.unicodeScalars {
            shown += isVisible(scalar) ? String(scalar) : escape(scalar)
            offsets.append(shown.unicodeScalars.count)
        }
        return (shown, offsets)
    }
}
