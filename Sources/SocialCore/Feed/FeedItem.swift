// What stands in a feed: an id and where it was found, and what its reader gets to see of it.

/// Where an entry of a feed was found.
package enum FeedSource: String, CaseIterable, Sendable {
    /// In the reader's cached feed.
    case cache
    /// With its author, whose posts are too many people's to be put into feeds.
    case pull
    /// In the truth: it is older than what is cached, or there is no current cache.
    case database
}

/// A post in a feed, before anybody looks at it.
package struct FeedEntry: Equatable, Sendable {
    /// The post.
    package var id: PostID
    /// Where it was found.
    package var source: FeedSource

    /// A post in a feed.
    package init(id: PostID, source: FeedSource) {
        self.id = id
        self.source = source
    }
}

/// A post in a feed as its reader sees it.
package struct FeedItem: Sendable {
    /// The post with its author, and what it passes on.
    package var content: PostItem
    /// Where it was found.
    package var source: FeedSource
    /// Where it stands among the best; nil in a feed that is in the order of time.
    package var place: FeedPlace?

    /// A post in a feed.
    package init(_ content: PostItem, source: FeedSource, place: FeedPlace? = nil) {
        self.content = content
        self.source = source
        self.place = place
    }

    /// What was posted: a post, or a repost without text.
    package var post: PostRecord { content.post }

    /// Where a reader goes on from.
    package var cursor: FeedCursor { FeedCursor(id: post.id, place: place) }
}
