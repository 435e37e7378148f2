// Errors about the number of operands and about parameters that contradict each other.

extension UsageError {
    /// The line ends before a required operand.
    static func missingOperand(
        _ operand: OperandDeclaration, of command: Command, in lexer: Lexer
    ) -> UsageError {
        UsageError(
            .missingOperand, "operand \(operand.name) is missing; usage: \(usage(of: command, lexer))",
            excerpt: lexer.excerptAtEnd)
    }

    /// More operands than the command takes.
    static func unexpectedOperand(at index: Int, of command: Command, in lexer: Lexer) -> UsageError {
        var hint: String?
        if let bare = lexer.occurrences.first(where: { $0.place.word == index - 1 && $0.text == nil }) {
            let option = lexer.declaration(bare.slot)
            if option.arity == .optionalValue { hint = "a value of \"\(option.flag)\" is written \(option.flag)=VALUE" }
        }
        if hint == nil, command.operands.last?.kind == .text {
            hint = "a text of several words goes into quotes"
        }
        return UsageError(
            .unexpectedOperand,
            "unexpected operand \(quoted(lexer.words[index])); usage: \(usage(of: command, lexer))", hint: hint,
            origin: .argument(index), excerpt: lexer.excerpt(word: index))
    }

    /// `--x` and `--no-x` on one line.
    static func contradiction(_ option: OptionDeclaration, _ later: Occurrence, in lexer: Lexer) -> UsageError {
        UsageError(
            .conflict, "\"\(option.flag)\" and \"--no-\(option.long)\" contradict each other; give one of them",
            origin: .argument(later.place.word), excerpt: lexer.excerpt(later.place))
    }

    /// Two members of a group that excludes the other.
    static func conflict(
        _ first: ParameterReference, _ second: ParameterReference, _ firstOrigin: Origin, _ secondOrigin: Origin,
        in lexer: Lexer
    ) -> UsageError {
        let places: String
        var excerpt: Excerpt?
        var origin = secondOrigin
        if case .argument(let one) = firstOrigin, case .argument(let two) = secondOrigin {
            origin = .argument(max(one, two))
            excerpt = lexer.excerpt(word: max(one, two))
            places = ""
        } else {
            places = " (\(firstOrigin) and \(secondOrigin))"
        }
        return UsageError(
            .conflict,
            "\(name(first)) and \(name(second)) contradict each other\(places); give one of them",
            origin: origin, excerpt: excerpt)
    }

    /// None of a group of which one is required.
    static func missingMember(of group: ExclusiveGroup, in lexer: Lexer) -> UsageError {
        let names = group.members.map(name)
        let list = names.count == 1 ? names[0] + " is needed" : "one of " + names.joined(separator: ", ") + " is needed"
        return UsageError(.missingOperand, list, excerpt: lexer.excerptAtEnd)
    }

    /// A verb read an operand that its command does not declare.
    static func undeclared(_ operand: String, command: Command) -> UsageError {
        UsageError(.undeclared, "\"\(command.name)\" does not declare the operand \"\(operand)\"")
    }

    private static func name(_ member: ParameterReference) -> String {
        switch member {
        case .option: "\"\(member.label)\""
        case .operand: "operand \(member.label)"
        }
    }

    private static func usage(of command: Command, _ lexer: Lexer) -> String {
        "\(lexer.specification.program) \(command.usage)"
    }
}
