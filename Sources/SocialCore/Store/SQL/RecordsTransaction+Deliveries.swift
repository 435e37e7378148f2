// What has become of messages for consumers, in a shard's records.

extension RecordsTransaction {
    static let deliveryColumns = "consumer, n, state, rank, part, attempts, lease, worker, failure, hash"

    /// What has become of a message for a consumer; nil when it was settled.
    package func delivery(_ n: Int64, to consumer: Int64, of topic: Int64) throws -> DeliveryRecord? {
        let columns = RecordsTransaction.deliveryColumns
        let select = try statement("SELECT \(columns) FROM delivery WHERE topic = ? AND consumer = ? AND n = ?")
        return try select.bind(topic, consumer, n).first { try delivery($0, topic) }
    }

    /// The deliveries of a consumer behind a message, in the order of the messages.
    package func deliveries(
        to consumer: Int64, of topic: Int64, after n: Int64, limit: Int
    ) throws -> [DeliveryRecord] {
        let columns = RecordsTransaction.deliveryColumns
        let select = try statement(
            "SELECT \(columns) FROM delivery WHERE topic = ? AND consumer = ? AND n > ? ORDER BY n LIMIT ?")
        return try select.bind(topic, consumer, n, Int64(limit)).all { try delivery($0, topic) }
    }

    /// The deliveries of a state in the order of their ranks, up to one.
    ///
    /// - Parameter parts: which slots' messages; nil for all.
    package func deliveries(
        _ state: DeliveryState, to consumer: Int64, of topic: Int64, through rank: Int64 = .max, limit: Int,
        parts: ((Slot) -> Bool)? = nil
    ) throws -> [DeliveryRecord] {
        let select = try statement(
            """
            SELECT n, part FROM delivery INDEXED BY delivery_by_rank \
            WHERE topic = ? AND consumer = ? AND state = ? AND rank <= ? ORDER BY rank
            """)
        select.bind(topic, consumer, state.rawValue, rank)
        var numbers: [Int64] = []
        while numbers.count < limit, try select.next() {
            if let parts, !parts(Slot(masking: select.integer(1))) { continue }
            numbers.append(select.integer(0))
        }
        select.stop()
        return try numbers.compactMap { try delivery($0, to: consumer, of: topic) }
    }

    /// How many deliveries of a state a consumer has, up to a rank.
    package func deliveryCount(
        _ state: DeliveryState, to consumer: Int64, of topic: Int64, through rank: Int64 = .max
    ) throws -> Int {
        let select = try statement(
            "SELECT count(*) FROM delivery WHERE topic = ? AND consumer = ? AND state = ? AND rank <= ?")
        return Int(try select.bind(topic, consumer, state.rawValue, rank).first { $0.integer(0) } ?? 0)
    }

    /// The first message that a consumer has not settled and that is not dead; nil when there is none.
    package func firstLivingMessage(of topic: Int64, to consumer: Int64) throws -> Int64? {
        let select = try statement(
            "SELECT n FROM delivery WHERE topic = ? AND consumer = ? AND state <> ? ORDER BY n LIMIT 1")
        return try select.bind(topic, consumer, DeliveryState.dead.rawValue).first { $0.integer(0) }
    }

    /// When the first deliveries of a state change by themselves; nil when there are none.
    package func firstRank(_ state: DeliveryState, to consumer: Int64, of topic: Int64) throws -> Int64? {
        let select = try statement(
            "SELECT rank FROM delivery WHERE topic = ? AND consumer = ? AND state = ? ORDER BY rank LIMIT 1")
        return try select.bind(topic, consumer, state.rawValue).first { $0.integer(0) }
    }

    func delivery(_ row: any SQLStatement, _ topic: Int64) throws -> DeliveryRecord {
        guard let state = DeliveryState(rawValue: row.integer(2)) else { throw damaged("a delivery") }
        let record = DeliveryRecord(
            n: row.integer(1), consumer: row.integer(0), state: state, rank: row.integer(3),
            part: Slot(masking: row.integer(4)), attempts: Int(row.integer(5)), lease: row.integer(6),
            worker: row.text(7), failure: row.text(8))
        guard record.hash(topic) == row.integer(9) else { throw damaged("the delivery of message \(record.n)") }
        return record
    }

    private static let deliveryUpsert = SQLUpsert.into(
        "delivery", "topic, \(deliveryColumns)", key: "topic, consumer, n")

    /// Stores what has become of a message.
    package func put(_ record: DeliveryRecord, of topic: Int64) throws {
        let insert = try statement(RecordsTransaction.deliveryUpsert)
        insert.bind(
            topic, record.consumer, record.n, record.state.rawValue, record.rank, Int64(record.part.rawValue),
            Int64(record.attempts), record.lease)
        insert.bind(record.worker, at: 9)
        insert.bind(record.failure, at: 10)
        insert.bind(record.hash(topic), at: 11)
        try insert.run()
    }

    /// Removes what has become of a message.
    package func removeDelivery(_ n: Int64, to consumer: Int64, of topic: Int64) throws {
        try statement("DELETE FROM delivery WHERE topic = ? AND consumer = ? AND n = ?").bind(topic, consumer, n).run()
    }
}

extension DeliveryRecord {
    fileprivate func hash(_ topic: Int64) -> Int64 {
        RecordsTransaction.hash(
            [topic, consumer, n, state.rawValue, rank, Int64(part.rawValue), Int64(attempts), lease], worker, failure)
    }
}
