// An error as a person reads it: the message, the line with a caret under the word to blame, the hint, and what to
// try instead last, where the eye rests.

extension UsageError {
    /// The error as lines of text, each with a line feed at its end.
    ///
    /// Widths are counted in Unicode scalars, which is exact for everything but wide and combining characters.
    ///
    /// - Parameters:
    ///   - program: the name of the program.
    ///   - label: what stands before the message, perhaps in colour.
    ///   - includesHints: whether to say what to do and to try.
    package func rendered(program: String, label: String = "error:", includesHints: Bool = true) -> String {
        var lines = ["\(program): \(label) \(message)"]
        if let excerpt { lines += excerpt.lines.map { "    " + $0 } }
        guard includesHints else { return lines.joined(separator: "\n") + "\n" }
        if let hint { lines.append("hint: " + hint) }
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
    /// The text, and a line with a caret.
    var lines: [String] {
        switch source {
        case .line(let program, let words): lines(program, words)
        case .setting(let text):
            // The beginning is always shown, so that the line can be recognised.
            [visibleSetting(text).text, caret(visibleSetting(text).offsets, from: 0)]
        }
    }

    private func lines(_ program: String, _ words: [String]) -> [String] {
        let longestWord = 60
        var text = ShellWord(program).text
        var length = text.unicodeScalars.count
        var caretLine = ""
        for (index, word) in words.enumerated() {
            let isToBlame = index == self.word
            let shown = ShellWord(word, around: isToBlame ? range.lowerBound : 0, limit: longestWord)
            if isToBlame {
                // The quotes belong to the caret where the whole word is to blame.
                let isWhole = range == 0..<word.unicodeScalars.count
                let all = [0, shown.text.unicodeScalars.count]
                let whole = Excerpt(source: source, word: 0, range: 0..<1)
                caretLine = isWhole ? whole.caret(all, from: length + 1) : caret(shown.offsets, from: length + 1)
            }
            text += " " + shown.text
            length += 1 + shown.text.unicodeScalars.count
        }
        if self.word >= words.count { caretLine = String(repeating: " ", count: length + 1) + "^" }
        return [text, caretLine]
    }

    /// `^~~~` under the range, given where each scalar is shown.
    private func caret(_ offsets: [Int], from start: Int) -> String {
        let last = offsets.count - 1
        let lower = offsets[min(range.lowerBound, last)]
        let upper = offsets[min(range.upperBound, last)]
        return String(repeating: " ", count: start + lower) + "^"
            + String(repeating: "~", count: max(0, upper - lower - 1))
    }

    /// A setting is shown unquoted, with what cannot be seen escaped.
    private func visibleSetting(_ text: String) -> (text: String, offsets: [Int]) {
        var shown = ""
        var offsets = [0]
        for scalar in text.unicodeScalars {
            shown += isVisible(scalar) ? String(scalar) : escape(scalar)
            offsets.append(shown.unicodeScalars.count)
        }
        return (shown, offsets)
    }
}
