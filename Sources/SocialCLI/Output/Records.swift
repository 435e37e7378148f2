// How the things of the core look in output: their fields, and a cell for each.

package import CommandSpec
package import Formats
package import SocialCore

/// The fields and cells of accounts.
enum AccountOutput {
    static let fields = [
        Field("id", .string, "the account's id"), Field("handle", .string, "the handle, without @"),
        Field("name", .string, nullable: true, "the name that is shown"),
        Field("bio", .string, nullable: true, "a few words about the account"),
        Field("location", .string, nullable: true, "where the account is"),
        Field("link", .string, nullable: true, "a link to a page elsewhere"),
        Field("created_at", .time, "when the account was made"), Field("active_at", .time, "when it was last active"),
        Field("fields", .object, nullable: true, "further fields of the profile"),
        Field("avatar", .string, nullable: true, "the upload that is its picture"),
    ]

    static func cells(_ account: AccountRecord) -> [Cell] {
        let profile = account.profile
        return [
            .id(account.id.description), .text(account.handle.display), .text(orNull: profile.name),
            .text(orNull: profile.bio), .text(orNull: profile.location), .text(orNull: profile.link),
            .time(account.id.time.text), .time(account.activeAt.text), fields(profile), .id(orNull: profile.avatar),
        ]
    }

    private static func fields(_ profile: AccountRecord.Profile) -> Cell {
        guard let values = try? profile.fieldValues, !values.isEmpty else { return .null }
        return .json(.object(values.map { JSONValue.Member($0.key, $0.value) }))
    }
}

/// The fields and cells of posts.
///
/// A repost shows what it passes on, under its own id.
package enum PostOutput {
    /// Their names, in the order of the cells.
    package static let fields = [
        Field("id", .string, "the post's id"), Field("author", .string, "the handle of who wrote it, without @"),
        Field("text", .string, "what was written"), Field("created_at", .time, "when it was posted"),
        Field("likes", .integer, "accounts that like it"), Field("replies", .integer, "posts that answer it"),
        Field("reposts", .integer, "accounts that passed it on"),
        Field("reply_to", .string, nullable: true, "the post that it answers"),
        Field("repost_of", .string, nullable: true, "the post that it passes on"),
        Field("reposted_by", .string, nullable: true, "the handle of who passed it on"),
        Field("edited_at", .time, nullable: true, "when its text was last changed"),
        Field("expires_at", .time, nullable: true, "when it will no longer be shown"),
        Field("mentions", .array, "handles that the text mentions"), Field("tags", .array, "its tags, without #"),
        Field("links", .array, "its links"), Field("media", .array, "the uploads that it shows, by their ids"),
    ]

    /// The cells of a post.
    ///
    /// - Parameter media: the uploads that are still there; nil: all.
    package static func cells(
        _ item: PostItem, _ engagement: Engagement = Engagement(), media: [MediaRecord]? = nil
    ) -> [Cell] {
        let subject = item.subject
        let text = PostText(subject.text)
        let author = item.original?.author ?? item.author
        return [
            .id(item.post.id.description), .text(author.handle.display), .text(subject.text),
            .time(item.post.id.time.text), .integer(engagement.likes), .integer(engagement.replies),
            .integer(engagement.reposts), .id(orNull: subject.replyTo), .id(orNull: item.post.repostOf),
            item.original == nil ? .null : .text(item.author.handle.display), .time(orNull: subject.editedAt),
            .time(orNull: subject.expiresAt), .list(text.mentions.map(\.display)), .list(text.tags),
            .list(text.links), .list((media?.map(\.id) ?? subject.media).map(\.description)),
        ]
    }

    /// The cells of many posts, counted together.
    package static func rows(_ items: [PostItem], _ network: Network) throws -> [[Cell]] {
        let counts = try network.posts.engagement(of: items.map(\.subject.id))
        let media = try network.posts.media(of: items.map(\.subject))
        return items.indices.map { cells(items[$0], counts[$0], media: media[$0]) }
    }
}

extension Cell {
    /// An id, or null.
    static func id(orNull id: (some EntityIdentifier)?) -> Cell { id.map { .id($0.description) } ?? .null }

    /// A time, or null.
    static func time(orNull time: Timestamp?) -> Cell { time.map { .time($0.text) } ?? .null }

    /// A list of texts.
    static func list(_ texts: [String]) -> Cell { .list(texts, JSONValue.string) }

    /// A list of things.
    static func list<Item>(_ items: [Item], _ json: (Item) -> JSONValue) -> Cell { .json(.array(items.map(json))) }

    /// A measure, or null.
    static func measure(_ number: Double?) -> Cell { number.map { .number($0.toSixDecimals) } ?? .null }
}

extension JSONValue {
    /// A measure, or null.
    static func measure(_ number: Double?) -> JSONValue { number.map { .number($0.toSixDecimals) } ?? .null }
}

extension Double {
    /// As many digits as mean something.
    fileprivate var toSixDecimals: Double { (self * 1_000_000).rounded() / 1_000_000 }
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
