// Posts by authors with very many followers: nothing is stored for each of these; who reads finds them in the feed.

extension Notifications {
    /// Those of the newest posts of a reader's feed that are by authors with very many followers, newest first, without
    /// what is passed on.
    func celebrityPosts(for reader: UserID) throws -> [PostRecord] {
        let floor = FeedRules.floor(Limits.celebrityMilliseconds, before: context.clock.now)
        let entries = try feeds.entries(
            for: reader, in: floor...PostID(rawValue: .max), limit: Limits.celebrityPosts,
            feeds.cachedRecord(of: reader))
        let posts = try feeds.hydrate(entries.map(\.id), for: reader).filter { $0.original == nil }.map(\.post)
        let authors = try NotificationSources.distinct(posts.map(\.author)).filter(isCelebrity)
        return posts.filter { authors.contains($0.author) }
    }

    /// Whether an account has so many followers that its posts are fetched when feeds are read.
    func isCelebrity(_ account: UserID) throws -> Bool {
        let followers = try router.gather { try $0.followerCount(of: account) }.reduce(0, +)
        return FeedRules(feeds.caches.settings, at: context.clock.now).isPulled(followers: followers)
    }
}
