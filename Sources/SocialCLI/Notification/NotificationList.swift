// `notification list`: what others have done that an account wants to know, newest first.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum NotificationList {
    static let unread = Switch("unread", help: "Only what has not been marked as read")
    static let kinds = Option(
        repeating: "kind", .choice(of: NotificationKind.self, placeholder: "KIND"),
        help: "Only these, also when they are off: mention, reply, like, repost, follow, post, film-ready or notice")
    static let ungrouped = Switch("ungrouped", help: "Each like, repost and follow by itself")
    static let countOnly = Switch("count", help: "Print only how many there are, as the field count")
    static let after = Option(
        "after", .notificationCursor, configurable: false, help: "Continue after this cursor")

    static let command = Command(
        ["notification", "list"], "Show an account's notifications, newest first",
        discussion: """
            Likes and reposts of one post are told together, and so are the follows of one day (UTC); each answer and \
            each mention stands alone. What was done by somebody who is blocked or muted, what was taken back, and \
            what was done to a post that is gone is neither shown nor counted. What a command before this one has \
            changed is always there.

            Posts by followed accounts with more than feed.push-limit followers are of the kind post, which is off \
            unless "notification preferences" turns it on: they stand in the feed. Notifications of the last \
            \(Limits.notificationDays) days are kept.
            """,
        operands: [NotificationNoun.handle],
        options: [unread, kinds, ungrouped, countOnly, after, CommonOptions.limit, CommonOptions.all],
        groups: [
            ExclusiveGroup(CommonOptions.limit, CommonOptions.all), ExclusiveGroup(countOnly, CommonOptions.all),
            ExclusiveGroup(countOnly, CommonOptions.limit), ExclusiveGroup(countOnly, after),
            ExclusiveGroup(countOnly, Globals.fields),
        ],
        examples: [
            Example("social notification list ana --json | jq -r '.[].text'", "Print what has happened"),
            Example("social notification list ana --unread --count --format ids", "Count what is new"),
            Example("social notification list ana --kind mention --kind reply", "Show who talks to ana"),
        ],
        fields: NotificationOutput.fields + [Field("cursor", .string, "where --after goes on from")],
        exits: [ExitStatus(67, "there is no such account")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let reader = try network.accounts.named(try line[NotificationNoun.handle]).id
        let notifications = network.notifications
        var selection = Notifications.Selection()
        if line.isGiven(kinds) { selection.kinds = Set(line[kinds]) }
        selection.isUnread = line.isOn(unread)
        selection.isUngrouped = line.isOn(ungrouped)
        if line.isOn(countOnly) {
            let count = Field("count", .integer, "how many notifications there are")
            return try session.print([count], [.integer(Int64(try notifications.count(for: reader, selection)))])
        }
        let limit = CommonOptions.limit(line)
        var left = limit
        var last = line[after]
        try session.printList(command.fields) { emit in
            while left > 0 {
                let wanted = min(left, Limits.firstPageRows)
                let page = try notifications.page(for: reader, selection, after: last, limit: wanted)
                for notification in page {
                    let cells = NotificationOutput.cells(notification) + [.text(notification.cursor.description)]
                    guard try emit(cells) else { return }
                }
                left -= page.count
                last = page.last?.cursor ?? last
                if page.count < wanted { return }
            }
        }
        try session.noteCut(after: limit - left, of: limit, cap: Limits.firstPageRows) {
            try notifications.page(for: reader, selection, after: last, limit: Limits.firstPageRows).count
        }
    }
}
