// Errors about the words that name things: commands, topics of help, and options.

extension UsageError {
    /// The first word is unknown, or the noun has no such verb.
    static func unknownCommand(at index: Int, noun: Noun?, in lexer: Lexer) -> UsageError {
        let word = lexer.words[index]
        let suggestions = Suggestions(lexer.specification).commands(for: lexer.words, unknown: index, noun: noun)
        let topic = noun.map { " " + $0.name } ?? ""
        let subject = noun.map { "\"\($0.name)\" has no verb \(quoted(word))" } ?? "unknown command \(quoted(word))"
        let remedy = suggestions.isEmpty ? "; see \"\(lexer.specification.program) help\(topic)\"" : ""
        return UsageError(
            .unknownCommand, subject + remedy, origin: .argument(index), excerpt: lexer.excerpt(word: index),
            suggestions: suggestions)
    }

    /// `help` was asked about something that does not exist.
    static func unknownTopic(at index: Int, noun: Noun?, in lexer: Lexer) -> UsageError {
        let word = lexer.words[index]
        let specification = lexer.specification
        let known =
            noun.map { $0.commands.filter { !$0.isHidden }.map(\.verb) }
            ?? specification.firstWords + specification.guides.map(\.name)
        let prefix = noun.map { [$0.name] } ?? []
        let near = Suggestions.nearest(to: word, among: known).map { ["help"] + prefix + [$0] }
        let remedy = near.isEmpty ? "; see \"\(specification.program) help\"" : ""
        let subject = noun.map { "\"\($0.name)\" has no verb \(quoted(word))" } ?? "no help for \(quoted(word))"
        return UsageError(
            .unknownCommand, subject + remedy, origin: .argument(index), excerpt: lexer.excerpt(word: index),
            suggestions: near)
    }

    /// `help` was asked about something below a command or a guide, where there is nothing.
    static func extraTopic(at index: Int, below topic: HelpTopic, in lexer: Lexer) -> UsageError {
        UsageError(
            .unknownCommand,
            "no help for \(quoted(lexer.words[index])) below \"\(topic.path.joined(separator: " "))\"",
            origin: .argument(index), excerpt: lexer.excerpt(word: index),
            suggestions: [["help"] + topic.path])
    }

    /// A noun without a verb.
    static func missingVerb(of noun: Noun, in lexer: Lexer) -> UsageError {
        let verbs = noun.commands.filter { !$0.isHidden }.map(\.verb).joined(separator: ", ")
        return UsageError(
            .missingVerb, "\"\(noun.name)\" needs a verb: \(verbs)", excerpt: lexer.excerptAtEnd,
            suggestions: [["help", noun.name]])
    }

    /// An option that nothing declares; reported as the option even where another meaning is conceivable.
    static func unknownOption(_ flag: String, at place: Place, in lexer: Lexer) -> UsageError {
        let program = lexer.specification.program
        let excerpt = lexer.excerpt(place)
        let suggestions = Suggestions(lexer.specification).options(for: flag, at: place, in: lexer)
        guard let command = lexer.command else {
            let message = "unknown option \(quoted(flag)) before the command; options of a command follow its words"
            return UsageError(
                .unknownOption, message, origin: .argument(place.word), excerpt: excerpt, suggestions: suggestions)
        }
        let remedy = suggestions.isEmpty ? "; see \"\(program) help \(command.name)\"" : ""
        var hint: String?
        if isNegativeNumber(lexer.words[place.word]) || !command.operands.isEmpty, suggestions.isEmpty {
            hint = "an operand that begins with \"-\" goes after \"--\""
        }
        return UsageError(
            .unknownOption, "\"\(command.name)\" has no option \(quoted(flag))\(remedy)", hint: hint,
            origin: .argument(place.word), excerpt: excerpt, suggestions: suggestions)
    }
}

extension Lexer {
    /// The line with a whole word to blame.
    func excerpt(word: Int) -> Excerpt {
        excerpt(word: word, range: 0..<words[word].unicodeScalars.count)
    }

    /// The line with a part of a word to blame.
    func excerpt(_ place: Place) -> Excerpt {
        Excerpt(program: specification.program, words: words, place: place)
    }

    /// The line with a part of a word to blame, in scalars.
    func excerpt(word: Int, range: Range<Int>) -> Excerpt {
        Excerpt(source: .line(program: specification.program, words: words), word: word, range: range)
    }

    /// The line with something missing at its end.
    var excerptAtEnd: Excerpt { excerpt(word: words.count, range: 0..<1) }
}
