// A noun groups the verbs that act on one kind of thing. Only its name and abstract exist until it is asked for more.

/// A kind of thing, and the commands that act on it.
package struct Noun: Sendable {
    /// The first word of its commands.
    package let name: String
    /// One line: what the noun is, or what its verbs do.
    package let abstract: String
    /// Paragraphs for help and man pages, separated by blank lines; may be empty.
    package let discussion: String
    /// Whether it leads the top-level help; the others stand under "More".
    package let isMain: Bool
    private let deferred: Deferred<[Command]>

    /// Declares a noun; the closure runs when the noun is first used, and once.
    package init(
        _ name: String, _ abstract: String, discussion: String = "", isMain: Bool = false,
        commands: @escaping @Sendable () -> [Command]
    ) {
        self.name = name
        self.abstract = abstract
        self.discussion = discussion
        self.isMain = isMain
        self.deferred = Deferred(commands)
    }

    /// The commands in declared order; the usual one first, since suggestions name it for the noun.
    package var commands: [Command] { deferred.value }

    /// The command of that verb.
    package func command(_ verb: String) -> Command? {
        commands.first { $0.verb == verb }
    }
}
