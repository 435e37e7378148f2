// What the archives of other networks have in common: posts of one person with names of their own, and things that are
// no posts of that person and are passed over.

/// A post of an archive.
package struct ArchivePost: Equatable, Sendable {
    /// What names it for ever: `mastodon:URL` or `twitter:ID`.
    package let key: String
    /// What was written, as plain text.
    package let text: String
    /// When, in milliseconds since 1970.
    package let timeMilliseconds: Int64
    /// The name of the post that it answers, whosever that is.
    package let replyKey: String?

    /// A post of an archive.
    package init(key: String, text: String, timeMilliseconds: Int64, replyKey: String? = nil) {
        self.key = key
        self.text = text
        self.timeMilliseconds = timeMilliseconds
        self.replyKey = replyKey
    }
}

/// One item of an archive.
package enum ArchiveItem: Equatable, Sendable {
    /// A post.
    case post(ArchivePost)
    /// Something else.
    case other(Reason)

    /// Why an item is passed over.
    package enum Reason: String, CaseIterable, Sendable {
        /// It repeats someone's post.
        case repost
        /// Not everyone may read it.
        case notPublic = "not_public"
        /// It has no text, but pictures or films.
        case noText = "no_text"
        /// It is no post at all.
        case noPost = "no_post"
    }
}

/// An archive of another network that is being read.
package enum Archive: String, CaseIterable, Sendable {
    /// A Mastodon account's `outbox.json`.
    case mastodon
    /// A Twitter account's `tweets.js`.
    case twitter

    /// The items of an archive's list of posts, each still a JSON value.
    package func items(_ bytes: [UInt8]) throws(DataError) -> JSONItemReader {
        switch self {
        case .mastodon: JSONItemReader(bytes, key: "orderedItems")
        case .twitter: JSONItemReader(bytes, from: try TwitterArchive.listStart(bytes))
        }
    }

    /// What an item is.
    ///
    /// - Throws: `syntax` at the item's place when it lacks what each item has; the caller may go on with the next.
    package func item(_ item: JSONItemReader.Item) throws(DataError) -> ArchiveItem {
        switch self {
        case .mastodon: try MastodonArchive.item(item)
        case .twitter: try TwitterArchive.item(item)
        }
    }
}

extension JSONItemReader.Item {
    /// An error about this item.
    func fault(_ message: String) -> DataError { DataError(.syntax, line: line, column: column, message) }
}
