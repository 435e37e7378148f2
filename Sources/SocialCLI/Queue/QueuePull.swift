// `queue pull`: the next messages for a consumer.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum QueuePull {
    static let consumer = Option(
        "consumer", .queueName, default: "workers", help: "For whom: consumers get every message each")
    static let most = Option(
        "max", .integer(in: Limits.pulledMessages), default: 1, help: "Take at most so many")
    static let lease = Option(
        "lease", .duration, default: 60_000, help: "What is not settled in this time comes again")
    static let wait = Option("wait", .duration, default: 0, help: "Wait so long for the first message")

    static let command = Command(
        ["queue", "pull"], "Take messages for a consumer",
        discussion: """
            The most urgent come first, and those of one urgency in the order in which they were pushed. Whoever takes \
            messages for the same consumer shares them; a consumer that is new gets all that are kept. What was done \
            is settled by "queue ack", what was not is given back by "queue retry", and what neither happens to comes \
            again when the lease is over.
            """,
        operands: [QueueNoun.topic], options: [consumer, most, lease, wait],
        examples: [
            Example("social queue pull numbers --max 10 --json | jq -r '.[].payload'", "Take ten messages"),
            Example(
                "social queue pull numbers --fields lease --no-headings | xargs -r social queue ack numbers",
                "Take one and settle it"),
        ],
        fields: [
            Field("id", .integer, "the number of the message"), Field("topic", .string, "the topic"),
        ] + QueueNoun.payloadFields + [
            Field("priority", .integer, "larger ones come first"), Field("attempt", .integer, "which attempt this is"),
            Field("pushed_at", .time, "when it was pushed"), Field("lease", .string, "what settles it"),
            Field("lease_until", .time, "when it comes again"),
            Field("failure", .string, nullable: true, "why it failed before"),
        ], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let topic = try line[QueueNoun.topic]
        let queue = try session.network().queue
        let end = session.world.stopwatch() + .milliseconds(line[wait])
        var taken: [LeasedMessage] = []
        if line[wait] > 0 { Signals.install() }
        let listener = line[wait] > 0 ? try session.network().changeListener() : nil
        while true {
            taken = try queue.pull(
                topic, consumer: line[consumer], limit: line[most], leaseMilliseconds: line[lease],
                worker: "pull")
            if !taken.isEmpty || session.world.stopwatch() >= end || Signals.interrupted != nil { break }
            if !session.pause(Limits.watchMilliseconds, until: end, listener) { break }
        }
        try session.printList(command.fields) { emit in
            for message in taken {
                let cells: [Cell] =
                    [.integer(message.message.n), .text(topic)] + QueueNoun.payloadCells(message.message.payload) + [
                        .integer(Int64(message.message.priority)), .integer(Int64(message.attempt)),
                        .time(message.message.pushedAt.text), .text(message.lease.description),
                        .time(message.until.text), message.failure.isEmpty ? .null : .text(message.failure),
                    ]
                if try !emit(cells) { return }
            }
        }
    }
}
