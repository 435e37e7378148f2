// Command lines for a program that goes on: a server runs them on a network that stays open, and gets what they print
// as JSON. So an answer over HTTP is what the command prints, and is written down once.

internal import CommandSpec
internal import Formats
package import SocialCore
internal import Terminal

/// Runs command lines, one after another, on one network; for one thread.
package final class CommandService {
    /// What a command line came to.
    package struct Outcome {
        /// Its exit status.
        package var exit: Int32
        /// What it printed; of one that failed, the error as JSON.
        package var output: [UInt8]
        /// The code of the error, of one that failed.
        package var code: String?
    }

    private let directory: String
    private let context: Context
    private let groups: Bool
    private var shared = SharedNetwork(isMixed: true)

    /// A service on a data directory, which is opened when it is first needed.
    ///
    /// - Parameter groups: whether small changes share commits, which `settle` makes.
    package init(_ directory: String, context: Context, groups: Bool = false) {
        self.directory = directory
        var context = context
        context.isLongRunning = true
        self.context = context
        self.groups = groups
        shared.isGrouping = groups
    }

    /// The network.
    package func network() throws -> Network {
        if let current = shared.current { return current }
        return try shared.network(directory, context)
    }

    /// Runs a command line.
    ///
    /// - Parameters:
    ///   - words: the words after the program's name; the data directory and the format are known.
    ///   - input: the standard input.
    ///   - accesses: takes what is to be counted.
    ///   - settling: called before a command that cannot share a commit with those before it.
    package func run(
        _ words: [String], input: [UInt8] = [], accesses: (([CountedAccess]) -> Void)? = nil,
        settling: () throws -> Void = {}
    ) -> Outcome {
        let output = CapturedOutput()
        do {
            let request = try SocialSpecification.specification.parse(
                words, environment: environment, configuration: nil)
            guard case .run(let invocation) = request else { throw Failure("bug", "help is no command") }
            var rest: [UInt8]? = input
            var world = World(
                environment: environment, output: output, errors: CapturedOutput(),
                readInput: { buffer in
                    if let bytes = rest.take() { buffer += bytes }
                }, workingDirectory: directory, context: context)
            world.accesses = accesses
            if groups, invocation.verb?.joinsGroups != true { try settling() }
            let session = Session(invocation, world: world, shared: shared)
            try SocialProgram.run(session)
            return Outcome(exit: session.exit, output: output.bytes)
        } catch {
            return CommandService.outcome(of: shared.current?.router.groupFailure ?? error)
        }
    }

    /// How an error is told: as a command tells it under `--json`.
    package static func outcome(of error: any Error) -> Outcome {
        let failure = Failure(error)
        var json = JSONWriter()
        json.value(["error": failure.document])
        json.endLine()
        return Outcome(exit: failure.exit, output: json.bytes, code: failure.code)
    }

    /// How it is told that a change could not be made durable for certain.
    package static func unknownOutcome(_ cause: any Error) -> Outcome {
        outcome(
            of: Failure(
                "outcome_unknown", "the change may be stored or not: \(Failure(cause).message)",
                hint: "repeat it under the same idempotency key"))
    }

    /// Whether something has been written that is not durable yet.
    package var isPending: Bool { shared.current?.router.hasOpenGroup == true }

    /// Makes what was written durable.
    ///
    /// - Throws: what went wrong; then nothing that was pending is stored for certain, and the network is opened anew.
    package func settle() throws {
        guard let network = shared.current, network.router.hasOpenGroup else { return }
        do { try network.router.flushGroup() } catch {
            shared = SharedNetwork(isMixed: true)
            shared.isGrouping = groups
            throw error
        }
    }

    /// Brings the views up to date, as far as that is little work; one that stays behind is no failure.
    package func publish() { try? shared.current?.publish() }

    /// Tidies up at the end.
    package func finish() throws {
        try settle()
        try shared.current?.router.endGroup()
        try shared.current?.finish()
    }

    private func environment(_ name: String) -> String? {
        switch name {
        case "SOCIAL_DATA": directory
        case "SOCIAL_FORMAT": OutputFormat.json.rawValue
        case "SOCIAL_LOCK_WAIT": "\(context.lockWaitMilliseconds)ms"
        default: nil
        }
    }
}
