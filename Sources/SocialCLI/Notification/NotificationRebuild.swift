// `notification rebuild`: make all inboxes again from the truth.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum NotificationRebuild {
    static let command = Command(
        ["notification", "rebuild"], "Make all notifications again from the truth",
        discussion: """
            Nothing needs this, since reading makes what is missing; but "verify" may have found damage, and the first \
            reader after a large import is faster when this has come before. What has been read stays so.
            """,
        examples: [Example("social notification rebuild", "Make all notifications again")],
        fields: [
            Field("items", .integer, "likes, reposts and follows in them"),
            Field("groups", .integer, "what is told of these together, and what is told alone"),
        ],
        exits: [ExitStatus(75, "another process is writing them")], isChange: true,
        handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let notifications = try session.network().notifications
        let counts = try notifications.rebuild()
        try session.printSummary(command.fields, [.integer(Int64(counts.items)), .integer(Int64(counts.groups))])
    }
}
