// What notifications are about, and the names by which they are told apart: they follow from what happened alone, and
// are the same after the view was made again.

internal import Formats

/// What a notification is about.
package enum NotificationKind: String, CaseIterable, Sendable {
    /// A post names the reader.
    case mention
    /// A post answers one of the reader's.
    case reply
    /// Accounts like a post of the reader's.
    case like
    /// Accounts pass on a post of the reader's.
    case repost
    /// Accounts follow the reader.
    case follow
    /// Somebody with very many followers has posted, whom the reader follows.
    case post
    /// A film that the reader has uploaded can be streamed.
    case filmReady = "film-ready"
    /// A task has something to say.
    case notice

    /// Whether it is told unless the reader wants it: posts stand in the feed already.
    package var isOnByDefault: Bool { self != .post }

    init(_ kind: InboxItem.Kind) {
        switch kind {
        case .mention: self = .mention
        case .reply: self = .reply
        case .like: self = .like
        case .repost: self = .repost
        case .follow: self = .follow
        }
    }

    /// The same as the view keeps it; nil when it does not.
    var stored: InboxItem.Kind? {
        switch self {
        case .mention: .mention
        case .reply: .reply
        case .like: .like
        case .repost: .repost
        case .follow: .follow
        case .post, .filmReady, .notice: nil
        }
    }

    /// The place among notifications of one time.
    fileprivate var rank: Int64 {
        switch self {
        case .post: 6
        case .filmReady: 7
        case .notice: 8
        default: stored?.rawValue ?? 0
        }
    }
}

/// Which notification of a reader's it is.
package struct NotificationID: Hashable, Comparable, Sendable {
    /// What it is about.
    package let kind: NotificationKind
    /// The post, or the day of follows, counted from 1970; 0 for what has a name.
    package let number: Int64
    /// The name of a notice; otherwise empty.
    package let name: String

    init(_ kind: NotificationKind, _ number: Int64 = 0, name: String = "") {
        self.kind = kind
        self.number = number
        self.name = name
    }

    init(_ key: InboxGroup.Key) {
        self.init(NotificationKind(key.kind), key.kind == .follow ? key.day : key.subject)
    }

    /// The group of a reader that it names; nil when the view keeps none.
    func group(of reader: UserID) -> InboxGroup.Key? {
        kind.stored.map {
            InboxGroup.Key(reader, $0, $0 == .follow ? 0 : number, day: $0 == .follow ? number : 0)
        }
    }

    /// The order among those of one time.
    package static func < (left: NotificationID, right: NotificationID) -> Bool {
        (left.kind.rank, left.number, left.name) < (right.kind.rank, right.number, right.name)
    }
}

extension NotificationID: LosslessStringConvertible {
    /// The kind, and the id of the post, the day or the name: `like-123`, `follow-2026-01-02`, `notice-task 5`.
    package var description: String {
        switch kind {
        case .follow:
            "follow-\(RFC3339.format(number * Timestamp.dayMilliseconds).prefix { $0 != "T" })"
        case .filmReady, .notice: "\(kind.rawValue)-\(name)"
        default: "\(kind.rawValue)-\(number)"
        }
    }

    /// A notification from the text that names it.
    package init?(_ text: String) {
        let found = NotificationKind.allCases.first { text.hasPrefix("\($0.rawValue)-") }
        guard let found else { return nil }
        let rest = text.dropFirst(found.rawValue.count + 1)
        switch found {
        case .filmReady, .notice:
            guard !rest.isEmpty else { return nil }
            self.init(found, name: String(rest))
        case .follow:
            guard let time = try? RFC3339.parse(String(rest)), time % Timestamp.dayMilliseconds == 0 else { return nil }
            self.init(found, time / Timestamp.dayMilliseconds)
        default:
            guard let id = PostID(decimal: rest) else { return nil }
            self.init(found, id.rawValue)
        }
    }
}

/// A place among the notifications of a reader, of which the newest come first.
package struct NotificationCursor: Hashable, Comparable, Sendable {
    /// The time of the newest item of a notification.
    package let time: Timestamp
    /// Which one.
    package let id: NotificationID
    /// Who did it, where each item stands alone; otherwise nobody.
    package let actor: UserID?

    init(_ time: Timestamp, _ id: NotificationID, by actor: UserID? = nil) {
        self.time = time
        self.id = id
        self.actor = actor
    }

    /// What is further up the list, and so newer, comes first.
    package static func < (left: NotificationCursor, right: NotificationCursor) -> Bool {
        if left.time != right.time { return left.time > right.time }
        if left.id != right.id { return left.id < right.id }
        return left.actor?.rawValue ?? 0 < right.actor?.rawValue ?? 0
    }
}

extension NotificationCursor: LosslessStringConvertible {
    /// The time in milliseconds since 1970, who did it where that is said, and the id: `1767225600000:like-123`,
    /// `1767225600000:456:like-123`.
    package var description: String { "\(time.milliseconds):\(actor.map { "\($0):" } ?? "")\(id)" }

    /// A place from its text.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let time = Int64(parts[0]), time >= 0 else { return nil }
        if let id = NotificationID(String(parts[1])) {
            self.init(Timestamp(milliseconds: time), id)
            return
        }
        let rest = parts[1].split(separator: ":", maxSplits: 1)
        guard rest.count == 2, let actor = UserID(decimal: rest[0]), let id = NotificationID(String(rest[1])) else {
            return nil
        }
        self.init(Timestamp(milliseconds: time), id, by: actor)
    }
}
