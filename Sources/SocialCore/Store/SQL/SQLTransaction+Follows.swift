// Follow edges in SQL.

extension SQLTransaction {
    func follow(_ follower: UserID, _ followee: UserID) throws -> FollowRecord? {
        if try isHidden(follower.slot) { return nil }
        return try statement(SQLTransaction.followSelection).bind(follower.rawValue, followee.rawValue)
            .first {
                FollowRecord(follower: follower, followee: followee, since: Timestamp(milliseconds: $0.integer(0)))
            }
    }

    func followees(of follower: UserID, page: Page<UserID>) throws -> [FollowRecord] {
        if try isHidden(follower.slot) { return [] }
        let sql = """
            SELECT followee, since FROM follow WHERE follower = ? AND followee > ? AND followee < ?
            ORDER BY followee \(page.takesEnd ? "DESC" : "ASC") LIMIT ?
            """
        var edges = try statement(sql).bind(page, with: follower).all { row in
            FollowRecord(
                follower: follower, followee: UserID(rawValue: row.integer(0)),
                since: Timestamp(milliseconds: row.integer(1)))
        }
        if page.takesEnd { edges.reverse() }
        // A list that was read whole proves itself by the follower's sum.
        if page.after == nil, page.before == nil, edges.count < page.limit {
            let sum = edges.reduce(into: UInt64(0)) { $0 &+= $1.mixed }
            let stored = try edgeSum(of: follower)
            guard stored.count == edges.count, stored.sum == sum else {
                throw StorageError(
                    .damaged, "the follows of account \(follower) in shard \(shard) are damaged",
                    hint: "run \"social verify\"")
            }
        }
        return edges
    }

    func followeeIDs(of follower: UserID) throws -> [UserID] {
        if try isHidden(follower.slot) { return [] }
        return try statement("SELECT followee FROM follow WHERE follower = ? ORDER BY followee").bind(follower.rawValue)
            .all { UserID(rawValue: $0.integer(0)) }
    }

    func followers(of followee: UserID, page: Page<UserID>) throws -> [FollowRecord] {
        try turnRound()
        let sql = """
            SELECT follower.follower, since FROM follower
            JOIN follow ON follow.follower = follower.follower AND follow.followee = follower.followee
            WHERE follower.followee = ? AND follower.follower > ? AND follower.follower < ?
                \(visible("follower.follower"))
            ORDER BY follower.follower \(page.takesEnd ? "DESC" : "ASC") LIMIT ?
            """
        let edges = try statement(sql).bind(page, with: followee).all { row in
            FollowRecord(
                follower: UserID(rawValue: row.integer(0)), followee: followee,
                since: Timestamp(milliseconds: row.integer(1)))
        }
        return page.takesEnd ? edges.reversed() : edges
    }

    func followerIDs(of followee: UserID) throws -> [UserID] {
        try turnRound()
        let sql = "SELECT follower FROM follower WHERE followee = ?\(visible("follower")) ORDER BY follower"
        return try statement(sql).bind(followee.rawValue).all { UserID(rawValue: $0.integer(0)) }
    }

    func followeeCount(of follower: UserID) throws -> Int {
        try isHidden(follower.slot) ? 0 : edgeSum(of: follower).count
    }

    func followerCount(of followee: UserID) throws -> Int {
        try turnRound()
        return try statement("SELECT COUNT(*) FROM follower WHERE followee = ?\(visible("follower"))").bind(
            followee.rawValue
        )
        .first { Int($0.integer(0)) } ?? 0
    }

    func followCount() throws -> Int {
        let sql = "SELECT CAST(COALESCE(SUM(count), 0) AS BIGINT) FROM edges WHERE TRUE\(visible("follower"))"
        return try statement(sql).first { Int($0.integer(0)) } ?? 0
    }

    func forEachFollow(_ visit: (FollowRecord) throws -> Void) throws {
        let sql =
            "SELECT follower, followee, since FROM follow WHERE TRUE\(visible("follower")) ORDER BY follower, followee"
        try statement(sql).forEach { row in
            try visit(
                FollowRecord(
                    follower: UserID(rawValue: row.integer(0)), followee: UserID(rawValue: row.integer(1)),
                    since: Timestamp(milliseconds: row.integer(2))))
        }
    }

    func follow(_ edge: FollowRecord) throws -> Bool {
        try claim(edge.follower.slot)
        try requireNotFormer(edge.follower, edge.followee)
        guard try insert(edge, try edgeInsertion()) else { return false }
        unturned.append(edge)
        try turnRound()
        try add(1, edge.mixed, toEdgesOf: edge.follower)
        log(.followed(follower: edge.follower, followee: edge.followee))
        return true
    }

