// What the inboxes of readers are made of, as the view of notifications keeps it. Each row follows from rows of truth,
// and its time from theirs, so that it does not matter when somebody looked.

/// Something that one account did and another may want to know.
package struct InboxItem: Equatable, Hashable, Sendable {
    /// Who is told.
    package var reader: UserID
    /// What was done.
    package var kind: Kind
    /// The post that it was done to, or the post that does it; 0 where the reader is all it concerns.
    package var subject: Int64
    /// Who did it.
    package var actor: UserID
    /// When.
    package var time: Timestamp

    /// What accounts do to each other.
    package enum Kind: Int64, CaseIterable, Sendable {
        /// A post names the reader.
        case mention = 1
        /// A post answers one of the reader's.
        case reply = 2
        /// The actor likes a post of the reader's.
        case like = 3
        /// The actor passes on a post of the reader's.
        case repost = 4
        /// The actor follows the reader.
        case follow = 5

        /// Whether several of them are told together.
        package var isGrouped: Bool { self == .like || self == .repost || self == .follow }
    }

    /// Something that one account did and another may want to know.
    package init(_ reader: UserID, _ kind: Kind, subject: Int64, by actor: UserID, at time: Timestamp) {
        self.reader = reader
        self.kind = kind
        self.subject = subject
        self.actor = actor
        self.time = time
    }

    /// The group that it belongs to: follows of one day, otherwise what was done to one post.
    package var group: InboxGroup.Key {
        InboxGroup.Key(reader, kind, subject, day: kind == .follow ? time.day : 0)
    }
}

/// Items that are told together.
package struct InboxGroup: Equatable, Sendable {
    /// Which group.
    package struct Key: Equatable, Hashable, Comparable, Sendable {
        /// Who is told.
        package var reader: UserID
        /// What was done.
        package var kind: InboxItem.Kind
        /// The post; 0 for follows.
        package var subject: Int64
        /// The day of follows, counted from 1970; otherwise 0.
        package var day: Int64

        /// A group.
        package init(_ reader: UserID, _ kind: InboxItem.Kind, _ subject: Int64, day: Int64 = 0) {
            self.reader = reader
            self.kind = kind
            self.subject = subject
            self.day = day
        }

        private var parts: (Int64, Int64, Int64, Int64) { (reader.rawValue, kind.rawValue, subject, day) }

        /// By reader, kind, subject and day.
        package static func < (left: Key, right: Key) -> Bool { left.parts < right.parts }

        /// The times of its items.
        package var times: ClosedRange<Int64> {
            guard kind == .follow else { return 0...Int64.max }
            return day * Timestamp.dayMilliseconds...(day + 1) * Timestamp.dayMilliseconds - 1
        }
    }

    /// Which group.
    package var key: Key
    /// How many items it has.
    package var count: Int
    /// The time of the newest.
    package var newest: Timestamp
    /// Who did it, where it is one item alone.
    package var actor: UserID?

    /// Items that are told together.
    package init(_ key: Key, count: Int, newest: Timestamp, actor: UserID? = nil) {
        self.key = key
        self.count = count
        self.newest = newest
        self.actor = actor
    }
}

extension Timestamp {
    /// Milliseconds of a day.
    package static let dayMilliseconds: Int64 = 24 * 60 * 60 * 1_000
    /// The day in UTC, counted from 1970.
    package var day: Int64 { milliseconds / Timestamp.dayMilliseconds }
}
