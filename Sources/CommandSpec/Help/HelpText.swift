// What help says, at each of its three levels. Examples lead, because they are what people look for; the nine nouns
// that the program is about come before everything else.

extension Specification {
    /// The help about a topic, wrapped to a width in columns.
    package func help(_ topic: HelpTopic = .program, width: Int = 80) -> StyledText {
        var help = HelpText(specification: self, page: HelpPage(width: width))
        switch topic {
        case .program: help.writeProgram()
        case .noun(let noun): help.write(noun)
        case .command(let command): help.write(command)
        case .guide(let guide): help.write(guide)
        }
        return help.page.text
    }
}

/// Writes a page about a part of a specification.
struct HelpText {
    let specification: Specification
    var page: HelpPage

    private var program: String { specification.program }

    mutating func writeProgram() {
        writeExamples(specification.examples)
        page.heading("USAGE")
        page.line(usage("\(program) [globals] NOUN VERB [options] [operands]"))
        writeDescription(specification.abstract, specification.discussion)
        let main = specification.nouns.filter(\.isMain)
        writeRows("NOUNS", main.map { row($0.name, $0.abstract) })
        let more = specification.nouns.filter { !$0.isMain }.map { row($0.name, $0.abstract) }
        let verbs = specification.verbs.filter { !$0.isHidden }.map { row($0.verb, $0.abstract) }
        writeRows("MORE", more + verbs)
        writeRows("GUIDES", specification.guides.map { row($0.name, $0.abstract) })
        writeOptions(specification.globals, title: "GLOBAL OPTIONS")
        writeGroups(specification.groups)
        writeRows("ENVIRONMENT", specification.variables.map { row($0.name, $0.help) })
        writeRows("EXIT STATUS", exitRows(specification.exits))
        page.heading("MORE HELP")
        let guides = specification.guides.isEmpty ? "" : " \"\(program) help GUIDE\" shows a guide."
        page.prose("\"\(program) help NOUN\" lists its verbs; \"\(program) help NOUN VERB\" explains one.\(guides)")
    }

    mutating func write(_ noun: Noun) {
        let commands = noun.commands.filter { !$0.isHidden }
        let mostExamples = 3
        writeExamples(Array(commands.compactMap(\.examples.first).prefix(mostExamples)))
        page.heading("USAGE")
        page.line(usage("\(program) \(noun.name) VERB [options] [operands]"))
        writeDescription(noun.abstract, noun.discussion)
        writeRows("VERBS", commands.map { row($0.verb, $0.abstract) })
        page.heading("MORE HELP")
        page.prose("\"\(program) help \(noun.name) VERB\" explains a verb.")
    }

    mutating func write(_ command: Command) {
        writeExamples(command.examples)
        page.heading("USAGE")
        page.line(usage("\(program) \(command.usage)"))
        writeDescription(command.abstract, command.discussion)
        writeRows("OPERANDS", command.operands.map(operandRow))
        writeOptions(command.options, title: "OPTIONS")
        writeGroups(command.groups)
        let globals = specification.globals.declarations.filter { !$0.isHidden }.map(\.flag)
        page.heading("GLOBAL OPTIONS")
        page.prose("\(globals.joined(separator: ", ")); see \"\(program) help\".")
        writeRows("JSON FIELDS", command.fields.map(fieldRow))
        writeRows("EXIT STATUS", exitRows(specification.exits(of: command)))
    }

    mutating func write(_ guide: Guide) {
        writeExamples(guide.examples)
        writeDescription(guide.abstract, guide.discussion)
        for part in guide.parts {
            page.heading(part.title)
            if !part.prose.isEmpty { page.prose(part.prose) }
            if !part.prose.isEmpty, !part.rows.isEmpty { page.blank() }
            page.rows(part.rows.map { row($0.label, $0.text) })
        }
    }
}

extension HelpText {
    private mutating func writeExamples(_ examples: [Example]) {
        guard !examples.isEmpty else { return }
        page.heading("EXAMPLES")
        for example in examples {
            page.prose(example.purpose + ":")
            page.line(StyledText(.literal, example.line), depth: 3)
        }
    }

