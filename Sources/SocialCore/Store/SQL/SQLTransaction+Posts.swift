// Posts, their earlier versions and their tombstones in SQL.

extension SQLTransaction {
    static let postColumns = "id, author, text, hash, reply_to, repost_of, expires_at, edited_at, media"

    // MARK: Reading

    func post(_ id: PostID) throws -> PostRecord? {
        if try isHidden(id.slot) { return nil }
        return try statement(SQLTransaction.postSelection).bind(id.rawValue).first(readPost)
    }

    static let postSelection = "SELECT \(postColumns) FROM post WHERE id = ?"
    static let versionSelection = "SELECT post, number, text, written_at, hash FROM version WHERE post = ?"

    func isFormer(_ id: PostID) throws -> Bool {
        if try isHidden(id.slot) { return false }
        return try statement("SELECT 1 FROM tombstone WHERE id = ? AND is_account = 0").bind(id.rawValue).first { _ in
            true
        }
            ?? false
    }

    func posts(
        by author: UserID, in range: ClosedRange<PostID>, limit: Int, fromOldest: Bool
    ) throws -> [PostID] {
        let order = fromOldest ? "ASC" : "DESC"
        let sql = """
            SELECT id FROM post WHERE author = ? AND id BETWEEN ? AND ?\(visible("id")) ORDER BY id \(order) LIMIT ?
            """
        let ids = try statement(sql)
            .bind(author.rawValue, range.lowerBound.rawValue, range.upperBound.rawValue, Int64(limit))
            .all { PostID(rawValue: $0.integer(0)) }
        return fromOldest ? ids.reversed() : ids
    }

    func posts(in range: ClosedRange<PostID>, limit: Int, fromOldest: Bool) throws -> [PostRecord] {
        let sql = """
            SELECT \(SQLTransaction.postColumns) FROM post WHERE id BETWEEN ? AND ?\(visible("id"))
            ORDER BY id \(fromOldest ? "ASC" : "DESC") LIMIT ?
            """
        let posts = try statement(sql).bind(range.lowerBound.rawValue, range.upperBound.rawValue, Int64(limit))
            .all(readPost)
        return fromOldest ? posts.reversed() : posts
    }

    func expiringPosts(in range: ClosedRange<PostID>, limit: Int, fromOldest: Bool) throws -> [PostID] {
        let sql = """
            SELECT id FROM post INDEXED BY post_that_expires WHERE expires_at IS NOT NULL AND id BETWEEN ? AND ?
                \(visible("id"))
            ORDER BY id \(fromOldest ? "ASC" : "DESC") LIMIT ?
            """
        let ids = try statement(sql).bind(range.lowerBound.rawValue, range.upperBound.rawValue, Int64(limit))
            .all { PostID(rawValue: $0.integer(0)) }
        return fromOldest ? ids.reversed() : ids
    }

    func forEachPost(in range: ClosedRange<PostID>, _ visit: (UserID, PostID) throws -> Void) throws {
        let sql = """
            SELECT author, id FROM post INDEXED BY post_by_author WHERE id BETWEEN ? AND ?\(visible("id"))
            ORDER BY author, id
            """
        try statement(sql).bind(range.lowerBound.rawValue, range.upperBound.rawValue).forEach { row in
            try visit(UserID(rawValue: row.integer(0)), PostID(rawValue: row.integer(1)))
        }
    }

    func postCount() throws -> Int {
        try statement("SELECT COUNT(*) FROM post WHERE TRUE\(visible("id"))").first { Int($0.integer(0)) } ?? 0
    }

    func replies(to post: PostID, page: Page<PostID>) throws -> [PostID] {
        try children(of: post, "reply_to", page)
    }

    func reposts(of post: PostID, page: Page<PostID>) throws -> [PostID] {
        try children(of: post, "repost_of", page)
    }

