// How the queue stands, and what waits in it.

extension MessageQueue {
    /// How all consumers stand, in the order of the topics' names and the consumers' numbers.
    ///
    /// Cost: an index is counted through; a million messages take some ten milliseconds.
    ///
    /// - Parameter name: nil for all topics.
    package func status(_ name: String? = nil) throws -> [QueueStatus] {
        let parts = try records.gather { transaction, has -> [QueueStatus] in
            let topics = try transaction.topics(has).filter { name == nil || $0.name == name }
            return try topics.flatMap { try status($0, transaction) }
        }
        return Array(parts.joined()).sorted { (left: QueueStatus, right: QueueStatus) in
            let order = (left.consumer?.number ?? 0, right.consumer?.number ?? 0)
            return left.topic.name == right.topic.name ? order.0 < order.1 : left.topic.name < right.topic.name
        }
    }

    private func status(_ topic: TopicRecord, _ transaction: RecordsTransaction) throws -> [QueueStatus] {
        let now = context.clock.now.milliseconds
        let consumers = try transaction.consumers(of: topic.id)
        if consumers.isEmpty {
            var status = QueueStatus(topic: topic, consumer: nil)
            try transaction.forEachMessage(of: topic.id) { message, _ in
                if message.dueAt.milliseconds > now { status.delayed += 1 } else { status.ready += 1 }
                status.oldest = status.oldest ?? message.pushedAt
                return true
            }
            return [status]
        }
        return try consumers.map { consumer in
            var status = QueueStatus(topic: topic, consumer: consumer)
            func count(_ state: DeliveryState) throws -> Int {
                try transaction.deliveryCount(state, to: consumer.number, of: topic.id)
            }
            (status.ready, status.delayed) = (try count(.ready), try count(.delayed))
            (status.leased, status.dead) = (try count(.leased), try count(.dead))
            // What is over by now is ready, although nobody has noticed.
            for state in [DeliveryState.delayed, .leased] {
                let over = try transaction.deliveryCount(state, to: consumer.number, of: topic.id, through: now)
                status.ready += over
                if state == .delayed { status.delayed -= over } else { status.leased -= over }
            }
            status.oldest = try transaction.firstLivingMessage(of: topic.id, to: consumer.number)
                .flatMap { try transaction.message($0, of: topic.id)?.pushedAt }
            return status
        }
    }

    /// The messages of a topic that consumers have not settled, in the order of their numbers and the consumers'.
    ///
    /// - Parameters:
    ///   - consumer: nil for all.
    ///   - after: behind this message.
    ///   - states: which of them.
    /// - Throws: `noSuchTopic`, `noSuchConsumer`.
    package func messages(
        of name: String, consumer: String? = nil, states: [DeliveryState] = DeliveryState.allCases, after n: Int64 = 0,
        limit: Int
    ) throws -> [ListedMessage] {
        let listed = try records.read(TopicRecord.slot(of: name)) { transaction -> [ListedMessage]? in
            guard let topic = try transaction.topic(named: name) else { return nil }
            let all = try transaction.consumers(of: topic.id)
            let chosen = all.filter { consumer == nil || $0.name == consumer }
            if chosen.isEmpty, let consumer {
                throw QueueError(.noSuchConsumer, "topic \"\(name)\" has no consumer \"\(consumer)\"")
            }
            let now = context.clock.now
            var listed: [ListedMessage] = []
            try transaction.forEachMessage(of: topic.id, after: n) { message, _ in
                for consumer in chosen {
                    guard var delivery = try transaction.delivery(message.n, to: consumer.number, of: topic.id) else {
                        continue
                    }
                    if let until = delivery.until, until <= now {
                        delivery.state = .ready
                        delivery.rank = DeliveryRecord.rank(message.priority, message.n)
                    }
                    guard states.contains(delivery.state) else { continue }
                    listed.append(ListedMessage(message: message, consumer: consumer, delivery: delivery))
                }
                if chosen.isEmpty, states.contains(message.dueAt > now ? .delayed : .ready) {
                    listed.append(ListedMessage(message: message, consumer: nil, delivery: nil))
                }
                return listed.count < limit
            }
            return Array(listed.prefix(limit))
        }
        guard let listed = listed ?? nil else { throw MessageQueue.noTopic(name) }
        return listed
    }
}
