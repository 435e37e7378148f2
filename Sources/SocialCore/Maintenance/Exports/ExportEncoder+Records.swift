// The lines of records, behind those of the truth.

internal import Formats

extension ExportEncoder {
    /// Writes the line of a record.
    package mutating func record(_ record: RecordRow) {
        switch record {
        case .attribute(let record): attribute(record, hidesTokens: true)
        case .topic(let topic, let consumers): self.topic(topic, consumers)
        case .message(let message, let topic, let deliveries):
            begin("message")
            string("topic", topic)
            self.message(message)
            self.deliveries(deliveries)
        case .messageKey(let key, let topic, let n, let fingerprint):
            begin("message-key")
            string("topic", topic)
            string("key", key)
            integer("n", n)
            string("fingerprint", String(fingerprint))
        case .count(let count): self.count(count)
        case .source(let source): self.source(source)
        case .countKey(let key, let fingerprint):
            begin("count-key")
            string("key", key)
            string("fingerprint", String(Int64(bitPattern: fingerprint)))
        }
        end()
    }

    /// Writes the last line of an export with records.
    ///
    /// - Parameter records: how many there are.
    package mutating func end(records: Int64) {
        begin("end")
        integer("records", records)
        end()
    }

    private mutating func topic(_ topic: TopicRecord, _ consumers: [ConsumerRecord]) {
        begin("topic")
        string("topic", topic.name)
        integer("last", topic.last)
        json.key("consumers")
        json.beginArray()
        for consumer in consumers {
            json.beginObject()
            integer("number", consumer.number)
            string("name", consumer.name)
            integer("done", consumer.done)
            json.endObject()
        }
        json.endArray()
    }

    private mutating func deliveries(_ deliveries: [DeliveryRecord]) {
        json.key("deliveries")
        json.beginArray()
        for delivery in deliveries {
            json.beginObject()
            integer("consumer", delivery.consumer)
            string("state", delivery.state.name)
            time("until", delivery.until)
            integer("attempts", Int64(delivery.attempts))
            string("worker", delivery.worker)
            string("failure", delivery.failure)
            json.endObject()
        }
        json.endArray()
    }

    private mutating func count(_ count: CountRecord) {
        begin("count")
        string("resource", count.resource.name)
        string("kind", count.kind.name)
        string("audience", "\(count.audience)")
        string("day", CountDay.text(of: count.span))
        json.key("buckets")
        json.beginArray()
        for part in count.parts {
            for bucket in part.entry.buckets {
                json.beginArray()
                let at = Int64(bucket.index) * part.grain.rawValue
                for number in [part.grain.rawValue, at, bucket.tally.count, bucket.tally.amount] {
                    json.integer(number)
                }
                json.endArray()
            }
        }
        json.endArray()
        json.key("viewers")
        json.beginArray()
        for part in count.parts {
            for viewers in part.entry.viewers {
                var bytes: [UInt8] = []
                viewers.sketch.append(to: &bytes)
                json.beginArray()
                json.integer(part.grain.rawValue)
                json.integer(Int64(viewers.hour))
                json.string(Base64.encode(bytes))
                json.endArray()
            }
        }
        json.endArray()
    }

    private mutating func source(_ source: SourceRecord) {
        begin("log")
        string("name", source.name)
        string("head", String(Int64(bitPattern: source.head)))
        integer("head_bytes", Int64(source.headBytes))
        integer("offset", Int64(source.offset))
        string("tail", String(Int64(bitPattern: source.tail)))
        integer("tail_bytes", Int64(source.tailBytes))
        integer("lines", Int64(source.lines))
        integer("events", Int64(source.events))
        integer("rejected", Int64(source.rejected))
        time("first_at", source.firstAt)
        time("last_at", source.lastAt)
    }
}

extension DeliveryState {
    /// What an export calls it.
    var name: String { "\(self)" }
}

/// The day of a count as an export has it.
enum CountDay {
    /// `2026-01-02`; nil for days that are forgotten.
    static func text(of span: RollupSpan) -> String? {
        guard case .day(let day) = span else { return nil }
        return String(RFC3339.format(day * AccessFilter.dayMilliseconds).prefix { $0 != "T" })
    }

    /// The days of a text; nil when it is none, or before 1970.
    static func span(of text: String?) -> RollupSpan? {
        guard let text else { return .before }
        guard let milliseconds = try? RFC3339.parse(text), milliseconds >= 0,
            milliseconds % AccessFilter.dayMilliseconds == 0
        else { return nil }
        return .day(milliseconds / AccessFilter.dayMilliseconds)
    }
}