    private func children(of post: PostID, _ column: String, _ page: Page<PostID>) throws -> [PostID] {
        let sql = """
            SELECT id FROM post WHERE \(column) = ? AND id > ? AND id < ?\(visible("id"))
            ORDER BY id \(page.takesEnd ? "DESC" : "ASC") LIMIT ?
            """
        let ids = try statement(sql).bind(page, with: post).all { PostID(rawValue: $0.integer(0)) }
        return page.takesEnd ? ids.reversed() : ids
    }

    func versions(of post: PostID) throws -> [PostVersion] {
        if try isHidden(post.slot) { return [] }
        return try statement(SQLTransaction.versionSelection + " ORDER BY number").bind(post.rawValue).all(readVersion)
    }

    // MARK: Writing

    func createPost(_ draft: PostDraft, now: Timestamp) throws -> Creation<PostRecord> {
        try claim(draft.slot)
        try requireNotFormer(draft.author)
        if let earlier = try earlierPost(draft) { return Creation(earlier, isNew: false) }
        let raw = try draft.time.map { try mint(in: draft.slot, imported: $0) } ?? mint(in: draft.slot, now: now)
        let record = draft.record(PostID(rawValue: raw))
        try insert(record)
        log(.posted(author: record.author, post: record.id))
        if let key = draft.idempotencyKey {
            try remember(
                OperationRecord(
                    account: draft.author, verb: draft.verb, key: key, fingerprint: draft.fingerprint, result: raw))
        }
        return Creation(record, isNew: true)
    }

    /// What the same command has made before: under its key, or by passing on the same post.
    private func earlierPost(_ draft: PostDraft) throws -> PostRecord? {
        let key = draft.idempotencyKey
        if let earlier = try earlier(draft.author, draft.verb, key, draft.fingerprint, making: "post") {
            let id = PostID(rawValue: earlier.result)
            return try post(id) ?? draft.record(id)
        }
        guard let original = draft.repostOf else { return nil }
        let sql =
            "SELECT \(SQLTransaction.postColumns) FROM post WHERE author = ? AND repost_of = ? ORDER BY id LIMIT 1"
        return try statement(sql).bind(draft.author.rawValue, original.rawValue).first(readPost)
    }

    /// Writes a post's row, and counts what it does to others.
    func insert(_ record: PostRecord) throws {
        try insertRow(of: record)
        if let parent = record.replyTo { try engage(parent, Engagement(replies: 1)) }
        if let original = record.repostOf { try engage(original, Engagement(reposts: 1)) }
    }

