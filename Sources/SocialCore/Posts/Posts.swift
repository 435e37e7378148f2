// What was said? The façade of the room: posts made, found, listed and deleted.

/// The posts of a network.
package struct Posts {
    let router: Router
    let placement: Placement
    let context: Context

    /// The posts behind a router.
    package init(router: Router, placement: Placement, context: Context) {
        self.router = router
        self.placement = placement
        self.context = context
    }

    /// Makes a post.
    ///
    /// - Parameter idempotencyKey: again with the same key and text returns the first post.
    package func create(
        by author: AccountRecord, text: String, idempotencyKey: String? = nil
    ) throws
        -> Creation<PostRecord>
    {
        try Posts.check(text)
        if let key = idempotencyKey, key.isEmpty || key.utf8.count > Limits.idempotencyKeyBytes {
            throw PostsError(.badKey, "an idempotency key has 1 to \(Limits.idempotencyKeyBytes) bytes")
        }
        let slot = placement.slot(author: author.id, idempotencyKey: idempotencyKey, random: context.random)
        let draft = PostDraft(author: author.id, slot: slot, text: text, idempotencyKey: idempotencyKey)
        return try router.write(slot, accounts: .names) { try $0.createPost(draft, now: context.clock.now) }
    }

    /// A post by its id.
    ///
    /// - Throws: `noSuchPost`.
    package func named(_ id: PostID) throws -> PostRecord {
        guard let post = try router.read(id.slot, { try $0.post(id) }) else {
            throw PostsError(.noSuchPost, "there is no post \"\(id)\"")
        }
        return post
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
    package func page(by author: UserID?, in range: ClosedRange<PostID>, limit: Int) throws -> [PostRecord] {
        guard let author else {
            let pages = try router.gather { try $0.posts(in: range, limit: limit) }
            return pages.count == 1 ? pages[0] : Array(pages.joined().sorted { $0.id > $1.id }.prefix(limit))
        }
        let ids = try newest(by: author, in: range, limit: limit)
        return try records(of: ids).compactMap { $0 }
    }

    /// The newest post ids of an author in a range, newest first: from one shard, or gathered when posts are spread.
    package func newest(by author: UserID, in range: ClosedRange<PostID>, limit: Int) throws -> [PostID] {
        switch placement {
        case .user: return try router.read(author.slot) { try $0.posts(by: author, in: range, limit: limit) }
        case .post:
            let pages = try router.gather { try $0.posts(by: author, in: range, limit: limit) }
            return Array(pages.joined().sorted(by: >).prefix(limit))
        }
    }

    /// Makes sure that a text can be a post.
    package static func check(_ text: String) throws(PostsError) {
        guard !text.isEmpty else { throw PostsError(.emptyText, "a post cannot be empty") }
        guard text.utf8.count <= Limits.textBytes else {
            throw PostsError(.textTooLong, "a post has at most \(Limits.textBytes) bytes")
        }
        guard text.count <= Limits.textCharacters else {
            throw PostsError(.textTooLong, "a post has at most \(Limits.textCharacters) characters")
        }
        guard !text.utf8.contains(0) else { throw PostsError(.badText, "a post cannot contain a NUL byte") }
    }
}

extension ClosedRange where Bound == PostID {
    /// All posts.
    package static var all: ClosedRange<PostID> { PostID(rawValue: 1)...PostID(rawValue: .max) }

    /// The posts below one, in the order of their ids.
    package static func below(_ id: PostID) -> ClosedRange<PostID> {
        PostID(rawValue: 0)...PostID(rawValue: Swift.max(0, id.rawValue - 1))
    }
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
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
