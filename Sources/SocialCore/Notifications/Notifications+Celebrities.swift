// Posts by authors with very many followers: nothing is stored for each of these; who reads fetches the newest posts of
// those followed, as feeds do.

extension Notifications {
    /// The newest posts of the authors with very many followers whom a reader follows, newest first, without what they
    /// pass on.
    ///
    /// The cached feed knows these authors. Where there is none of use, all are counted of those followed who have
    /// posted lately.
    func celebrityPosts(for reader: UserID) throws -> [PostRecord] {
        let floor = FeedRules.floor(Limits.celebrityMilliseconds, before: context.clock.now)
        let range = floor...PostID(rawValue: .max)
        let authors =
            try feeds.cachedRecord(of: reader)?.pulled
            ?? graph.feedAuthors(of: reader).filter { author in
                try !posts.newest(by: author, in: range, limit: 1).isEmpty && isCelebrity(author)
            }
        if authors.isEmpty { return [] }
        let ids = try feeds.pull.newest(of: authors, in: range, limit: Limits.celebrityPosts)
        return try feeds.hydrate(ids, for: reader).filter { $0.original == nil }.map(\.post)
    }

    /// Whether an account has so many followers that its posts are fetched when feeds are read.
    func isCelebrity(_ account: UserID) throws -> Bool {
        let followers = try router.gather { try $0.followerCount(of: account) }.reduce(0, +)
        return FeedRules(feeds.caches.settings, at: context.clock.now).isPulled(followers: followers)
    }
}
