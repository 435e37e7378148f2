// Why a post is in a reader's feed, or is not: what is read decides, and the truth says why. Where the two do not
// agree, that is the answer.

/// Why a post is in a reader's feed, or is not.
package struct FeedExplanation: Equatable, Sendable {
    /// The reasons; each has a stable word.
    package enum Reason: String, CaseIterable, Sendable {
        // Shown
        case cached, abovePushLimit = "above_push_limit", beyondCapacity = "beyond_capacity"
        case outsideWindow = "outside_window", readerInactive = "reader_inactive", cacheBehind = "cache_behind"
        case cacheMissing = "cache_missing"
        // Not shown
        case noSuchPost = "no_such_post", deleted, authorDeleted = "author_deleted", expired, own, blocked
        case notFollowed = "not_followed", muted, originalDeleted = "original_deleted"
        case originalExpired = "original_expired", originalBlocked = "original_blocked"
        case originalMuted = "original_muted", repeated
        // Either
        case cacheWrong = "cache_wrong"
    }

    /// Whether the post is in the feed.
    package var isShown: Bool
    /// Why.
    package var reason: Reason
    /// Where it comes from when it is shown.
    package var source: FeedSource?
    /// Its place in the feed, from 1, when it is shown.
    package var rank: Int?
    /// Who wrote it, or who wrote what it passes on where that is the reason; nil when that is not known.
    package var author: UserID?
    /// Since when the reader follows the author; nil when it does not.
    package var followedSince: Timestamp?
    /// Whose post or stance stands behind the reason: of those who block, the one that does.
    package var actor: UserID?
    /// The post that a repost repeats.
    package var precedent: PostID?

    init(_ reason: Reason, isShown: Bool = false) {
        self.reason = reason
        self.isShown = isShown
    }
}

extension Feeds {
    /// Why a post is in a reader's feed, or is not.
    ///
    /// Cost: a few seeks; for a post that is shown also a read of all that is newer, which gives its rank.
    package func explain(_ id: PostID, for reader: UserID) throws -> FeedExplanation {
        let behind = PostID(rawValue: id.rawValue < .max ? id.rawValue + 1 : .max)
        let item = try page(for: reader, after: behind, limit: 1).first { $0.post.id == id }
        var explanation = try hindrance(id, for: reader) ?? FeedExplanation(.cached, isShown: true)
        explanation.followedSince = try explanation.author.flatMap { try pull.graph.edge(reader, $0)?.since }
        let isDue = explanation.isShown
        explanation.isShown = item != nil
        if let item {
            explanation.source = item.source
            explanation.reason = try origin(of: item, for: reader)
            explanation.rank = try rank(of: id, for: reader)
        }
        if explanation.isShown != isDue { explanation.reason = .cacheWrong }
        return explanation
    }

    // MARK: Where it comes from

    /// Why a post that is shown comes from where it does.
    private func origin(of item: FeedItem, for reader: UserID) throws -> FeedExplanation.Reason {
        switch item.source {
        case .cache: return .cached
        case .pull: return .abovePushLimit
        case .database: break
        }
        let shard = router.shard(of: reader.slot)
        guard let cache = try caches.current(of: shard) else {
            return caches.cache(of: shard, writable: false) == nil ? .cacheMissing : .cacheBehind
        }
        guard case .found(let record) = cache.record(of: reader) else { return .cacheMissing }
        // Only a push that was skipped because its reader was not active leaves a record incomplete.
        if record.isIncomplete { return .readerInactive }
        let floor = FeedRules(caches.settings, at: posts.context.clock.now).floor
        return item.post.id < floor ? .outsideWindow : .beyondCapacity
    }

    /// The place of a post that is shown.
    private func rank(of id: PostID, for reader: UserID) throws -> Int {
        var rank = 1
        var last: PostID?
        while true {
            let items = try page(for: reader, after: last, limit: Limits.firstPageRows)
            let newer = items.prefix { $0.post.id > id }
            rank += newer.count
            guard newer.count == Limits.firstPageRows, let item = newer.last else { return rank }
            last = item.post.id
        }
    }

    // MARK: What stands against it

    /// Why a post is not to be shown to a reader; nil when it is.
    private func hindrance(_ id: PostID, for reader: UserID) throws -> FeedExplanation? {
        let graph = pull.graph
        guard let post = try router.read(id.slot, { try $0.post(id) }) else {
            let isFormer = try router.read(id.slot) { try $0.isFormer(id) }
            return FeedExplanation(isFormer ? .deleted : .noSuchPost)
        }
        func because(_ reason: FeedExplanation.Reason, _ author: UserID, actor: UserID? = nil) -> FeedExplanation {
            var explanation = FeedExplanation(reason)
            explanation.author = author
            explanation.actor = actor
            return explanation
        }
        let author = post.author
        if try !exists(author) { return because(.authorDeleted, author) }
        if post.isExpired(at: posts.context.clock.now) { return because(.expired, author) }
        if author == reader { return because(.own, author) }
        if let actor = try blocker(author, reader) { return because(.blocked, author, actor: actor) }
        if try graph.edge(reader, author) == nil { return because(.notFollowed, author) }
        if try graph.relation(.mute, reader, author) != nil { return because(.muted, author) }
        var shown = because(.cached, author)
        shown.isShown = true
        guard let originalID = post.repostOf else { return shown }
        guard let original = try router.read(originalID.slot, { try $0.post(originalID) }), try exists(original.author)
        else { return because(.originalDeleted, author) }
        if original.isExpired(at: posts.context.clock.now) { return because(.originalExpired, author) }
        if let actor = try blocker(original.author, reader) { return because(.originalBlocked, author, actor: actor) }
        if try graph.relation(.mute, reader, original.author) != nil {
            return because(.originalMuted, author, actor: original.author)
        }
        guard let precedent = try precedent(of: post, original, for: reader) else { return shown }
        shown = because(.repeated, author)
        shown.precedent = precedent
        return shown
    }

    private func exists(_ account: UserID) throws -> Bool {
        try router.read(account.slot) { try $0.account(account) } != nil
    }

    /// Which of two accounts blocks the other; nil when neither does.
    private func blocker(_ author: UserID, _ reader: UserID) throws -> UserID? {
        if try pull.graph.relation(.block, reader, author) != nil { return reader }
        return try pull.graph.relation(.block, author, reader) == nil ? nil : author
    }
}
