// How messages end: settled, given back to be tried later, or dead. Whoever is to be told gets a notice under a name
// that a repetition does not double, before the message is settled.

extension MessageQueue {
    /// What has become of a message that was given back.
    package enum Return: Equatable, Sendable {
        /// It is tried again at a time.
        case delayed(until: Timestamp)
        /// It was tried too often.
        case dead
    }

    /// Settles messages for good.
    ///
    /// - Parameter result: what whoever is to be told is told; nil: that it is done.
    /// - Returns: for each lease whether it was settled now; false when it had been before.
    /// - Throws: `leaseLost` when somebody else has taken one of them since, and then none is settled.
    package func acknowledge(_ leases: [Lease], in name: String, result: String? = nil) throws -> [Bool] {
        for message in try told(leases, in: name) { try tell(message, of: name, isDone: true, text: result ?? "done") }
        return try change(name) { transaction, topic in
            var consumers = try transaction.consumers(of: topic.id)
            return try leases.map { lease in
                guard let index = consumers.firstIndex(where: { $0.number == lease.consumer }) else {
                    throw QueueError(.noSuchConsumer, "topic \"\(name)\" has no consumer \(lease.consumer)")
                }
                guard lease.n <= topic.last else {
                    throw QueueError(.noSuchMessage, "topic \"\(name)\" has no message \(lease.n)")
                }
                guard let delivery = try transaction.delivery(lease.n, to: lease.consumer, of: topic.id) else {
                    return false
                }
                try check(delivery, lease)
                try transaction.removeDelivery(lease.n, to: lease.consumer, of: topic.id)
                try transaction.settleMessage(lease.n, of: topic.id)
                consumers[index].done += 1
                try transaction.put(consumers[index], of: topic.id)
                return true
            }
        }
    }

    /// Gives a message back that could not be worked on.
    ///
    /// - Parameters:
    ///   - failure: why.
    ///   - delay: after how many milliseconds it is tried again; nil: longer each time (see `RetryDelay`).
    ///   - isFinal: whether it is not to be tried again.
    /// - Throws: `leaseLost`.
    package func giveBack(
        _ lease: Lease, in name: String, failure: String, delayMilliseconds delay: Int64? = nil, isFinal: Bool = false
    ) throws -> Return {
        let end = try change(name) { transaction, topic -> Return in
            guard var delivery = try transaction.delivery(lease.n, to: lease.consumer, of: topic.id),
                let message = try transaction.message(lease.n, of: topic.id)
            else { throw QueueError(.leaseLost, "message \(lease.n) of \"\(name)\" was settled") }
            try check(delivery, lease)
            delivery.failure = String(decoding: failure.utf8.prefix(Limits.failureBytes), as: UTF8.self)
            let isDead = isFinal || delivery.attempts >= message.attempts
            let wait = delay ?? RetryDelay.milliseconds(afterAttempts: delivery.attempts, context.random)
            let until = context.clock.now.advanced(byMilliseconds: wait)
            delivery.state = isDead ? .dead : .delayed
            delivery.rank = isDead ? DeliveryRecord.rank(message.priority, message.n) : until.milliseconds
            delivery.lease = isDead && message.account != nil ? DeliveryRecord.untold : 0
            try transaction.put(delivery, of: topic.id)
            return isDead ? .dead : .delayed(until: until)
        }
        if end == .dead { try tellOfDead(in: name) }
        return end
    }

    /// Works on for longer on what was taken.
    ///
    /// - Throws: `leaseLost`.
    package func extend(_ leases: [Lease], in name: String, byMilliseconds time: Int64) throws {
        try change(name) { transaction, topic in
            for lease in leases {
                guard var delivery = try transaction.delivery(lease.n, to: lease.consumer, of: topic.id) else {
                    throw QueueError(.leaseLost, "message \(lease.n) of \"\(name)\" was settled")
                }
                try check(delivery, lease)
                delivery.state = .leased
                delivery.rank = context.clock.now.advanced(byMilliseconds: time).milliseconds
                try transaction.put(delivery, of: topic.id)
            }
        }
    }

    /// Lets messages be tried again at once, as if they had never been: those that are dead, or wait after a failure.
    ///
    /// - Parameters:
    ///   - consumer: nil for all.
    ///   - numbers: which messages; nil for all that are dead.
    /// - Returns: how many.
    package func revive(_ numbers: [Int64]?, in name: String, consumer: String? = nil) throws -> Int {
        try change(name) { transaction, topic in
            var count = 0
            for found in try chosen(consumer, of: topic, transaction) {
                var deliveries: [DeliveryRecord] = []
                if let numbers {
                    deliveries = try numbers.compactMap {
                        try transaction.delivery($0, to: found.number, of: topic.id)
                    }.filter { $0.state == .dead || $0.state == .delayed }
                } else {
                    deliveries = try transaction.deliveries(.dead, to: found.number, of: topic.id, limit: .max)
                }
                for var delivery in deliveries {
                    guard let message = try transaction.message(delivery.n, of: topic.id) else { continue }
                    delivery.state = .ready
                    delivery.rank = DeliveryRecord.rank(message.priority, message.n)
                    delivery.attempts = 0
                    delivery.lease = 0
                    try transaction.put(delivery, of: topic.id)
                    count += 1
                }
            }
            return count
        }
    }

