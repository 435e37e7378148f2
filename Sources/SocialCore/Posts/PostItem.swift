// A post as it is shown: with who wrote it, and what it passes on.

/// A post with its author.
package struct PostItem: Sendable {
    /// What was posted: a post, or a repost without text.
    package var post: PostRecord
    /// Who posted it.
    package var author: AccountRecord
    /// What a repost passes on.
    package var original: Original?

    /// What a repost passes on.
    package struct Original: Sendable {
        /// The post.
        package var post: PostRecord
        /// Who wrote it.
        package var author: AccountRecord
    }

    /// A post with its author.
    package init(post: PostRecord, author: AccountRecord, original: Original? = nil) {
        self.post = post
        self.author = author
        self.original = original
    }

    /// What is read: the post, or what it passes on.
    package var subject: PostRecord { original?.post ?? post }
}

extension Posts {
    /// The items of some posts, in their order; without those that have expired, whose author is gone, or that pass on
    /// what is no more.
    package func items(of posts: [PostRecord]) throws -> [PostItem] {
        let now = context.clock.now
        var originals: [PostID: PostRecord] = [:]
        let passedOn = posts.compactMap(\.repostOf)
        if !passedOn.isEmpty {
            for case let post? in try records(of: passedOn) where !post.isExpired(at: now) {
                originals[post.id] = post
            }
        }
        let names = Set(posts.map(\.author)).union(originals.values.map(\.author)).sorted()
        var people: [UserID: AccountRecord] = [:]
        let accounts = Accounts(router: router, context: context)
        for case let account? in try accounts.records(of: names) { people[account.id] = account }
        var items: [PostItem] = []
        items.reserveCapacity(posts.count)
        for post in posts where !post.isExpired(at: now) {
            guard let author = people[post.author] else { continue }
            var item = PostItem(post: post, author: author)
            if let id = post.repostOf {
                guard let original = originals[id], let writer = people[original.author] else { continue }
                item.original = PostItem.Original(post: original, author: writer)
            }
            items.append(item)
        }
        return items
    }

    /// The item of one post.
    ///
    /// - Throws: `noSuchPost`.
    package func item(_ id: PostID) throws -> PostItem {
        guard let item = try items(of: [named(id)]).first else {
            throw PostsError(.noSuchPost, "what post \"\(id)\" passes on is no more")
        }
        return item
    }
}
