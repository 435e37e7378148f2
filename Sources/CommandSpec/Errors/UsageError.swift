// The one error of this module: a line that cannot be run. It carries what a person needs (a message, the line with
// a caret, a hint) and what a program needs (a closed code, the origin, lines to try instead).

/// Why a line cannot be run.
package struct UsageError: Error, Sendable, Hashable {
    /// What kind of mistake it is; the raw value is stable.
    package enum Code: String, Sendable, CaseIterable {
        /// The first word is neither noun nor verb, or the noun has no such verb.
        case unknownCommand = "unknown_command"
        /// The noun stands alone.
        case missingVerb = "missing_verb"
        /// Neither the command nor the program has such an option.
        case unknownOption = "unknown_option"
        /// An option that takes a value ends the line.
        case missingValue = "missing_value"
        /// A switch has a value.
        case unexpectedValue = "unexpected_value"
        /// A value does not fit its type.
        case invalidValue = "invalid_value"
        /// A required operand is missing, or all members of a group of which one is required.
        case missingOperand = "missing_operand"
        /// There are more operands than the command takes.
        case unexpectedOperand = "unexpected_operand"
        /// A field that the objects of the command do not have.
        case unknownField = "unknown_field"
        /// Two parameters contradict each other.
        case conflict
        /// A line of the configuration file makes no sense.
        case invalidConfiguration = "invalid_configuration"
        /// The program read an operand that its command does not declare: a mistake of the program.
        case undeclared
    }

    /// What kind of mistake it is.
    package let code: Code
    /// What happened and, where there is one, the remedy: lower case, no full stop, things in quotes.
    package let message: String
    /// A further thought; nil where the message says it all.
    package let hint: String?
    /// Where the mistake was made; `default` where no single place is to blame.
    package let origin: Origin
    /// The text to show with a caret.
    package let excerpt: Excerpt?
    /// Lines that may have been meant, without the program's name, best first.
    package let suggestions: [[String]]

    init(
        _ code: Code, _ message: String, hint: String? = nil, origin: Origin = .default, excerpt: Excerpt? = nil,
        suggestions: [[String]] = []
    ) {
        self.code = code
        self.message = message
        self.hint = hint
        self.origin = origin
        self.excerpt = excerpt
        self.suggestions = suggestions
    }
}

/// A text to show under an error, and the part of it that is to blame.
package struct Excerpt: Sendable, Hashable {
    /// What the text is.
    package enum Source: Sendable, Hashable {
        /// A command line; its words are quoted for a shell when it is shown.
        case line(program: String, words: [String])
        /// A setting such as `SOCIAL_LIMIT=abc` or a line of the configuration file; shown as it stands.
        case setting(String)
        /// What stands in a language of its own, such as a query; of a long one the part to blame is shown.
        case text(String)
    }

    /// The text.
    package let source: Source
    /// The word to blame, counted from 0 without the program's name; the number of words: something is missing there.
    package let word: Int
    /// The part of the word to blame, in Unicode scalars.
    package let range: Range<Int>
}

extension Excerpt {
    /// A text with a part to blame, in UTF-8 bytes.
    package init(_ text: String, bytes: Range<Int>) {
        let all = Array(text.utf8)
        let range = bytes.clamped(to: 0..<all.count)
        let lower = scalarCount(all[..<range.lowerBound])
        self.init(source: .text(text), word: 0, range: lower..<lower + scalarCount(all[range]))
    }

    /// The line with a part of a word to blame.
    init(program: String, words: [String], place: Place) {
        let bytes = Array(words[place.word].utf8)
        let lower = scalarCount(bytes[..<place.bytes.lowerBound])
        let upper = lower + scalarCount(bytes[place.bytes])
        self.init(source: .line(program: program, words: words), word: place.word, range: lower..<upper)
    }
}

/// How many scalars begin in the bytes: all but continuation bytes begin one.
private func scalarCount(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.count { $0 & 0xC0 != 0x80 }
}
