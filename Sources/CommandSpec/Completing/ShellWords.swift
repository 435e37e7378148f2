// A line that is being typed, split as a shell would split it. It may end anywhere, also within quotes. Nothing is
// expanded but `~/`, and nothing is executed.

/// Splits a command line.
package enum ShellWords {
    /// The words of a line without their quotes; the last one is being typed and may be empty.
    ///
    /// - Parameter home: what `~/` stands for at the beginning of a word, the last one excepted.
    package static func split(_ line: String, home: String?) -> [String] {
        var words: [String] = []
        var word = Word()
        var quote: Unicode.Scalar?
        var isEscaped = false
        for scalar in line.unicodeScalars {
            switch (quote, scalar) {
            case _ where isEscaped:
                word.add(scalar)
                isEscaped = false
            case ("'", "'"), ("\"", "\""): quote = nil
            case ("'", _): word.add(scalar)
            case (_, "\\"): isEscaped = true
            case (nil, "'"), (nil, "\""):
                quote = scalar
                word.isBegun = true
            case (nil, " "), (nil, "\t"), (nil, "\n"):
                if word.isBegun { words.append(word.settled(home: home)) }
                word = Word()
            case (nil, "~") where !word.isBegun:
                word.add(scalar)
                word.hasTilde = true
            default: word.add(scalar)
            }
        }
        return words + [word.text]
    }

    private struct Word {
        private(set) var text = ""
        /// Whether there is a word, which may be empty if it is quoted.
        var isBegun = false
        /// Whether it begins with a `~` that is not quoted.
        var hasTilde = false

        mutating func add(_ scalar: Unicode.Scalar) {
            text.unicodeScalars.append(scalar)
            isBegun = true
        }

        func settled(home: String?) -> String {
            guard hasTilde, text.utf8.starts(with: "~/".utf8), let home else { return text }
            return home + text.dropFirst()
        }
    }
}
