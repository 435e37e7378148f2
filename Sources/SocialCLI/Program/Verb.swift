// What a command does: the handler that its declaration carries. A verb is three steps that one can see: bind, call the
// core, render.

internal import CommandSpec

extension Invocation {
    /// The code of the command; nil for those that the parser itself answers.
    var verb: Verb? { command.handler as? Verb }
}

/// The code of a command.
struct Verb: Sendable {
    /// Runs the command.
    let run: @Sendable (Session) throws -> Void
    /// Whether a batch may let its change share a commit with others: a small change of truth, and nothing else.
    let joinsGroups: Bool
    /// Whether it works for long enough that larger caches and fewer checkpoints pay.
    let isBulk: Bool
    /// Whether it prints OpenMetrics too.
    let hasMetrics: Bool

    init(
        joinsGroups: Bool = false, isBulk: Bool = false, hasMetrics: Bool = false,
        _ run: @escaping @Sendable (Session) throws -> Void
    ) {
        self.joinsGroups = joinsGroups
        self.isBulk = isBulk
        self.hasMetrics = hasMetrics
        self.run = run
    }
}
