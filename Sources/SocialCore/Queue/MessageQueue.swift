// What is to be done, and who does it? The façade of the room: topics of messages, which are kept until every consumer
// of the topic has settled them. Consumers do not know of each other (publish and subscribe); those who take messages
// for one consumer share them (a task queue). A topic lies in the records of its slot's shard, so that a push is one
// durable transaction, however many consumers there are.

/// The message queue of a network.
package struct MessageQueue {
    let records: SlotRecords
    let context: Context

    /// A queue in some records.
    package init(records: SlotRecords, context: Context) {
        self.records = records
        self.context = context
    }

    /// What is pushed.
    package struct Draft: Sendable {
        /// What it says.
        package var payload: [UInt8]
        /// 0 to 9; larger ones come first.
        package var priority = Draft.standardPriority
        /// After how many milliseconds somebody may take it.
        package var delayMilliseconds: Int64 = 0
        /// How often it is tried before it is dead.
        package var attempts = 10
        /// Which slot it belongs to, where slots are dealt to workers; nil: that of its number.
        package var part: Slot?
        /// Who is told what becomes of it.
        package var account: UserID?
        /// Names the push, so that a repetition is recognised.
        package var key: String?

        /// The priority of a message that has none.
        package static let standardPriority = 4

        /// A message.
        package init(_ payload: [UInt8]) { self.payload = payload }
    }

    /// Makes sure that a name can be a topic's or a consumer's.
    ///
    /// - Throws: `badTopic`.
    package static func check(name: String) throws(QueueError) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isPlain, Limits.topicNameBytes.contains(name.utf8.count) else {
            throw QueueError(
                .badTopic, "\"\(name)\" is no name of a topic or a consumer",
                hint: "use up to \(Limits.topicNameBytes.upperBound) of a-z, 0-9, -, _ and .")
        }
    }

    // MARK: Pushing

    /// Pushes messages, all or none of them, in one durable transaction; the topic is made if there is none.
    ///
    /// - Returns: their numbers, and whether they are new or had been pushed under their keys before.
    /// - Throws: `badTopic`, `badMessage`, `keyReused`.
    package func push(_ drafts: [Draft], to name: String) throws -> [(n: Int64, isNew: Bool)] {
        try MessageQueue.check(name: name)
        for draft in drafts { try check(draft) }
        if drafts.isEmpty { return [] }
        return try records.write(TopicRecord.slot(of: name)) { try push(drafts, to: name, in: $0) }
    }

    /// Pushes messages within a transaction on the records of the topic's shard.
    func push(
        _ drafts: [Draft], to name: String, in transaction: RecordsTransaction
    ) throws -> [(n: Int64, isNew: Bool)] {
        let now = context.clock.now
        var topic = try transaction.topic(named: name) ?? TopicRecord(name: name)
        let consumers = try transaction.consumers(of: topic.id)
        var pushed: [(n: Int64, isNew: Bool)] = []
        for draft in drafts {
            if let key = draft.key, let known = try transaction.pushed(under: key, to: topic.id) {
                guard known.fingerprint == draft.fingerprint else {
                    throw QueueError(.keyReused, "the idempotency key \"\(key)\" was used for something else")
                }
                pushed.append((known.n, false))
                continue
            }
            topic.last += 1
            var message = MessageRecord(
                draft.payload, priority: draft.priority,
                part: draft.part ?? Slot(masking: Int64(bitPattern: Mixing.finalize(UInt64(topic.last)))),
                pushedAt: now, dueAt: now.advanced(byMilliseconds: draft.delayMilliseconds),
                attempts: draft.attempts, account: draft.account)
            message.n = topic.last
            try transaction.put(message, of: topic.id, waiting: Int64(consumers.count))
            for consumer in consumers {
                let delivery = DeliveryRecord(message, consumer: consumer.number, now: now)
                try transaction.put(delivery, of: topic.id)
            }
            if let key = draft.key {
                try transaction.note(key, n: topic.last, fingerprint: draft.fingerprint, of: topic.id)
            }
            pushed.append((topic.last, true))
        }
        try transaction.put(topic)
        return pushed
    }

    private func check(_ draft: Draft) throws {
        guard draft.payload.count <= Limits.messageBytes else {
            throw QueueError(.badMessage, "a message has at most \(Limits.messageBytes) bytes")
        }
        guard (0...9).contains(draft.priority), draft.attempts > 0, draft.delayMilliseconds >= 0 else {
            throw QueueError(.badMessage, "a message has a priority of 0 to 9, a delay, and at least one attempt")
        }
        try Posts.check(key: draft.key)
    }

    // MARK: Taking

    /// Takes the next messages for a consumer: the most urgent first, and those of one urgency in the order in which
    /// they were pushed.
    ///
    /// A consumer that is new gets all messages that are kept. What was taken comes again when the lease is over.
    ///
    /// - Parameters:
    ///   - worker: who takes them, as `status` shows it.
    ///   - parts: which slots' messages; nil for all.
    /// - Throws: `badTopic`.
    package func pull(
        _ name: String, consumer: String, limit: Int = 1, leaseMilliseconds: Int64, worker: String = "",
        parts: ((Slot) -> Bool)? = nil
    ) throws -> [LeasedMessage] {
        try MessageQueue.check(name: name)
        try MessageQueue.check(name: consumer)
        guard try hasWork(name, consumer: consumer) else { return [] }
        return try records.write(TopicRecord.slot(of: name)) { transaction in
            let now = context.clock.now
            let topic: TopicRecord
            if let known = try transaction.topic(named: name) {
                topic = known
            } else {
                topic = TopicRecord(name: name)
                try transaction.put(topic)
            }
            let number = try subscribe(consumer, to: topic, transaction, now)
            try promote(topic.id, number, transaction, now)
            var taken: [LeasedMessage] = []
            for var delivery in try transaction.deliveries(
                .ready, to: number, of: topic.id, limit: limit, parts: parts)
            {
                guard let message = try transaction.message(delivery.n, of: topic.id) else { continue }
                let until = now.advanced(byMilliseconds: leaseMilliseconds)
                delivery.state = .leased
                delivery.rank = until.milliseconds
                delivery.attempts += 1
                delivery.lease = max(1, Int64(context.random.next() >> 1))
                delivery.worker = worker
                try transaction.put(delivery, of: topic.id)
                taken.append(
                    LeasedMessage(
                        message: message, attempt: delivery.attempts,
                        lease: Lease(consumer: number, n: delivery.n, token: delivery.lease), until: until,
                        failure: delivery.failure))
            }
            return taken
        }
    }

    /// Whether a pull could find anything, or has to make the consumer: a look that takes no lock.
    private func hasWork(_ name: String, consumer: String) throws -> Bool {
        let now = context.clock.now
        let slot = TopicRecord.slot(of: name)
        return try records.read(slot) { transaction in
            guard let topic = try transaction.topic(named: name),
                let number = try transaction.consumers(of: topic.id).first(where: { $0.name == consumer })?.number
            else { return true }
            if try transaction.firstRank(.ready, to: number, of: topic.id) != nil { return true }
            for state in [DeliveryState.delayed, .leased] {
                let first = try transaction.firstRank(state, to: number, of: topic.id)
                if let first, first <= now.milliseconds { return true }
            }
            return false
        } ?? true
    }

    /// The number of a consumer, which gets all messages that are kept when it is new.
    private func subscribe(
        _ name: String, to topic: TopicRecord, _ transaction: RecordsTransaction, _ now: Timestamp
    ) throws -> Int64 {
        let consumers = try transaction.consumers(of: topic.id)
        if let known = consumers.first(where: { $0.name == name }) { return known.number }
        let number = (consumers.map(\.number).max() ?? 0) + 1
        try transaction.put(ConsumerRecord(number: number, name: name, done: 0), of: topic.id)
        var kept: [(MessageRecord, Int64)] = []
        try transaction.forEachMessage(of: topic.id) { message, waiting in
            kept.append((message, waiting))
            return true
        }
        for (message, waiting) in kept {
            try transaction.put(message, of: topic.id, waiting: waiting + 1)
            try transaction.put(DeliveryRecord(message, consumer: number, now: now), of: topic.id)
        }
        return number
    }

    /// Makes ready what has waited long enough, and what somebody has taken and not settled in time.
    private func promote(
        _ topic: Int64, _ consumer: Int64, _ transaction: RecordsTransaction, _ now: Timestamp
    ) throws {
        for state in [DeliveryState.delayed, .leased] {
            let due = try transaction.deliveries(
                state, to: consumer, of: topic, through: now.milliseconds, limit: Limits.promotedMessages)
            for var delivery in due {
                guard let message = try transaction.message(delivery.n, of: topic) else { continue }
                if state == .leased { delivery.failure = "the lease of \"\(delivery.worker)\" was over" }
                let isDead = state == .leased && delivery.attempts >= message.attempts
                delivery.state = isDead ? .dead : .ready
                delivery.rank = DeliveryRecord.rank(message.priority, message.n)
                delivery.lease = isDead && message.account != nil ? DeliveryRecord.untold : 0
                try transaction.put(delivery, of: topic)
            }
        }
    }
}

extension MessageQueue.Draft {
    /// Tells messages with different contents apart.
    fileprivate var fingerprint: Int64 {
        Int64(
            bitPattern: ReplicaCheck.mix([
                ReplicaCheck.sum(of: payload), UInt64(priority), UInt64(bitPattern: delayMilliseconds),
                UInt64(attempts), UInt64(bitPattern: account?.rawValue ?? 0),
            ]))
    }
}
