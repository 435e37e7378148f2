// Every row of a shard's records against its hash.

extension RecordsTransaction {
    /// The tables whose rows carry a hash, with all their columns.
    var provenTables: [ProvenTable<Void>] { slotTables + countTables }

    private var slotTables: [ProvenTable<Void>] {
        [
            ProvenTable(
                "attribute", "name, value, changed_at, hash, slot, account, kind", key: "slot, account, kind, name"
            ) { [self] row in
                let account = UserID(rawValue: row.integer(5))
                guard let kind = AttributeKind(rawValue: row.integer(6)),
                    Int64(account.slot.rawValue) == row.integer(4)
                else { return nil }
                _ = try attribute(row, kind, account)
            } title: {
                "an attribute of account \($0.integer(5))"
            },
            ProvenTable("topic", "id, name, last, hash, slot", key: "id") { [self] row in
                let topic = try topic(row)
                guard Int64(TopicRecord.slot(of: topic.name).rawValue) == row.integer(4),
                    topic.id == TopicRecord.identity(of: topic.name)
                else { return nil }
                return ()
            } title: {
                "topic \"\($0.text(1))\""
            },
            ProvenTable(
                "message", "\(RecordsTransaction.messageColumns), topic", key: "topic, n"
            ) { [self] row in
                _ = try message(row, row.integer(10))
            } title: {
                "message \($0.integer(0))"
            },
            ProvenTable("message_key", "n, fingerprint, hash, key, topic", key: "topic, key") { [self] row in
                _ = try pushed(row, under: row.text(3), to: row.integer(4))
            } title: {
                "the key of message \($0.integer(0))"
            },
            ProvenTable("consumer", "number, name, done, hash, topic", key: "topic, number") { [self] row in
                _ = try consumer(row, row.integer(4))
            } title: {
                "consumer \"\($0.text(1))\""
            },
            ProvenTable(
                "delivery", "\(RecordsTransaction.deliveryColumns), topic", key: "topic, consumer, n"
            ) { [self] row in
                _ = try delivery(row, row.integer(10))
            } title: {
                "the delivery of message \($0.integer(1))"
            },
            ProvenTable(
                "service", "\(RecordsTransaction.serviceColumns), slot", key: "slot, name, instance"
            ) { [self] row in
                let service = try service(row)
                return Int64(ServiceRecord.slot(of: service.name).rawValue) == row.integer(8) ? () : nil
            } title: {
                "service \"\($0.text(0))\""
            },
            ProvenTable(
                "log_position", "shard, incarnation, n, hash, consumer, slot", key: "slot, consumer, shard"
            ) { [self] row in
                _ = try logPosition(row, of: row.text(4))
            } title: {
                "a position of \"\($0.text(4))\""
            },
        ]
    }

    private var countTables: [ProvenTable<Void>] {
        [
            ProvenTable("resource", "number, name, hash", key: "number") { [self] row in
                _ = try resource(row)
            } title: {
                "resource \($0.integer(0))"
            },
            ProvenTable("source", RecordsTransaction.sourceColumns, key: "id") { [self] row in
                _ = try source(row)
            } title: {
                "log \"\($0.text(11))\""
            },
            ProvenTable("operation", "key, fingerprint, hash", key: "key") { row in
                row.integer(2) == RecordsTransaction.hash(row.text(0), row.integer(1)) ? () : nil
            } title: {
                "remembered command \($0.text(0))"
            },
        ]
    }

    /// The names of all rows that do not match their hash.
    package func damagedRows() throws -> [String] {
        try provenTables.flatMap { table in
            var damaged: [String] = []
            try statement(table.selection()).forEach { row in
                if try table.proven(row) == nil { damaged.append(table.title(row)) }
            }
            return damaged
        }
    }
}
