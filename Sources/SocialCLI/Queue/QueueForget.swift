// `queue forget`: a consumer or a topic that nobody needs any more.

internal import CommandSpec
internal import Formats
internal import SocialCore

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
