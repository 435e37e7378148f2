// The specification as data, for `help --json`: everything that the parser knows, so that another program can call
// this one without reading prose. Every key is always present; a change that could break a reader raises `spec`.

extension Specification {
    /// The version of the document's shape.
    package static let documentVersion = 1

    /// The specification as one line of JSON, confined to the commands of a topic; hidden things are left out.
    package func document(_ topic: HelpTopic = .program) -> String {
        let commands: [Command]
        let nouns: [Noun]
        var guides: [Guide] = []
        switch topic {
        case .program: (commands, nouns, guides) = (self.commands, self.nouns, self.guides)
        case .noun(let noun): (commands, nouns) = (noun.commands, [noun])
        case .command(let command): (commands, nouns) = ([command], self.nouns.filter { $0.name == command.path.first })
        case .guide(let guide): (commands, nouns, guides) = ([], [], [guide])
        }
        let visible = commands.filter { !$0.isHidden }
        let document = JSON.object([
            ("spec", .integer(Self.documentVersion)),
            ("program", .string(program)),
            ("version", .string(version)),
            ("abstract", .string(abstract)),
            ("discussion", .string(discussion)),
            ("examples", .array(examples.map(\.json))),
            ("globals", .array(globals.json)),
            ("groups", .array(groups.map(\.json))),
            ("environment", .array(variables.map(\.json))),
            ("exits", .array(exits.map(\.json))),
            ("nouns", .array(nouns.map(\.json))),
            ("commands", .array(visible.map { $0.json(exits: exits(of: $0)) })),
            ("guides", .array(guides.map { $0.json(text: help(.guide($0)).plain) })),
        ])
        var text = ""
        document.write(to: &text)
        return text
    }
}

extension Noun {
    fileprivate var json: JSON {
        .object([
            ("name", .string(name)),
            ("abstract", .string(abstract)),
            ("discussion", .string(discussion)),
            ("main", .boolean(isMain)),
            ("verbs", JSON(commands.filter { !$0.isHidden }.map(\.verb))),
        ])
    }
}

extension Guide {
    fileprivate func json(text: String) -> JSON {
        .object([
            ("name", .string(name)),
            ("abstract", .string(abstract)),
            ("section", .integer(section)),
            ("text", .string(text)),
        ])
    }
}

extension Command {
    fileprivate func json(exits: [ExitStatus]) -> JSON {
        .object([
            ("path", JSON(path)),
            ("abstract", .string(abstract)),
            ("discussion", .string(discussion)),
            ("usage", .string(usage)),
            ("change", .boolean(isChange)),
            ("operands", .array(operands.map(\.json))),
            ("options", .array(options.json)),
            ("groups", .array(groups.map(\.json))),
            ("examples", .array(examples.map(\.json))),
            ("fields", .array(fields.map(\.json))),
            ("exits", .array(exits.map(\.json))),
        ])
    }
}

extension OptionTable {
    fileprivate var json: [JSON] { declarations.filter { !$0.isHidden }.map(\.json) }
}

extension OptionDeclaration {
    fileprivate var json: JSON {
        .object([
            ("name", .string(long)),
            ("short", JSON(short.map { String($0) })),
            ("takes", .string(takes)),
            ("placeholder", JSON(kind == nil ? nil : placeholder)),
            ("type", kind?.json ?? .null),
            ("default", JSON(defaultText)),
            ("bare", JSON(bareText)),
            ("repeatable", .boolean(isRepeatable)),
            ("counting", .boolean(isCounting)),
            ("negation", JSON(negation)),
            ("environment", JSON(environment)),
            ("configurable", .boolean(isConfigurable)),
            ("category", JSON(category)),
            ("help", .string(help)),
            ("detail", .string(detail)),
        ])
    }

    private var takes: String {
        switch arity {
        case .none: "nothing"
        case .value: "value"
        case .optionalValue: "optional-value"
        }
    }
}

extension OperandDeclaration {
    fileprivate var json: JSON {
        .object([
            ("name", .string(name)),
            ("required", .boolean(isRequired)),
            ("repeated", .boolean(isRepeated)),
            ("type", kind.json),
            ("help", .string(help)),
        ])
    }
}

extension ValueKind {
    fileprivate var json: JSON {
        var minimum: String?
        var maximum: String?
        var element: JSON = .null
        if case .integer(let low, let high) = self { (minimum, maximum) = (low, high) }
        if case .list(let kind) = self { element = kind.json }
        let choices = choices.map { choice in
            JSON.object([("name", .string(choice.name)), ("help", .string(choice.help))])
        }
        return .object([
            ("kind", .string(name)),
            ("minimum", JSON(minimum)),
            ("maximum", JSON(maximum)),
            ("choices", choices.isEmpty ? .null : .array(choices)),
            ("element", element),
        ])
    }
}

extension ExclusiveGroup {
    fileprivate var json: JSON {
        .object([("members", JSON(members.map(\.label))), ("required", .boolean(isRequired))])
    }
}

extension Example {
    fileprivate var json: JSON { .object([("line", .string(line)), ("purpose", .string(purpose))]) }
}

extension Field {
    fileprivate var json: JSON {
        .object([
            ("name", .string(name)),
            ("type", .string(kind.rawValue)),
            ("nullable", .boolean(isNullable)),
            ("help", .string(help)),
        ])
    }
}

extension ExitStatus {
    fileprivate var json: JSON { .object([("status", .integer(status)), ("meaning", .string(meaning))]) }
}

extension EnvironmentVariable {
    fileprivate var json: JSON { .object([("name", .string(name)), ("help", .string(help))]) }
}
