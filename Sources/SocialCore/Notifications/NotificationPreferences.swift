// What a reader wants to be told, and what has been read: rows of records, small values under names. Both are read
// whole, because a reader has few of them.

internal import Formats

/// What a reader wants to be told.
///
/// A row `kind/NAME` holds `on` or `off`; a row `mute/post/ID` or `mute/user/ID` holds `on`.
package struct NotificationPreferences: Equatable, Sendable {
    /// The kinds that are told.
    package var kinds: Set<NotificationKind> = Set(NotificationKind.allCases.filter(\.isOnByDefault))
    /// Posts about which, and about whose answers, nothing is told.
    package var mutedPosts: Set<PostID> = []
    /// Accounts of which nothing is told.
    package var mutedAccounts: Set<UserID> = []

    /// What is wanted of somebody who has not said anything.
    package init() {}

    init(_ rows: [AttributeRecord]) {
        for row in rows {
            let isOn = row.value == Self.on
            let parts = row.name.split(separator: "/").map(String.init)
            if parts.count == 2, parts[0] == "kind", let kind = NotificationKind(rawValue: parts[1]) {
                if isOn { kinds.insert(kind) } else { kinds.remove(kind) }
            }
            guard parts.count == 3, parts[0] == "mute", isOn else { continue }
            if parts[1] == "post", let post = PostID(decimal: parts[2]) { mutedPosts.insert(post) }
            if parts[1] == "user", let account = UserID(decimal: parts[2]) { mutedAccounts.insert(account) }
        }
    }

    /// The rows that make these preferences of others.
    func changes(from before: NotificationPreferences) -> [(name: String, value: [UInt8]?)] {
        var rows: [(name: String, value: [UInt8]?)] = []
        for kind in NotificationKind.allCases where kinds.contains(kind) != before.kinds.contains(kind) {
            let isOn = kinds.contains(kind)
            let value = isOn == kind.isOnByDefault ? nil : isOn ? Self.on : Self.off
            rows.append(("kind/\(kind.rawValue)", value))
        }
        for post in mutedPosts.symmetricDifference(before.mutedPosts).sorted() {
            rows.append(("mute/post/\(post)", mutedPosts.contains(post) ? Self.on : nil))
        }
        for account in mutedAccounts.symmetricDifference(before.mutedAccounts).sorted() {
            rows.append(("mute/user/\(account)", mutedAccounts.contains(account) ? Self.on : nil))
        }
        return rows
    }

    private static let on = Array("on".utf8)
    private static let off = Array("off".utf8)
}

/// What a reader has read: everything up to a time, and single notifications up to later ones.
///
/// A row `all` and rows named by notifications hold a time: eight bytes, little-endian milliseconds since 1970.
struct NotificationMarks {
    private(set) var all = Timestamp(milliseconds: 0)
    private(set) var single: [NotificationID: Timestamp] = [:]

    static let nameOfAll = "all"

    init(_ rows: [AttributeRecord]) {
        for row in rows where row.value.count == 8 {
            let number = row.value.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let time = Timestamp(milliseconds: Int64(truncatingIfNeeded: number))
            if row.name == Self.nameOfAll {
                all = time
            } else if let id = NotificationID(row.name) {
                single[id] = time
            }
        }
    }

    /// Marks single notifications up to the times of their newest items.
    mutating func mark(_ notifications: [Notification]) -> [(name: String, value: [UInt8]?)] {
        notifications.map { notification in
            single[notification.id] = notification.newest
            return (notification.id.description, Self.value(notification.newest))
        }
    }

    /// Marks everything up to a time; single marks that say no more than that go.
    mutating func mark(until time: Timestamp) -> [(name: String, value: [UInt8]?)] {
        all = time
        let idle = single.filter { $0.value <= time }.map(\.key).sorted()
        for id in idle { single[id] = nil }
        return [(Self.nameOfAll, Self.value(time))] + idle.map { ($0.description, nil) }
    }

    /// Up to when a notification has been read.
    func time(of id: NotificationID) -> Timestamp { max(all, single[id] ?? all) }

    /// The bytes of a row.
    static func value(_ time: Timestamp) -> [UInt8] {
        withUnsafeBytes(of: time.milliseconds.littleEndian) { Array($0) }
    }
}

/// What a task has to say: a row named as the task likes, whose value is an object of JSON.
///
/// `{"kind":"film-ready","text":"your film cat.mp4 can be streamed","media":"ID","post":"ID"}`: the kind is `notice`
/// where it is missing, and so may everything be. A value that is no object is the text.
struct NotificationNotice {
    var kind = NotificationKind.notice
    var text: String?
    var media: MediaID?
    var post: PostID?

    init(_ row: AttributeRecord) {
        let value = String(decoding: row.value, as: UTF8.self)
        guard let members = (try? JSONReader.parse(value))?.object else {
            text = value
            return
        }
        for member in members {
            guard case .string(let value) = member.value else { continue }
            switch member.key {
            case "kind": kind = value == NotificationKind.filmReady.rawValue ? .filmReady : .notice
            case "text": text = value
            case "media": media = MediaID(decimal: value)
            case "post": post = PostID(decimal: value)
            default: break
            }
        }
    }
}
