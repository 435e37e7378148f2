// What can be asked of the inboxes, inside a transaction. The changes stand in the file beside this one.

internal import GRDB

/// The inboxes while they are read or changed.
package final class InboxTransaction {
    let database: Database
    /// Items added to one group, which is not told of them yet.
    var added: InboxGroup?
    /// Whether groups are made when all items are there, by `makeGroups`.
    package var isBulk = false

    init(_ database: Database) { self.database = database }

    func statement(_ sql: String) throws -> Statement { try database.cachedStatement(sql: sql) }

    // MARK: The view

    /// How far the inboxes have come, as it was stored.
    package func offsets() throws -> String { try statement("SELECT offsets FROM view").first { $0.text(0) } ?? "" }

    /// Nothing older than this is kept.
    package func floor() throws -> Timestamp {
        Timestamp(milliseconds: try statement("SELECT floor FROM view").first { $0.integer(0) } ?? 0)
    }

    /// How many items are told in groups, and how many groups there are, with what is told alone.
    package func counts() throws -> (items: Int, groups: Int) {
        (
            items: try statement("SELECT COUNT(*) FROM item").first { Int($0.integer(0)) } ?? 0,
            groups: try statement("SELECT COUNT(*) FROM bundle").first { Int($0.integer(0)) } ?? 0
        )
    }

    // MARK: Groups

    private static let groupColumns = "reader, kind, subject, day, count, newest, actor"

    /// A reader's groups, the newest first, equal ones by kind, subject and day, behind a place.
    ///
    /// - Parameter place: the group to go on from, whose time is what counts, whether it is there or not.
    package func groups(of reader: UserID, after place: InboxGroup?, limit: Int) throws -> [InboxGroup] {
        let select = try statement(
            """
            SELECT \(InboxTransaction.groupColumns) FROM bundle INDEXED BY bundle_by_time
            WHERE reader = ?1 AND newest <= ?2 AND (newest < ?2 OR (kind, subject, day) > (?3, ?4, ?5))
            ORDER BY newest DESC, kind, subject, day LIMIT ?6
            """)
        let key = place?.key
        return try select.bind(
            reader.rawValue, place?.newest.milliseconds ?? .max, key?.kind.rawValue ?? -1, key?.subject ?? 0,
            key?.day ?? 0, Int64(limit)
        ).all(readGroup).compactMap { $0 }
    }

    /// A group; nil when it is empty.
    package func group(_ key: InboxGroup.Key) throws -> InboxGroup? {
        let sql = """
            SELECT \(InboxTransaction.groupColumns) FROM bundle
            WHERE reader = ? AND kind = ? AND subject = ? AND day = ?
            """
        return try statement(sql).bind(key.reader.rawValue, key.kind.rawValue, key.subject, key.day)
            .first(readGroup) ?? nil
    }

    private func readGroup(_ row: any SQLStatement) -> InboxGroup? {
        guard let kind = InboxItem.Kind(rawValue: row.integer(1)) else { return nil }
        let key = InboxGroup.Key(UserID(rawValue: row.integer(0)), kind, row.integer(2), day: row.integer(3))
        return InboxGroup(
            key, count: Int(row.integer(4)), newest: Timestamp(milliseconds: row.integer(5)),
            actor: kind.isGrouped ? nil : UserID(rawValue: row.integer(6)))
    }

    // MARK: Items

    /// Who is in a group and since when, the newest first, in a range of times.
    ///
    /// - Parameter actor: of those of the last time only the ones behind this account.
    package func items(
        in key: InboxGroup.Key, times: ClosedRange<Int64>, after actor: UserID? = nil, limit: Int
    ) throws -> [(actor: UserID, time: Timestamp)] {
        guard key.times.overlaps(times) else { return [] }
        let range = key.times.clamped(to: times)
        let sql = """
            SELECT actor, time FROM item INDEXED BY item_by_time
            WHERE reader = ?1 AND kind = ?2 AND subject = ?3 AND time BETWEEN ?4 AND ?5 AND (time < ?5 OR actor > ?6)
            ORDER BY time DESC, actor LIMIT ?7
            """
        return try statement(sql).bind(
            key.reader.rawValue, key.kind.rawValue, key.subject, range.lowerBound, range.upperBound,
            actor?.rawValue ?? -1, Int64(limit)
        ).all { (UserID(rawValue: $0.integer(0)), Timestamp(milliseconds: $0.integer(1))) }
    }

    /// How many items of a group lie in a range of times.
    package func count(in key: InboxGroup.Key, times: ClosedRange<Int64>) throws -> Int {
        guard key.times.overlaps(times) else { return 0 }
        let range = key.times.clamped(to: times)
        let sql = """
            SELECT COUNT(*) FROM item INDEXED BY item_by_time
            WHERE reader = ? AND kind = ? AND subject = ? AND time BETWEEN ? AND ?
            """
        return try statement(sql).bind(
            key.reader.rawValue, key.kind.rawValue, key.subject, range.lowerBound, range.upperBound
        ).first { Int($0.integer(0)) } ?? 0
    }

    /// Since when an account is in a group; nil when it is not.
    package func time(of actor: UserID, in key: InboxGroup.Key) throws -> Timestamp? {
        guard let time = try time(key, actor), key.times.contains(time.milliseconds) else { return nil }
        return time
    }

    /// When an account did what the items of a group are about, whichever day it was.
    func time(_ key: InboxGroup.Key, _ actor: UserID) throws -> Timestamp? {
        try statement("SELECT time FROM item WHERE reader = ? AND kind = ? AND subject = ? AND actor = ?")
            .bind(key.reader.rawValue, key.kind.rawValue, key.subject, actor.rawValue)
            .first { Timestamp(milliseconds: $0.integer(0)) }
    }

    // MARK: Posts

    /// The items that a post has made.
    package func items(madeBy post: PostID) throws -> [InboxItem] {
        try statement("SELECT reader, kind, subject, actor FROM note WHERE post = ?").bind(post.rawValue)
            .all { row -> InboxItem? in
                guard let kind = InboxItem.Kind(rawValue: row.integer(1)) else { return nil }
                return InboxItem(
                    UserID(rawValue: row.integer(0)), kind, subject: row.integer(2),
                    by: UserID(rawValue: row.integer(3)), at: post.time)
            }.compactMap { $0 }
    }

    /// The keys of handles that posts name and nobody has, in order.
    package func unknownKeys(limit: Int = .max) throws -> [String] {
        try statement("SELECT DISTINCT key FROM unknown ORDER BY key LIMIT ?").bind(Int64(limit)).all { $0.text(0) }
    }

    /// The posts that name a handle which nobody had.
    package func posts(naming key: String) throws -> [PostID] {
        let select = try statement("SELECT post FROM unknown WHERE key = ? ORDER BY post")
        select.bind(key, at: 1)
        return try select.all { PostID(rawValue: $0.integer(0)) }
    }

    // MARK: Checking

    /// What SQLite finds wrong with the file.
    package func engineProblems() throws -> [String] {
        try statement("PRAGMA quick_check(10)").all { $0.text(0) }.filter { $0 != "ok" }
    }

    /// Calls a closure for every row whose time is not before another, by table and in order.
    ///
    /// - Parameter visit: takes the name of the table and the numbers of the row.
    package func forEachRow(since time: Timestamp, _ visit: (String, [Int64]) throws -> Void) throws {
        let sources = [
            ("item", 5, "SELECT reader, kind, subject, actor, time FROM item WHERE time >= ? ORDER BY 1, 2, 3, 4"),
            (
                "item by time", 5,
                """
                SELECT reader, kind, subject, actor, time FROM item INDEXED BY item_by_time WHERE time >= ?
                ORDER BY reader, kind, subject, time, actor
                """
            ),
            (
                "bundle", 7,
                "SELECT \(InboxTransaction.groupColumns) FROM bundle WHERE newest >= ? ORDER BY 1, 2, 3, 4"
            ),
            (
                "bundle by time", 4,
                """
                SELECT reader, newest, kind, subject FROM bundle INDEXED BY bundle_by_time WHERE newest >= ?
                ORDER BY reader, newest DESC, kind, subject, day
                """
            ),
            (
                "note", 5,
                "SELECT post, reader, kind, subject, actor FROM note WHERE post >= ? ORDER BY 1, 2, 3"
            ),
        ]
        for (name, columns, sql) in sources {
            let start = name == "note" ? IdentityLayout.firstIdentifier(at: time) : time.milliseconds
            try statement(sql).bind(start).forEach { row in
                try visit(name, (0..<columns).map { row.integer(Int32($0)) })
            }
        }
    }
}
