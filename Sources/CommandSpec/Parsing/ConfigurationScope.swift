// What the lines of a configuration file mean for one command. A line without a path may set an option that only
// some commands have; it is an error only when none has it. Lines of other commands are not looked into.

/// The options that the lines of a file may set for a command.
struct ConfigurationScope {
    /// An option that a line sets.
    struct Found {
        let declaration: OptionDeclaration
        let isNegated: Bool
    }

    let specification: Specification
    let command: Command?

    init(_ specification: Specification, command: Command?) {
        self.specification = specification
        self.command = command
    }

    /// A path must begin with something that exists.
    ///
    /// The verb is checked only under the noun of this command, which is built already.
    func checkPath(of entry: ConfigurationFile.Entry) throws(UsageError) {
        guard let first = entry.path.first else { return }
        var unknown: String?
        if let noun = specification.noun(first) {
            if first == command?.path.first, entry.path.count > 1, noun.command(entry.path[1]) == nil {
                unknown = entry.path[1]
            } else if entry.path.count > 2 {
                unknown = entry.path[2]
            }
        } else if !specification.verbs.contains(where: { $0.verb == first }) {
            unknown = first
        } else if entry.path.count > 1 {
            unknown = entry.path[1]
        }
        guard let unknown else { return }
        throw .setting(entry, "\(quoted(entry.path.joined(separator: " "))) is no command", unknown)
    }

    /// The option that a line sets for this command; nil where it speaks of other commands.
    func find(_ entry: ConfigurationFile.Entry, isTolerant: Bool) throws(UsageError) -> Found? {
        guard !entry.flag.isEmpty else {
            throw .setting(entry, "a line must set an option, such as \"--quiet\"", entry.text)
        }
        if let found = command.flatMap({ Self.find(entry.flag, in: $0.options) })
            ?? Self.find(entry.flag, in: specification.globals)
        {
            guard found.declaration.isConfigurable else {
                throw .setting(entry, "\"\(found.declaration.flag)\" cannot be set in a configuration file", entry.flag)
            }
            return found
        }
        guard !isTolerant, !isKnownElsewhere(entry) else { return nil }
        let owner = entry.path.isEmpty ? "no command has" : "\"\(entry.path.joined(separator: " "))\" has no"
        throw .setting(entry, "\(owner) option \(quoted(entry.flag))", entry.flag, code: .unknownOption)
    }

    /// The value of a line.
    static func value(of entry: ConfigurationFile.Entry, _ found: Found) throws(UsageError) -> any Sendable {
        let declaration = found.declaration
        if declaration.arity == .none {
            guard let value = entry.value else { return !found.isNegated }
            throw .setting(entry, "option \(quoted(entry.flag)) takes no value", value, code: .unexpectedValue)
        }
        guard entry.value != nil || declaration.arity == .optionalValue else {
            let remedy = "option \(quoted(entry.flag)) needs a value: \(declaration.usage)"
            throw .setting(entry, remedy, entry.flag, code: .missingValue)
        }
        do {
            return try declaration.convert(entry.value)
        } catch {
            throw .invalidSetting(entry, of: declaration, error)
        }
    }

    private static func find(_ flag: String, in table: OptionTable) -> Found? {
        guard flag.utf8.starts(with: "--".utf8) else {
            let letters = flag.unicodeScalars.dropFirst()
            guard letters.count == 1, let letter = letters.first else { return nil }
            return table.index(short: letter).map { Found(declaration: table.declarations[$0], isNegated: false) }
        }
        for declaration in table.declarations {
            if declaration.flag == flag { return Found(declaration: declaration, isNegated: false) }
            if declaration.negation == flag { return Found(declaration: declaration, isNegated: true) }
        }
        return nil
    }

    private func isKnownElsewhere(_ entry: ConfigurationFile.Entry) -> Bool {
        let commands: [Command]
        switch entry.path.count {
        case 0: commands = specification.commands
        case 1: commands = specification.noun(entry.path[0])?.commands ?? []
        default: return false
        }
        return commands.contains { Self.find(entry.flag, in: $0.options) != nil }
    }
}
