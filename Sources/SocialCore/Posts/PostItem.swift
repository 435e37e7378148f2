// A post as it is shown: with who wrote it, and what it passes on.

/// A post with its author.
///
/// Copies share one object, because lists of items are passed on and on.
package struct PostItem: Sendable {
    private let content: Content

    private final class Content: Sendable {
        let post: PostRecord
        let author: SharedAccount
        let original: PostItem?

        init(_ post: PostRecord, _ author: SharedAccount, _ original: PostItem?) {
            self.post = post
            self.author = author
            self.original = original
        }
    }

    /// A post with its author, and what it passes on.
    init(post: PostRecord, author: SharedAccount, original: PostItem? = nil) {
        content = Content(post, author, original)
    }

    /// A post with its author.
    package init(post: PostRecord, author: AccountRecord) { self.init(post: post, author: SharedAccount(author)) }

    /// What was posted: a post, or a repost without text.
    package var post: PostRecord { content.post }
    /// Who posted it.
    package var author: AccountRecord { content.author.record }
    /// What a repost passes on.
    package var original: PostItem? { content.original }
    /// What is read: the post, or what it passes on.
    package var subject: PostRecord { original?.post ?? post }
    /// The post's id.
    package var id: PostID { content.post.id }

    /// Whether it, or what it passes on, is no longer shown.
    func isExpired(at time: Timestamp) -> Bool {
        content.post.isExpired(at: time) || content.original?.content.post.isExpired(at: time) == true
    }
}

/// An account that many items name.
final class SharedAccount: Sendable {
    let record: AccountRecord

    init(_ record: AccountRecord) { self.record = record }
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
        let people = try people(posts.map { $0.author } + originals.values.map { $0.author })
        var items: [PostItem] = []
        items.reserveCapacity(posts.count)
        for post in posts where !post.isExpired(at: now) {
            guard let author = people[post.author] else { continue }
            var original: PostItem?
            if let id = post.repostOf {
                guard let record = originals[id], let writer = people[record.author] else { continue }
                original = PostItem(post: record, author: writer)
            }
            items.append(PostItem(post: post, author: author, original: original))
        }
        return items
    }

    /// Accounts by id, in the order of the ids: a table would cost a command more than the searches.
    private struct People {
        var ids: [UserID]
        var accounts: [SharedAccount?]

        subscript(id: UserID) -> SharedAccount? {
            var (low, high) = (0, ids.count)
            while low < high {
                let middle = (low + high) / 2
                if ids[middle] < id { low = middle + 1 } else { high = middle }
            }
            return low < ids.count && ids[low] == id ? accounts[low] : nil
        }
    }

    /// Those accounts among some that are there.
    private func people(_ ids: [UserID]) throws -> People {
        let ids = Posts.distinct(ids)
        let cache = try freshCache()
        var people = People(ids: ids, accounts: ids.map { cache?.accounts[$0.rawValue] })
        let missing = ids.indices.filter { people.accounts[$0] == nil }
        let records = try Accounts(router: router, context: context).records(of: missing.map { ids[$0] })
        for (index, record) in zip(missing, records) {
            people.accounts[index] = record.map { SharedAccount($0) }
            cache?.accounts[ids[index].rawValue] = people.accounts[index]
        }
        return people
    }

    private static func distinct(_ ids: [UserID]) -> [UserID] {
        var distinct: [UserID] = []
        for id in ids.sorted() where id != distinct.last { distinct.append(id) }
        return distinct
    }

    /// The items of the posts with some ids, in their order; without those that are no more.
    ///
    /// Cost: a few seeks each, or none where they are remembered.
    package func items(ofIDs ids: [PostID]) throws -> [PostItem] {
        guard let cache = try freshCache() else { return try items(of: records(of: ids).compactMap { $0 }) }
        return try items(ofIDs: ids, cache)
    }

    /// The items of the posts with some ids, and whom a reader does not see of those who wrote them.
    ///
    /// Not seen is who is blocked in either direction, or muted. Others may be among those.
    package func items(ofIDs ids: [PostID], for reader: UserID) throws -> (items: [PostItem], unseen: [UserID]) {
        if let cache = try freshCache() {
            return (try items(ofIDs: ids, cache), try Array(cache.unseen(by: reader)))
        }
        let items = try items(of: records(of: ids).compactMap { $0 })
        let names = items.map { $0.post.author } + items.compactMap { $0.original?.post.author }
        return (items, try graph.unseen(by: reader, among: Posts.distinct(names)))
    }

    /// What is remembered, without what has changed since; nil when nothing may be remembered.
    func freshCache() throws -> ReadCache? {
        guard let cache, try cache.refresh() else { return nil }
        return cache
    }

    private func items(ofIDs ids: [PostID], _ cache: ReadCache) throws -> [PostItem] {
        let now = context.clock.now
        let items = try cache.items(of: ids) { try self.items(of: records(of: $0).compactMap { $0 }) }
        return items.contains { $0.isExpired(at: now) } ? items.filter { !$0.isExpired(at: now) } : items
    }

    /// An account's newest posts as they are shown on its profile, newest first.
    package func profile(of author: UserID, limit: Int) throws -> [PostItem] {
        guard limit <= Limits.rememberedPosts, let cache = try freshCache() else {
            return try items(of: page(by: author, in: .all, limit: limit))
        }
        let ids = try cache.newest(of: author) {
            try newest(by: author, in: .all, limit: Limits.rememberedPosts)
        }
        return try items(ofIDs: Array(ids.prefix(limit)), cache)
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
