// One command that is being run: its arguments, the network that it works on, and the printer of its results.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

/// What a verb has in hand.
final class Session {
    /// The parsed command line.
    let invocation: Invocation
    /// The surroundings.
    let world: World
    /// The user's option defaults.
    let configuration: ConfigurationFile?
    /// The clock, chance and patience of this run.
    let context: Context
    /// The exit status of a command that ends well.
    var exit = ExitTable.done
    private let shared: SharedNetwork

    init(
        _ invocation: Invocation, world: World, shared: SharedNetwork = SharedNetwork(),
        configuration: ConfigurationFile? = nil
    ) {
        self.invocation = invocation
        self.world = world
        self.configuration = configuration
        self.shared = shared
        var context = world.context
        context.lockWaitMilliseconds = invocation[Globals.lockWait]
        if let seed = invocation[Globals.seed] {
            context.random = .seeded(shared.generator(seed: UInt64(seed)))
        }
        if let now = invocation[Globals.now] { context.clock = .fixed(now.resolved(at: context.clock.now)) }
        context.readsAvailable = invocation[Globals.readConsistency] == "available"
        if invocation[Globals.readFrom] == "standby", !invocation.command.isChange {
            context.standbyStaleness = invocation[Globals.maxStaleness]
        }
        if invocation.verb?.isBulk == true { context.isLongRunning = true }
        if invocation.isOn(Globals.dryRun) { context.isDryRun = true }
        if context.observer == nil { context.observer = RunReport(invocation, world) }
        self.context = context
    }

    /// The present time of this run.
    var now: Timestamp { context.clock.now }

    /// Whether nothing of what this command does is to last, and it is not for a whole batch of commands to say so.
    var isDryRun: Bool { context.isDryRun && !world.context.isDryRun }

    /// Whether summaries and hints are left out.
    var isQuiet: Bool { invocation.isOn(Globals.quiet) }

    /// The format in which data is printed.
    var format: OutputFormat {
        invocation.isOn(Globals.json) ? .json : OutputFormat(rawValue: invocation[Globals.format]) ?? .table
    }

    /// Whether what a program may want to know is said as JSON, on the standard error too.
    var printsJSON: Bool { format == .json || format == .ndjson }

    /// The network in the data directory, opened when it is first needed.
    func network() throws -> Network { try shared.network(dataDirectory(), context) }

    /// The data directory: as said, or the nearest one.
    func dataDirectory() throws -> String {
        if let named = invocation[Globals.data] { return named }
        guard let found = try DataDirectory.find(from: world.workingDirectory) else {
            throw StorageError(
                .noDataDirectory, "there is no data directory here or above", hint: "make one with \"social init\"")
        }
        return found
    }

