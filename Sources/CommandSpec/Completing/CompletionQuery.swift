// How a line can go on: what `__complete` answers for the shells. The line is read by the parser's own lexer, so that
// what is offered is what would be understood.

/// What may stand at the end of a line that is being typed.
package struct CompletionQuery: Sendable {
    /// The command that the line names; nil where it names none yet.
    package let command: Command?
    /// What is wanted.
    package let completion: Completion
    /// What of the last word is settled: `--format=`, or `id,text,`.
    package let head: String
    /// The beginning of what is wanted, after the head; may be empty.
    package let start: String
    /// What is already there and not wanted again.
    package let taken: [String]

    /// The same where some more of the last word is settled, whatever of it has been typed already.
    package func settling(_ prefix: String) -> CompletionQuery {
        CompletionQuery(
            command: command, completion: completion, head: head + prefix,
            start: String(start.dropFirst(prefix.count)), taken: [])
    }

    /// The choices that go on from the start, as whole words.
    package func candidates(_ choices: [Choice]) -> [Choice] {
        choices.filter { $0.name.utf8.starts(with: start.utf8) && !taken.contains($0.name) }
            .map { Choice(head + $0.name, $0.help) }
    }
}

extension Specification {
    /// What may stand at the end of a line.
    ///
    /// - Parameters:
    ///   - words: the words that are settled, without the program's name.
    ///   - last: the beginning of the word that is being typed; may be empty.
    package func completion(after words: [String], of last: String) -> CompletionQuery {
        Completer(lexer: Lexer(self, words), last: last).query
    }
}

/// Finds out what is wanted.
private struct Completer {
    let lexer: Lexer
    let last: String

    private var specification: Specification { lexer.specification }

    var query: CompletionQuery {
        if let slot = lexer.openSlot { return value(lexer.declaration(slot).kind, start: last) }
        if !lexer.isPastOptions, last.utf8.first == UInt8(ascii: "-") { return optionQuery }
        guard let command = lexer.command else { return choices(commandWords) }
        if case .help = command.builtIn { return choices(topics) }
        return operandQuery(command)
    }

    private func choices(_ choices: [Choice]) -> CompletionQuery {
        CompletionQuery(
            command: lexer.command, completion: choices.isEmpty ? .none : .choices(choices), head: "", start: last,
            taken: [])
    }

    /// A value, or the last one of a list.
    private func value(
        _ kind: ValueKind?, head: String = "", start: String, taken: [String] = []
    ) -> CompletionQuery {
        var (head, start, taken) = (head, start, taken)
        if case .list = kind {
            taken = start.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            start = taken.popLast() ?? ""
            head += taken.map { $0 + "," }.joined()
        }
        return CompletionQuery(
            command: lexer.command, completion: kind?.completion ?? .none, head: head, start: start, taken: taken)
    }

    // MARK: Words

    private var commandWords: [Choice] {
        if lexer.isLost { return [] }
        return lexer.noun.map { verbs(of: $0) } ?? firstWords
    }

    private var firstWords: [Choice] {
        specification.nouns.map { Choice($0.name, $0.abstract) } + verbs(specification.verbs)
    }

    /// What `help` may be asked about.
    private var topics: [Choice] {
        let words = (lexer.noun.map { [$0.name] } ?? []) + lexer.operands.map { lexer.words[$0] }
        guard let first = words.first else {
            return firstWords + specification.guides.map { Choice($0.name, $0.abstract) }
        }
        return words.count == 1 ? specification.noun(first).map { verbs(of: $0) } ?? [] : []
    }

    private func verbs(of noun: Noun) -> [Choice] { verbs(noun.commands) }

    private func verbs(_ commands: [Command]) -> [Choice] {
        commands.filter { !$0.isHidden }.map { Choice($0.verb, $0.abstract) }
    }

    // MARK: Operands

    /// The next operand; where there is nothing to offer for it, the options.
    private func operandQuery(_ command: Command) -> CompletionQuery {
        let position = lexer.operands.count
        let operands = command.operands
        let place = min(position, operands.count - 1)
        if place >= 0, place == position || operands[place].isRepeated,
            !excluded.contains(.operand(operands[place].name))
        {
            let earlier = lexer.operands[place...].map { lexer.words[$0] }
            let query = value(operands[place].kind, start: last, taken: earlier)
            if query.completion != .none { return query }
        }
        return choices(last.isEmpty && !lexer.isPastOptions ? options : [])
    }

    // MARK: Options

    private var optionQuery: CompletionQuery {
        guard let equals = last.utf8.firstIndex(of: UInt8(ascii: "=")) else { return choices(options) }
        let flag = last[..<equals]
        let kind = declarations.first { $0.flag == flag }?.kind
        return value(kind, head: flag + "=", start: String(last[last.utf8.index(after: equals)...]))
    }

    /// The command's own options, then the globals.
    private var declarations: [OptionDeclaration] {
        ((lexer.command?.options.declarations ?? []) + specification.globals.declarations).filter { !$0.isHidden }
    }

    /// The options that the line may still be given.
    private var options: [Choice] {
        let given = Set(lexer.occurrences.map { lexer.declaration($0.slot).long })
        let excluded = excluded
        return declarations.flatMap { option -> [Choice] in
            let isOpen = option.isRepeatable || option.isCounting || !given.contains(option.long)
            guard isOpen, !excluded.contains(.option(option.long)) else { return [] }
            return [option.flag, option.negation].compactMap { $0 }.map { Choice($0, option.help) }
        }
    }

    /// What contradicts something that the line has.
    private var excluded: Set<ParameterReference> {
        var given = Set(lexer.occurrences.map { ParameterReference.option(lexer.declaration($0.slot).long) })
        given.formUnion((lexer.command?.operands ?? []).prefix(lexer.operands.count).map { .operand($0.name) })
        let groups = (lexer.command?.groups ?? []) + specification.groups
        return groups.reduce(into: []) { excluded, group in
            for member in group.members where given.contains(member) {
                excluded.formUnion(group.members.filter { $0 != member })
            }
        }
    }
}