    func importFollows(of follower: UserID, _ followees: [UserID], since: Timestamp) throws -> Int {
        try claim(follower.slot)
        try requireNotFormer(follower)
        var added: Int64 = 0
        var sum: UInt64 = 0
        let insertion = try edgeInsertion()
        for followee in followees {
            let edge = FollowRecord(follower: follower, followee: followee, since: since)
            if try insert(edge, insertion) {
                added += 1
                sum &+= edge.mixed
                unturned.append(edge)
            }
        }
        guard added > 0 else { return 0 }
        try add(added, sum, toEdgesOf: follower)
        log(.followsImported(follower: follower))
        return Int(added)
    }

    func unfollow(_ follower: UserID, _ followee: UserID) throws -> Bool {
        try claim(follower.slot)
        guard let edge = try follow(follower, followee) else { return false }
        try remove(edge)
        log(.unfollowed(follower: follower, followee: followee))
        return true
    }

    /// Removes an edge from both tables and from its follower's sum.
    func remove(_ edge: FollowRecord) throws {
        try statement("DELETE FROM follow WHERE follower = ? AND followee = ?")
            .bind(edge.follower.rawValue, edge.followee.rawValue).run()
        try turnRound()
        try statement("DELETE FROM follower WHERE followee = ? AND follower = ?")
            .bind(edge.followee.rawValue, edge.follower.rawValue).run()
        try count(removed: .follow(edge))
        try add(-1, 0 &- edge.mixed, toEdgesOf: edge.follower)
    }

    static let followSelection = "SELECT since FROM follow WHERE follower = ? AND followee = ?"

    /// Adds an edge that is known not to be there, without a word in the log; the caller adds to its follower's sum.
    func insertNew(_ edge: FollowRecord) throws {
        let insert = try statement("INSERT INTO follow VALUES (?, ?, ?)")
        try insert.bind(edge.follower.rawValue, edge.followee.rawValue, edge.since.milliseconds).run()
        try count(added: edge.mixed, .follow(edge))
        unturned.append(edge)
    }

    /// Adds an edge without a word in the log: what is restored is told by its follower.
    func restoreFollow(_ edge: FollowRecord) throws -> Bool {
        guard try insert(edge, try edgeInsertion()) else { return false }
        unturned.append(edge)
        try add(1, edge.mixed, toEdgesOf: edge.follower)
        return true
    }

    private func edgeInsertion() throws -> any SQLStatement {
        try statement("INSERT INTO follow VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
    }

    /// Adds an edge to the table of edges; false when it is there.
    private func insert(_ edge: FollowRecord, _ insertion: any SQLStatement) throws -> Bool {
        insertion.bind(edge.follower.rawValue, at: 1)
        insertion.bind(edge.followee.rawValue, at: 2)
        insertion.bind(edge.since.milliseconds, at: 3)
        try insertion.run()
        guard database.changesCount > 0 else { return false }
        try count(added: edge.mixed, .follow(edge))
        return true
    }

    /// Enters new edges into the table that answers who follows whom, in the order of that table.
    ///
    /// Many random places of a tree cost three times what a walk along it costs.
    func turnRound() throws {
        if unturned.isEmpty { return }
        unturned.sort { $0.followee == $1.followee ? $0.follower < $1.follower : $0.followee < $1.followee }
        let insert = try statement("INSERT INTO follower VALUES (?, ?) ON CONFLICT DO NOTHING")
        for edge in unturned {
            insert.bind(edge.followee.rawValue, at: 1)
            insert.bind(edge.follower.rawValue, at: 2)
            try insert.run()
        }
        unturned.removeAll()
    }

    /// The number and the sum of the hashes of a follower's edges.
    func edgeSum(of follower: UserID) throws -> (count: Int, sum: UInt64) {
        try statement(SQLTransaction.edgeSumSelection).bind(follower.rawValue)
            .first { (Int($0.integer(0)), UInt64(bitPattern: $0.integer(1))) } ?? (0, 0)
    }

    static let edgeSumSelection = "SELECT count, sum FROM edges WHERE follower = ?"
    private static let edgesUpsert = SQLUpsert.into("edges", "follower, count, sum", key: "follower")

    private func add(_ count: Int64, _ sum: UInt64, toEdgesOf follower: UserID) throws {
        let before = try edgeSum(of: follower)
        try setEdges(of: follower, Int64(before.count) + count, before.sum &+ sum)
    }

    /// Says how many edges a follower has, and what their hashes add up to.
    func setEdges(of follower: UserID, _ count: Int64, _ sum: UInt64) throws {
        try statement(SQLTransaction.edgesUpsert).bind(follower.rawValue, count, Int64(bitPattern: sum)).run()
    }
}

extension SQLStatement {
    /// Binds a fixed id, the bounds of a page and its limit, from position 1 on.
    func bind<Key: EntityIdentifier>(_ page: Page<Key>, with fixed: some EntityIdentifier) -> any SQLStatement {
        bind(
            fixed.rawValue, page.after?.rawValue ?? 0, page.before?.rawValue ?? Int64.max,
            Int64(page.limit))
    }
}
