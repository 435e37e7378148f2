// Services and the positions of log consumers in a shard's records.

extension RecordsTransaction {
    static let serviceColumns =
        "name, instance, address, details, patience, registered_at, heartbeat_at, hash"

    /// The instances of a service, in the order of their names.
    package func instances(of name: String) throws -> [ServiceRecord] {
        let columns = RecordsTransaction.serviceColumns
        let select = try statement("SELECT \(columns) FROM service WHERE slot = ? AND name = ? ORDER BY instance")
        select.bind(Int64(ServiceRecord.slot(of: name).rawValue))
        select.bind(name, at: 2)
        return try select.all(service)
    }

    /// The instances of all services that belong to slots that somebody has.
    package func services(_ has: (Slot) -> Bool) throws -> [ServiceRecord] {
        let columns = RecordsTransaction.serviceColumns
        return try statement("SELECT \(columns) FROM service ORDER BY slot, name, instance").all(service)
            .filter { has(ServiceRecord.slot(of: $0.name)) }
    }

    func service(_ row: any SQLStatement) throws -> ServiceRecord {
        var service = ServiceRecord(
            name: row.text(0), instance: row.text(1), address: row.text(2), details: row.text(3),
            patienceMilliseconds: row.integer(4), at: Timestamp(milliseconds: row.integer(5)))
        service.heartbeatAt = Timestamp(milliseconds: row.integer(6))
        guard service.hash == row.integer(7) else { throw damaged("service \"\(service.name)\"") }
        return service
    }

    private static let serviceUpsert = SQLUpsert.into(
        "service", "slot, \(serviceColumns)", key: "slot, name, instance")

    /// Stores an instance of a service.
    package func put(_ service: ServiceRecord) throws {
        let insert = try statement(RecordsTransaction.serviceUpsert)
        insert.bind(Int64(ServiceRecord.slot(of: service.name).rawValue), at: 1)
        insert.bind(service.name, at: 2)
        insert.bind(service.instance, at: 3)
        insert.bind(service.address, at: 4)
        insert.bind(service.details, at: 5)
        insert.bind(service.patienceMilliseconds, at: 6)
        insert.bind(service.registeredAt.milliseconds, at: 7)
        insert.bind(service.heartbeatAt.milliseconds, at: 8)
        insert.bind(service.hash, at: 9)
        try insert.run()
    }

    /// Removes an instance of a service: false when there was none.
    package func removeService(_ name: String, _ instance: String) throws -> Bool {
        let delete = try statement("DELETE FROM service WHERE slot = ? AND name = ? AND instance = ?")
        delete.bind(Int64(ServiceRecord.slot(of: name).rawValue))
        delete.bind(name, at: 2)
        delete.bind(instance, at: 3)
        try delete.run()
        return changesCount > 0
    }

    // MARK: Positions in logs

    /// How far a consumer of the logs has come, which belongs to a slot: a place in the log of each shard.
    package func logPositions(of consumer: String, in slot: Slot) throws -> [LogPositionRecord] {
        let select = try statement(
            "SELECT shard, incarnation, n, hash FROM log_position WHERE slot = ? AND consumer = ? ORDER BY shard")
        select.bind(Int64(slot.rawValue))
        select.bind(consumer, at: 2)
        return try select.all { try logPosition($0, of: consumer) }
    }

    func logPosition(_ row: any SQLStatement, of consumer: String) throws -> LogPositionRecord {
        let record = LogPositionRecord(
            shard: Int(truncatingIfNeeded: row.integer(0)), incarnation: UInt64(bitPattern: row.integer(1)),
            n: row.integer(2))
        guard record.hash(consumer) == row.integer(3) else { throw damaged("a position of \"\(consumer)\"") }
        return record
    }

    /// Notes how far a consumer of the logs has come.
    package func setLogPositions(_ records: [LogPositionRecord], of consumer: String, in slot: Slot) throws {
        let delete = try statement("DELETE FROM log_position WHERE slot = ? AND consumer = ?")
        delete.bind(Int64(slot.rawValue))
        delete.bind(consumer, at: 2)
        try delete.run()
        let insert = try statement("INSERT INTO log_position VALUES (?, ?, ?, ?, ?, ?)")
        for record in records {
            insert.bind(Int64(slot.rawValue))
            insert.bind(consumer, at: 2)
            insert.bind(Int64(record.shard), at: 3)
            insert.bind(Int64(bitPattern: record.incarnation), at: 4)
            insert.bind(record.n, at: 5)
            insert.bind(record.hash(consumer), at: 6)
            try insert.run()
        }
    }

    /// How far all consumers of a shard's log have come that write records.
    package func logPositions(in shard: Int, _ has: (Slot) -> Bool) throws -> [LogPositionRecord] {
        try statement("SELECT slot, incarnation, n FROM log_position WHERE shard = ?").bind(Int64(shard)).all { row in
            guard has(Slot(masking: row.integer(0))) else { return nil }
            return LogPositionRecord(
                shard: shard, incarnation: UInt64(bitPattern: row.integer(1)), n: row.integer(2))
        }.compactMap { $0 }
    }
}

extension LogPositionRecord {
    fileprivate func hash(_ consumer: String) -> Int64 {
        RecordsTransaction.hash([Int64(shard), Int64(bitPattern: incarnation), n], consumer)
    }
}

extension ServiceRecord {
    fileprivate var hash: Int64 {
        RecordsTransaction.hash(
            [patienceMilliseconds, registeredAt.milliseconds, heartbeatAt.milliseconds], name, instance, address,
            details)
    }
}