    /// Writes a post's row; the caller counts what it does to others.
    func insertRow(of record: PostRecord) throws {
        let hash = TruthRow.post(record).check
        let insert = try statement("INSERT INTO post VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        insert.bind(record.id.rawValue, at: 1)
        insert.bind(record.author.rawValue, at: 2)
        insert.bind(record.text, at: 3)
        insert.bind(Int64(bitPattern: hash), at: 4)
        insert.bind(record.replyTo?.rawValue, at: 5)
        insert.bind(record.repostOf?.rawValue, at: 6)
        insert.bind(record.expiresAt?.milliseconds, at: 7)
        insert.bind(record.editedAt?.milliseconds, at: 8)
        insert.bind(record.mediaText, at: 9)
        try insert.run()
        try count(added: hash, .post(record))
    }

    func editPost(_ id: PostID, text: String, by author: UserID?, now: Timestamp) throws -> Creation<PostRecord> {
        try claim(id.slot)
        guard let before = try post(id) else { throw StoreError(.noSuchPost, "there is no post \"\(id)\"") }
        try require(author, of: before)
        guard before.repostOf == nil else {
            throw StoreError(.isRepost, "the post \"\(id)\" passes another on, and has no text of its own")
        }
        guard before.text != text else { return Creation(before, isNew: false) }
        let number =
            try statement("SELECT MAX(number) FROM version WHERE post = ?").bind(id.rawValue)
            .first { $0.integer(0) } ?? 0
        try insert(
            PostVersion(post: id, number: number + 1, text: before.text, writtenAt: before.editedAt ?? id.time))
        var record = before
        record.text = text
        record.editedAt = now
        let hash = TruthRow.post(record).check
        let update = try statement("UPDATE post SET text = ?, edited_at = ?, hash = ? WHERE id = ?")
        update.bind(text, at: 1)
        update.bind(now.milliseconds, at: 2)
        update.bind(Int64(bitPattern: hash), at: 3)
        update.bind(id.rawValue, at: 4)
        try update.run()
        try count(removed: .post(before))
        try count(added: hash, .post(record))
        log(.postEdited(author: record.author, post: id))
        return Creation(record, isNew: true)
    }

    /// Writes a version's row.
    func insert(_ version: PostVersion) throws {
        let hash = TruthRow.version(version).check
        let insert = try statement("INSERT INTO version VALUES (?, ?, ?, ?, ?)")
        insert.bind(version.post.rawValue, at: 1)
        insert.bind(version.number, at: 2)
        insert.bind(version.text, at: 3)
        insert.bind(version.writtenAt.milliseconds, at: 4)
        insert.bind(Int64(bitPattern: hash), at: 5)
        try insert.run()
        try count(added: hash, .version(version))
    }

    func deletePost(_ id: PostID, by author: UserID?) throws -> PostRecord? {
        try claim(id.slot)
        guard let record = try post(id) else {
            guard try isFormer(id) else {
                throw StoreError(.noSuchPost, "there is no post \"\(id)\"")
            }
            return nil
        }
        try require(author, of: record)
        for version in try versions(of: id) { try count(removed: .version(version)) }
        try statement("DELETE FROM version WHERE post = ?").bind(id.rawValue).run()
        try deleteRow(of: record)
        try count(removed: .post(record))
        try bury(.tombstone(id), id.rawValue)
        log(.postDeleted(author: record.author, post: id))
        return record
    }

    /// Deletes a post's row, and what it counts for others.
    func deleteRow(of record: PostRecord) throws {
        try statement("DELETE FROM post WHERE id = ?").bind(record.id.rawValue).run()
        if let parent = record.replyTo { try engage(parent, Engagement(replies: -1)) }
        if let original = record.repostOf { try engage(original, Engagement(reposts: -1)) }
    }

    private func require(_ author: UserID?, of record: PostRecord) throws {
        if let author, author != record.author {
            throw StoreError(.notTheAuthor, "the post \"\(record.id)\" is someone else's")
        }
    }

    // MARK: Rows

    func readPost(_ row: any SQLStatement) throws -> PostRecord {
        let record = postRow(row)
        try verify(.post(record), against: row.integer(3), "post \(record.id)")
        return record
    }

    /// The columns of `columns` as they are.
    func postRow(_ row: any SQLStatement) -> PostRecord {
        PostRecord(
            id: PostID(rawValue: row.integer(0)), author: UserID(rawValue: row.integer(1)), text: row.text(2),
            replyTo: row.optionalInteger(4).map(PostID.init(rawValue:)),
            repostOf: row.optionalInteger(5).map(PostID.init(rawValue:)),
            expiresAt: row.optionalInteger(6).map(Timestamp.init(milliseconds:)),
            editedAt: row.optionalInteger(7).map(Timestamp.init(milliseconds:)),
            media: PostRecord.media(in: row.optionalText(8)))
    }

    func readVersion(_ row: any SQLStatement) throws -> PostVersion {
        let version = versionRow(row)
        try verify(.version(version), against: row.integer(4), "an earlier version of post \(version.post)")
        return version
    }

    /// The columns post, number, text and written_at as they are.
    func versionRow(_ row: any SQLStatement) -> PostVersion {
        PostVersion(
            post: PostID(rawValue: row.integer(0)), number: row.integer(1), text: row.text(2),
            writtenAt: Timestamp(milliseconds: row.integer(3)))
    }
}
