// Changes of the inboxes. A group knows how many items it has and when the newest came, so that a page of groups costs
// the same whether ten or a million accounts like a post.

internal import GRDB

extension InboxTransaction {
    /// Notes how far the inboxes have come.
    package func setOffsets(_ text: String) throws {
        let update = try statement("UPDATE view SET offsets = ?")
        update.bind(text, at: 1)
        try update.run()
    }

    /// Notes from when on items are kept.
    package func setFloor(_ time: Timestamp) throws {
        try statement("UPDATE view SET floor = ?").bind(time.milliseconds).run()
    }

    /// Tells the groups what was added to them last.
    func finish() throws {
        guard let group = added else { return }
        added = nil
        try store(group)
    }

    // MARK: Items

    /// Puts an item, in the place of the same at another time.
    ///
    /// Many of one group are best put one after the other.
    package func put(_ item: InboxItem) throws {
        guard item.kind.isGrouped else {
            try statement("INSERT OR REPLACE INTO bundle VALUES (?, ?, ?, 0, 1, ?, ?)").bind(
                item.reader.rawValue, item.kind.rawValue, item.subject, item.time.milliseconds, item.actor.rawValue
            ).run()
            return
        }
        if isBulk { return try insert(item, "REPLACE") }
        try insert(item, "IGNORE")
        let key = item.group
        if database.changesCount == 0 {
            let before = try time(key, item.actor)
            if before == item.time { return }
            try remove(item, at: nil)
            return try put(item)
        }
        if var group = added, group.key == key {
            group.count += 1
            group.newest = max(group.newest, item.time)
            added = group
        } else {
            try finish()
            added = InboxGroup(key, count: 1, newest: item.time)
        }
    }

    /// Writes an item's row, or leaves it, or replaces it when there is one.
    private func insert(_ item: InboxItem, _ conflict: String) throws {
        let insert = try statement("INSERT OR \(conflict) INTO item VALUES (?, ?, ?, ?, ?)")
        insert.bind(item.reader.rawValue, at: 1)
        insert.bind(item.kind.rawValue, at: 2)
        insert.bind(item.subject, at: 3)
        insert.bind(item.actor.rawValue, at: 4)
        insert.bind(item.time.milliseconds, at: 5)
        try insert.run()
    }

    /// Adds to a group, which may be new.
    private func store(_ group: InboxGroup) throws {
        let upsert = """
            INSERT INTO bundle VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO UPDATE SET
            count = count + excluded.count, newest = max(newest, excluded.newest)
            """
        try statement(upsert).bind(
            group.key.reader.rawValue, group.key.kind.rawValue, group.key.subject, group.key.day, Int64(group.count),
            group.newest.milliseconds
        ).run()
    }

    /// Removes an item, whatever its time was.
    package func remove(_ item: InboxItem) throws { try remove(item, at: nil) }

    /// Removes an item.
    ///
    /// - Parameter time: only if it is of this time.
    func remove(_ item: InboxItem, at time: Timestamp?) throws {
        try finish()
        guard item.kind.isGrouped else {
            return try statement("DELETE FROM bundle WHERE reader = ? AND kind = ? AND subject = ?").bind(
                item.reader.rawValue, item.kind.rawValue, item.subject
            ).run()
        }
        guard let found = try self.time(item.group, item.actor), time == nil || found == time else { return }
        try statement("DELETE FROM item WHERE reader = ? AND kind = ? AND subject = ? AND actor = ?").bind(
            item.reader.rawValue, item.kind.rawValue, item.subject, item.actor.rawValue
        ).run()
        var gone = item
        gone.time = found
        try shrink(gone.group)
    }

    /// Tells a group that one of its items is gone.
    private func shrink(_ key: InboxGroup.Key) throws {
        guard let newest = try items(in: key, times: 0...Int64.max, limit: 1).first?.time else {
            return try statement("DELETE FROM bundle WHERE reader = ? AND kind = ? AND subject = ? AND day = ?").bind(
                key.reader.rawValue, key.kind.rawValue, key.subject, key.day
            ).run()
        }
        let update = """
            UPDATE bundle SET count = count - 1, newest = ?
            WHERE reader = ? AND kind = ? AND subject = ? AND day = ?
            """
        try statement(update).bind(
            newest.milliseconds, key.reader.rawValue, key.kind.rawValue, key.subject, key.day
        ).run()
    }

    /// Removes everything that was done to a post.
    package func removeGroup(_ reader: UserID, _ kind: InboxItem.Kind, _ subject: PostID) throws {
        try finish()
        for table in ["item", "bundle"] {
            try statement("DELETE FROM \(table) WHERE reader = ? AND kind = ? AND subject = ?")
                .bind(reader.rawValue, kind.rawValue, subject.rawValue).run()
        }
    }

