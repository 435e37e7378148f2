// Topics with their messages in a shard's records.

extension RecordsTransaction {
    // MARK: Topics

    /// A topic; nil when there is none of that name.
    package func topic(named name: String) throws -> TopicRecord? {
        let select = try statement("SELECT id, name, last, hash FROM topic WHERE id = ?")
        let topic = try select.bind(TopicRecord.identity(of: name)).first(topic)
        guard let topic else { return nil }
        guard topic.name == name else {
            throw StorageError(.damaged, "the names \"\(name)\" and \"\(topic.name)\" of topics have the same hash")
        }
        return topic
    }

    /// The topics that belong to slots that somebody has, in the order of their names.
    package func topics(_ has: (Slot) -> Bool) throws -> [TopicRecord] {
        try statement("SELECT id, name, last, hash FROM topic ORDER BY name").all(topic)
            .filter { has(TopicRecord.slot(of: $0.name)) }
    }

    func topic(_ row: any SQLStatement) throws -> TopicRecord {
        let topic = TopicRecord(id: row.integer(0), name: row.text(1), last: row.integer(2))
        guard topic.hash == row.integer(3) else { throw damaged("topic \"\(topic.name)\"") }
        return topic
    }

    private static let topicUpsert = SQLUpsert.into("topic", "id, slot, name, last, hash", key: "id")

    /// Stores a topic.
    package func put(_ topic: TopicRecord) throws {
        let insert = try statement(RecordsTransaction.topicUpsert)
        insert.bind(topic.id, at: 1)
        insert.bind(Int64(TopicRecord.slot(of: topic.name).rawValue), at: 2)
        insert.bind(topic.name, at: 3)
        insert.bind(topic.last, at: 4)
        insert.bind(topic.hash, at: 5)
        try insert.run()
    }

    /// Removes a topic with everything in it.
    package func removeTopic(_ topic: Int64) throws {
        for table in ["message", "message_key", "consumer", "delivery"] {
            try statement("DELETE FROM \(table) WHERE topic = ?").bind(topic).run()
        }
        try statement("DELETE FROM topic WHERE id = ?").bind(topic).run()
    }

    // MARK: Consumers

    /// The consumers of a topic, in the order of their numbers.
    package func consumers(of topic: Int64) throws -> [ConsumerRecord] {
        let select = try statement("SELECT number, name, done, hash FROM consumer WHERE topic = ? ORDER BY number")
        return try select.bind(topic).all { try consumer($0, topic) }
    }

    func consumer(_ row: any SQLStatement, _ topic: Int64) throws -> ConsumerRecord {
        let consumer = ConsumerRecord(number: row.integer(0), name: row.text(1), done: row.integer(2))
        guard consumer.hash(topic) == row.integer(3) else { throw damaged("consumer \"\(consumer.name)\"") }
        return consumer
    }

    private static let consumerUpsert = SQLUpsert.into(
        "consumer", "topic, number, name, done, hash", key: "topic, number")

    /// Stores a consumer.
    package func put(_ consumer: ConsumerRecord, of topic: Int64) throws {
        let insert = try statement(RecordsTransaction.consumerUpsert)
        insert.bind(topic, consumer.number)
        insert.bind(consumer.name, at: 3)
        insert.bind(consumer.done, at: 4)
        insert.bind(consumer.hash(topic), at: 5)
        try insert.run()
    }

    /// Removes a consumer; what others wait for stays.
    package func removeConsumer(_ number: Int64, of topic: Int64) throws {
        try statement("DELETE FROM delivery WHERE topic = ? AND consumer = ?").bind(topic, number).run()
        try statement("DELETE FROM consumer WHERE topic = ? AND number = ?").bind(topic, number).run()
    }

    // MARK: Messages

    static let messageColumns =
        "n, priority, part, pushed_at, due_at, attempts, account, waiting, payload, hash"

    /// A message of a topic.
    package func message(_ n: Int64, of topic: Int64) throws -> MessageRecord? {
        let columns = RecordsTransaction.messageColumns
        let select = try statement("SELECT \(columns) FROM message WHERE topic = ? AND n = ?")
        return try select.bind(topic, n).first { try message($0, topic).record }
    }

    /// The messages that were pushed for an account, in topics that belong to slots that somebody has.
    package func messages(
        for account: UserID, _ has: (Slot) -> Bool
    ) throws -> [(topic: String, message: MessageRecord)] {
        let places = try statement("SELECT topic, n FROM message WHERE account = ? ORDER BY topic, n")
            .bind(account.rawValue).all { (topic: $0.integer(0), n: $0.integer(1)) }
        if places.isEmpty { return [] }
        let topics = try topics(has)
        return try places.compactMap { place in
            guard let topic = topics.first(where: { $0.id == place.topic }),
                let message = try message(place.n, of: place.topic)
            else { return nil }
            return (topic.name, message)
        }
    }

    /// Calls a closure for the messages of a topic behind one, in the order of their numbers, until it says false.
    package func forEachMessage(
        of topic: Int64, after n: Int64 = 0, _ visit: (MessageRecord, _ waiting: Int64) throws -> Bool
    ) throws {
        let columns = RecordsTransaction.messageColumns
        let select = try statement("SELECT \(columns) FROM message WHERE topic = ? AND n > ? ORDER BY n")
        select.bind(topic, n)
        defer { select.stop() }
        while try select.next() {
            let (record, waiting) = try message(select, topic)
            guard try visit(record, waiting) else { return }
        }
    }