    private mutating func writeDescription(_ abstract: String, _ discussion: String) {
        page.heading("DESCRIPTION")
        page.prose(abstract + "." + (discussion.isEmpty ? "" : "\n\n" + discussion))
    }

    private mutating func writeRows(_ title: String, _ rows: [HelpPage.Row]) {
        guard !rows.isEmpty else { return }
        page.heading(title)
        page.rows(rows)
    }

    /// Options under the headings of their categories, in the order in which the categories first occur.
    private mutating func writeOptions(_ table: OptionTable, title: String) {
        let visible = table.declarations.filter { !$0.isHidden }
        var categories: [String?] = [nil]
        for option in visible where !categories.contains(option.category) { categories.append(option.category) }
        for category in categories {
            let options = visible.filter { $0.category == category }
            writeRows(category?.uppercased() ?? title, options.map(optionRow))
        }
    }

    private mutating func writeGroups(_ groups: [ExclusiveGroup]) {
        guard !groups.isEmpty else { return }
        page.blank()
        for group in groups { page.prose(group.sentence) }
    }

    private func optionRow(_ option: OptionDeclaration) -> HelpPage.Row {
        var label = StyledText(.literal, option.short.map { "-\($0)" } ?? "")
        label.add(.plain, option.short == nil ? "    " : ", ")
        label.add(.literal, option.isNegatable ? "--[no-]" + option.long : option.flag)
        switch option.arity {
        case .none: break
        case .value:
            label.add(.plain, " ")
            label.add(.placeholder, option.placeholder)
        case .optionalValue:
            label.add(.plain, "[=")
            label.add(.placeholder, option.placeholder)
            label.add(.plain, "]")
        }
        return HelpPage.Row(label: label, text: option.help + noteText(option.notes))
    }

    private func operandRow(_ operand: OperandDeclaration) -> HelpPage.Row {
        HelpPage.Row(
            label: StyledText(.placeholder, operand.usage), text: operand.help + noteText(operand.kind.notes))
    }

    /// Notes in brackets; a list of choices may be broken, the others not.
    private func noteText(_ notes: [Note]) -> String {
        notes.map { note in
            let text = note.value.map { "[\(note.label): \($0)]" } ?? "[\(note.label)]"
            return " " + (note.isList ? text : unbroken(text))
        }.joined()
    }

    private func fieldRow(_ field: Field) -> HelpPage.Row {
        row(field.name, "\(field.help) (\(field.typeText))")
    }

    private func exitRows(_ exits: [ExitStatus]) -> [HelpPage.Row] {
        exits.map { row(String($0.status), $0.meaning) }
    }

    private func row(_ label: String, _ text: String) -> HelpPage.Row {
        HelpPage.Row(label: StyledText(.literal, label), text: text)
    }

    /// Words in capitals are placeholders; the others are typed as they stand.
    private func usage(_ line: String) -> StyledText {
        var result = StyledText()
        for (index, word) in line.split(separator: " ").enumerated() {
            if index > 0 { result.add(.plain, " ") }
            let isPlaceholder = word.first == "[" || word.unicodeScalars.allSatisfy { !("a"..."z").contains($0) }
            result.add(isPlaceholder ? .placeholder : .literal, String(word))
        }
        return result
    }
}

extension ExclusiveGroup {
    /// The rule in words.
    var sentence: String {
        let names = members.map(\.label).joined(separator: ", ")
        return members.count == 1
            ? "\(names) is required." : "Give \(isRequired ? "exactly" : "at most") one of \(names)."
    }
}

extension Specification {
    /// Every variable that the program reads: those of global options first.
    package var variables: [EnvironmentVariable] {
        let ofOptions = globals.declarations.compactMap { option in
            option.environment.map { EnvironmentVariable($0, "Sets \(option.flag)") }
        }
        return ofOptions + environment
    }

    /// The exit statuses of a command: its own and the shared ones, by number; its own meaning wins.
    package func exits(of command: Command) -> [ExitStatus] {
        let shared = exits.filter { common in !command.exits.contains { $0.status == common.status } }
        return (shared + command.exits).sorted { $0.status < $1.status }
    }
}
