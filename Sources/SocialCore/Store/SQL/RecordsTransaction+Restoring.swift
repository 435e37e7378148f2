// Records of slots put exactly as they are, from an export.

extension RecordsTransaction {
    /// Puts an attribute.
    package func restore(_ attribute: AttributeRecord, replacing: Bool) throws -> Restored {
        if let present = try self.attribute(attribute.kind, attribute.name, of: attribute.account) {
            if present == attribute { return .present }
            guard replacing else { return .differs }
        }
        try set(attribute)
        return .added
    }

    /// Puts a topic without messages; where it takes the place of another, what was in that is removed.
    package func restore(_ topic: TopicRecord, _ consumers: [ConsumerRecord], replacing: Bool) throws -> Restored {
        if let present = try self.topic(named: topic.name) {
            if try present == topic && self.consumers(of: topic.id) == consumers { return .present }
            guard replacing else { return .differs }
            try removeTopic(topic.id)
        }
        try put(topic)
        for consumer in consumers { try put(consumer, of: topic.id) }
        return .added
    }

    /// Puts a message with what has become of it for each consumer.
    package func restore(
        _ message: MessageRecord, _ deliveries: [DeliveryRecord], of topic: Int64, replacing: Bool
    ) throws -> Restored {
        if let present = try self.message(message.n, of: topic) {
            let known = try carriedDeliveries(of: present, of: topic)
            if present == message, known == deliveries { return .present }
            guard replacing else { return .differs }
            for delivery in known { try removeDelivery(message.n, to: delivery.consumer, of: topic) }
        }
        try put(message, of: topic, waiting: Int64(deliveries.count))
        for delivery in deliveries { try put(delivery, of: topic) }
        return .added
    }

    /// Puts what was pushed under an idempotency key.
    package func restore(
        _ key: String, n: Int64, fingerprint: Int64, of topic: Int64, replacing: Bool
    ) throws -> Restored {
        if let present = try pushed(under: key, to: topic) {
            if present == (n, fingerprint) { return .present }
            guard replacing else { return .differs }
        }
        try note(key, n: n, fingerprint: fingerprint, of: topic, replacing: replacing)
        return .added
    }

    /// What has become of a message for each consumer that has not settled it, as another network is told.
    package func carriedDeliveries(of message: MessageRecord, of topic: Int64) throws -> [DeliveryRecord] {
        try consumers(of: topic).compactMap { consumer in
            try delivery(message.n, to: consumer.number, of: topic)?.carried(message)
        }
    }
}
