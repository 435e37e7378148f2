// What a feed is by definition, as plainly as can be said: the model that caches, pulls and processes are compared
// with.

package import SocialCore

/// Who is there, who follows, mutes and blocks whom, and what was posted.
package struct FeedModel: Equatable, Sendable {
    /// Accounts that live.
    package var accounts: Set<UserID> = []
    /// Whom each account follows.
    package var follows: [UserID: Set<UserID>] = [:]
    /// Whom each account mutes.
    package var mutes: [UserID: Set<UserID>] = [:]
    /// Whom each account blocks.
    package var blocks: [UserID: Set<UserID>] = [:]
    /// Posts and reposts.
    package var posts: [PostID: PostRecord] = [:]

    /// A model of nothing.
    package init() {}

    /// Whose posts come into a reader's feed: those followed and not muted.
    package func authors(_ reader: UserID) -> Set<UserID> {
        (follows[reader] ?? []).subtracting(mutes[reader] ?? [])
    }

    /// What a cache holds: the posts and reposts of those authors, newest first.
    package func rawFeed(_ reader: UserID) -> [PostID] {
        let authors = authors(reader)
        return posts.values.filter { authors.contains($0.author) }.map(\.id).sorted(by: >)
    }

    /// What is read: without what has expired, what is by someone deleted, blocked in either direction or muted, and
    /// without reposts of such posts, or of posts that came into the same feed within the day before.
    package func feed(_ reader: UserID, at now: Timestamp) -> [PostID] {
        let authors = authors(reader)
        return rawFeed(reader).filter { id in
            guard let post = posts[id], isShown(post, to: reader, now) else { return false }
            guard let original = post.repostOf else { return true }
            guard let source = posts[original], isShown(source, to: reader, now) else { return false }
            return !hasCome(source, before: id, reader, authors)
        }
    }

    private func hasCome(_ post: PostRecord, before id: PostID, _ reader: UserID, _ authors: Set<UserID>) -> Bool {
        let start = id.time.advanced(byMilliseconds: -24 * 3_600_000)
        if post.id.time >= start, authors.contains(post.author) { return true }
        return posts.values.contains { other in
            other.repostOf == post.id && other.id < id && other.id.time >= start && authors.contains(other.author)
                && !isUnseen(other.author, by: reader)
        }
    }

    private func isShown(_ post: PostRecord, to reader: UserID, _ now: Timestamp) -> Bool {
        !post.isExpired(at: now) && accounts.contains(post.author) && !isUnseen(post.author, by: reader)
    }

    /// Whether either of two accounts blocks the other.
    package func isBlocked(_ one: UserID, _ other: UserID) -> Bool {
        blocks[one]?.contains(other) ?? false || blocks[other]?.contains(one) ?? false
    }

    private func isUnseen(_ author: UserID, by reader: UserID) -> Bool {
        isBlocked(author, reader) || mutes[reader]?.contains(author) ?? false
    }
}
