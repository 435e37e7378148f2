// `__complete`: how a line can go on. The completion scripts call it with the line up to the cursor, so it answers
// quickly, and with nothing when something is wrong: an error message has no place in a line that is being typed.

internal import CommandSpec
internal import SocialCore
internal import Terminal

enum CompleteVerb {
    static let line = Operand("LINE", .text, help: "The command line up to the cursor")

    static let command = Command(
        ["__complete"], "Print how a command line can go on", operands: [line], isHidden: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = try session.invocation[line]
        var words = ShellWords.split(line, home: session.world.environment("HOME"))[1...]
        guard let last = words.popLast() else { return }
        let query = SocialSpecification.specification.completion(after: Array(words), of: last)
        let candidates: [Choice]
        switch query.completion {
        case .none: candidates = []
        case .files: candidates = [Choice(":files", query.head)]
        case .directories: candidates = [Choice(":directories", query.head)]
        case .choices(let choices): candidates = query.candidates(choices)
        case .custom(let kind):
            // Whatever is wrong with the data directory is told by the command itself.
            candidates = (try? DataCandidates(session, line: Array(words), query).candidates(kind)) ?? []
        }
        // A shell shows names as they are, and puts them into the line.
        for candidate in candidates where DisplayText.sanitise(candidate.name) == candidate.name {
            _ = try session.world.output.write("\(candidate.name)\t\(DisplayText.sanitise(candidate.help))\n")
        }
    }
}
