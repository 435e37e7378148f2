// What a reader is told, as it happens: what the logs say next, and what tasks have to say. A look at logs in which
// nothing has happened reads a few words of memory.

/// The new notifications of one reader from a place on, each for itself.
package struct NotificationTail {
    /// A new notification.
    package struct Item: Sendable {
        /// What has happened.
        package var notification: Notification
        /// The place behind it.
        package var position: Position
    }

    /// Where a reader goes on from.
    package struct Position: Equatable, Sendable {
        /// Behind commits of the logs and, where one tells of several things, behind some of the next commit.
        package var log: FeedTail.Position
        /// Behind the notices of tasks up to a time.
        package var notices: Timestamp
    }

    private let notifications: Notifications
    private let reader: UserID
    private let matcher: NotificationMatcher
    private var tail: LogTail
    private var passed: FeedTail.Passed?
    /// The place behind everything that was handed out.
    private var handed: Position
    /// What is found and not yet handed out.
    private var pending: ArraySlice<(match: NotificationMatcher.Match, log: FeedTail.Position)> = []

    /// The new notifications of a reader.
    ///
    /// - Parameter position: nil: from now on.
    init(_ notifications: Notifications, reader: UserID, after position: Position?) throws {
        self.notifications = notifications
        self.reader = reader
        let graph = notifications.graph
        matcher = notifications.matcher { try graph.isFeedAuthor($0, of: reader) ? [reader] : [] }
        let heads = notifications.view.logHeads
        if let position, case .log(let offsets, let passed) = position.log {
            tail = LogTail(heads, after: offsets)
            self.passed = passed
            handed = position
        } else {
            let offsets = try heads.vector()
            let newest = try notifications.attributes.all(.notice, of: reader, limit: Limits.notices).map(\.changedAt)
                .max()
            tail = LogTail(heads, after: offsets)
            handed = Position(log: .log(offsets, passed: nil), notices: newest ?? Timestamp(milliseconds: 0))
        }
    }

    /// What is new since the last call, oldest first; some of it where there is much, and nothing where there is none.
    ///
    /// - Throws: `cursorExpired` when a log does not go on from the place.
    package mutating func next() throws -> [Item] {
        let inbox = try Inbox(notifications, reader, Notifications.Selection())
        let notices = try inbox.notices(since: handed.notices)
        if !notices.isEmpty {
            return notices.map { notification in
                handed.notices = max(handed.notices, notification.time)
                return Item(notification: notification, position: handed)
            }
        }
        while true {
            if pending.isEmpty { try look() }
            let piece = pending.prefix(Limits.notificationGroups)
            if piece.isEmpty { return [] }
            pending = pending.dropFirst(piece.count)
            var items: [Item] = []
            for (match, log) in piece {
                handed.log = log
                guard let notification = try inbox.notification(match) else { continue }
                items.append(Item(notification: notification, position: handed))
            }
            if !items.isEmpty { return items }
        }
    }

    /// Finds what the logs say next.
    private mutating func look() throws {
        var offsets = tail.offsets
        var commits = try tail.next()
        // A commit that is passed in part goes first, so that there is never more than one.
        if let passed, let index = commits.firstIndex(where: { $0.shard == passed.shard }) {
            commits.insert(commits.remove(at: index), at: 0)
        }
        for commit in commits {
            let before = offsets
            offsets[commit.shard] = commit.position
            let start = passed.flatMap { $0.shard == commit.shard ? $0.count : nil } ?? 0
            passed = nil
            for match in try matcher.matches(commit) where match.reader == reader && match.entry >= start {
                let isLast = match.entry == commit.entries.count - 1
                let rest = FeedTail.Passed(shard: commit.shard, count: match.entry + 1)
                pending.append((match, .log(isLast ? offsets : before, passed: isLast ? nil : rest)))
            }
        }
        if pending.isEmpty, !commits.isEmpty { handed.log = .log(offsets, passed: nil) }
    }
}

extension Notifications {
    /// The new notifications of a reader, as they come.
    ///
    /// - Parameter position: where an earlier run ended; nil: from now on.
    package func tail(
        of reader: UserID, after position: NotificationTail.Position? = nil
    ) throws -> NotificationTail {
        try NotificationTail(self, reader: reader, after: position)
    }
}

extension NotificationTail.Position: LosslessStringConvertible {
    /// The places in the logs as in a cursor of a feed, and the time of the last notice: `0:3w5e11264sgsf:41@0`.
    package var description: String { "\(log)@\(notices.milliseconds)" }

    /// A place as it is written.
    package init?(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, let time = Int64(parts[1]), time >= 0, let log = FeedTail.Position(String(parts[0])),
            case .log = log
        else { return nil }
        self.init(log: log, notices: Timestamp(milliseconds: time))
    }
}
