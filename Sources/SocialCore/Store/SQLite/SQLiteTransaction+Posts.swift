// Posts, their tombstones and remembered commands in SQLite.

internal import GRDB

extension SQLiteTransaction {
    func post(_ id: PostID) throws -> PostRecord? {
        try statement("SELECT id, author, text, hash FROM post WHERE id = ?").bind(id.rawValue).first(readPost)
    }

    func posts(by author: UserID, in range: ClosedRange<PostID>, limit: Int) throws -> [PostID] {
        let sql = "SELECT id FROM post WHERE author = ? AND id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?"
        return try statement(sql)
            .bind(author.rawValue, range.lowerBound.rawValue, range.upperBound.rawValue, Int64(limit))
            .all { PostID(rawValue: $0.integer(0)) }
    }

    func posts(in range: ClosedRange<PostID>, limit: Int) throws -> [PostRecord] {
        try statement("SELECT id, author, text, hash FROM post WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT ?")
            .bind(range.lowerBound.rawValue, range.upperBound.rawValue, Int64(limit)).all(readPost)
    }

    func forEachPost(in range: ClosedRange<PostID>, _ visit: (UserID, PostID) throws -> Void) throws {
        let sql = """
            SELECT author, id FROM post INDEXED BY post_by_author WHERE id BETWEEN ? AND ? ORDER BY author, id
            """
        try statement(sql).bind(range.lowerBound.rawValue, range.upperBound.rawValue).forEach { row in
            try visit(UserID(rawValue: row.integer(0)), PostID(rawValue: row.integer(1)))
        }
    }

    func postCount() throws -> Int {
        try statement("SELECT COUNT(*) FROM post").first { Int($0.integer(0)) } ?? 0
    }

    func createPost(_ draft: PostDraft, now: Timestamp) throws -> Creation<PostRecord> {
        let verb = "post create"
        if let key = draft.idempotencyKey {
            try claim(draft.slot)
            if let earlier = try operation(draft.author, verb, key) {
                guard earlier.fingerprint == draft.fingerprint else {
                    throw StoreError(
                        .keyReused, "the idempotency key \"\(key)\" was used for another post",
                        hint: "choose a new key for a new post")
                }
                let id = PostID(rawValue: earlier.result)
                return Creation(
                    try post(id) ?? PostRecord(id: id, author: draft.author, text: draft.text), isNew: false)
            }
        }
        let raw = try draft.time.map { try mint(in: draft.slot, imported: $0) } ?? mint(in: draft.slot, now: now)
        let record = PostRecord(id: PostID(rawValue: raw), author: draft.author, text: draft.text)
        let hash = TruthRow.post(record).check
        let insert = try statement("INSERT INTO post VALUES (?, ?, ?, ?)")
        insert.bind(record.id.rawValue, at: 1)
        insert.bind(record.author.rawValue, at: 2)
        insert.bind(record.text, at: 3)
        insert.bind(Int64(bitPattern: hash), at: 4)
        try insert.run()
        count(added: hash)
        log(.posted(author: record.author, post: record.id))
        if let key = draft.idempotencyKey {
            try remember(
                OperationRecord(
                    account: draft.author, verb: verb, key: key, fingerprint: draft.fingerprint, result: raw))
        }
        return Creation(record, isNew: true)
    }

    func deletePost(_ id: PostID, by author: UserID?) throws -> PostRecord? {
        try claim(id.slot)
        guard let record = try post(id) else {
            let select = try statement("SELECT 1 FROM tombstone WHERE id = ?").bind(id.rawValue)
            guard try select.first({ _ in true }) == true else {
                throw StoreError(.noSuchPost, "there is no post \"\(id)\"")
            }
            return nil
        }
        if let author, author != record.author {
            throw StoreError(.notTheAuthor, "the post \"\(id)\" is someone else's")
        }
        try statement("DELETE FROM post WHERE id = ?").bind(id.rawValue).run()
        count(removed: TruthRow.post(record).check)
        let hash = TruthRow.tombstone(id).check
        try statement("INSERT INTO tombstone VALUES (?, ?)").bind(id.rawValue, Int64(bitPattern: hash)).run()
        count(added: hash)
        log(.postDeleted(author: record.author, post: id))
        return record
    }

    // MARK: Remembered commands

    func once(_ operation: OperationRecord, in slot: Slot, _ effect: () throws -> Void) throws -> Bool {
        try claim(slot)
        if try self.operation(operation.account, operation.verb, operation.key) != nil { return false }
        try attempt {
            try effect()
            try remember(operation)
        }
        return true
    }

    private func operation(_ account: UserID, _ verb: String, _ key: String) throws -> OperationRecord? {
        let sql = "SELECT fingerprint, result, hash FROM operation WHERE account = ? AND verb = ? AND key = ?"
        let select = try statement(sql).bind(account.rawValue)
        select.bind(verb, at: 2)
        select.bind(key, at: 3)
        return try select.first { row in
            let record = OperationRecord(
                account: account, verb: verb, key: key, fingerprint: row.integer(0), result: row.integer(1))
            try verify(.operation(record), against: row.integer(2), "the remembered command \"\(key)\"")
            return record
        }
    }

    private func remember(_ operation: OperationRecord) throws {
        let hash = TruthRow.operation(operation).check
        let insert = try statement("INSERT INTO operation VALUES (?, ?, ?, ?, ?, ?)").bind(operation.account.rawValue)
        insert.bind(operation.verb, at: 2)
        insert.bind(operation.key, at: 3)
        insert.bind(operation.fingerprint, at: 4)
        insert.bind(operation.result, at: 5)
        insert.bind(Int64(bitPattern: hash), at: 6)
        try insert.run()
        count(added: hash)
    }

    private func readPost(_ row: Statement) throws -> PostRecord {
        let record = PostRecord(
            id: PostID(rawValue: row.integer(0)), author: UserID(rawValue: row.integer(1)), text: row.text(2))
        try verify(.post(record), against: row.integer(3), "post \(record.id)")
        return record
    }
}
