// What rows of truth make of inboxes: the one place that says who is told of what. Both ways in which inboxes are kept,
// step by step and all at once, go through here, so that they agree.

/// Derives items from the truth.
struct NotificationSources {
    let router: Router
    let accounts: Accounts
    /// What is older makes no items.
    let floor: Timestamp

    /// What one post makes.
    struct Product {
        var post: PostID
        var items: [InboxItem] = []
        /// Keys of handles that it names and nobody has.
        var unknown: [String] = []
    }

    // MARK: Posts

    /// What some posts make, in their order.
    ///
    /// A repost tells the author of what it passes on; an answer whom it answers; and any post those whom it names,
    /// who are not told twice. Nobody is told of what he does himself.
    func products(of posts: [PostRecord]) throws -> [Product] {
        let posts = posts.filter { $0.id.time >= floor }
        let parents = try authors(of: posts.compactMap { $0.repostOf ?? $0.replyTo })
        let named = posts.map { $0.repostOf == nil ? PostText($0.text).mentions.prefix(Limits.notifiedMentions) : [] }
        var handles = named.flatMap { $0 }.sorted { $0.key < $1.key }
        handles = handles.indices.filter { $0 == 0 || handles[$0] != handles[$0 - 1] }.map { handles[$0] }
        let people = try accounts.ids(of: handles)
        return zip(posts, named).map { post, handles in
            var product = Product(post: post.id)
            func add(_ reader: UserID, _ kind: InboxItem.Kind, _ subject: PostID) {
                let isKnown = product.items.contains { $0.reader == reader }
                guard reader != post.author, !isKnown else { return }
                product.items.append(
                    InboxItem(reader, kind, subject: subject.rawValue, by: post.author, at: post.id.time))
            }
            if let original = post.repostOf {
                if let author = parents[original.rawValue] { add(UserID(rawValue: author), .repost, original) }
                return product
            }
            if let parent = post.replyTo, let author = parents[parent.rawValue] {
                add(UserID(rawValue: author), .reply, post.id)
            }
            for handle in handles {
                if let reader = people[handle.key] {
                    add(reader, .mention, post.id)
                } else {
                    product.unknown.append(handle.key)
                }
            }
            return product
        }
    }

    /// The authors of posts, by the posts' ids; those that are gone are missing.
    private func authors(of posts: [PostID]) throws -> [Int64: Int64] {
        var authors: [Int64: Int64] = [:]
        let ids = NotificationSources.distinct(posts)
        for case let post? in try router.gather(ids, slot: \.slot, { try $0.post($1) }) {
            authors[post.id.rawValue] = post.author.rawValue
        }
        return authors
    }

    // MARK: Likes

    /// A like as the log or the truth names it.
    struct Like: Hashable {
        var actor: UserID
        var post: PostID
        /// Since when; nil: not any more.
        var since: Timestamp?
    }

    /// The likes as the truth has them now, in order and each once.
    func likes(_ pairs: [Like]) throws -> [Like] {
        let likes = Set(pairs.map { Like(actor: $0.actor, post: $0.post) })
            .sorted { ($0.post, $0.actor) < ($1.post, $1.actor) }
        let found = try router.gather(likes, slot: \.actor.slot) {
            try $0.relation(.like, $1.actor, EntityID($1.post))
        }
        return zip(likes, found).map { Like(actor: $0.actor, post: $0.post, since: $1?.since) }
    }

    /// Everyone who likes some posts.
    func likes(of posts: [PostID]) throws -> [Like] {
        try router.gather { reader in
            try posts.flatMap { post in
                try reader.relations(.like, to: EntityID(post), page: Page()).map {
                    Like(actor: $0.actor, post: post, since: $0.since)
                }
            }
        }.flatMap { $0 }
    }

    /// The items of likes, with whether they are to be: none for posts that are gone.
    func items(of likes: [Like]) throws -> [(item: InboxItem, isThere: Bool)] {
        let readers = try authors(of: likes.map(\.post))
        return likes.compactMap { like in
            guard let reader = readers[like.post.rawValue].map(UserID.init), reader != like.actor else { return nil }
            let time = like.since ?? floor
            let item = InboxItem(reader, .like, subject: like.post.rawValue, by: like.actor, at: time)
            return (item, like.since.map { $0 >= floor } ?? false)
        }
    }

    // MARK: Follows

    /// The item of a follow; nil when it is too old.
    func item(of edge: FollowRecord) -> InboxItem? {
        guard edge.since >= floor else { return nil }
        return InboxItem(edge.followee, .follow, subject: 0, by: edge.follower, at: edge.since)
    }

    // MARK: Reading

    /// The posts with some ids; those that are gone are missing.
    func posts(_ ids: [PostID]) throws -> [PostRecord] {
        try router.gather(ids, slot: \.slot) { try $0.post($1) }.compactMap { $0 }
    }

    /// What answers some posts, and what passes them on.
    func children(of posts: [PostID]) throws -> [PostID] {
        try router.gather { reader in
            try posts.flatMap { try reader.replies(to: $0, page: Page()) + reader.reposts(of: $0, page: Page()) }
        }.flatMap { $0 }
    }

    /// Those of some posts with which somebody has done something.
    func engaged(_ posts: [PostID]) throws -> [PostID] {
        let found = try router.gather { reader in
            try posts.filter { try reader.engagement(of: $0) != Engagement() }
        }
        return NotificationSources.distinct(found.flatMap { $0 })
    }

    /// Ids in order, each once.
    static func distinct<ID: Comparable>(_ ids: [ID]) -> [ID] {
        var distinct: [ID] = []
        distinct.reserveCapacity(ids.count)
        for id in ids.sorted() where id != distinct.last { distinct.append(id) }
        return distinct
    }
}
