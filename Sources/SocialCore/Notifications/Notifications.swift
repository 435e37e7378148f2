// Who has done something that I want to know? The façade of the room: the inboxes of readers, what they have read of
// them, and what they want to be told.

/// The notifications of a network.
package struct Notifications {
    let view: NotificationView
    let records: any NotificationRecords
    let posts: Posts
    let accounts: Accounts
    let graph: Graph
    let feeds: Feeds
    let context: Context

    var router: Router { view.router }

    /// Which of a reader's notifications are meant.
    package struct Selection: Sendable {
        /// Of these kinds; nil: of those that the reader wants to be told.
        package var kinds: Set<NotificationKind>?
        /// Only what has not been read yet.
        package var isUnread = false
        /// Each like, repost and follow for itself.
        package var isUngrouped = false

        /// All that a reader wants to be told.
        package init() {}
    }

    // MARK: Reading

    /// A page of a reader's notifications, the newest first.
    ///
    /// - Parameter cursor: the last one of the page before; nil begins at the newest.
    package func page(
        for reader: UserID, _ selection: Selection = Selection(), after cursor: NotificationCursor? = nil, limit: Int
    ) throws -> [Notification] {
        let inbox = try Inbox(self, reader, selection)
        return try view.read(context) { try inbox.page($0, after: cursor, limit: limit) }
    }

    /// How many notifications a reader has.
    package func count(for reader: UserID, _ selection: Selection = Selection()) throws -> Int {
        var inbox = try Inbox(self, reader, selection)
        inbox.namesActors = false
        return try view.read(context) { try inbox.page($0, after: nil, limit: .max) }.count
    }

    /// How many notifications a reader has not read yet.
    package func unreadCount(for reader: UserID) throws -> Int {
        var selection = Selection()
        selection.isUnread = true
        return try count(for: reader, selection)
    }

    // MARK: Marks

    /// What marking did.
    package struct Marking: Equatable, Sendable {
        /// Whether something is marked that was not.
        package var isChanged: Bool
        /// How many notifications the reader has not read yet.
        package var unread: Int
    }

    /// Marks single notifications as read: those of their items that are there now.
    package func markRead(_ ids: [NotificationID], of reader: UserID) throws -> Marking {
        var selection = Selection()
        selection.kinds = Set(ids.map(\.kind))
        selection.isUnread = true
        var inbox = try Inbox(self, reader, selection)
        inbox.namesActors = false
        let found = try view.read(context) { inboxes in try ids.compactMap { try inbox.notification($0, inboxes) } }
        let rows = found.map { ($0.id.description, Optional(NotificationMarks.value($0.newest))) }
        if !rows.isEmpty { try records.set(rows, .readMark, of: reader) }
        return Marking(isChanged: !rows.isEmpty, unread: try unreadCount(for: reader))
    }

    /// Marks everything as read that is not newer than a place; nil: everything that there is.
    package func markRead(until cursor: NotificationCursor?, of reader: UserID) throws -> Marking {
        let newest = try cursor?.time ?? page(for: reader, limit: 1).first?.newest
        let marks = NotificationMarks(try records.all(.readMark, of: reader))
        guard let newest, newest > marks.all else {
            return Marking(isChanged: false, unread: try unreadCount(for: reader))
        }
        var rows: [(String, [UInt8]?)] = [(NotificationMarks.nameOfAll, NotificationMarks.value(newest))]
        rows += marks.single.filter { $0.value <= newest }.map(\.key).sorted().map { ($0.description, nil) }
        try records.set(rows, .readMark, of: reader)
        return Marking(isChanged: true, unread: try unreadCount(for: reader))
    }

    // MARK: Preferences

    /// What a reader wants to be told.
    package func preferences(of reader: UserID) throws -> NotificationPreferences {
        NotificationPreferences(try records.all(.preference, of: reader))
    }

    /// Changes what a reader wants to be told; `isNew` tells whether it is something else now.
    package func setPreferences(
        of reader: UserID, _ change: (inout NotificationPreferences) throws -> Void
    ) throws -> Creation<NotificationPreferences> {
        let before = try preferences(of: reader)
        var preferences = before
        try change(&preferences)
        let rows = preferences.changes(from: before)
        if !rows.isEmpty { try records.set(rows, .preference, of: reader) }
        return Creation(preferences, isNew: !rows.isEmpty)
    }

    // MARK: Looking after

    /// Brings the inboxes up to date, for those who read them later: false where they cannot be written.
    @discardableResult
    package func bringUpToDate() throws -> Bool { try view.bringUpFile(context) }

    /// Makes the inboxes again from the truth.
    package func rebuild() throws { try view.rebuildFile(context) }

    /// How many commits the inboxes on disk are behind; nil where they have to be made again.
    package func lag() throws -> Int64? { try view.lag() }

    /// What is wrong with the inboxes on disk; nil when nothing is.
    package func problem() throws -> String? { try view.problem(context) }
}
