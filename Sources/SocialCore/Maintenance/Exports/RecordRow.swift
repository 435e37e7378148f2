// What an export has beside the truth when it is asked for: records, each of which is a line. What belongs to a machine
// stays there: tokens, which are secrets, services, leases, and how far consumers of the logs have come.

/// A record of an export.
package enum RecordRow: Equatable, Sendable {
    /// What is recorded of an account: never a token.
    case attribute(AttributeRecord)
    /// A topic, without its messages.
    case topic(TopicRecord, consumers: [ConsumerRecord])
    /// A message of a topic, with what has become of it.
    case message(MessageRecord, topic: String, deliveries: [DeliveryRecord])
    /// What was pushed under an idempotency key.
    case messageKey(String, topic: String, n: Int64, fingerprint: Int64)
    /// How often a resource was accessed on a day.
    case count(CountRecord)
    /// How far a log has been counted.
    case source(SourceRecord)
    /// An idempotency key under which something was counted.
    case countKey(String, fingerprint: UInt64)

    /// The attributes that are exported, in their order.
    static let attributeKinds: [AttributeKind] = [.readMark, .preference, .notice]

    /// What it is, for messages.
    package var title: String {
        switch self {
        case .attribute(let record): "the \(record.kind.name) \"\(record.name)\" of the account \(record.account)"
        case .topic(let topic, _): "the topic \"\(topic.name)\""
        case .message(let message, let topic, _): "the message \(message.n) of \"\(topic)\""
        case .messageKey(let key, let topic, _, _): "the idempotency key \"\(key)\" of \"\(topic)\""
        case .count(let count): "what is counted of \"\(count.resource.name)\" on that day"
        case .source(let source): "the position in the log \"\(source.name)\""
        case .countKey(let key, _): "the idempotency key \"\(key)\""
        }
    }

    /// The slot to which it belongs; nil for what is counted, which any shard may have.
    var slot: Slot? {
        switch self {
        case .attribute(let record): record.account.slot
        case .topic(let topic, _): TopicRecord.slot(of: topic.name)
        case .message(_, let topic, _), .messageKey(_, let topic, _, _): TopicRecord.slot(of: topic)
        case .count, .source, .countKey: nil
        }
    }

    /// The latest of its times; those at which something is to be done do not count.
    var latestTime: Timestamp {
        switch self {
        case .attribute(let record): return record.changedAt
        case .message(let message, _, _): return message.pushedAt
        case .source(let source): return max(source.firstAt, source.lastAt)
        case .count(let count):
            guard case .day(let day) = count.span else { break }
            return Timestamp(milliseconds: day * AccessFilter.dayMilliseconds)
        case .topic, .messageKey, .countKey: break
        }
        return Timestamp(milliseconds: 0)
    }
}

/// A line of an export.
package enum ExportRow: Equatable, Sendable {
    /// What people did.
    case truth(TruthRow)
    /// What cannot be computed from that.
    case record(RecordRow)

    /// The latest of its times.
    var latestTime: Timestamp {
        switch self {
        case .truth(let row): row.latestTime
        case .record(let record): record.latestTime
        }
    }
}
