// The records of slots on their way to another shard: they are few and small, so they go over at once, while both
// shards' records are locked.

extension RecordsTransaction {
    /// The tables whose rows belong to slots, each with the condition under which a row belongs to one.
    private static let movingTables: [(name: String, columns: Int, condition: String)] = [
        ("attribute", 7, "slot = ?"), ("service", 9, "slot = ?"), ("log_position", 6, "slot = ?"),
        ("message", 11, ofTopic), ("message_key", 5, ofTopic), ("consumer", 5, ofTopic), ("delivery", 11, ofTopic),
        // The topics last: they say whose the rest is.
        ("topic", 5, "slot = ?"),
    ]
    private static let ofTopic = "topic IN (SELECT id FROM topic WHERE slot = ?)"

    /// Whether anything belongs to one of some slots.
    package func hasRows(of slots: some Sequence<Slot>) throws -> Bool {
        for slot in slots {
            for table in ["attribute", "service", "log_position", "topic"] {
                let select = try statement("SELECT 1 FROM \(table) WHERE slot = ? LIMIT 1")
                if try select.bind(Int64(slot.rawValue)).first({ _ in true }) == true { return true }
            }
        }
        return false
    }

    /// Takes the rows of a slot from the records of another shard; whatever is here of it is of an earlier stay.
    package func take(_ slot: Slot, from giver: RecordsTransaction) throws {
        try removeRows(of: slot)
        for table in RecordsTransaction.movingTables {
            let marks = Array(repeating: "?", count: table.columns).joined(separator: ", ")
            let insert = try statement("INSERT INTO \(table.name) VALUES (\(marks))")
            let select = try giver.statement("SELECT * FROM \(table.name) WHERE \(table.condition)")
            try select.bind(Int64(slot.rawValue)).forEach { row in
                for column in 0..<Int32(table.columns) { insert.copy(column, of: row) }
                try insert.run()
            }
        }
    }

    /// Removes the rows of a slot that is at another shard.
    package func removeRows(of slot: Slot) throws {
        for table in RecordsTransaction.movingTables {
            try statement("DELETE FROM \(table.name) WHERE \(table.condition)").bind(Int64(slot.rawValue)).run()
        }
    }
}
