// A message that somebody works on, and the words by which it is settled.

/// What names a message that was taken: it holds as long as nobody else has taken the message since.
package struct Lease: Hashable, Sendable {
    /// The number of the consumer in the topic.
    package var consumer: Int64
    /// The number of the message in the topic.
    package var n: Int64
    /// Chance, so that no two leases are equal.
    package var token: Int64
}

extension Lease: LosslessStringConvertible {
    /// Consumer, message and token: `1.42.3w5e11264sgsf`.
    package var description: String { "\(consumer).\(n).\(String(token, radix: 36))" }

    /// The lease of a text in the form of `description`.
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let consumer = Int64(parts[0]), let n = Int64(parts[1]),
            let token = Int64(parts[2], radix: 36), consumer > 0, n > 0, token > 0
        else { return nil }
        self.init(consumer: consumer, n: n, token: token)
    }
}

/// A message that was taken.
package struct LeasedMessage: Equatable, Sendable {
    /// What it says.
    package var message: MessageRecord
    /// Which attempt this is, from 1 on.
    package var attempt: Int
    /// What settles it.
    package var lease: Lease
    /// When somebody else gets it unless it is settled.
    package var until: Timestamp
    /// Why it failed before; empty the first time.
    package var failure: String
}

/// A message as one consumer sees it.
package struct ListedMessage: Equatable, Sendable {
    /// The message.
    package var message: MessageRecord
    /// The consumer; nil for a message that waits for the first one.
    package var consumer: ConsumerRecord?
    /// What has become of it; nil where there is no consumer.
    package var delivery: DeliveryRecord?

    /// What settles it; nil unless somebody works on it.
    package var lease: Lease? {
        guard let delivery, delivery.state == .leased else { return nil }
        return Lease(consumer: delivery.consumer, n: delivery.n, token: delivery.lease)
    }
}

/// How a consumer stands.
package struct QueueStatus: Equatable, Sendable {
    /// The topic.
    package var topic: TopicRecord
    /// The consumer; nil while there is none.
    package var consumer: ConsumerRecord?
    /// Messages that somebody may take.
    package var ready = 0
    /// Messages whose time has not come.
    package var delayed = 0
    /// Messages that somebody works on.
    package var leased = 0
    /// Messages that were tried too often.
    package var dead = 0
    /// When the oldest message that is not settled was pushed; nil when all are.
    package var oldest: Timestamp?

    /// How a consumer of a topic stands.
    init(topic: TopicRecord, consumer: ConsumerRecord?) {
        self.topic = topic
        self.consumer = consumer
    }
}
