// Who has done something that I want to know? The façade of the room: the inboxes of readers, what they have read of
// them, and what they want to be told.

internal import Formats

/// The notifications of a network.
package struct Notifications {
    let view: NotificationView
    let attributes: AccountAttributes
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
        try unreadCount(for: reader, NotificationMarks(attributes.all(.readMark, of: reader)))
    }

    private func unreadCount(for reader: UserID, _ marks: NotificationMarks) throws -> Int {
        var selection = Selection()
        selection.isUnread = true
        var inbox = try Inbox(self, reader, selection, marks)
        inbox.namesActors = false
        return try view.read(context) { try inbox.page($0, after: nil, limit: .max) }.count
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
        var marks = NotificationMarks(try attributes.all(.readMark, of: reader))
        var inbox = try Inbox(self, reader, selection, marks)
        inbox.namesActors = false
        let found = try view.read(context) { inboxes in try ids.compactMap { try inbox.notification($0, inboxes) } }
        try set(marks.mark(found), .readMark, of: reader)
        return Marking(isChanged: !found.isEmpty, unread: try unreadCount(for: reader, marks))
    }

    /// Marks everything as read that is not newer than a place; nil: everything that there is.
    package func markRead(until cursor: NotificationCursor?, of reader: UserID) throws -> Marking {
        let newest = try cursor?.time ?? page(for: reader, limit: 1).first?.newest
        var marks = NotificationMarks(try attributes.all(.readMark, of: reader))
        guard let newest, newest > marks.all else {
            return Marking(isChanged: false, unread: try unreadCount(for: reader, marks))
        }
        try set(marks.mark(until: newest), .readMark, of: reader)
        return Marking(isChanged: true, unread: try unreadCount(for: reader, marks))
    }

    // MARK: Preferences

    /// What a reader wants to be told.
    package func preferences(of reader: UserID) throws -> NotificationPreferences {
        NotificationPreferences(try attributes.all(.preference, of: reader))
    }

    /// Changes what a reader wants to be told; `isNew` tells whether it is something else now.
    package func setPreferences(
        of reader: UserID, _ change: (inout NotificationPreferences) throws -> Void
    ) throws -> Creation<NotificationPreferences> {
        let before = try preferences(of: reader)
        var preferences = before
        try change(&preferences)
        let rows = preferences.changes(from: before)
        try set(rows, .preference, of: reader)
        return Creation(preferences, isNew: !rows.isEmpty)
    }

    /// Stores attributes, and removes those without a value.
    private func set(_ rows: [(name: String, value: [UInt8]?)], _ kind: AttributeKind, of reader: UserID) throws {
        if rows.isEmpty { return }
        try attributes.change(of: reader) { records in
            for row in rows {
                if let value = row.value {
                    try records.set(AttributeRecord(kind, row.name, of: reader, value, at: context.clock.now))
                } else {
                    try records.remove(kind, row.name, of: reader)
                }
            }
        }
    }

    // MARK: Notices

    /// Tells who has uploaded a film that it can be streamed.
    package func noteReady(_ film: MediaRecord) throws {
        let value = JSONValue.object([
            JSONValue.Member("kind", .string(NotificationKind.filmReady.rawValue)),
            JSONValue.Member("text", .string("your film \(film.content.name) can be streamed")),
            JSONValue.Member("media", .string(film.id.description)),
        ])
        _ = try attributes.set(.notice, film.id.description, of: film.author, to: Array(value.text.utf8))
    }

    // MARK: Looking after

    /// Brings the inboxes up to date, for those who read them later: false where they cannot be written.
    @discardableResult
    package func bringUpToDate() throws -> Bool { try view.bringUpFile(context) }

    /// Makes the inboxes again from the truth: how many items are told in groups, and how many groups there are with
    /// what is told alone.
    @discardableResult
    package func rebuild() throws -> (items: Int, groups: Int) {
        try view.rebuildFile(context)
        return try view.read(context) { try $0.counts() }
    }

    /// Makes the inboxes again where there are any, so that nothing of what was deleted is left in their file.
    package func purge() throws {
        if view.store.hasFiles { try view.rebuildFile(context) }
    }

    /// How many commits the inboxes on disk are behind; nil where they have to be made again.
    package func lag() throws -> Int64? { try view.lag() }

    /// Bytes of the inboxes on disk.
    package var sizeBytes: Int { view.store.sizeBytes }

    /// What is wrong with the inboxes on disk; nil when nothing is.
    package func problem() throws -> String? { try view.problem(context) }
}
