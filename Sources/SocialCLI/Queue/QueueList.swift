// `queue list`: what waits, and for whom.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum QueueList {
    static let consumer = Option("consumer", .queueName, help: "Only what this consumer has not settled")
    static let state = Option(
        repeating: "state", .choice("ready", "delayed", "leased", "dead", placeholder: "STATE"),
        help: "Only messages in this state; several may be named")
    static let after = Option(
        "after", .integer(in: Int64(0)...Int64.max), configurable: false, help: "Only behind this message")

    static let command = Command(
        ["queue", "list"], "List the messages of a topic that are not settled",
        operands: [QueueNoun.topic], options: [consumer, state, after, CommonOptions.listLimit],
        examples: [Example("social queue list numbers --state dead", "What was tried too often, and why it failed")],
        fields: [
            Field("id", .integer, "the number of the message"),
            Field("consumer", .string, nullable: true, "who has not settled it; null while nobody listens"),
            Field("state", .string, "ready, delayed, leased or dead"),
        ] + QueueNoun.payloadFields + [
            Field("priority", .integer, "larger ones come first"),
            Field("attempts", .integer, "how often it was taken"), Field("pushed_at", .time, "when it was pushed"),
            Field("until", .time, nullable: true, "when the delay or the lease ends"),
            Field("lease", .string, nullable: true, "what settles it, while somebody works on it"),
            Field("worker", .string, nullable: true, "who has taken it last"),
            Field("failure", .string, nullable: true, "why it failed last"),
        ], exits: [QueueNoun.missing], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let words = line[state]
        let states = DeliveryState.allCases.filter { words.isEmpty || words.contains("\($0)") }
        let queue = try session.network().queue
        var left = CommonOptions.limit(line, isRanked: false)
        var place = line[after] ?? 0
        try session.printList(command.fields) { emit in
            while left > 0 {
                let page = try queue.messages(
                    of: line[QueueNoun.topic], consumer: line[consumer], states: states, after: place,
                    limit: Limits.firstPageRows)
                for item in page.prefix(left) where try !emit(cells(item)) { return }
                left -= min(left, page.count)
                guard let last = page.last, page.count >= Limits.firstPageRows else { return }
                place = last.message.n
            }
        }
    }

    private static func cells(_ item: ListedMessage) -> [Cell] {
        let message = item.message
        let state = item.delivery?.state ?? (message.dueAt > message.pushedAt ? .delayed : .ready)
        func text(_ text: String?) -> Cell { text.flatMap { $0.isEmpty ? nil : .text($0) } ?? .null }
        return [.integer(message.n), text(item.consumer?.name), .text("\(state)")]
            + QueueNoun.payloadCells(message.payload) + [
                .integer(Int64(message.priority)), .integer(Int64(item.delivery?.attempts ?? 0)),
                .time(message.pushedAt.text), .time(orNull: item.delivery?.until), text(item.lease?.description),
                text(item.delivery?.worker),
                text(item.delivery?.failure),
            ]
    }
}