    func message(_ row: any SQLStatement, _ topic: Int64) throws -> (record: MessageRecord, waiting: Int64) {
        var message = MessageRecord(
            row.bytes(8), priority: Int(row.integer(1)), part: Slot(masking: row.integer(2)),
            pushedAt: Timestamp(milliseconds: row.integer(3)), dueAt: Timestamp(milliseconds: row.integer(4)),
            attempts: Int(row.integer(5)), account: row.integer(6) == 0 ? nil : UserID(rawValue: row.integer(6)))
        message.n = row.integer(0)
        let waiting = row.integer(7)
        guard message.hash(topic, waiting: waiting) == row.integer(9) else { throw damaged("message \(message.n)") }
        return (message, waiting)
    }

    private static let messageUpsert = SQLUpsert.into("message", "topic, \(messageColumns)", key: "topic, n")

    /// Stores a message.
    ///
    /// - Parameter waiting: how many consumers have not settled it.
    package func put(_ message: MessageRecord, of topic: Int64, waiting: Int64) throws {
        let insert = try statement(RecordsTransaction.messageUpsert)
        insert.bind(
            topic, message.n, Int64(message.priority), Int64(message.part.rawValue), message.pushedAt.milliseconds,
            message.dueAt.milliseconds, Int64(message.attempts), message.account?.rawValue ?? 0, waiting)
        insert.bind(message.payload, at: 10)
        insert.bind(message.hash(topic, waiting: waiting), at: 11)
        try insert.run()
    }

    /// Notes that one consumer less waits for a message, which is removed when nobody does.
    package func settleMessage(_ n: Int64, of topic: Int64) throws {
        let columns = RecordsTransaction.messageColumns
        let select = try statement("SELECT \(columns) FROM message WHERE topic = ? AND n = ?")
        guard let found = try select.bind(topic, n).first({ try message($0, topic) }) else { return }
        if found.waiting > 1 { return try put(found.record, of: topic, waiting: found.waiting - 1) }
        try statement("DELETE FROM message WHERE topic = ? AND n = ?").bind(topic, n).run()
    }

    /// What was pushed under an idempotency key: the number of the message, and a fingerprint of it.
    package func pushed(under key: String, to topic: Int64) throws -> (n: Int64, fingerprint: Int64)? {
        let select = try statement("SELECT n, fingerprint, hash FROM message_key WHERE topic = ? AND key = ?")
        select.bind(topic)
        select.bind(key, at: 2)
        return try select.first { try pushed($0, under: key, to: topic) }
    }

    /// Calls a closure for each idempotency key of a topic, in the order of the keys.
    package func forEachKey(
        of topic: Int64, _ visit: (_ key: String, _ n: Int64, _ fingerprint: Int64) throws -> Void
    ) throws {
        let select = try statement("SELECT n, fingerprint, hash, key FROM message_key WHERE topic = ? ORDER BY key")
        try select.bind(topic).forEach { row in
            let key = row.text(3)
            let (n, fingerprint) = try pushed(row, under: key, to: topic)
            try visit(key, n, fingerprint)
        }
    }

    func pushed(_ row: any SQLStatement, under key: String, to topic: Int64) throws -> (n: Int64, fingerprint: Int64) {
        let (n, fingerprint) = (row.integer(0), row.integer(1))
        guard row.integer(2) == RecordsTransaction.hash([topic, n, fingerprint], key) else {
            throw damaged("a key of a message")
        }
        return (n, fingerprint)
    }

    private static let keyUpsert = SQLUpsert.into(
        "message_key", "topic, key, n, fingerprint, hash", key: "topic, key")

    /// Notes what was pushed under an idempotency key, of which nothing is known unless that is replaced.
    package func note(
        _ key: String, n: Int64, fingerprint: Int64, of topic: Int64, replacing: Bool = false
    ) throws {
        let insert = try statement(
            replacing ? RecordsTransaction.keyUpsert : "INSERT INTO message_key VALUES (?, ?, ?, ?, ?)")
        insert.bind(topic, at: 1)
        insert.bind(key, at: 2)
        insert.bind(n, at: 3)
        insert.bind(fingerprint, at: 4)
        insert.bind(RecordsTransaction.hash([topic, n, fingerprint], key), at: 5)
        try insert.run()
    }
}

extension TopicRecord {
    fileprivate var hash: Int64 { RecordsTransaction.hash([id, last], name) }
}

extension ConsumerRecord {
    fileprivate func hash(_ topic: Int64) -> Int64 { RecordsTransaction.hash([topic, number, done], name) }
}

extension MessageRecord {
    fileprivate func hash(_ topic: Int64, waiting: Int64) -> Int64 {
        RecordsTransaction.hash(
            [
                topic, n, Int64(priority), Int64(part.rawValue), pushedAt.milliseconds, dueAt.milliseconds,
                Int64(attempts), account?.rawValue ?? 0, waiting,
            ], bytes: payload)
    }
}
