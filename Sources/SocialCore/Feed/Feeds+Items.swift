// From the ids of a feed to what its reader sees. A cache holds whatever those followed have posted or passed on; what
// a reader must not see is found out here, from the truth, so that it holds at once.

extension Feeds {
    /// One item of a feed.
    package struct Item: Sendable {
        /// What was posted: a post, or a repost without text.
        package var post: PostRecord
        /// Who posted it.
        package var author: AccountRecord
        /// What a repost passes on, and who wrote that.
        package var original: Original?

        /// What a repost passes on.
        package struct Original: Sendable {
            /// The post.
            package var post: PostRecord
            /// Who wrote it.
            package var author: AccountRecord
        }
    }

    /// The items of some ids that a reader sees: none that are deleted or expired, none by accounts that are blocked in
    /// either direction or muted, and no repost of what came into the same feed shortly before.
    func hydrate(_ ids: [PostID], for reader: UserID) throws -> [Item] {
        let now = posts.context.clock.now
        let found = try posts.records(of: ids).compactMap { $0 }.filter { !$0.isExpired(at: now) }
        var originals: [PostID: PostRecord] = [:]
        let passedOn = found.compactMap(\.repostOf)
        if !passedOn.isEmpty {
            for case let post? in try posts.records(of: passedOn) where !post.isExpired(at: now) {
                originals[post.id] = post
            }
        }
        let names = Set(found.map(\.author)).union(originals.values.map(\.author)).sorted()
        var people: [UserID: AccountRecord] = [:]
        for case let account? in try accounts.records(of: names) { people[account.id] = account }
        let unseen = try pull.graph.unseen(by: reader, among: names)
        var items: [Item] = []
        items.reserveCapacity(found.count)
        for post in found {
            guard let author = people[post.author], !unseen.contains(author.id) else { continue }
            var item = Item(post: post, author: author)
            if let id = post.repostOf {
                guard let original = originals[id], let writer = people[original.author],
                    !unseen.contains(writer.id), try !isRepeated(post, of: original, for: reader)
                else { continue }
                item.original = Item.Original(post: original, author: writer)
            }
            items.append(item)
        }
        return items
    }

    /// Whether what a repost passes on came into the reader's feed shortly before it: from its author, or from someone
    /// else who passed it on.
    private func isRepeated(_ repost: PostRecord, of original: PostRecord, for reader: UserID) throws -> Bool {
        let start = repost.id.time.advanced(byMilliseconds: -Limits.repostMilliseconds)
        let floor = PostID(rawValue: IdentityLayout.firstIdentifier(at: start))
        if original.id >= floor, try pull.graph.isFeedAuthor(original.author, of: reader) { return true }
        let page = Page(after: PostID(rawValue: floor.rawValue - 1), before: repost.id)
        let earlier = try router.gather { try $0.reposts(of: original.id, page: page) }.joined().sorted()
        for case let post? in try posts.records(of: earlier) {
            if try pull.graph.isFeedAuthor(post.author, of: reader),
                try pull.graph.unseen(by: reader, among: [post.author]).isEmpty
            {
                return true
            }
        }
        return false
    }
}
