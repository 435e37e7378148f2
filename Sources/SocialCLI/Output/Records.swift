// How the things of the core look in output: their fields, and a cell for each.

internal import CommandSpec
internal import Formats
internal import SocialCore

/// The fields and cells of accounts.
enum AccountOutput {
    static let fields = [
        Field("id", .string, "the account's id"), Field("handle", .string, "the handle, without @"),
        Field("name", .string, nullable: true, "the name that is shown"),
        Field("bio", .string, nullable: true, "a few words about the account"),
        Field("location", .string, nullable: true, "where the account is"),
        Field("link", .string, nullable: true, "a link to a page elsewhere"),
        Field("created_at", .time, "when the account was made"), Field("active_at", .time, "when it was last active"),
    ]

    static func cells(_ account: AccountRecord) -> [Cell] {
        let profile = account.profile
        return [
            .id(account.id.description), .text(account.handle.display), .text(orNull: profile.name),
            .text(orNull: profile.bio), .text(orNull: profile.location), .text(orNull: profile.link),
            .time(account.id.time.text), .time(account.activeAt.text),
        ]
    }
}

/// The fields and cells of posts.
enum PostOutput {
    static let fields = [
        Field("id", .string, "the post's id"), Field("author", .string, "the author's handle, without @"),
        Field("text", .string, "what was written"), Field("created_at", .time, "when it was written"),
    ]

    static func cells(_ post: PostRecord, author: String) -> [Cell] {
        [.id(post.id.description), .text(author), .text(post.text), .time(post.id.time.text)]
    }
}

/// Fields that several verbs print.
enum CommonOutput {
    static let changed = Field("changed", .boolean, "whether anything was changed")
    static let cursor = Field("cursor", .string, "where --after and --before go on from")
}

extension Timestamp {
    /// RFC 3339 with milliseconds, UTC.
    var text: String { RFC3339.format(milliseconds) }
}
