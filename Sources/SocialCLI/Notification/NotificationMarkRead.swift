// `notification mark-read`: what an account has read of its notifications.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum NotificationMarkRead {
    static let ids = Operand(zeroOrMore: "ID", .notification, help: "Which notifications")
    static let until = Option(
        "until", .notificationCursor, configurable: false, help: "Everything that is not newer than this cursor")
    static let all = Switch("all", help: "Everything that there is")

    static let command = Command(
        ["notification", "mark-read"], "Mark an account's notifications as read",
        discussion: """
            Nothing goes by being read. A notification that was read and to which something is added, such as another \
            like, is unread again, with only what was added as new.
            """,
        operands: [NotificationNoun.handle, ids], options: [until, all],
        groups: [ExclusiveGroup(until, all)],
        examples: [
            Example("social notification mark-read ana --all", "Mark everything as read"),
            Example(
                "social notification list ana --kind like --format ids | xargs social notification mark-read ana",
                "Mark likes as read"),
        ],
        fields: [
            Field("handle", .string, "whose notifications"),
            Field("unread", .integer, "notifications that are still unread"), CommonOutput.changed,
        ], exits: [ExitStatus(67, "there is no such account")], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let reader = try network.accounts.named(try line[NotificationNoun.handle])
        let ids = try line[ids]
        let marking: Notifications.Marking
        if line[until] != nil || line.isOn(all) {
            if !ids.isEmpty {
                let message = "ids cannot stand beside \(line.isOn(all) ? "--all" : "--until")"
                throw line.error(.conflict, message, about: NotificationMarkRead.ids)
            }
            marking = try network.notifications.markRead(until: line[until], of: reader.id)
        } else {
            // The list that somebody handed over may be empty.
            marking = try network.notifications.markRead(ids, of: reader.id)
        }
        try session.print(
            command.fields,
            [.text(reader.handle.display), .integer(Int64(marking.unread)), .bool(marking.isChanged)])
    }
}
