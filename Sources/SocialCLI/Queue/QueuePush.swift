// `queue push`: a message for whoever listens.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum QueuePush {
    static let payload = Operand(
        optional: "PAYLOAD", .text, help: "What it says; - reads it from the standard input, as it is")
    static let lines = Option(
        "lines", .fileOrDash, configurable: false, help: "Push each line of this file as a message")
    static let priority = Option(
        "priority", .integer(in: 0...9), default: MessageQueue.Draft.standardPriority, configurable: false,
        help: "Larger ones come first")
    static let delay = Option(
        "delay", .duration, default: 0, configurable: false, help: "Nobody gets it before so much time has passed")
    static let attempts = Option(
        "attempts", .integer(in: 1...1_000), default: 10, configurable: false,
        help: "How often it is tried before it is dead")
    static let part = Option(
        "part", .text.named("KEY"), configurable: false,
        help: "Messages of the same key go to the same worker, as long as that lives")
    static let notify = Option(
        "notify", .handle, configurable: false, help: "Tell this account what becomes of it")

    static let command = Command(
        ["queue", "push"], "Push a message into a topic",
        discussion: """
            The topic is made if there is none. The message is kept until every consumer of the topic has settled it; \
            without consumers it waits for the first. What is pushed together is pushed in one durable transaction, up \
            to \(Limits.promotedMessages.grouped) lines each.
            """,
        operands: [QueueNoun.topic, payload],
        options: [lines, priority, delay, attempts, part, notify, CommonOptions.idempotencyKey],
        groups: [ExclusiveGroup(payload, lines, required: true)],
        examples: [
            Example("social queue push mail '{\"to\":\"ana\"}' --delay 5m", "Leave something to be done later"),
            Example("seq 1000 | social queue push numbers --lines -", "Push a thousand messages at once"),
        ],
        fields: [
            Field("topic", .string, "the topic"), Field("id", .integer, "the number of the last message"),
            Field("pushed", .integer, "how many messages are new"), CommonOutput.changed,
        ],
        exits: [
            ExitStatus(65, "a message is too large"), ExitStatus(67, "there is no such account"),
            ExitStatus(73, "the idempotency key was used for something else"),
        ], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let topic = try line[QueueNoun.topic]
        let network = try session.network()
        var template = MessageQueue.Draft([])
        template.priority = line[priority]
        template.delayMilliseconds = line[delay]
        template.attempts = line[attempts]
        template.part = line[part].map { Slot(ofKey: $0) }
        template.account = try line[notify].map { try network.accounts.named($0).id }
        template.key = line[CommonOptions.idempotencyKey]
        var (last, count) = (Int64(0), 0)
        func push(_ payloads: [[UInt8]]) throws {
            let drafts = payloads.map { payload in
                var draft = template
                draft.payload = payload
                return draft
            }
            for pushed in try network.queue.push(drafts, to: topic) {
                last = pushed.n
                if pushed.isNew { count += 1 }
            }
        }
        if let file = line[lines] {
            if template.key != nil {
                throw line.error(
                    .conflict, "\"--idempotency-key\" is for one message", about: CommonOptions.idempotencyKey)
            }
            var reader = try session.lines(of: file)
            var batch: [[UInt8]] = []
            while let next = try reader.next() {
                batch.append(Array(next.bytes))
                if batch.count < Limits.promotedMessages { continue }
                try push(batch)
                batch = []
            }
            try push(batch)
        } else {
            let word = try line[payload] ?? ""
            try push([word == "-" ? session.bytes(of: .dash) : Array(word.utf8)])
        }
        try session.printSummary(
            command.fields, [.text(topic), .integer(last), .integer(Int64(count)), .bool(count > 0)])
    }
}