    /// A directory, named from the root on.
    func absolute(_ path: String) -> String {
        var parts: [Substring] = []
        let whole = path.hasPrefix("/") ? path : "\(world.workingDirectory)/\(path)"
        for part in whole.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// Runs a change, and brings the views up to date on the way out.
    func change<Result>(_ body: (Network) throws -> Result) throws -> Result {
        let network = try network()
        let result = try body(network)
        if !network.router.isGrouping { try publish(network) }
        return result
    }

    /// Brings the views up to date as far as that goes.
    ///
    /// The change is durable by now: a view that stays behind is no failure of the command, or whoever tries again
    /// would do it twice.
    func publish(_ network: Network) throws {
        do {
            try network.publish()
            context.observer?.note("cached feeds have followed as far as that is little work")
        } catch let error as StorageError {
            try note("the change is stored, but cached feeds stay behind: \(error.message)")
        }
    }

    /// Whether replicas have taken the place of what could not be read.
    func readsFromReplicas() throws -> Bool { try shared.current?.readsFromReplicas() ?? false }

    /// Says since when what was read may be out of date, where too few replicas could be asked.
    func noteStaleness() throws {
        guard context.readsAvailable, let time = try shared.current?.staleSince() else { return }
        try note("too few replicas can be asked: what came after \(time.text) may be missing")
    }

    /// The value of an operand, or of an option that stands in for it.
    func required<Value>(_ value: Value?, _ option: String, _ environment: String) throws -> Value {
        guard let value else {
            throw invocation.missing("\"\(option)\" is missing", hint: "give \(option) or set \(environment)")
        }
        return value
    }

    /// Opens a file, or the standard input for `-`, line by line.
    func lines(of file: FileOrDash) throws -> LineReader {
        switch file {
        case .dash: return LineReader(source: world.readInput)
        case .file(let path): return LineReader(bytes: try FileSystem().contents(of: path))
        }
    }

    /// The bytes of a file, or of the standard input for `-`.
    func bytes(of file: FileOrDash) throws -> [UInt8] { try world.bytes(of: file) }

    /// Says on a terminal that a limit has cut a list, and how long it would have been.
    ///
    /// - Parameters:
    ///   - cap: how many of the rest are counted at most; then there may be more.
    ///   - rest: counts what was left out.
    func noteCut(after shown: Int, of limit: Int, cap: Int = .max, rest: () throws -> Int) throws {
        guard shown >= limit, world.terminal.isErrors, !isQuiet else { return }
        let more = try rest()
        if more == 0 { return }
        try note("\(shown.grouped) of \(more == cap ? "more than " : "")\((shown + more).grouped)")
    }

    /// Asks on a terminal before something is destroyed; off a terminal, or with `--yes`, nobody is asked.
    ///
    /// - Throws: `declined` unless the answer is yes.
    func confirm(_ question: String) throws {
        let terminal = world.terminal
        let isAsked = terminal.isInput && terminal.isErrors && !invocation.isOn(Globals.yes) && !context.isDryRun
        guard isAsked else { return }
        _ = try world.output.flush()
        _ = try world.errors.write("\(DisplayText.sanitise(question)) [y/N] ")
        _ = try world.errors.flush()
        var answer: [UInt8] = []
        var count: Int
        repeat {
            count = answer.count
            try world.readInput(&answer)
        } while answer.count > count && !answer.contains(UInt8(ascii: "\n"))
        let word = String(decoding: answer.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self).lowercased()
        if !answer.contains(UInt8(ascii: "\n")) { _ = try world.errors.write("\n") }
        guard ["y", "yes"].contains(word) else { throw Failure("declined", "nothing was changed") }
    }

    /// What is left to do when the command has ended, well or not.
    func finish() {
        context.observer?.end()
        if isDryRun { shared.abandon() }
    }

    /// Says something on stderr, unless `--quiet`; what was printed before comes first on a terminal too.
    func note(_ text: String) throws {
        if isQuiet { return }
        _ = try world.output.flush()
        _ = try world.errors.write("\(DisplayText.sanitise(text))\n")
        _ = try world.errors.flush()
    }
}

/// The network that the commands of one process share, so that `batch` opens it once.
package final class SharedNetwork {
    private var open: (directory: String, network: Network)?
    private var generators: [UInt64: SeededGenerator] = [:]
    /// Whether writes are to be collected into groups.
    var isGrouping = false

    /// Whether commands that read share what they read with commands that change something.
    private let isMixed: Bool

    /// No network yet.
    package init(isMixed: Bool = false) { self.isMixed = isMixed }

    /// The network of a directory.
    func network(_ directory: String, _ context: Context) throws -> Network {
        if let open, open.directory == directory {
            open.network.context = context
            return open.network
        }
        try open?.network.router.endGroup()
        var context = context
        // Whoever changes something must not rely on what a standby did not know yet.
        if isMixed { context.standbyStaleness = nil }
        let network = try Network(opening: directory, context: context)
        if isGrouping { network.router.beginGroup() }
        open = (directory, network)
        return network
    }

    /// Forgets what a dry run has written.
    func abandon() { try? open?.network.router.endGroup() }

    /// The network that is open, if one is.
    var current: Network? { open?.network }

    /// One stream of chance a seed and process.
    func generator(seed: UInt64) -> SeededGenerator {
        if let known = generators[seed] { return known }
        let made = SeededGenerator(seed: seed)
        generators[seed] = made
        return made
    }
}
