// `queue work`: a process that works, alone or beside others.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum QueueWork {
    static let topic = Operand(
        optional: "TOPIC", .queueName, help: "Which topic; otherwise what the program itself has to do")
    static let exec = Option(
        "exec", .text.named("CMD"), configurable: false,
        help: "Run this shell command for each message, which it reads from its standard input")
    static let jobs = Option("jobs", .integer(in: 1...Limits.jobs), default: 1, help: "Work on so many at once")
    static let lease = Option(
        "lease", .duration, default: 30_000, help: "Others get what this process had so long after it has died")
    static let patience = Option(
        "heartbeat-timeout", .duration, default: 10_000,
        help: "Others count this process as dead when they have not heard of it for so long")
    static let taskTimeout = Option(
        "task-timeout", .duration, default: 3_600_000, help: "A command that takes longer has failed")
    static let renditions = Option(
        "renditions", .list(of: .text.named("QUALITY")),
        help: "Encode films into these qualities too: low, medium, high or such as 480p; needs ffmpeg")
    static let once = Switch("once", configurable: false, help: "End when nothing is left to do")
    static let timeout = Option("timeout", .duration, configurable: false, help: "End after this time")

    static let command = Command(
        ["queue", "work"], "Work on messages as they come",
        discussion: """
            Without a topic it is what the program itself has to do: cached feeds and search indexes follow the \
            changes, pictures get thumbnails, films are cut into segments, counts become coarser, and posts of authors \
            above feed.push-limit followers become messages on the topic push, one for up to 500 followers who are not \
            there, at most every ten minutes. With a topic, --exec says what to do: the command has done it when it \
            exits with 0; otherwise the message is tried again ("social queue retry --help" says when). It finds \
            SOCIAL_TOPIC, SOCIAL_MESSAGE, SOCIAL_ATTEMPT, SOCIAL_DATA and SOCIAL_KEY, which is the same whenever the \
            message is tried, so that "--idempotency-key $SOCIAL_KEY" lets an effect happen once.

            Any number of processes may work on one directory. They register as a service, and the slots of messages \
            are dealt to those who are alive, none of whom gets more than 1.25 times the mean. One that dies is \
            missed after its heartbeat time-out; the others get its slots, and what it had taken when the lease is over.

            Prints what has become of each message. It ends by a signal, when what it works on is done; after \
            --timeout; or with --once when nothing is left that is due.
            """,
        operands: [topic],
        options: [
            exec, QueuePull.consumer, jobs, lease, patience, taskTimeout, renditions, once, timeout,
        ],
        examples: [
            Example("social queue work --once -q", "Do what is to be done, as from cron"),
            Example("social queue work push --exec 'cat >> outbox.ndjson' --once", "Hand messages to a gateway"),
        ],
        fields: [
            Field("topic", .string, "the topic"), Field("id", .integer, "the number of the message"),
            Field("outcome", .string, "done, retry, dead, or lost to somebody else"),
            Field("attempt", .integer, "which attempt it was"),
            Field("milliseconds", .integer, "how long it took"),
            Field("message", .string, "what was done, or why it failed"),
        ],
        exits: [ExitStatus(69, "there is no shell")], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        var plan = Worker.Plan()
        plan.topic = try line[topic]
        plan.command = line[exec]
        if (plan.topic == nil) != (plan.command == nil) {
            throw line.missing(
                "a topic and \"--exec\" belong together",
                hint: "without both, the program works on what it has to do itself")
        }
        plan.consumer = line[QueuePull.consumer]
        plan.jobs = line[jobs]
        plan.leaseMilliseconds = max(1, line[lease])
        plan.patienceMilliseconds = max(1, line[patience])
        plan.timeoutMilliseconds = line[taskTimeout]
        plan.rungs = try (line[renditions] ?? []).map { word in
            guard let rung = Rung(word) else {
                throw line.error(
                    .invalidValue, "\"\(word)\" is no quality: low, medium, high, or such as 480p", about: renditions)
            }
            return rung
        }
        if session.context.isDryRun { return try session.printStream(command.fields) { nil } }
        let directory = try session.dataDirectory()
        var context = session.context
        context.observer = nil
        let worker = Worker(try session.network(), plan) { [context] in
            try Network(opening: directory, context: context)
        }
        try work(worker, session)
    }

    /// Works until it is time to end, and prints what becomes of messages.
    private static func work(_ worker: Worker, _ session: Session) throws {
        let line = session.invocation
        let end = line[timeout].map { session.world.stopwatch() + .milliseconds($0) }
        Signals.install()
        try worker.start()
        let listener = try session.network().changeListener()
        var hasStopped = false
        defer { if !hasStopped { worker.stop() } }
        try session.printStream(command.fields) {
            if hasStopped { return nil }
            let outcomes = try worker.step()
            if !outcomes.isEmpty { return session.isQuiet ? [] : outcomes.map(cells) }
            let isOver = end.map { session.world.stopwatch() >= $0 } ?? false
            if isOver || Signals.interrupted != nil || (line.isOn(once) && worker.isIdle)
                || !session.pause(Limits.watchMilliseconds, until: end, listener)
            {
                worker.stop()
                hasStopped = true
                return session.isQuiet ? [] : worker.rest().map(cells)
            }
            return []
        }
    }

    private static func cells(_ outcome: Worker.Outcome) -> [Cell] {
        [
            .text(outcome.topic), .integer(outcome.n), .text(outcome.end.rawValue), .integer(Int64(outcome.attempt)),
            .integer(outcome.milliseconds), .text(outcome.text),
        ]
    }
}
