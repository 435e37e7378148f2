// Errors about values: missing, superfluous, or not fitting their type; on the line, in the environment, or in the
// configuration file. The message names the place where the value was given unless that is the line itself.

extension UsageError {
    /// An option that takes a value ends the line.
    static func missingValue(of option: OptionDeclaration, at place: Place, in lexer: Lexer) -> UsageError {
        UsageError(
            .missingValue, "option \"\(option.flag)\" needs a value: \(option.usage)",
            origin: .argument(place.word), excerpt: lexer.excerpt(place))
    }

    /// A switch was given a value.
    static func unexpectedValue(of option: OptionDeclaration, at place: Place, in lexer: Lexer) -> UsageError {
        UsageError(
            .unexpectedValue, "option \"\(option.flag)\" takes no value", origin: .argument(place.word),
            excerpt: lexer.excerpt(place))
    }

    /// The value of an option does not fit.
    static func invalidValue(
        of option: OptionDeclaration, _ occurrence: Occurrence, _ error: ValueError, in lexer: Lexer
    ) -> UsageError {
        let text = occurrence.text ?? ""
        let place = occurrence.textPlace
        let whole = lexer.excerpt(place)
        let start = whole.range.lowerBound
        let range = error.range.map { start + $0.lowerBound..<start + $0.upperBound } ?? whole.range
        let word = lexer.words[place.word]
        let prefix = String(decoding: word.utf8.prefix(place.bytes.lowerBound), as: UTF8.self)
        var hint: String?
        if place.word != occurrence.place.word, text.utf8.count > 1, text.utf8.first == UInt8(ascii: "-") {
            hint = "\"\(option.flag)\" takes the next word as its value, also one that begins with \"-\""
        }
        return UsageError(
            .invalidValue, misfit("option \"\(option.flag)\"", option.expectation, text, error), hint: hint,
            origin: .argument(place.word), excerpt: lexer.excerpt(word: place.word, range: range),
            suggestions: error.alternatives.map { lexer.words.replacing(place.word, with: prefix + $0) })
    }

    /// The value of an operand does not fit.
    static func invalidOperand(
        _ operand: OperandDeclaration, at index: Int, _ error: ValueError, in lexer: Lexer
    ) -> UsageError {
        let word = lexer.words[index]
        return UsageError(
            .invalidValue, misfit("operand \(operand.name)", operand.expectation, word, error),
            origin: .argument(index),
            excerpt: lexer.excerpt(word: index, range: error.range ?? 0..<word.unicodeScalars.count),
            suggestions: error.alternatives.map { lexer.words.replacing(index, with: $0) })
    }

    /// The value of an environment variable does not fit.
    static func invalidVariable(
        _ name: String, _ text: String, of option: OptionDeclaration, _ error: ValueError
    ) -> UsageError {
        let start = name.unicodeScalars.count + 1
        let range = error.range ?? 0..<text.unicodeScalars.count
        let subject = "\(name)=\(visible(text)): option \"\(option.flag)\""
        return UsageError(
            .invalidValue, misfit(subject, option.expectation, text, error), origin: .environment(name),
            excerpt: Excerpt(
                source: .setting(name + "=" + text), word: 0,
                range: start + range.lowerBound..<start + range.upperBound))
    }

    /// The value in a line of the configuration file does not fit.
    static func invalidSetting(
        _ entry: ConfigurationFile.Entry, of option: OptionDeclaration, _ error: ValueError
    ) -> UsageError {
        let text = entry.value ?? ""
        // The value is what the line ends with, after trimming.
        let start = entry.text.unicodeScalars.count - text.unicodeScalars.count
        let range = error.range ?? 0..<text.unicodeScalars.count
        let origin = Origin.configuration(line: entry.line)
        return UsageError(
            .invalidValue, misfit("\(origin): option \"\(option.flag)\"", option.expectation, text, error),
            hint: hint(entry), origin: origin,
            excerpt: Excerpt(
                source: .setting(entry.text), word: 0, range: start + range.lowerBound..<start + range.upperBound))
    }

    /// A line of the configuration file makes no sense; the part to blame is found in it.
    static func setting(
        _ entry: ConfigurationFile.Entry, _ message: String, _ part: String, code: Code = .invalidConfiguration
    ) -> UsageError {
        let origin = Origin.configuration(line: entry.line)
        let start = entry.text.firstOffset(of: part)
        return UsageError(
            code, "\(origin): \(message)", hint: hint(entry), origin: origin,
            excerpt: Excerpt(
                source: .setting(entry.text), word: 0, range: start..<start + part.unicodeScalars.count))
    }

    /// Which file "config" is.
    private static func hint(_ entry: ConfigurationFile.Entry) -> String? {
        entry.file.map { "config is \"\(visible($0, limit: .max))\"" }
    }

    /// A sentence for a value that does not fit.
    private static func misfit(
        _ subject: String, _ expectation: String, _ text: String, _ error: ValueError
    ) -> String {
        let detail = error.detail.isEmpty ? "" : ": " + error.detail
        return "\(subject) needs \(expectation), not \(quoted(text))\(detail)"
    }
}

extension Array where Element == String {
    /// The words with one of them replaced.
    func replacing(_ index: Int, with word: String) -> [String] {
        var words = self
        words[index] = word
        return words
    }
}

extension String {
    /// Where a part begins, in scalars; the beginning where it does not occur.
    fileprivate func firstOffset(of part: String) -> Int {
        let whole = Array(unicodeScalars)
        let wanted = Array(part.unicodeScalars)
        guard wanted.count <= whole.count else { return 0 }
        return (0...whole.count - wanted.count).first { whole[$0..<$0 + wanted.count].elementsEqual(wanted) } ?? 0
    }
}
