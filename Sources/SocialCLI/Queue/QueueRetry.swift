// `queue retry`: messages that are to be tried again.

internal import CommandSpec
internal import Formats
internal import SocialCore

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
