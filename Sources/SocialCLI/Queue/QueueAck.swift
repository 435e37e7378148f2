// `queue ack`: messages that are done.

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
