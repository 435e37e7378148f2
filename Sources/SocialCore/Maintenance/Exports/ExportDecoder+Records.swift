// The lines of records read back, with the same care as those of the truth: nothing that is stored from them can make
// a later reader fail.

internal import Formats

extension ExportDecoder {
    /// The record of a line; nil when there are no records of its type.
    func record(_ type: String, _ object: inout ExportObject) throws -> RecordRow? {
        switch type {
        case "topic": return try topic(&object)
        case "message": return try message(&object)
        case "message-key":
            let record = RecordRow.messageKey(
                try object.string("key"), topic: try topicName(&object), n: try object.count("n"),
                fingerprint: try object.number("fingerprint"))
            if case .messageKey(let key, _, _, _) = record { try object.checking("key") { try Posts.check(key: key) } }
            return record
        case "count": return .count(try count(&object))
        case "log": return .source(try source(&object))
        case "count-key":
            let key = try object.string("key")
            try object.checking("key") { try Posts.check(key: key) }
            return .countKey(key, fingerprint: UInt64(bitPattern: try object.number("fingerprint")))
        default:
            guard let kind = RecordRow.attributeKinds.first(where: { $0.name == type }) else { return nil }
            let name = try object.string("name")
            guard !name.isEmpty else { throw object.fault("name", "\"name\" is empty") }
            return .attribute(
                AttributeRecord(
                    kind, name, of: try object.id("user_id"), try bytes(&object), at: try object.time("changed_at")))
        }
    }

    /// What stands as a text, or else in hexadecimal digits.
    private func bytes(_ object: inout ExportObject) throws -> [UInt8] {
        let text = try object.optionalString("text")
        let digits = try object.optionalString("hex")
        if let text, digits == nil { return Array(text.utf8) }
        guard text == nil, let digits, let bytes = Hexadecimal.bytes(digits) else {
            throw object.fault("hex", "one of \"text\" and \"hex\" is needed, and the latter in hexadecimal digits")
        }
        return bytes
    }

    // MARK: Queue

    private func topicName(_ object: inout ExportObject) throws -> String {
        let name = try object.string("topic")
        try object.checking("topic") { try MessageQueue.check(name: name) }
        return name
    }

    private func topic(_ object: inout ExportObject) throws -> RecordRow {
        var topic = TopicRecord(name: try topicName(&object))
        topic.last = try object.count("last")
        var consumers: [ConsumerRecord] = []
        for var item in try object.objects("consumers") {
            let consumer = ConsumerRecord(
                number: try item.count("number"), name: try item.string("name"), done: try item.count("done"))
            try item.checking("name") { try MessageQueue.check(name: consumer.name) }
            let isNamed = consumers.contains { $0.name == consumer.name }
            guard consumer.number > consumers.last?.number ?? 0, !isNamed else {
                throw item.fault("consumers", "the consumers are not in the order of their numbers, each with its name")
            }
            try item.end()
            consumers.append(consumer)
        }
        return .topic(topic, consumers: consumers)
    }

    private func message(_ object: inout ExportObject) throws -> RecordRow {
        let topic = try topicName(&object)
        let n = try object.count("n")
        let account: UserID? = try object.optionalID("user_id")
        let payload = try bytes(&object)
        guard payload.count <= Limits.messageBytes else {
            throw object.fault("text", "a message has at most \(Limits.messageBytes) bytes")
        }
        let priority = try object.count("priority", through: 9)
        guard let part = Slot(Int(try object.count("part", through: Int64(Slot.count - 1)))) else {
            throw object.fault("part", "\"part\" is no slot")
        }
        let attempts = try object.count("attempts")
        var message = MessageRecord(
            payload, priority: Int(priority), part: part, pushedAt: try object.time("pushed_at"),
            dueAt: try object.time("due_at"), attempts: Int(attempts), account: account)
        message.n = n
        guard n > 0 else { throw object.fault("n", "messages are numbered from 1") }
        guard attempts > 0 else { throw object.fault("attempts", "a message is tried at least once") }
        var deliveries: [DeliveryRecord] = []
        for var item in try object.objects("deliveries") {
            let delivery = try delivery(&item, of: message)
            guard delivery.consumer > deliveries.last?.consumer ?? 0 else {
                throw item.fault("deliveries", "the deliveries are not in the order of their consumers")
            }
            deliveries.append(delivery)
        }
        return .message(message, topic: topic, deliveries: deliveries)
    }

    private func delivery(_ item: inout ExportObject, of message: MessageRecord) throws -> DeliveryRecord {
        let consumer = try item.count("consumer")
        let name = try item.string("state")
        // What somebody has taken is exported as ready.
        guard let state = DeliveryState.allCases.first(where: { $0.name == name && $0 != .leased }) else {
            throw item.fault("deliveries", "\"\(name)\" is none of ready, delayed and dead")
        }
        let until = try item.optionalTime("until")
        guard (until != nil) == (state == .delayed) else {
            throw item.fault("deliveries", "only what is delayed has an \"until\"")
        }
        let delivery = DeliveryRecord(
            n: message.n, consumer: consumer, state: state, rank: until?.milliseconds ?? 0, part: message.part,
            attempts: Int(try item.count("attempts")), lease: 0, worker: try item.string("worker"),
            failure: try item.string("failure"))
        guard delivery.failure.utf8.count <= Limits.failureBytes else {
            throw item.fault("deliveries", "a failure has at most \(Limits.failureBytes) bytes")
        }
        try item.end()
        return delivery.carried(message)
    }

