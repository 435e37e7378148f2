// The rows of slots that are copied or cleaned up, a batch at a time, in the order of their keys; and single ones.

extension SQLTransaction {
    /// A part of the rows of slots that go to a shard.
    struct Batch {
        /// The rows.
        var rows: [TruthRow] = []
        /// Behind the last one.
        var end = RowKey.start
        /// Whether there are no more.
        var isLast = false
    }

    /// Rows of slots in a state that go to a shard, after a place.
    ///
    /// - Parameter limit: how many rows there are at most; of handles, how many are looked through.
    func batch(_ state: SlotState, goingTo shard: Int, after start: RowKey, limit: Int) throws -> Batch {
        var batch = Batch(end: start)
        var kind = max(0, start.kind)
        while kind < RowKey.kinds {
            let after = kind == start.kind ? start : RowKey(kind: kind)
            let left = limit - batch.rows.count
            let found = try rows(ofKind: kind, state, goingTo: shard, after: after, limit: left, &batch.end)
            batch.rows += found.rows
            if !found.isEnd { return batch }
            kind += 1
            batch.end = RowKey(kind: kind)
        }
        batch.isLast = true
        return batch
    }

    private func rows(
        ofKind kind: Int, _ state: SlotState, goingTo shard: Int, after: RowKey, limit: Int, _ end: inout RowKey
    ) throws -> (rows: [TruthRow], isEnd: Bool) {
        let sql = "\(columns(ofKind: kind)) AND (\(key(ofKind: kind))) > (\(places(ofKind: kind)))"
        var condition = ""
        // Only handles name their slot in a way that SQLite cannot compute.
        if let slot = slot(ofKind: kind) {
            condition = " AND \(slot) IN (SELECT slot FROM slot WHERE peer = ?5 AND owned = ?6)"
        }
        let select = try statement("\(sql)\(condition) ORDER BY \(key(ofKind: kind)) LIMIT ?7")
        bind(after, to: select)
        if slot(ofKind: kind) != nil {
            select.bind(Int64(shard), at: 5)
            select.bind(state.rawValue, at: 6)
        }
        select.bind(Int64(limit), at: 7)
        let found = try select.all { try row(ofKind: kind, $0) }
        if let last = found.last { end = RowKey(last) }
        guard kind == 2 else { return (found, found.count < limit) }
        let moving = Set(try slots(state, peer: shard))
        return (found.filter { moving.contains($0.slot) }, found.count < limit)
    }

    /// The row at a place.
    func row(at place: RowKey) throws -> TruthRow? {
        let kind = place.kind
        let select = try statement("\(columns(ofKind: kind)) AND (\(key(ofKind: kind))) = (\(places(ofKind: kind)))")
        bind(place, to: select)
        return try select.first { try row(ofKind: kind, $0) }
    }

    // MARK: Tables

    private func bind(_ key: RowKey, to select: any SQLStatement) {
        switch key.kind {
        case 2: select.bind(key.text, at: 1)
        case 3, 5: _ = select.bind(key.first, key.second)
        case 7: _ = select.bind(key.first, key.second, key.third)
        case 8:
            let parts = key.text.split(separator: "\0", maxSplits: 1, omittingEmptySubsequences: false)
            _ = select.bind(key.first)
            select.bind(parts.first.map(String.init) ?? "", at: 2)
            select.bind(parts.count > 1 ? String(parts[1]) : "", at: 3)
        default: _ = select.bind(key.first)
        }
    }

    private func places(ofKind kind: Int) -> String {
        switch kind {
        case 3, 5: "?1, ?2"
        case 7, 8: "?1, ?2, ?3"
        default: "?1"
        }
    }

    private func key(ofKind kind: Int) -> String {
        switch kind {
        case 2: "key"
        case 3: "follower, followee"
        case 5: "post, number"
        case 7: "kind, actor, target"
        case 8: "account, verb, key"
        default: "id"
        }
    }

    private func slot(ofKind kind: Int) -> String? {
        switch kind {
        case 2: nil
        case 3: SQLTransaction.slot("follower")
        case 5: SQLTransaction.slot("post")
        case 7: SQLTransaction.slot("actor")
        case 8: SQLTransaction.slot("(CASE verb WHEN 'post create' THEN result ELSE account END)")
        default: SQLTransaction.slot("id")
        }
    }

    private func columns(ofKind kind: Int) -> String {
        switch kind {
        case 0: "SELECT \(SQLTransaction.accountColumns) FROM account WHERE TRUE"
        case 1: "SELECT id FROM tombstone WHERE is_account = 1"
        case 2: "SELECT key, account FROM handle WHERE TRUE"
        case 3: "SELECT follower, followee, since FROM follow WHERE TRUE"
        case 4: "SELECT \(SQLTransaction.postColumns) FROM post WHERE TRUE"
        case 5: "SELECT post, number, text, written_at, hash FROM version WHERE TRUE"
        case 6: "SELECT id FROM tombstone WHERE is_account = 0"
        case 7: "SELECT kind, actor, target, since, hash FROM relation WHERE TRUE"
        case 8: "SELECT account, verb, key, fingerprint, result FROM operation WHERE TRUE"
        case 9: "SELECT \(SQLTransaction.mediaColumns) FROM media WHERE TRUE"
        default: "SELECT id FROM tombstone WHERE is_account = 2"
        }
    }

    /// Reads and, where it carries a hash, proves a row: what is damaged does not move.
    private func row(ofKind kind: Int, _ row: any SQLStatement) throws -> TruthRow {
        switch kind {
        case 0: return .account(try readAccount(row))
        case 1: return .formerAccount(UserID(rawValue: row.integer(0)))
        case 2: return .handle(key: row.text(0), account: UserID(rawValue: row.integer(1)))
        case 3:
            return .follow(
                FollowRecord(
                    follower: UserID(rawValue: row.integer(0)), followee: UserID(rawValue: row.integer(1)),
                    since: Timestamp(milliseconds: row.integer(2))))
        case 4: return .post(try readPost(row))
        case 5: return .version(try readVersion(row))
        case 6: return .tombstone(PostID(rawValue: row.integer(0)))
        case 7: return .relation(try readRelation(row))
        case 8:
            return .operation(
                OperationRecord(
                    account: UserID(rawValue: row.integer(0)), verb: row.text(1), key: row.text(2),
                    fingerprint: row.integer(3), result: row.integer(4)))
        case 9: return .media(try readMedia(row))
        default: return .formerMedia(MediaID(rawValue: row.integer(0)))
        }
    }
}
