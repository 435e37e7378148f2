// The pages about commands: one of each noun, with a section a verb, and one of each verb without noun. Headings are
// those of help, so that whoever knows one finds the way in the other.

extension Specification {
    /// The page of a noun.
    func page(_ noun: Noun) -> ManualPage {
        let commands = noun.commands.filter { !$0.isHidden }
        return page(pageName(noun.name), section: 1, noun.abstract) { writer in
            writer.section("SYNOPSIS")
            for command in commands { writer.synopsis(command) }
            writer.section("DESCRIPTION")
            writer.prose(noun.abstract + "." + (noun.discussion.isEmpty ? "" : "\n\n" + noun.discussion))
            writer.list(commands, isCompact: true) {
                [.markup("Cm"), .literal($0.verb)]
            } text: {
                $0.prose($1.abstract + ".")
            }
            writer.prose("The options that all commands accept are described in \(program)(1).")
            for command in commands {
                writer.section(command.name.uppercased())
                writer.usage(command.usageWords)
                writer.prose(command.prose)
                write(command, to: &writer) { $0.subsection($1) }
            }
            writer.section("EXIT STATUS")
            writer.prose(sharedExits)
        }
    }

    /// The page of a verb without noun.
    func page(_ command: Command) -> ManualPage {
        page(pageName(command.verb), section: 1, command.abstract) { writer in
            writer.section("SYNOPSIS")
            writer.synopsis(command)
            writer.section("DESCRIPTION")
            writer.prose(command.prose + "\n\nThe options that all commands accept are described in \(program)(1).")
            write(command, to: &writer) { $0.section($1) }
        }
    }

    /// Everything about a command below its description, under headings of the level that suits the page.
    private func write(
        _ command: Command, to writer: inout MdocWriter, heading: (inout MdocWriter, String) -> Void
    ) {
        if !command.operands.isEmpty {
            heading(&writer, "OPERANDS")
            writer.list(command.operands, label: \.usageWords) { $0.prose($1.help + "." + $1.kind.notes.sentence) }
        }
        let options = command.options.declarations.filter { !$0.isHidden }
        if !options.isEmpty {
            heading(&writer, "OPTIONS")
            writer.options(options)
        }
        for group in command.groups { writer.prose(group.sentence) }
        if !command.fields.isEmpty {
            heading(&writer, "JSON FIELDS")
            writer.list(command.fields, isCompact: true) {
                [.markup("Va"), .literal($0.name)]
            } text: {
                $0.prose("\($1.help) (\($1.typeText))")
            }
        }
        // A noun's page says at its end what holds for all its verbs.
        let hasOwnPage = command.path.count == 1
        if !command.exits.isEmpty || hasOwnPage {
            heading(&writer, "EXIT STATUS")
            writer.exits(command.exits)
            if hasOwnPage { writer.prose(sharedExits) }
        }
        if !command.examples.isEmpty {
            heading(&writer, "EXAMPLES")
            for example in command.examples { writer.example(example) }
        }
    }

    private var sharedExits: String { "The statuses that all commands share are listed in \(program)(1)." }
}

extension MdocWriter {
    /// A command as one line of the synopsis.
    fileprivate mutating func synopsis(_ command: Command) {
        macro("Nm", [.literal(program)] + command.usageWords)
    }

    /// Options with their help, under subheadings where they have categories.
    mutating func options(_ options: [OptionDeclaration]) {
        list(options, label: \.usageWords) { writer, option in
            let detail = option.detail.isEmpty ? "" : "\n\n" + option.detail
            writer.prose(option.help + "." + option.notes.sentence + detail)
        }
    }

    /// Statuses and their meanings.
    mutating func exits(_ exits: [ExitStatus]) {
        list(exits, isCompact: true) {
            [.literal(String($0.status))]
        } text: {
            $0.prose($1.meaning)
        }
    }
}

extension Command {
    /// The abstract and the discussion.
    fileprivate var prose: String { abstract + "." + (discussion.isEmpty ? "" : "\n\n" + discussion) }

    /// The words of the usage line behind the program's name.
    fileprivate var usageWords: [Mdoc] {
        let isOptional = options.declarations.contains { !$0.isHidden }
        return [.markup("Cm")] + path.map { .literal($0) } + operands.flatMap(\.usageWords)
            + (isOptional ? Mdoc.optional([.markup("Ar"), .literal("options")]) : [])
    }
}

extension OperandDeclaration {
    /// The operand as usage lines show it.
    fileprivate var usageWords: [Mdoc] {
        let word: [Mdoc] = [.markup("Ar"), .literal(name)] + (isRepeated ? [.literal("...")] : [])
        return isRequired ? word : Mdoc.optional(word)
    }
}

extension OptionDeclaration {
    /// The option with its letter, its negation and its value.
    fileprivate var usageWords: [Mdoc] {
        let letter: [Mdoc] = short.map { [.markup("Fl"), .literal(String($0)), .markup(",")] } ?? []
        let name: [Mdoc] = letter + [.markup("Fl"), .literal("-" + long)]
        let value = Mdoc.literal(placeholder)
        return switch arity {
        case .none where isNegatable: name + [.markup(","), .markup("Fl"), .literal("-no-" + long)]
        case .none: name
        case .value: name + [.markup("Ar"), value]
        case .optionalValue:
            name + [.markup("Ns")] + Mdoc.optional([.literal("="), .markup("Ns"), .markup("Ar"), value])
        }
    }
}

extension [Note] {
    /// The notes as a sentence that follows another; empty where there are none.
    fileprivate var sentence: String {
        let texts = map { note in note.value.map { "\(note.name): \($0)" } ?? note.name }
        guard !texts.isEmpty else { return "" }
        let text = texts.joined(separator: "; ")
        return " \(text.prefix(1).uppercased())\(text.dropFirst())."
    }
}
