// `batch`: many command lines in one process, sharing commits. A line is an array of arguments as JSON.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum Batch {
    enum Commit: String, CaseIterable, Sendable {
        case group, each
    }

    static let file = Operand("FILE", .fileOrDash, help: "Arrays of arguments, one a line; - is the standard input")
    static let keepGoing = Switch("keep-going", help: "Go on after a line that fails")
    static let commit = Option(
        "commit", .choice(of: Commit.self), default: .group,
        help: "Make changes durable in groups, or each on its own")

    static let command = Command(
        ["batch"], "Run many command lines in one process",
        discussion: """
            Each line is a JSON array of arguments, without the program's name. For each line one object is printed, \
            when its change is durable. Small changes share commits: a group ends before a line that reads or does \
            more, when no further line is waiting, and after four thousand lines. Stops at the first failure unless \
            --keep-going, and exits with the worst status.
            """,
        operands: [file], options: [keepGoing, commit],
        examples: [
            Example(
                "echo '[\"post\",\"create\",\"hi\",\"--by\",\"ana\"]' | social batch - | jq .exit",
                "Run one command line")
        ],
        fields: [
            Field("line", .integer, "the line"), Field("exit", .integer, "its exit status"),
            Field("result", .object, nullable: true, "what it printed, when it succeeded"),
            Field("error", .object, nullable: true, "what went wrong, when it failed"),
        ], isChange: true, handler: Verb { try BatchRun($0).run() })
}

/// One run of `batch`.
private final class BatchRun {
    private static let groupLines = 4_000
    private let session: Session
    private let shared = SharedNetwork(isMixed: true)
    private let keepsGoing: Bool
    /// What has been printed by lines whose changes are not durable yet.
    private var held: [UInt8] = []
    private var heldLines = 0

    init(_ session: Session) {
        self.session = session
        keepsGoing = session.invocation.isOn(Batch.keepGoing)
        shared.isGrouping = session.invocation[Batch.commit] == .group
    }

    func run() throws {
        // A signal ends the batch between two lines, so that what was done is also answered. Other commands need no
        // such care: they can be killed at any moment.
        Signals.install()
        defer { if session.context.isDryRun { shared.abandon() } }
        let source = try session.invocation[Batch.file]
        var lines = NDJSONReader(try reader(source), expecting: .array)
        while true {
            do {
                guard let record = try lines.next() else { break }
                let isFine = try perform(record)
                if !isFine, !keepsGoing { break }
            } catch let error as DataError where error.code != .source {
                try answer(error.line, failure: Failure(error, file: source.name))
                if !keepsGoing { break }
            }
            if heldLines >= BatchRun.groupLines || !shared.isGrouping { try settle() }
            if Signals.interrupted != nil { break }
        }
        try settle()
        try shared.current?.finish()
    }

    /// Lines from a file or a stream; before waiting for more, everything that was read is made durable and answered.
    private func reader(_ file: FileOrDash) throws -> LineReader {
        guard case .dash = file else { return try session.lines(of: file) }
        return LineReader { [self] buffer in
            if session.world.inputWouldWait() { try settle() }
            try session.world.readInput(&buffer)
        }
    }

    private func perform(_ record: NDJSONReader.Record) throws -> Bool {
        let words = (record.value.array ?? []).map(\.string)
        guard let first = words.first, first != "batch", !words.contains(nil) else {
            try answer(record.line, failure: Failure("syntax", "a line is an array of strings, and no batch itself"))
            return false
        }
        let captured = CapturedOutput()
        do {
            let request = try SocialSpecification.specification.parse(
                words.compactMap { $0 }, environment: environment, configuration: session.configuration)
            guard case .run(let invocation) = request else {
                throw Failure("unexpected_operand", "help and version have no place in a batch")
            }
            guard !invocation.command.fields.isEmpty else {
                throw Failure("conflict", "\"\(invocation.command.name)\" has no place in a batch: it prints no record")
            }
            if invocation.command.path == FeedWatch.command.path, invocation[FeedWatch.timeout] == nil {
                throw Failure(
                    "conflict", "\"feed watch\" needs \"--timeout\" in a batch: the lines after it would wait for ever")
            }
            var world = session.world
            world.output = captured
            world.context = session.context
            world.context.isLongRunning = true
            world.readInput = { _ in }
            world.terminal.isInput = false
            // A dry run among real ones sees what they did, and leaves nothing to them.
            let isAlone = invocation.isOn(Globals.dryRun) && !world.context.isDryRun
            if isAlone || invocation.verb?.joinsGroups != true { try settle() }
            let inner = Session(
                invocation, world: world, shared: isAlone ? SharedNetwork() : shared,
                configuration: session.configuration)
            guard inner.format == .json else {
                throw Failure("conflict", "the lines of a batch print JSON; leave \"--format\" out")
            }
            try SocialProgram.run(inner)
            try answer(record.line, exit: inner.exit, result: captured.bytes)
            return inner.exit == ExitTable.done
        } catch {
            // A group that could not be made durable is no failure of this line alone: nothing that is held was stored
            // for certain, so none of it is answered.
            if let cause = shared.current?.router.groupFailure { throw unanswered(cause) }
            let failure = Failure(error)
            try answer(record.line, failure: failure)
            return false
        }
    }

    /// The globals of the batch hold for its lines, as if variables set them; other variables are the world's.
    ///
    /// Clock and chance are in the context that the lines inherit.
    private func environment(_ name: String) -> String? {
        switch name {
        case "SOCIAL_DATA": session.invocation[Globals.data] ?? session.world.environment(name)
        case "SOCIAL_FORMAT": OutputFormat.json.rawValue
        case "SOCIAL_NOW", "SOCIAL_SEED": nil
        case "SOCIAL_LOCK_WAIT": "\(session.context.lockWaitMilliseconds)ms"
        default: session.world.environment(name)
        }
    }

    // MARK: Answers

    private func answer(_ line: Int, exit: Int32, result: [UInt8]) throws {
        var json = JSONWriter(capacity: result.count + 64)
        json.beginObject()
        json.key("line")
        json.integer(Int64(line))
        json.key("exit")
        json.integer(Int64(exit))
        json.key("result")
        // Lists are printed an object a line; inside an answer they stand on one.
        if result.isEmpty { json.null() } else { json.raw(result.filter { $0 != UInt8(ascii: "\n") }) }
        json.endObject()
        json.endLine()
        hold(json.bytes, exit)
    }

    private func answer(_ line: Int, failure: Failure) throws {
        var json = JSONWriter()
        json.value(["line": .integer(Int64(line)), "exit": .integer(Int64(failure.exit)), "error": failure.document])
        json.endLine()
        hold(json.bytes, failure.exit)
    }

    private func hold(_ bytes: [UInt8], _ exit: Int32) {
        held += bytes
        heldLines += 1
        session.exit = max(session.exit, exit)
    }

    /// The end of a batch whose last group is not durable as a whole.
    private func unanswered(_ cause: any Error) -> Failure {
        var failure = Failure(cause)
        failure.message = "the lines without an answer may be stored or not: \(failure.message)"
        return failure
    }

    /// Makes what was changed durable, and then says so.
    private func settle() throws {
        if let network = shared.current, heldLines > 0 {
            let hasWritten = network.router.hasOpenGroup
            do { try network.router.flushGroup() } catch { throw unanswered(error) }
            if hasWritten { try session.publish(network) }
        }
        guard !held.isEmpty else { return }
        let answers = held
        held.removeAll(keepingCapacity: true)
        heldLines = 0
        _ = try session.world.output.write(answers)
        _ = try session.world.output.flush()
    }
}