    // MARK: Posts

    /// Notes what a post has made: its items, and the handles in it that nobody has.
    ///
    /// What it had made before and does not make any more is removed.
    package func set(_ items: [InboxItem], unknown keys: [String], madeBy post: PostID) throws {
        let before = try self.items(madeBy: post)
        for item in before where !items.contains(item) {
            try remove(item, at: post.time)
            try statement("DELETE FROM note WHERE post = ? AND reader = ? AND kind = ?")
                .bind(post.rawValue, item.reader.rawValue, item.kind.rawValue).run()
        }
        for item in items where !before.contains(item) { try add(item, madeBy: post) }
        try statement("DELETE FROM unknown WHERE post = ?").bind(post.rawValue).run()
        try add(unknown: keys, in: post)
    }

    /// Notes what a post has made of which nothing is known yet.
    package func add(_ item: InboxItem, madeBy post: PostID) throws {
        try put(item)
        try statement("INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?, ?)").bind(
            post.rawValue, item.reader.rawValue, item.kind.rawValue, item.subject, item.actor.rawValue
        ).run()
    }

    /// Notes handles that a post names and nobody has.
    package func add(unknown keys: [String], in post: PostID) throws {
        for key in keys {
            let insert = try statement("INSERT OR IGNORE INTO unknown VALUES (?, ?)")
            insert.bind(key, at: 1)
            insert.bind(post.rawValue, at: 2)
            try insert.run()
        }
    }

    // MARK: Much at once

    /// Removes whom an account liked and followed, and where it was named.
    ///
    /// Its posts, and who follows it, go one by one. Cost: a scan of all items.
    package func removeAccount(_ account: UserID) throws {
        try finish()
        for table in ["bundle", "note"] {
            try statement("DELETE FROM \(table) WHERE reader = ? AND kind = 1").bind(account.rawValue).run()
        }
        let sql = "SELECT reader, kind, subject, time FROM item WHERE actor = ? AND kind IN (3, 5)"
        let items = try statement(sql).bind(account.rawValue).all { row -> InboxItem? in
            guard let kind = InboxItem.Kind(rawValue: row.integer(1)) else { return nil }
            return InboxItem(
                UserID(rawValue: row.integer(0)), kind, subject: row.integer(2), by: account,
                at: Timestamp(milliseconds: row.integer(3)))
        }
        for case let item? in items { try remove(item, at: nil) }
    }

    /// Removes what is older than a time.
    ///
    /// Cost: a scan of all items.
    package func prune(before time: Timestamp) throws {
        try finish()
        let groups = try statement(
            "SELECT reader, kind, subject, day FROM bundle WHERE kind BETWEEN 3 AND 5 AND newest >= ?"
        ).bind(time.milliseconds).all { row -> InboxGroup.Key? in
            InboxItem.Kind(rawValue: row.integer(1)).map {
                InboxGroup.Key(UserID(rawValue: row.integer(0)), $0, row.integer(2), day: row.integer(3))
            }
        }
        let old = 0...time.milliseconds - 1
        for case let key? in groups {
            let count = try count(in: key, times: old)
            guard count > 0 else { continue }
            try statement(
                "UPDATE bundle SET count = count - ? WHERE reader = ? AND kind = ? AND subject = ? AND day = ?"
            ).bind(Int64(count), key.reader.rawValue, key.kind.rawValue, key.subject, key.day).run()
        }
        try statement("DELETE FROM item WHERE time < ?").bind(time.milliseconds).run()
        try statement("DELETE FROM bundle WHERE newest < ?").bind(time.milliseconds).run()
        let first = IdentityLayout.firstIdentifier(at: time)
        try statement("DELETE FROM note WHERE post < ?").bind(first).run()
        try statement("DELETE FROM unknown WHERE post < ?").bind(first).run()
        try setFloor(time)
    }

    /// Makes the indexes, and the groups of all items.
    package func makeGroups() throws {
        isBulk = false
        try database.execute(sql: InboxSchema.itemIndex)
        let sql = """
            SELECT reader, kind, subject, time FROM item INDEXED BY item_by_time ORDER BY reader, kind, subject, time
            """
        var group: InboxGroup?
        try statement(sql).forEach { row in
            guard let kind = InboxItem.Kind(rawValue: row.integer(1)) else { return }
            let time = Timestamp(milliseconds: row.integer(3))
            let item = InboxItem(
                UserID(rawValue: row.integer(0)), kind, subject: row.integer(2), by: UserID(rawValue: 0), at: time)
            if group?.key == item.group {
                group?.count += 1
                group?.newest = time
            } else {
                if let group { try store(group) }
                group = InboxGroup(item.group, count: 1, newest: time)
            }
        }
        if let group { try store(group) }
        try database.execute(sql: InboxSchema.otherIndexes)
    }
}