    /// Forgets a consumer with what it has not settled, or a topic with everything in it; false when there is none.
    package func forget(_ name: String, consumer: String?) throws -> Bool {
        try records.write(TopicRecord.slot(of: name)) { transaction in
            guard let topic = try transaction.topic(named: name) else { return false }
            guard let consumer else {
                try transaction.removeTopic(topic.id)
                return true
            }
            guard let found = try transaction.consumers(of: topic.id).first(where: { $0.name == consumer }) else {
                return false
            }
            for delivery in try transaction.deliveries(to: found.number, of: topic.id, after: 0, limit: .max) {
                try transaction.settleMessage(delivery.n, of: topic.id)
            }
            try transaction.removeConsumer(found.number, of: topic.id)
            return true
        }
    }

    // MARK: Telling

    /// Tells of dead messages whoever is to be told and has not been.
    package func tellOfDead(in name: String) throws {
        let slot = TopicRecord.slot(of: name)
        let untold =
            try records.read(slot) { transaction -> [(DeliveryRecord, MessageRecord)] in
                guard let topic = try transaction.topic(named: name) else { return [] }
                var untold: [(DeliveryRecord, MessageRecord)] = []
                for consumer in try transaction.consumers(of: topic.id) {
                    for delivery in try transaction.deliveries(.dead, to: consumer.number, of: topic.id, limit: .max)
                    where delivery.lease == DeliveryRecord.untold {
                        if let message = try transaction.message(delivery.n, of: topic.id) {
                            untold.append((delivery, message))
                        }
                    }
                }
                return untold
            } ?? []
        for (delivery, message) in untold {
            try tell(message, of: name, isDone: false, text: delivery.failure)
            try change(name) { transaction, topic in
                guard var present = try transaction.delivery(delivery.n, to: delivery.consumer, of: topic.id),
                    present == delivery
                else { return }
                present.lease = 0
                try transaction.put(present, of: topic.id)
            }
        }
    }

    /// The messages among some that were taken of whose end somebody is to be told.
    private func told(_ leases: [Lease], in name: String) throws -> [MessageRecord] {
        try records.read(TopicRecord.slot(of: name)) { transaction in
            guard let topic = try transaction.topic(named: name) else { return [] }
            return try leases.compactMap { try transaction.message($0.n, of: topic.id) }.filter { $0.account != nil }
        } ?? []
    }

    private func tell(_ message: MessageRecord, of name: String, isDone: Bool, text: String) throws {
        guard let account = message.account else { return }
        let notice = TaskNotice(topic: name, n: message.n, isDone: isDone, text: text)
        try AccountAttributes(records: records, context: context)
            .set(.notice, notice.name, of: account, to: notice.bytes)
    }

    // MARK: Changing

    private func check(_ delivery: DeliveryRecord, _ lease: Lease) throws {
        guard delivery.lease == lease.token, delivery.state == .leased || delivery.state == .ready else {
            throw QueueError(
                .leaseLost, "somebody else has taken message \(lease.n) since, or it was given back",
                hint: "take messages with a longer --lease")
        }
    }

    private func chosen(
        _ consumer: String?, of topic: TopicRecord, _ transaction: RecordsTransaction
    ) throws -> [ConsumerRecord] {
        let consumers = try transaction.consumers(of: topic.id)
        guard let consumer else { return consumers }
        guard let found = consumers.first(where: { $0.name == consumer }) else {
            throw QueueError(.noSuchConsumer, "topic \"\(topic.name)\" has no consumer \"\(consumer)\"")
        }
        return [found]
    }

    /// Changes a topic in one durable transaction.
    ///
    /// - Throws: `noSuchTopic`.
    private func change<Result>(
        _ name: String, _ body: (RecordsTransaction, TopicRecord) throws -> Result
    ) throws -> Result {
        try records.write(TopicRecord.slot(of: name)) { transaction in
            guard let topic = try transaction.topic(named: name) else {
                throw MessageQueue.noTopic(name)
            }
            return try body(transaction, topic)
        }
    }

    static func noTopic(_ name: String) -> QueueError {
        QueueError(.noSuchTopic, "there is no topic \"\(name)\"", hint: "\"social queue status\" lists them")
    }
}
