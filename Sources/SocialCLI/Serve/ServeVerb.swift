// `serve`: the network over HTTP, until a signal ends it.

internal import CommandSpec
internal import SocialCore

enum ServeVerb {
    private static let limitOptions = "Limits"

    static let listen = Option(
        "listen", .listenAddress, default: ServeAddress(host: "127.0.0.1", port: 8_080),
        help: "Listen here; port 0 is any that is free")
    static let listenWrites = Option(
        "listen-writes", .listenAddress, help: "Take changes and uploads only here, on connections of their own")
    static let only = Option(
        "only", .list(of: .choice(of: ServeService.self, placeholder: "SERVICE")),
        help: "Run only these: timeline, fanout, graph, posts, users, search, upload, notifications")
    static let readers = Option(
        "readers", .integer(in: 1...64), help: "Threads that read; otherwise one for each processor")
    static let writers = Option("writers", .integer(in: 1...16), default: 1, help: "Threads that write")
    static let uncounted = Switch("no-record", help: "Do not count what is shown, for \"social analytics\"")
    static let time = Option("for", .duration, configurable: false, help: "Stop after this time; otherwise by a signal")
    static let connections = Option(
        "max-connections", .integer(in: 1...1_000_000), default: 20_000, help: "Connections of each listener",
        category: limitOptions)
    static let body = Option(
        "max-body", .size, default: 64 << 20, help: "Bytes of an upload; other bodies have 1M at most",
        category: limitOptions)
    static let rate = Option(
        "rate", .integer(in: 1...1_000_000), help: "Requests a second for each token, or address without one",
        category: limitOptions)
    static let headTime = Option(
        "head-timeout", .duration, default: 10_000, help: "Time for the head of a request", category: limitOptions)
    static let idleTime = Option(
        "idle-timeout", .duration, default: 75_000, help: "Time after which an unused connection is closed",
        category: limitOptions)
    static let uploadRate = Option(
        "min-upload-rate", .size, default: 1_024, help: "Bytes a second that an upload has to bring",
        category: limitOptions)
    static let drain = Option(
        "drain", .duration, default: 10_000, help: "Time for what is under way when the server stops",
        category: limitOptions)

    static let command = Command(
        ["serve"], "Serve the network over HTTP",
        discussion: """
            Answers with what the other commands print under --json; feeds, posts, accounts, search, uploads and films \
            each have their address, and what comes is sent over WebSocket or long polling: see "social help http". \
            Other commands may work on the same directory meanwhile, and nothing that they change is missing from the \
            next answer. Beside the answers it works as "social queue work" does: it brings feeds, indexes and \
            inboxes up to date, makes small pictures and cuts films, and shares this work with all who do it; --only \
            without fanout leaves it to them.

            The first line that is printed names the address. TERM or INT stop it: no further connections are taken, \
            what is under way is ended, and those who listen are told. Too many requests are refused with 503 before \
            they can pile up; reading never waits for uploads or other changes.

            It speaks plain HTTP/1.1. On anything but the machine itself put a proxy with TLS before it.
            """,
        options: [
            listen, listenWrites, only, readers, writers, uncounted, time, connections, body, rate, headTime, idleTime,
            uploadRate, drain,
        ],
        examples: [
            Example("social serve --listen 127.0.0.1:0 --for 100ms", "Serve on any free port, for a moment"),
            Example(
                "social serve --listen 127.0.0.1:0 --listen-writes 127.0.0.1:0 --rate 50 --for 100ms",
                "Take changes on a port of their own, and fifty requests a second from each"),
        ],
        exits: [ExitStatus(69, "the address cannot be listened on")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        guard let serve = session.world.serve else {
            throw Failure("no_server", "this program was built without its server")
        }
        let line = session.invocation
        var context = session.context
        context.isLongRunning = true
        var options = ServeOptions(directory: try session.dataDirectory(), context: context)
        options.address = line[listen]
        options.writeAddress = line[listenWrites]
        options.services = line[only].map(Set.init)
        options.readers = line[readers] ?? Parallel.width
        options.writers = line[writers]
        options.milliseconds = line[time]
        options.counts = !line.isOn(uncounted)
        options.connections = line[connections]
        options.bodyBytes = Int(clamping: line[body])
        options.rate = line[rate]
        options.headMilliseconds = line[headTime]
        options.idleMilliseconds = line[idleTime]
        options.uploadRate = Int(clamping: line[uploadRate])
        options.drainMilliseconds = line[drain]
        // What is wrong with the directory is told at once.
        _ = try session.network()
        try serve(options, session.world)
    }
}

extension ValueType where Value == ServeAddress {
    /// A place to listen at.
    static var listenAddress: ValueType<ServeAddress> {
        ValueType(
            .custom("address"), placeholder: "HOST:PORT", expecting: "an address such as 127.0.0.1:8080",
            format: \.description
        ) { (word) throws(ValueError) in
            guard let address = ServeAddress(word) else { throw ValueError() }
            return address
        }
    }
}
