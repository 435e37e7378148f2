// Every row of a shard's truth, for digest, export and verification.

internal import GRDB

extension SQLiteTransaction {
    func engineProblems() throws -> [String] {
        try statement("PRAGMA integrity_check(20)").all { $0.text(0) }.filter { $0 != "ok" }
    }

    func forEachRow(damaged: (String) throws -> Void, _ visit: (TruthRow) throws -> Void) throws {
        func check(_ row: TruthRow, _ hash: Int64, _ name: @autoclosure () -> String) throws {
            if Int64(bitPattern: row.check) == hash { try visit(row) } else { try damaged(name()) }
        }
        let accounts = "SELECT id, handle, name, bio, location, link, active_at, hash, fields FROM account ORDER BY id"
        try statement(accounts).forEach { row in
            do { try visit(.account(try readAccount(row))) } catch let error as StorageError
                where error.code == .damaged
            {
                try damaged("account \(row.integer(0))")
            }
        }
        try statement("SELECT key, account, hash FROM handle ORDER BY key").forEach { row in
            let key = row.text(0)
            try check(.handle(key: key, account: UserID(rawValue: row.integer(1))), row.integer(2), "handle \(key)")
        }
        try forEachFollowRow(damaged, visit)
        try statement("SELECT kind, actor, target, since, hash FROM relation").forEach { row in
            do { try visit(.relation(try readRelation(row))) } catch let error as StorageError
                where error.code == .damaged
            {
                try damaged("a relation of account \(row.integer(1))")
            }
        }
        try statement("SELECT \(SQLiteTransaction.postColumns) FROM post ORDER BY id").forEach { row in
            let record = postRow(row)
            try check(.post(record), row.integer(3), "post \(record.id)")
        }
        try statement("SELECT post, number, text, written_at, hash FROM version").forEach { row in
            let version = versionRow(row)
            try check(.version(version), row.integer(4), "an earlier version of post \(version.post)")
        }
        try statement("SELECT id, hash, is_account FROM tombstone ORDER BY id").forEach { row in
            let id = row.integer(0)
            let tombstone =
                row.integer(2) == 0
                ? TruthRow.tombstone(PostID(rawValue: id)) : .formerAccount(UserID(rawValue: id))
            try check(tombstone, row.integer(1), "tombstone \(id)")
        }
        if try engagementDiffers() { try damaged("the counts of likes, replies and reposts") }
        try statement("SELECT account, verb, key, fingerprint, result, hash FROM operation").forEach { row in
            let record = OperationRecord(
                account: UserID(rawValue: row.integer(0)), verb: row.text(1), key: row.text(2),
                fingerprint: row.integer(3), result: row.integer(4))
            try check(.operation(record), row.integer(5), "remembered command \(record.key)")
        }
    }

    /// Whether the counts of posts are not those of the rows.
    private func engagementDiffers() throws -> Bool {
        let sql = """
            WITH counted AS (
                SELECT target AS post, COUNT(*) AS likes, 0 AS replies, 0 AS reposts FROM relation
                    WHERE kind = \(RelationKind.like.rawValue) GROUP BY target
                UNION ALL SELECT reply_to, 0, COUNT(*), 0 FROM post WHERE reply_to IS NOT NULL GROUP BY reply_to
                UNION ALL SELECT repost_of, 0, 0, COUNT(*) FROM post WHERE repost_of IS NOT NULL GROUP BY repost_of),
            expected AS (SELECT post, SUM(likes), SUM(replies), SUM(reposts) FROM counted GROUP BY post),
            stored AS (SELECT post, likes, replies, reposts FROM engagement)
            SELECT EXISTS (SELECT * FROM expected EXCEPT SELECT * FROM stored)
                OR EXISTS (SELECT * FROM stored EXCEPT SELECT * FROM expected)
            """
        return try statement(sql).first { $0.integer(0) } == 1
    }

    /// Edges are proved a follower at a time, by the stored number and sum.
    private func forEachFollowRow(_ damaged: (String) throws -> Void, _ visit: (TruthRow) throws -> Void) throws {
        var stored: [Int64: (count: Int, sum: UInt64)] = [:]
        try statement("SELECT follower, count, sum FROM edges").forEach { row in
            stored[row.integer(0)] = (Int(row.integer(1)), UInt64(bitPattern: row.integer(2)))
        }
        // Both directions must hold the same edges: their number and a sum of hashes without the time.
        var turned = EdgeSum()
        try statement("SELECT follower, followee FROM follower").forEach { turned.add($0.integer(0), $0.integer(1)) }
        var straight = EdgeSum()
        var edges: [FollowRecord] = []
        func settle() throws {
            guard let follower = edges.first?.follower else { return }
            let expected = stored.removeValue(forKey: follower.rawValue) ?? (0, 0)
            let sum = edges.reduce(into: UInt64(0)) { $0 &+= $1.mixed }
            if expected == (edges.count, sum) {
                for edge in edges { try visit(.follow(edge)) }
            } else {
                try damaged("follows of account \(follower)")
            }
            edges.removeAll(keepingCapacity: true)
        }
        try forEachFollow { edge in
            if let last = edges.last, last.follower != edge.follower { try settle() }
            edges.append(edge)
            straight.add(edge.follower.rawValue, edge.followee.rawValue)
        }
        try settle()
        if straight != turned { try damaged("the list of followers") }
        for follower in stored.filter({ $0.value != (0, 0) }).keys.sorted() {
            try damaged("follows of account \(follower)")
        }
    }
}

/// The number of some edges and the sum of their hashes.
private struct EdgeSum: Equatable {
    private var count = 0
    private var sum: UInt64 = 0

    mutating func add(_ follower: Int64, _ followee: Int64) {
        count += 1
        sum &+= FollowRecord.mixedEnds(UserID(rawValue: follower), UserID(rawValue: followee))
    }
}
