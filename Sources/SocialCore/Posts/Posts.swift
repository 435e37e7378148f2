// What was said? The façade of the room: posts made, found, listed and deleted.

/// The posts of a network.
package struct Posts {
    let router: Router
    let placement: Placement
    let context: Context
    let graph: Graph
    /// What a process that goes on working remembers; nil reads everything from the truth.
    let cache: ReadCache?

    /// The posts behind a router.
    package init(router: Router, placement: Placement, context: Context, cache: ReadCache? = nil) {
        self.router = router
        self.placement = placement
        self.context = context
        self.cache = cache
        graph = Graph(router: router, context: context)
    }

    /// Makes a post.
    ///
    /// - Parameters:
    ///   - parent: the post that it answers; a repost stands for its original.
    ///   - media: what it shows: uploads of the author.
    ///   - lifetime: after how many milliseconds it is no longer shown; nil: never.
    ///   - idempotencyKey: again with the same key and text returns the first post.
    /// - Throws: `noSuchPost` when there is no parent, `blocked` when its author and this one do not see each other.
    package func create(
        by author: AccountRecord, text: String, replyTo parent: PostID? = nil, media: [MediaID] = [],
        lifetimeMilliseconds lifetime: Int64? = nil, idempotencyKey: String? = nil
    ) throws -> Creation<PostRecord> {
        try Posts.check(text, isAlone: media.isEmpty)
        try check(media, of: author)
        try Posts.check(key: idempotencyKey)
        let parent = try parent.map { try reachable($0, for: author.id) }
        let slot = placement.slot(author: author.id, idempotencyKey: idempotencyKey, random: context.random)
        let now = context.clock.now
        let draft = PostDraft(
            author: author.id, slot: slot, text: text, idempotencyKey: idempotencyKey, replyTo: parent?.id,
            expiresAt: lifetime.map { now.advanced(byMilliseconds: $0) }, lifetimeMilliseconds: lifetime, media: media)
        let made = try router.write(slot, accounts: .names) { try $0.createPost(draft, now: now) }
        try graph.requireStill(author, seenFrom: slot) { try $0.deletePost(made.value.id, by: nil) != nil }
        return made
    }

    /// Changes a post's text and keeps what it said; `isNew` tells whether it says something else now.
    ///
    /// - Parameter author: when given, the post must be this account's.
    package func edit(_ id: PostID, text: String, by author: UserID? = nil) throws -> Creation<PostRecord> {
        try Posts.check(text, isAlone: named(id).media.isEmpty)
        return try router.write(id.slot) { try $0.editPost(id, text: text, by: author, now: context.clock.now) }
    }

    /// Makes sure that a post can show some uploads: those of its author, each once.
    private func check(_ media: [MediaID], of author: AccountRecord) throws {
        guard media.count <= Limits.postMedia, Set(media).count == media.count else {
            throw PostsError(.badMedia, "a post shows at most \(Limits.postMedia) uploads, each once")
        }
        guard !media.isEmpty else { return }
        for (id, record) in zip(media, try uploads(of: media)) {
            guard let record else { throw PostsError(.noSuchMedia, "there is no upload \"\(id)\"") }
            guard record.author == author.id else {
                throw PostsError(.notTheAuthor, "the upload \"\(id)\" is someone else's")
            }
        }
    }

    /// The uploads with some ids; nil where one is gone.
    private func uploads(of ids: [MediaID]) throws -> [MediaRecord?] {
        try router.gather(ids, slot: \.slot) { try $0.media($1) }
    }

    /// For each post the uploads that it shows and that are still there.
    ///
    /// Cost: a seek each; nothing for posts without any.
    package func media(of posts: [PostRecord]) throws -> [[MediaRecord]] {
        let ids = posts.flatMap(\.media)
        if ids.isEmpty { return Array(repeating: [], count: posts.count) }
        var records = try uploads(of: ids)[...]
        return posts.map { post in
            defer { records = records.dropFirst(post.media.count) }
            return records.prefix(post.media.count).compactMap { $0 }
        }
    }

    /// What a post said before its edits, oldest first.
    package func versions(of id: PostID) throws -> [PostVersion] {
        try router.read(id.slot) { try $0.versions(of: id) }
    }

    /// A post by its id.
    ///
    /// - Throws: `noSuchPost`, also when it has expired.
    package func named(_ id: PostID) throws -> PostRecord {
        guard let post = try router.read(id.slot, { try $0.post(id) }) else {
            throw PostsError(.noSuchPost, "there is no post \"\(id)\"")
        }
        guard !post.isExpired(at: context.clock.now) else {
            throw PostsError(.noSuchPost, "the post \"\(id)\" has expired")
        }
        return post
    }

    /// The post that an account has made under an idempotency key.
    ///
    /// - Throws: `noSuchPost`.
    package func named(key: String, of author: UserID) throws -> PostID {
        let slot = placement.slot(author: author, idempotencyKey: key, random: context.random)
        for (slot, verb) in [(slot, "post create"), (author.slot, "post repost")] {
            if let operation = try router.read(slot, { try $0.operation(author, verb, key) }) {
                return PostID(rawValue: operation.result)
            }
        }
        throw PostsError(.noSuchPost, "there is no post with the key \"\(key)\"")
    }

    /// The post of each id; nil where it is gone.
    package func records(of ids: [PostID]) throws -> [PostRecord?] {
        try router.gather(ids, slot: \.slot) { try $0.post($1) }
    }

    /// Deletes a post: the record that was removed, nil when it was gone already.
    ///
    /// - Parameter author: when given, the post must be this account's.
    package func delete(_ id: PostID, by author: UserID? = nil) throws -> PostRecord? {
        try router.write(id.slot) { try $0.deletePost(id, by: author) }
    }

    /// A page of posts, newest first.
    ///
    /// - Parameters:
    ///   - author: whose; nil: everyone's.
    ///   - range: the ids to consider.
    ///   - fromOldest: takes the oldest of the range where the limit cuts, instead of the newest.
    package func page(
        by author: UserID?, in range: ClosedRange<PostID>, limit: Int, fromOldest: Bool = false
    ) throws -> [PostRecord] {
        guard let author else {
            let pages = try router.gather { try $0.posts(in: range, limit: limit, fromOldest: fromOldest) }
            return Posts.merge(pages, limit, fromOldest) { $0.id }
        }
        let ids = try newest(by: author, in: range, limit: limit, fromOldest: fromOldest)
        return try records(of: ids).compactMap { $0 }
    }

    /// A page of posts that expire and have not yet, newest first.
    package func stories(
        in range: ClosedRange<PostID>, limit: Int, fromOldest: Bool = false
    ) throws -> [PostRecord] {
        let pages = try router.gather { try $0.expiringPosts(in: range, limit: limit, fromOldest: fromOldest) }
        return try records(of: Posts.merge(pages, limit, fromOldest) { $0 }).compactMap { $0 }
    }

    /// The newest post ids of an author in a range, newest first: from one shard, or gathered when posts are spread.
    package func newest(
        by author: UserID, in range: ClosedRange<PostID>, limit: Int, fromOldest: Bool = false
    ) throws -> [PostID] {
        switch placement {
        case .user:
            return try router.read(author.slot) {
                try $0.posts(by: author, in: range, limit: limit, fromOldest: fromOldest)
            }
        case .post:
            let pages = try router.gather {
                try $0.posts(by: author, in: range, limit: limit, fromOldest: fromOldest)
            }
            return Posts.merge(pages, limit, fromOldest) { $0 }
        }
    }

    /// Lists of several shards, each newest first, as one.
    private static func merge<Item>(
        _ pages: [[Item]], _ limit: Int, _ fromOldest: Bool, id: (Item) -> PostID
    ) -> [Item] {
        if pages.count == 1 { return pages[0] }
        let items = pages.joined().sorted { id($0) > id($1) }
        return Array(fromOldest ? items.suffix(limit) : items.prefix(limit))
    }

    /// Makes sure that an idempotency key can be one.
    package static func check(key: String?) throws(PostsError) {
        if let key, key.isEmpty || key.utf8.count > Limits.idempotencyKeyBytes || key.utf8.contains(0) {
            throw PostsError(.badKey, "an idempotency key has 1 to \(Limits.idempotencyKeyBytes) bytes")
        }
    }

    /// Makes sure that a text can be a post.
    ///
    /// - Parameter isAlone: whether it is all that the post has; a picture may go without words.
    package static func check(_ text: String, isAlone: Bool = true) throws(PostsError) {
        guard !text.isEmpty || !isAlone else { throw PostsError(.emptyText, "a post cannot be empty") }
        guard text.utf8.count <= Limits.textBytes else {
            throw PostsError(.textTooLong, "a post has at most \(Limits.textBytes) bytes")
        }
        // Few texts have so many bytes that their characters must be counted, which takes long.
        guard text.utf8.count <= Limits.textCharacters || text.count <= Limits.textCharacters else {
            throw PostsError(.textTooLong, "a post has at most \(Limits.textCharacters) characters")
        }
        guard !text.utf8.contains(0) else { throw PostsError(.badText, "a post cannot contain a NUL byte") }
    }
}

extension ClosedRange where Bound == PostID {
    /// All posts.
    package static var all: ClosedRange<PostID> { .first...PostID(rawValue: .max) }
}

/// An error of the posts room.
package struct PostsError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case noSuchPost = "no_such_post"
        case emptyText = "empty_text"
        case textTooLong = "text_too_long"
        case badText = "bad_text"
        case badKey = "bad_key"
        case badMedia = "bad_media"
        case noSuchMedia = "no_such_media"
        case notTheAuthor = "not_the_author"
        case accountsChanged = "accounts_changed"
        case noArchive = "no_archive"
        case blocked = "blocked"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
