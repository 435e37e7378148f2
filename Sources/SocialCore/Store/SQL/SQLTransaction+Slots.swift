// Slots on the move, as everyone else sees them: rows of a slot that is still coming, or has gone and is not cleaned up
// yet, lie in the tables and are not shown; and while slots are copied to another shard, rows that change are noted.

extension SQLTransaction {
    /// Looks whether slots are on the move here.
    func lookForMoves() throws {
        guard database.movesSlots else { return }
        let sql = """
            SELECT EXISTS (SELECT 1 FROM slot WHERE owned > 1),
                EXISTS (SELECT 1 FROM slot WHERE peer IS NOT NULL AND owned = 1)
            """
        try statement(sql).forEach { row in
            hidesSlots = row.integer(0) == 1 && !seesHiddenSlots
            notesChanges = row.integer(1) == 1
        }
    }

    /// Shows all rows from now on.
    func showHiddenSlots() throws {
        seesHiddenSlots = true
        try lookForMoves()
    }

    /// A condition that leaves out what is not shown, to be added to others; empty when everything is shown.
    ///
    /// - Parameter column: a column with an id that names the row's slot.
    func visible(_ column: String) -> String {
        hidesSlots ? " AND \(SQLTransaction.slot(column)) NOT IN (SELECT slot FROM slot WHERE owned > 1)" : ""
    }

    /// Whether the rows of a slot lie here and are not shown.
    func isHidden(_ slot: Slot) throws -> Bool {
        guard hidesSlots else { return false }
        return try statement("SELECT 1 FROM slot WHERE slot = ? AND owned > 1").bind(Int64(slot.rawValue))
            .first { _ in true } ?? false
    }

    /// The slot that an id names, in SQL.
    static func slot(_ column: String) -> String {
        "(\(column) >> \(IdentityLayout.sequenceBits) & \(Slot.count - 1))"
    }

    /// The table of engagement, or one that is counted without what is not shown.
    ///
    /// - Parameter range: which posts are asked for, as a condition behind a column.
    func engagement(_ range: String) -> String {
        guard hidesSlots else { return "engagement" }
        return """
            (SELECT post, SUM(likes) AS likes, SUM(replies) AS replies, SUM(reposts) AS reposts FROM (
                SELECT target AS post, 1 AS likes, 0 AS replies, 0 AS reposts
                FROM relation INDEXED BY relation_by_target
                WHERE kind = \(RelationKind.like.rawValue) AND target \(range)\(visible("actor"))
                UNION ALL SELECT reply_to, 0, 1, 0 FROM post WHERE reply_to \(range)\(visible("id"))
                UNION ALL SELECT repost_of, 0, 0, 1 FROM post WHERE repost_of \(range)\(visible("id")))
            GROUP BY post)
            """
    }

    /// Notes that a row has changed, or gone, if its slot is being copied to another shard.
    func note(_ row: TruthRow) throws {
        let key = RowKey(row)
        let insert = try statement(
            """
            INSERT INTO changed (peer, kind, first, second, third, text)
            SELECT peer, ?, ?, ?, ?, ?6 FROM slot WHERE slot = ?5 AND owned = 1 AND peer IS NOT NULL
            """
        ).bind(Int64(key.kind), key.first, key.second, key.third, Int64(row.slot.rawValue))
        insert.bind(key.text, at: 6)
        try insert.run()
    }
}
