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
    /// The pictures and films that it shows.
    package let attachments: [ArchiveAttachment]

    /// A post of an archive.
    package init(
        key: String, text: String, timeMilliseconds: Int64, replyKey: String? = nil,
        attachments: [ArchiveAttachment] = []
    ) {
        self.key = key
        self.text = text
        self.timeMilliseconds = timeMilliseconds
        self.replyKey = replyKey
        self.attachments = attachments
    }
}

/// A picture or film that a post of an archive shows.
package struct ArchiveAttachment: Equatable, Sendable {
    /// What names its file, or its files where the archive does not tell them apart: see `Archive.attachmentKey`.
    package let key: String
    /// What is to be seen.
    package let alt: String?

    /// A picture or film.
    package init(key: String, alt: String?) {
        self.key = key
        self.alt = alt
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
        /// It has no text, nor pictures or films.
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

    /// What names a file of the archive among the attachments of its posts; nil for a file that is none.
    package func attachmentKey(ofFile path: String) -> String? {
        let parts = path.split(separator: "/")
        switch self {
        case .mastodon:
            guard let start = parts.firstIndex(of: "media_attachments") else { return nil }
            return parts[start...].joined(separator: "/")
        case .twitter:
            // Files are named by the tweet and by what the address of the picture or film ends in.
            guard parts.count > 1, let name = parts.last, let dash = name.firstIndex(of: "-"),
                ["tweets_media", "tweet_media"].contains(parts[parts.count - 2])
            else { return nil }
            return String(name[..<dash])
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
