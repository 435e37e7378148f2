// `queue ack`, `queue retry` and `queue forget`: how messages end.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum QueueAck {
    static let leases = Operand(oneOrMore: "LEASE", .lease, help: "What \"queue pull\" printed")

    static let command = Command(
        ["queue", "ack"], "Settle messages that are done",
        operands: [QueueNoun.topic, leases],
        examples: [
            Example(
                "social queue ack numbers $(social queue pull numbers --fields lease --no-headings)",
                "Take a message and settle it")
        ],
        fields: [
            Field("topic", .string, "the topic"), Field("settled", .integer, "how many are settled now"),
            CommonOutput.changed,
        ], exits: [QueueNoun.missing, QueueNoun.lost], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let topic = try line[QueueNoun.topic]
        let settled = try session.network().queue.acknowledge(line[leases], in: topic).count { $0 }
        try session.printSummary(command.fields, [.text(topic), .integer(Int64(settled)), .bool(settled > 0)])
    }
}

enum QueueRetry {
    /// What is to be tried again.
    enum Target: Sendable {
        case lease(Lease)
        case message(Int64)
    }

    static let targets = Operand(
        zeroOrMore: "LEASE|ID", .retryTarget, help: "What was taken, or is dead; otherwise all that is dead")
    static let consumer = Option("consumer", .queueName, help: "Only what this consumer has not settled")
    static let delay = Option(
        "delay", .duration, configurable: false, help: "When to try again; otherwise ever later, by chance")
    static let failure = Option("failure", .text, default: "", configurable: false, help: "Say why it failed")
    static let final = Switch("final", configurable: false, help: "It cannot be done: it is dead at once")

    static let command = Command(
        ["queue", "retry"], "Let messages be tried again",
        discussion: """
            A message that was taken and cannot be done now is given back by its lease: it is tried again after a \
            second, two, four and so on up to an hour, of which chance takes off up to a half, until it was tried \
            --attempts times; then it is dead. Dead messages, and those that wait after a failure, are tried again at \
            once when they are named by their numbers; without any, all dead ones are.
            """,
        operands: [QueueNoun.topic, targets], options: [consumer, delay, failure, final],
        examples: [Example("social queue retry numbers", "Try all dead messages again")],
        fields: [
            Field("topic", .string, "the topic"), Field("retried", .integer, "how many are tried again"),
            Field("dead", .integer, "how many are dead now"), CommonOutput.changed,
        ], exits: [QueueNoun.missing, QueueNoun.lost], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let topic = try line[QueueNoun.topic]
        let queue = try session.network().queue
        var (retried, dead) = (0, 0)
        var numbers: [Int64] = []
        let targets = try line[targets]
        for target in targets {
            switch target {
            case .message(let n): numbers.append(n)
            case .lease(let lease):
                let end = try queue.giveBack(
                    lease, in: topic, failure: line[failure], delayMilliseconds: line[delay],
                    isFinal: line.isOn(final))
                if end == .dead { dead += 1 } else { retried += 1 }
            }
        }
        if targets.isEmpty || !numbers.isEmpty {
            retried += try queue.revive(targets.isEmpty ? nil : numbers, in: topic, consumer: line[consumer])
        }
        try session.printSummary(
            command.fields,
            [.text(topic), .integer(Int64(retried)), .integer(Int64(dead)), .bool(retried + dead > 0)])
    }
}

enum QueueForget {
    static let consumer = Option(
        "consumer", .queueName, configurable: false, help: "Forget only this consumer, with what it has not settled")

    static let command = Command(
        ["queue", "forget"], "Forget a consumer, or a topic with everything in it",
        operands: [QueueNoun.topic], options: [consumer],
        examples: [Example("social queue forget numbers --consumer audit", "Keep nothing for this consumer any more")],
        fields: [Field("topic", .string, "the topic"), CommonOutput.changed], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let topic = try line[QueueNoun.topic]
        let who = line[consumer].map { "what \"\($0)\" has not settled of topic \"\(topic)\"" }
        try session.confirm("forget \(who ?? "topic \"\(topic)\" with all its messages")?")
        let isGone = try session.network().queue.forget(topic, consumer: line[consumer])
        try session.print(command.fields, [.text(topic), .bool(isGone)])
    }
}

extension ValueType where Value == QueueRetry.Target {
    /// A lease, or the number of a message.
    static var retryTarget: ValueType<QueueRetry.Target> {
        ValueType(.custom("lease"), placeholder: "LEASE|ID", expecting: "a lease, or the number of a message") {
            (word) throws(ValueError) in
            if let lease = Lease(word) { return .lease(lease) }
            guard let n = Int64(word), n > 0 else { throw ValueError() }
            return .message(n)
        }
    }
}
