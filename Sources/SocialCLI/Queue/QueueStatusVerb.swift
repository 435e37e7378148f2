// `queue status`: how topics and their consumers stand.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum QueueStatusVerb {
    static let topic = Operand(optional: "TOPIC", .queueName, help: "Which topic; otherwise all")

    static let command = Command(
        ["queue", "status"], "Show how topics and their consumers stand", operands: [topic],
        examples: [
            Example("social queue status", "All topics"),
            Example("social queue status --json | jq 'map(.dead) | add'", "How many messages are dead"),
        ],
        fields: [
            Field("topic", .string, "the topic"),
            Field("consumer", .string, nullable: true, "who listens; null while nobody does"),
            Field("ready", .integer, "messages that somebody may take"),
            Field("delayed", .integer, "messages whose time has not come"),
            Field("leased", .integer, "messages that somebody works on"),
            Field("dead", .integer, "messages that were tried too often"),
            Field("done", .integer, "messages that were settled"),
            Field("pushed", .integer, "messages that were ever pushed"),
            Field(
                "oldest", .time, nullable: true, "when the oldest was pushed that is not settled, dead ones left out"),
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let rows = try session.network().queue.status(session.invocation[topic])
        try session.printList(command.fields) { emit in
            for row in rows {
                let cells: [Cell] = [
                    .text(row.topic.name), row.consumer.map { .text($0.name) } ?? .null, .integer(Int64(row.ready)),
                    .integer(Int64(row.delayed)), .integer(Int64(row.leased)), .integer(Int64(row.dead)),
                    .integer(row.consumer?.done ?? 0), .integer(row.topic.last), .time(orNull: row.oldest),
                ]
                if try !emit(cells) { return }
            }
        }
    }
}
