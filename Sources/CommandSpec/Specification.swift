// The façade of the module: one value that says what the program understands. `parse` reads a line by it, `help`,
// `document` and `manualPages` write it out, `completion` says how a line can go on, `problems` checks it.

/// The whole command line of a program.
package struct Specification: Sendable {
    /// The name that the program is called by.
    package let program: String
    /// Its version.
    package let version: String
    /// The day of the version, as man pages write it: `January 2, 2026`.
    package let date: String
    /// One line: what the program is.
    package let abstract: String
    /// Paragraphs for help and man pages, separated by blank lines; may be empty.
    package let discussion: String
    /// What to try first.
    package let examples: [Example]
    /// The options that every command accepts; `--help` and `--version` are added at the end.
    package let globals: OptionTable
    /// The globals that contradict each other.
    package let groups: [ExclusiveGroup]
    /// Variables that no option names.
    package let environment: [EnvironmentVariable]
    /// The exit statuses that every command shares.
    package let exits: [ExitStatus]
    /// The nouns in the order of help.
    package let nouns: [Noun]
    private let deferredVerbs: Deferred<[Command]>
    private let deferredGuides: Deferred<[Guide]>

    /// Declares a program; the commands of nouns, the verbs without noun and the guides are built when they are first
    /// used.
    package init(
        program: String, version: String, date: String = "", abstract: String, discussion: String = "",
        examples: [Example] = [], globals: [any OptionDeclaring] = [], groups: [ExclusiveGroup] = [],
        environment: [EnvironmentVariable] = [], exits: [ExitStatus] = [], nouns: [Noun] = [],
        guides: @escaping @Sendable () -> [Guide] = { [] }, verbs: @escaping @Sendable () -> [Command] = { [] }
    ) {
        self.program = program
        self.version = version
        self.date = date
        self.abstract = abstract
        self.discussion = discussion
        self.examples = examples
        self.globals = OptionTable(globals + [Switch.help, Switch.version])
        self.groups = groups
        self.environment = environment
        self.exits = exits
        self.nouns = nouns
        self.deferredGuides = Deferred(guides)
        self.deferredVerbs = Deferred {
            let declared = verbs()
            let builtIn = [Command.help(of: program), Command.version(of: program)]
            return declared + builtIn.filter { command in !declared.contains { $0.verb == command.verb } }
        }
    }

    /// The commands without a noun, in declared order; `help` and `version` are added at the end.
    package var verbs: [Command] { deferredVerbs.value }

    /// The guides in declared order.
    package var guides: [Guide] { deferredGuides.value }

    /// Every command, by noun and then those without; builds all of them.
    package var commands: [Command] { nouns.flatMap(\.commands) + verbs }

    /// The noun of that name.
    package func noun(_ name: String) -> Noun? {
        nouns.first { $0.name == name }
    }

    /// The command at that path; builds the commands of its noun only.
    package func command(_ path: [String]) -> Command? {
        switch path.count {
        case 1: verbs.first { $0.verb == path[0] }
        case 2: noun(path[0])?.command(path[1])
        default: nil
        }
    }
}
