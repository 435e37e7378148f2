// The verbs of `queue`, and what they have in common.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum QueueNoun {
    static let commands = [
        QueuePush.command, QueuePull.command, QueueAck.command, QueueRetry.command, QueueList.command,
        QueueStatusVerb.command, QueueWork.command, QueueForget.command,
    ]

    static let topic = Operand("TOPIC", .queueName, help: "Which topic: a word of a-z, 0-9, ., - and _")
    static let missing = ExitStatus(67, "there is no such topic, consumer or message")
    static let lost = ExitStatus(75, "somebody else has taken the message since")

    /// A payload as text, and as base64 where it is no text.
    static let payloadFields = [
        Field("payload", .string, nullable: true, "what it says; null where that is no text"),
        Field("payload_base64", .string, nullable: true, "what it says, where that is no text"),
    ]

    static func payloadCells(_ bytes: [UInt8]) -> [Cell] {
        if let text = String(validating: bytes, as: UTF8.self) { return [.text(text), .null] }
        return [.null, .text(Base64.encode(bytes))]
    }
}

extension ValueType where Value == String {
    /// The name of a topic or a consumer.
    static var queueName: ValueType<String> {
        ValueType(.custom("topic"), placeholder: "NAME", expecting: "a word of a-z, 0-9, -, _ and .") {
            (word) throws(ValueError) in
            do throws(QueueError) { try MessageQueue.check(name: word) } catch { throw ValueError(error.message) }
            return word
        }
    }
}

extension ValueType where Value == Lease {
    /// What names a message that was taken.
    static var lease: ValueType<Lease> {
        ValueType(.custom("lease"), placeholder: "LEASE", expecting: "a lease as \"queue pull\" prints it") {
            (word) throws(ValueError) in
            guard let lease = Lease(word) else { throw ValueError() }
            return lease
        }
    }
}
