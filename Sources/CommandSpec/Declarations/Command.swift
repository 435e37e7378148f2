// A command is one thing that the program does, declared once: the parser, help, man pages, completions and
// `help --json` are all made from this value.

/// One command: `feed show`, or a verb without a noun such as `init`.
package struct Command: Sendable {
    /// The words that name it: noun and verb, or a verb alone.
    package let path: [String]
    /// One line: what it does.
    package let abstract: String
    /// Paragraphs for help and man pages, separated by blank lines; may be empty.
    package let discussion: String
    /// The operands in order.
    package let operands: [OperandDeclaration]
    /// The options of its own; globals are the specification's.
    package let options: OptionTable
    /// The parameters that contradict each other.
    package let groups: [ExclusiveGroup]
    /// What to try first; help leads with them.
    package let examples: [Example]
    /// The keys of the objects that it prints.
    package let fields: [Field]
    /// The exit statuses that mean something particular here.
    package let exits: [ExitStatus]
    /// Whether it changes anything; readers never lock.
    package let isChange: Bool
    /// Whether help, completion and suggestions pass over it.
    package let isHidden: Bool
    /// Whatever the client runs for the command; this module never looks inside.
    package let handler: (any Sendable)?
    /// Which of the commands that every specification has this is, if it is one.
    private(set) var builtIn: BuiltIn?

    /// Declares a command.
    package init(
        _ path: [String], _ abstract: String, discussion: String = "", operands: [any OperandDeclaring] = [],
        options: [any OptionDeclaring] = [], groups: [ExclusiveGroup] = [], examples: [Example] = [],
        fields: [Field] = [], exits: [ExitStatus] = [], isChange: Bool = false, isHidden: Bool = false,
        handler: (any Sendable)? = nil
    ) {
        self.path = path
        self.abstract = abstract
        self.discussion = discussion
        self.operands = operands.map(\.declaration)
        self.options = OptionTable(options)
        self.groups = groups
        self.examples = examples
        self.fields = fields
        self.exits = exits
        self.isChange = isChange
        self.isHidden = isHidden
        self.handler = handler
        self.verb = path.last ?? ""
        // Not `joined`: its generic machinery costs more at start-up than all the rest of a declaration.
        self.name = path.dropFirst().reduce(path.first ?? "") { $0 + " " + $1 }
    }

    /// The last word of the path.
    package let verb: String

    /// The words of the path with spaces between.
    package let name: String

    /// The line that help shows under USAGE, without the program's name: `feed show HANDLE [options]`.
    package var usage: String {
        let isOptional = options.declarations.contains { !$0.isHidden }
        return (path + operands.map(\.usage) + (isOptional ? ["[options]"] : [])).joined(separator: " ")
    }
}

extension Command {
    /// The commands that the parser itself understands.
    enum BuiltIn: Sendable {
        case help
        case version
    }

    /// The operand of `help`.
    static let helpTopic = Operand(zeroOrMore: "WORD", .text, help: "A noun, a noun and a verb, or a verb without noun")

    /// `help [NOUN [VERB]]`; every specification has it unless it declares its own.
    static func help(of program: String) -> Command {
        var command = Command(
            ["help"], "Show help for the program, a noun or a command", operands: [helpTopic],
            examples: [
                Example("\(program) help", "List everything there is"),
                Example("\(program) help --json", "Read the whole specification as data"),
            ])
        command.builtIn = .help
        return command
    }

    /// `version`; every specification has it unless it declares its own.
    static func version(of program: String) -> Command {
        var command = Command(
            ["version"], "Show the version", examples: [Example("\(program) version", "Show the version")])
        command.builtIn = .version
        return command
    }
}
