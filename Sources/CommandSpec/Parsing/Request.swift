// What a line asks for. Help and version never depend on the rest of the line being right.

/// What a line asks for.
package enum Request: Sendable {
    /// Run a command.
    case run(Invocation)
    /// Show help; as JSON, if the globals say so.
    case help(HelpTopic)
    /// Show the version.
    case version
}

/// What help is about.
package enum HelpTopic: Sendable {
    /// The whole program.
    case program
    /// One noun.
    case noun(Noun)
    /// One command.
    case command(Command)
    /// A subject that concerns many commands.
    case guide(Guide)

    /// The words after `help` that ask for the topic.
    package var path: [String] {
        switch self {
        case .program: []
        case .noun(let noun): [noun.name]
        case .command(let command): command.path
        case .guide(let guide): [guide.name]
        }
    }
}
