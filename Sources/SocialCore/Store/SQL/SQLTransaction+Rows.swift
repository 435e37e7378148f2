// Every row of a shard's truth, for digest, export and verification, one table after another along its key.

extension SQLTransaction {
    func engineProblems() throws -> [String] {
        try database.engineProblems(isDeep: true)
    }

    func rows() throws -> RowCursor {
        try turnRound()
        let tables = rowTables
        func stages(_ range: Range<Int>) throws -> [() throws -> RowCursor.Step?] { try tables[range].map(stage) }
        return RowCursor(
            try stages(0..<3) + [follows()] + stages(3..<7)
                + [once { [self] in try engagementDiffers() ? "the counts of likes, replies and reposts" : nil }]
                + stages(7..<9)
                + [once { [self] in try partsDiffer() ? "the list of objects that films need" : nil }]
                + stages(9..<10))
    }

    /// The tables of rows that have a hash each, in the order of rows.
    var rowTables: [ProvenTable<TruthRow>] {
        [
            ProvenTable("account", SQLTransaction.accountColumns, key: "id") { [self] row in
                .account(try readAccount(row))
            } title: {
                "account \($0.integer(0))"
            },
            tombstones(.accounts),
            ProvenTable("handle", "key, account, hash", key: "key", hash: 2) {
                .handle(key: $0.text(0), account: UserID(rawValue: $0.integer(1)))
            } title: {
                "handle \($0.text(0))"
            },
            ProvenTable("post", SQLTransaction.postColumns, key: "id", hash: 3) { [self] row in
                .post(postRow(row))
            } title: {
                "post \($0.integer(0))"
            },
            ProvenTable("version", "post, number, text, written_at, hash", key: "post, number", hash: 4) { [self] row in
                .version(versionRow(row))
            } title: {
                "an earlier version of post \($0.integer(0))"
            },
            tombstones(.posts),
            ProvenTable("relation", "kind, actor, target, since, hash", key: "kind, actor, target") { [self] row in
                .relation(try readRelation(row))
            } title: {
                "a relation of account \($0.integer(1))"
            },
            ProvenTable(
                "operation", "account, verb, key, fingerprint, result, hash", key: "account, verb, key", hash: 5
            ) { row in
                .operation(
                    OperationRecord(
                        account: UserID(rawValue: row.integer(0)), verb: row.text(1), key: row.text(2),
                        fingerprint: row.integer(3), result: row.integer(4)))
            } title: {
                "remembered command \($0.text(2))"
            },
            ProvenTable("media", SQLTransaction.mediaColumns, key: "id") { [self] row in
                .media(try readMedia(row))
            } title: {
                "upload \($0.integer(0))"
            },
            tombstones(.media),
        ]
    }

    /// What tombstones are of, as the column `is_account` says it.
    enum Buried: Int64 {
        case posts = 0
        case accounts = 1
        case media = 2
    }

    /// Tombstones of one kind, or of all.
    func tombstones(_ buried: Buried?) -> ProvenTable<TruthRow> {
        ProvenTable(
            "tombstone", "id, hash, is_account", where: buried.map { "is_account = \($0.rawValue)" }, key: "id", hash: 1
        ) { row in
            let id = row.integer(0)
            switch Buried(rawValue: row.integer(2)) {
            case .posts: return .tombstone(PostID(rawValue: id))
            case .accounts: return .formerAccount(UserID(rawValue: id))
            case .media: return .formerMedia(MediaID(rawValue: id))
            case nil: throw StorageError(.damaged, "tombstone \(id) is of nothing")
            }
        } title: {
            "tombstone \($0.integer(0))"
        }
    }

    /// The rows of a table, one after another.
    private func stage(_ table: ProvenTable<TruthRow>) throws -> () throws -> RowCursor.Step? {
        // A statement of its own: others may use a cached one between two steps.
        let select = try database.scan(table.selection())
        return translating { [self] in
            guard try select.next() else { return nil }
            guard let row = try table.proven(select) else { return .damage(table.title(select)) }
            return try step(row)
        }
    }

    /// A row that is shown, or one that is not.
    private func step(_ row: TruthRow) throws -> RowCursor.Step {
        try hidesSlots && isHidden(row.slot) ? .hidden(row) : .row(row)
    }

    /// Something to look at once.
    private func once(_ look: @escaping () throws -> String?) -> () throws -> RowCursor.Step? {
        var isDone = false
        return translating {
            if isDone { return nil }
            isDone = true
            return try look().map { .damage($0) }
        }
    }

    /// Rows are read while the connections of other shards are in use too: an error must say whose it is.
    private func translating(
        _ step: @escaping () throws -> RowCursor.Step?
    ) -> () throws -> RowCursor.Step? {
        { [database, shard] in
            try database.translating("truth.sqlite of shard \(shard)", step)
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

    // MARK: Follows

    /// Edges are proved a follower at a time, by the stored number and sum.
    private func follows() throws -> () throws -> RowCursor.Step? {
        let select = try database.scan(
            "SELECT follower, followee, since FROM follow ORDER BY follower, followee")
        /// The edge that has been read beyond those of the present follower.
        var next: FollowRecord?
        var proven: ArraySlice<FollowRecord> = []
        var straight = EdgeSum()
        func read() throws -> FollowRecord? {
            guard try select.next() else { return nil }
            return FollowRecord(
                follower: UserID(rawValue: select.integer(0)), followee: UserID(rawValue: select.integer(1)),
                since: Timestamp(milliseconds: select.integer(2)))
        }
        var isBegun = false
        var left: ArraySlice<String>?
        return translating { [self] in
            if let edge = proven.popFirst() { return try step(.follow(edge)) }
            if !isBegun {
                isBegun = true
                next = try read()
            }
            if let first = next {
                var edges: [FollowRecord] = []
                var sum: UInt64 = 0
                while let edge = next, edge.follower == first.follower {
                    edges.append(edge)
                    sum &+= edge.mixed
                    straight.add(edge.follower, edge.followee)
                    next = try read()
                }
                guard try edgeSum(of: first.follower) == (edges.count, sum) else {
                    return .damage("follows of account \(first.follower)")
                }
                proven = edges[...]
                return try proven.popFirst().map { try step(.follow($0)) }
            }
            if left == nil { left = try edgeProblems(straight)[...] }
            return left?.popFirst().map { .damage($0) }
        }
    }

    /// What is wrong with the tables that go with the edges.
    private func edgeProblems(_ straight: EdgeSum) throws -> [String] {
        // Both directions must hold the same edges: their number and a sum of hashes without the time.
        var turned = EdgeSum()
        try statement("SELECT follower, followee FROM follower").forEach {
            turned.add(UserID(rawValue: $0.integer(0)), UserID(rawValue: $0.integer(1)))
        }
        let sql = """
            SELECT follower FROM edges WHERE (count <> 0 OR sum <> 0)
                AND NOT EXISTS (SELECT 1 FROM follow WHERE follow.follower = edges.follower) ORDER BY follower
            """
        let lost = try statement(sql).all { "follows of account \($0.integer(0))" }
        return (straight == turned ? [] : ["the list of followers"]) + lost
    }
}

/// The number of some edges and the sum of their hashes.
private struct EdgeSum: Equatable {
    private var count = 0
    private var sum: UInt64 = 0

    mutating func add(_ follower: UserID, _ followee: UserID) {
        count += 1
        sum &+= FollowRecord.mixedEnds(follower, followee)
    }
}
