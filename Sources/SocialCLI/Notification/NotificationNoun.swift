// The verbs of `notification`, and what they have in common.

package import CommandSpec
package import Formats
package import SocialCore

enum NotificationNoun {
    static let handle = Operand("HANDLE", .handle, help: "Whose notifications")

    static let commands = [
        NotificationList.command, NotificationWatch.command, NotificationMarkRead.command,
        NotificationPreferencesVerb.command, NotificationRebuild.command,
    ]
}

/// The fields and cells of notifications.
package enum NotificationOutput {
    /// Their names, in the order of the cells.
    package static let fields = [
        Field("id", .string, "its name, which stays: what mark-read takes"),
        Field("kind", .string, "mention, reply, like, repost, follow, post, film-ready or notice"),
        Field("text", .string, "what has happened"), Field("actors", .array, "the handles of the newest who did it"),
        Field("count", .integer, "how many did it"), Field("unread", .integer, "how many of them are new"),
        Field("post", .string, nullable: true, "the post that it is about"),
        Field("media", .string, nullable: true, "the upload that it is about"),
        Field("created_at", .time, "when it happened last"),
    ]

    /// The cells of a notification.
    package static func cells(_ notification: SocialCore.Notification) -> [Cell] {
        [
            .text(notification.id.description), .text(notification.id.kind.rawValue), .text(notification.text),
            .list(notification.actors.map(\.handle.display)), .integer(Int64(notification.count)),
            .integer(Int64(notification.unread)), .id(orNull: notification.post), .id(orNull: notification.media),
            .time(notification.time.text),
        ]
    }
}

extension ValueType where Value == NotificationCursor {
    /// What `notification list` prints as the cursor of an item.
    static var notificationCursor: ValueType<NotificationCursor> {
        ValueType(
            .custom("cursor"), placeholder: "CURSOR", expecting: "a cursor of \"notification list\""
        ) { (word) throws(ValueError) in
            guard let cursor = NotificationCursor(word) else { throw ValueError() }
            return cursor
        }
    }
}

extension ValueType where Value == NotificationID {
    /// What `notification list` prints as the id of an item.
    static var notification: ValueType<NotificationID> {
        ValueType(
            .custom("notification"), placeholder: "ID", expecting: "an id of \"notification list\""
        ) { (word) throws(ValueError) in
            guard let id = NotificationID(word) else { throw ValueError() }
            return id
        }
    }
}

extension ValueType where Value == NotificationTail.Position {
    /// What `notification watch` prints as the cursor of an item.
    static var notificationPosition: ValueType<NotificationTail.Position> {
        ValueType(
            .custom("cursor"), placeholder: "CURSOR", expecting: "a cursor of \"notification watch\""
        ) { (word) throws(ValueError) in
            guard let position = NotificationTail.Position(word) else { throw ValueError() }
            return position
        }
    }
}
