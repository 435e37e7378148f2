// The entry to the parser. A program that reads a configuration file calls `globals` first, to learn which file, then
// `parse`; neither does any input or output, so `batch` can parse thousands of lines in one process.

extension Specification {
    /// Reads a line: which command, and every value converted and checked.
    ///
    /// - Parameters:
    ///   - words: The line without the program's name.
    ///   - environment: Looks a variable up; an empty one counts as unset.
    ///   - configuration: The user's option defaults.
    package func parse(
        _ words: [String], environment: @escaping (String) -> String? = { _ in nil },
        configuration: ConfigurationFile? = nil
    ) throws(UsageError) -> Request {
        let lexer = Lexer(self, words)
        if lexer.wantsHelp { return .help(topic(of: lexer)) }
        if lexer.wantsVersion { return .version }
        if let error = lexer.firstError { throw error }
        guard let command = lexer.command else {
            guard let noun = lexer.noun else { return .help(.program) }
            throw .missingVerb(of: noun, in: lexer)
        }
        var binder = Binder(lexer, environment: environment, configuration: configuration)
        try binder.bind(command)
        switch command.builtIn {
        case .help: return .help(try requestedTopic(lexer))
        case .version: return .version
        case nil: break
        }
        return .run(
            Invocation(
                command: command, options: OptionValues(binder.options), operands: binder.operands, program: program,
                words: words))
    }

    /// Reads only the globals of a line, leaving out whatever is wrong; `parse` reports it afterwards.
    ///
    /// The result says which configuration file to read, and how to show an error of the line itself.
    package func globals(
        in words: [String], environment: @escaping (String) -> String? = { _ in nil },
        configuration: ConfigurationFile? = nil
    ) -> OptionValues {
        let lexer = Lexer(self, words)
        var binder = Binder(lexer, environment: environment, configuration: configuration, isTolerant: true)
        do throws(UsageError) {
            try binder.bindOptions(globalsOnly: true)
        } catch {
            return OptionValues()
        }
        return OptionValues(binder.options)
    }

    /// A help switch asks about as much of the command as was written.
    private func topic(of lexer: Lexer) -> HelpTopic {
        if let command = lexer.command { return .command(command) }
        if let noun = lexer.noun { return .noun(noun) }
        return .program
    }

    /// The topic that the operands of `help` name, below the noun that stands before it, if one does.
    private func requestedTopic(_ lexer: Lexer) throws(UsageError) -> HelpTopic {
        let indices = lexer.operands
        var rest = indices[...]
        var noun = lexer.noun
        if noun == nil {
            guard let first = rest.popFirst() else { return .program }
            let word = lexer.words[first]
            noun = self.noun(word)
            if noun == nil {
                guard let topic = topic(named: word) else { throw .unknownTopic(at: first, noun: nil, in: lexer) }
                if let extra = rest.first { throw .extraTopic(at: extra, below: topic, in: lexer) }
                return topic
            }
        }
        guard let noun else { return .program }
        guard let second = rest.popFirst() else { return .noun(noun) }
        guard let command = noun.command(lexer.words[second]) else {
            throw .unknownTopic(at: second, noun: noun, in: lexer)
        }
        if let extra = rest.first { throw .extraTopic(at: extra, below: .command(command), in: lexer) }
        return .command(command)
    }

    /// The verb without noun, or the guide, of that name.
    private func topic(named word: String) -> HelpTopic? {
        if let verb = verbs.first(where: { $0.verb == word }) { return .command(verb) }
        return guides.first { $0.name == word }.map(HelpTopic.guide)
    }
}