    // MARK: Counts

    private func count(_ object: inout ExportObject) throws -> CountRecord {
        let name = try object.string("resource")
        guard let resource = AccessedResource(name) else {
            throw object.fault("resource", "\"\(name)\" is no name of a resource")
        }
        let word = try object.string("kind")
        guard let kind = AccessKind(word) else { throw object.fault("kind", "\"\(word)\" is no kind of access") }
        let who = try object.string("audience")
        guard let audience = Audience.allCases.first(where: { "\($0)" == who }) else {
            throw object.fault("audience", "\"audience\" is neither people nor bots")
        }
        guard let span = CountDay.span(of: try object.optionalString("day")) else {
            throw object.fault("day", "\"day\" is no day from 1970 on, such as 2026-01-02")
        }
        var count = CountRecord(resource, kind, audience, span)
        let buckets = try buckets(&object, isForgotten: span == .before)
        let viewers = try viewers(&object)
        for grain in RollupGrain.allCases {
            let entry = RollupEntry(
                resource: .all, buckets: buckets.filter { $0.grain == grain }.map(\.bucket),
                viewers: viewers.filter { $0.grain == grain }.map(\.viewers))
            if !entry.buckets.isEmpty { count.add(entry, grain) }
            guard !entry.buckets.isEmpty || entry.viewers.isEmpty else {
                throw object.fault("viewers", "there are viewers of what is not counted")
            }
        }
        guard !buckets.isEmpty else { throw object.fault("buckets", "nothing is counted") }
        return count
    }

    private func buckets(
        _ object: inout ExportObject, isForgotten: Bool
    ) throws -> [(grain: RollupGrain, bucket: RollupEntry.Bucket)] {
        var buckets: [(grain: RollupGrain, bucket: RollupEntry.Bucket)] = []
        for item in try object.arrays("buckets") {
            let numbers = item.compactMap(\.integer)
            guard item.count == 4, numbers.count == 4, let grain = RollupGrain(rawValue: numbers[0]),
                (0..<RollupGrain.day.rawValue).contains(numbers[1]), numbers[1] % grain.rawValue == 0, numbers[2] > 0,
                numbers[3] >= 0, !isForgotten || grain == .day
            else { throw object.fault("buckets", "\"buckets\" has something that is no bucket of a day") }
            let bucket = RollupEntry.Bucket(
                index: Int(numbers[1] / grain.rawValue), tally: Tally(count: numbers[2], amount: numbers[3]))
            if let last = buckets.last, (last.grain, last.bucket.index) >= (grain, bucket.index) {
                throw object.fault("buckets", "\"buckets\" are not in the order of their lengths and times")
            }
            buckets.append((grain, bucket))
        }
        return buckets
    }

    private func viewers(
        _ object: inout ExportObject
    ) throws -> [(grain: RollupGrain, viewers: RollupEntry.Viewers)] {
        var viewers: [(grain: RollupGrain, viewers: RollupEntry.Viewers)] = []
        for item in try object.arrays("viewers") {
            guard item.count == 3, let grain = item[0].integer.flatMap(RollupGrain.init(rawValue:)),
                let hour = item[1].integer, (0..<(grain == .day ? 1 : 24)).contains(hour),
                let sketch = item[2].string.flatMap({ ViewerSketch(coded: $0) })
            else { throw object.fault("viewers", "\"viewers\" has something that is no set of viewers") }
            if let last = viewers.last, (last.grain, Int64(last.viewers.hour)) >= (grain, hour) {
                throw object.fault("viewers", "\"viewers\" are not in the order of their lengths and hours")
            }
            viewers.append((grain, RollupEntry.Viewers(hour: Int(hour), sketch: sketch)))
        }
        return viewers
    }

    private func source(_ object: inout ExportObject) throws -> SourceRecord {
        let name = try object.string("name")
        let head = try object.number("head")
        let headBytes = try object.count("head_bytes")
        let offset = try object.count("offset")
        let tail = try object.number("tail")
        let tailBytes = try object.count("tail_bytes")
        let lines = (try object.count("lines"), try object.count("events"), try object.count("rejected"))
        var source = SourceRecord(name: name, at: try object.time("first_at"))
        source.head = UInt64(bitPattern: head)
        source.headBytes = Int(headBytes)
        source.offset = Int(offset)
        source.tail = UInt64(bitPattern: tail)
        source.tailBytes = Int(tailBytes)
        (source.lines, source.events, source.rejected) = (Int(lines.0), Int(lines.1), Int(lines.2))
        source.lastAt = try object.time("last_at")
        return source
    }
}

extension ViewerSketch {
    /// The set of viewers in a text; nil when that is none.
    fileprivate init?(coded text: String) {
        guard let bytes = Base64.decode(text) else { return nil }
        var offset = 0
        let sketch = bytes.withUnsafeBufferPointer { ViewerSketch($0, at: &offset) }
        guard let sketch, offset == bytes.count, !sketch.isEmpty else { return nil }
        self = sketch
    }
}
