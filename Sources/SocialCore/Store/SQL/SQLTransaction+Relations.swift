// Blocks, mutes, likes and sights in SQL.

extension SQLTransaction {
    func relation(_ kind: RelationKind, _ actor: UserID, _ target: EntityID) throws -> RelationRecord? {
        if try isHidden(actor.slot) { return nil }
        return try statement(SQLTransaction.relationSelection).bind(kind.rawValue, actor.rawValue, target.rawValue)
            .first(readRelation)
    }

    static let relationSelection =
        "SELECT kind, actor, target, since, hash FROM relation WHERE kind = ? AND actor = ? AND target = ?"

    func relations(_ kind: RelationKind, of actor: UserID, page: Page<EntityID>) throws -> [RelationRecord] {
        if try isHidden(actor.slot) { return [] }
        let sql = """
            SELECT kind, actor, target, since, hash FROM relation
            WHERE actor = ? AND target > ? AND target < ? AND kind = ?5
            ORDER BY target \(page.takesEnd ? "DESC" : "ASC") LIMIT ?4
            """
        let select = try statement(sql).bind(page, with: actor)
        select.bind(kind.rawValue, at: 5)
        let found = try select.all(readRelation)
        return page.takesEnd ? found.reversed() : found
    }

    func relations(_ kind: RelationKind, to target: EntityID, page: Page<UserID>) throws -> [RelationRecord] {
        // Without statistics SQLite takes the primary key, and walks along all relations of the kind.
        let sql = """
            SELECT kind, actor, target, since, hash FROM relation INDEXED BY relation_by_target
            WHERE target = ? AND actor > ? AND actor < ? AND kind = ?5\(visible("actor"))
            ORDER BY actor \(page.takesEnd ? "DESC" : "ASC") LIMIT ?4
            """
        let select = try statement(sql).bind(page, with: target)
        select.bind(kind.rawValue, at: 5)
        let found = try select.all(readRelation)
        return page.takesEnd ? found.reversed() : found
    }

    func forEachRelation(_ kind: RelationKind, _ visit: (RelationRecord) throws -> Void) throws {
        let sql = """
            SELECT kind, actor, target, since, hash FROM relation WHERE kind = ?\(visible("actor"))
            ORDER BY actor, target
            """
        try statement(sql).bind(kind.rawValue).forEach { try visit(try readRelation($0)) }
    }

    func relate(_ relation: RelationRecord) throws -> Bool {
        try claim(relation.actor.slot)
        try requireNotFormer(relation.actor, UserID(rawValue: relation.target.rawValue))
        guard try self.relation(relation.kind, relation.actor, relation.target) == nil else { return false }
        try insert(relation)
        if relation.kind == .block {
            let other = UserID(rawValue: relation.target.rawValue)
            _ = try unfollow(relation.actor, other)
            try addPending(.sever(follower: other, followee: relation.actor))
        }
        // What someone has seen concerns no view.
        if relation.kind != .seen { log(.related(relation.kind, actor: relation.actor, target: relation.target)) }
        return true
    }

    func unrelate(_ kind: RelationKind, _ actor: UserID, _ target: EntityID) throws -> Bool {
        try claim(actor.slot)
        guard let relation = try relation(kind, actor, target) else { return false }
        try remove(relation)
        if kind != .seen { log(.unrelated(kind, actor: actor, target: target)) }
        return true
    }

    /// Writes a relation's row and counts it.
    func insert(_ relation: RelationRecord) throws {
        try insertRow(of: relation)
        if relation.kind == .like {
            try engage(PostID(rawValue: relation.target.rawValue), Engagement(likes: 1))
        }
    }

    /// Writes a relation's row; the caller counts what it does to a post.
    func insertRow(of relation: RelationRecord) throws {
        let hash = TruthRow.relation(relation).check
        try statement("INSERT INTO relation VALUES (?, ?, ?, ?, ?)")
            .bind(
                relation.kind.rawValue, relation.actor.rawValue, relation.target.rawValue,
                relation.since.milliseconds, Int64(bitPattern: hash)
            ).run()
        try count(added: hash, .relation(relation))
    }

    /// Removes a relation's row.
    func remove(_ relation: RelationRecord) throws {
        try statement("DELETE FROM relation WHERE kind = ? AND actor = ? AND target = ?")
            .bind(relation.kind.rawValue, relation.actor.rawValue, relation.target.rawValue).run()
        try count(removed: .relation(relation))
        if relation.kind == .like {
            try engage(PostID(rawValue: relation.target.rawValue), Engagement(likes: -1))
        }
    }

    /// Reads the columns kind, actor, target, since and hash, and proves the row.
    func readRelation(_ row: any SQLStatement) throws -> RelationRecord {
        let target = EntityID(rawValue: row.integer(2))
        guard let kind = RelationKind(rawValue: row.integer(0)) else {
            throw StorageError(.damaged, "a relation in shard \(shard) is damaged", hint: "run \"social verify\"")
        }
        let actor = UserID(rawValue: row.integer(1))
        let record = RelationRecord(kind, actor, target, since: Timestamp(milliseconds: row.integer(3)))
        try verify(.relation(record), against: row.integer(4), "what account \(actor) has to do with \(target)")
        return record
    }

    // MARK: Engagement

    func engagement(of post: PostID) throws -> Engagement {
        let sql = "SELECT likes, replies, reposts FROM \(engagement("= ?1")) WHERE post = ?1"
        return try statement(sql).bind(post.rawValue).first {
            Engagement(likes: $0.integer(0), replies: $0.integer(1), reposts: $0.integer(2))
        } ?? Engagement()
    }

    func forEachEngagement(
        in range: ClosedRange<PostID>, _ visit: (PostID, Engagement) throws -> Void
    ) throws {
        let sql = """
            SELECT post, likes, replies, reposts FROM \(engagement("BETWEEN ?1 AND ?2")) WHERE post BETWEEN ?1 AND ?2
            ORDER BY post
            """
        try statement(sql).bind(range.lowerBound.rawValue, range.upperBound.rawValue).forEach { row in
            try visit(
                PostID(rawValue: row.integer(0)),
                Engagement(likes: row.integer(1), replies: row.integer(2), reposts: row.integer(3)))
        }
    }

    private static let engagementUpsert = SQLUpsert.into("engagement", "post, likes, replies, reposts", key: "post")

    private static let engagementAddition = """
        INSERT INTO engagement (post, likes, replies, reposts) VALUES (?, ?, ?, ?)
        ON CONFLICT (post) DO UPDATE SET likes = engagement.likes + excluded.likes,
            replies = engagement.replies + excluded.replies, reposts = engagement.reposts + excluded.reposts
        """

    /// Counts what an account of this shard did with a post.
    func engage(_ post: PostID, _ change: Engagement) throws {
        if min(change.likes, change.replies, change.reposts) >= 0 {
            // What only grows needs no look at what it was.
            try statement(SQLTransaction.engagementAddition)
                .bind(post.rawValue, change.likes, change.replies, change.reposts).run()
            return
        }
        let select = try statement("SELECT likes, replies, reposts FROM engagement WHERE post = ?").bind(post.rawValue)
        var sum =
            try select.first {
                Engagement(likes: $0.integer(0), replies: $0.integer(1), reposts: $0.integer(2))
            } ?? Engagement()
        sum += change
        if sum == Engagement() {
            try statement("DELETE FROM engagement WHERE post = ?").bind(post.rawValue).run()
        } else {
            try statement(SQLTransaction.engagementUpsert)
                .bind(post.rawValue, sum.likes, sum.replies, sum.reposts).run()
        }
    }
}
