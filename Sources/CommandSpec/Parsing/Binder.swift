// The last stage: words become values. Each option takes its value from the line, else from the environment, else
// from the configuration file; defaults stay in the declarations. Then contradictions are found, and operands bound.

/// Converts what the lexer found and fills in what the line leaves open.
struct Binder {
    let lexer: Lexer
    let environment: (String) -> String?
    let configuration: ConfigurationFile?
    /// Whether values that do not convert are left out instead of being reported.
    let isTolerant: Bool
    private(set) var options = Bindings()
    private(set) var operands = Bindings()

    init(
        _ lexer: Lexer, environment: @escaping (String) -> String?, configuration: ConfigurationFile?,
        isTolerant: Bool = false
    ) {
        self.lexer = lexer
        self.environment = environment
        self.configuration = configuration
        self.isTolerant = isTolerant
    }

    /// Binds everything.
    mutating func bind(_ command: Command) throws(UsageError) {
        try bindOptions(globalsOnly: false)
        try bindOperands(command)
        try resolve(command.groups)
        try resolve(lexer.specification.groups)
    }

    /// Binds the options of every source; a tolerant binder never throws.
    mutating func bindOptions(globalsOnly: Bool) throws(UsageError) {
        let globalCount = lexer.specification.globals.declarations.count
        for occurrence in lexer.occurrences where !globalsOnly || occurrence.slot < globalCount {
            try bind(occurrence)
        }
        try bindEnvironment(lexer.specification.globals)
        if !globalsOnly, let table = lexer.command?.options { try bindEnvironment(table) }
        try bindConfiguration(globalsOnly: globalsOnly)
    }

    private mutating func bind(_ occurrence: Occurrence) throws(UsageError) {
        let declaration = lexer.declaration(occurrence.slot)
        let origin = Origin.argument(occurrence.place.word)
        var value: any Sendable = false
        if !occurrence.isNegated {
            do {
                value = try declaration.convert(occurrence.text)
            } catch {
                if isTolerant { return }
                throw .invalidValue(of: declaration, occurrence, error, in: lexer)
            }
        }
        if declaration.isNegatable, !isTolerant, let earlier = options.last(declaration.long) as? Bool {
            guard earlier == !occurrence.isNegated else {
                throw .contradiction(declaration, occurrence, in: lexer)
            }
        }
        options.entries.append(
            Binding(name: declaration.long, value: value, origin: origin, place: occurrence.textPlace))
    }

    private mutating func bindEnvironment(_ table: OptionTable) throws(UsageError) {
        for variable in table.variables where !options.contains(variable.option) {
            // An empty variable counts as unset: that is how a script clears one for a single command.
            guard let text = environment(variable.name), !text.isEmpty else { continue }
            let declaration = table.declarations[variable.place]
            do {
                let value = try declaration.convert(text)
                let origin = Origin.environment(variable.name)
                options.entries.append(Binding(name: variable.option, value: value, origin: origin))
            } catch {
                if !isTolerant { throw .invalidVariable(variable.name, text, of: declaration, error) }
            }
        }
    }
}

extension Binder {
    private mutating func bindConfiguration(globalsOnly: Bool) throws(UsageError) {
        guard let configuration else { return }
        let scope = ConfigurationScope(lexer.specification, command: globalsOnly ? nil : lexer.command)
        let path = lexer.command?.path ?? []
        for entry in configuration.entries {
            do throws(UsageError) {
                guard entry.concerns(path) else {
                    try scope.checkPath(of: entry)
                    continue
                }
                guard let found = try scope.find(entry, isTolerant: isTolerant) else { continue }
                guard options.origin(found.declaration.long).rank <= 1 else { continue }
                let value = try ConfigurationScope.value(of: entry, found)
                let origin = Origin.configuration(line: entry.line)
                options.entries.append(Binding(name: found.declaration.long, value: value, origin: origin))
            } catch {
                if !isTolerant { throw error }
            }
        }
    }

    private mutating func bindOperands(_ command: Command) throws(UsageError) {
        var next = 0
        let words = lexer.operands
        for declaration in command.operands {
            guard next < words.count else {
                if declaration.isRequired { throw .missingOperand(declaration, of: command, in: lexer) }
                continue
            }
            let end = declaration.isRepeated ? words.count : next + 1
            while next < end {
                do {
                    let value = try declaration.convert(lexer.words[words[next]])
                    let origin = Origin.argument(words[next])
                    let place = Place(word: words[next], bytes: 0..<lexer.words[words[next]].utf8.count)
                    operands.entries.append(
                        Binding(name: declaration.name, value: value, origin: origin, place: place))
                } catch {
                    throw .invalidOperand(declaration, at: words[next], error, in: lexer)
                }
                next += 1
            }
        }
        guard next == words.count else { throw .unexpectedOperand(at: words[next], of: command, in: lexer) }
    }

    /// Members that were given at a lower rank give way; two at the highest rank are an error.
    private mutating func resolve(_ groups: [ExclusiveGroup]) throws(UsageError) {
        for group in groups {
            let given = group.members.filter(isGiven)
            guard given.count > 1 else {
                if given.isEmpty, group.isRequired { throw .missingMember(of: group, in: lexer) }
                continue
            }
            let ranks = given.map { origin(of: $0).rank }
            let highest = ranks.max() ?? 0
            let winners = zip(given, ranks).filter { $0.1 == highest }.map(\.0)
            guard winners.count == 1 else {
                throw .conflict(winners[0], winners[1], origin(of: winners[0]), origin(of: winners[1]), in: lexer)
            }
            options.entries.removeAll { entry in
                entry.origin.rank < highest && given.contains(.option(entry.name))
            }
        }
    }

    /// A switch that was turned off contradicts nothing.
    private func isGiven(_ member: ParameterReference) -> Bool {
        switch member {
        case .option(let long): options.contains(long) && options.last(long) as? Bool != false
        case .operand(let name): operands.contains(name)
        }
    }

    private func origin(of member: ParameterReference) -> Origin {
        switch member {
        case .option(let long): options.origin(long)
        case .operand(let name): operands.origin(name)
        }
    }
}
