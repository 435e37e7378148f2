// Inboxes made from the truth, all at once: the posts and likes of the time that is kept, and all follows of it, in
// batches that are put along the tables.

/// Fills empty inboxes.
struct NotificationBuild {
    private let router: Router
    private let inboxes: InboxTransaction
    private let sources: NotificationSources
    private let observer: (any RunObserver)?

    init(_ router: Router, _ inboxes: InboxTransaction, floor: Timestamp, context: Context) {
        self.router = router
        self.inboxes = inboxes
        sources = NotificationSources(
            router: router, accounts: Accounts(router: router, context: context), floor: floor)
        observer = context.observer
    }

    func run() throws {
        inboxes.isBulk = true
        try addPosts()
        try addAccounts()
        try inboxes.makeGroups()
    }

    /// What posts make.
    private func addPosts() throws {
        let first = max(1, IdentityLayout.firstIdentifier(at: sources.floor))
        for shard in router.shards {
            var last = Int64.max
            while last >= first {
                let range = PostID(rawValue: first)...PostID(rawValue: last)
                let posts = try router.read(shard: shard) { try $0.posts(in: range, limit: Limits.pageRows) }
                for product in try sources.products(of: posts) {
                    for item in product.items { try inboxes.add(item, madeBy: product.post) }
                    try inboxes.add(unknown: product.unknown, in: product.post)
                }
                observer?.advance(by: posts.count)
                guard posts.count == Limits.pageRows, let oldest = posts.last else { break }
                last = oldest.id.rawValue - 1
            }
        }
    }

    /// What accounts do: they follow and like.
    private func addAccounts() throws {
        var items: [InboxItem] = []
        func flush() throws {
            items.sort { ($0.group, $0.actor) < ($1.group, $1.actor) }
            for item in items { try inboxes.put(item) }
            items.removeAll(keepingCapacity: true)
        }
        for shard in router.shards {
            var rest = try router.read(shard: shard) { try $0.accountIDs() }[...]
            while !rest.isEmpty {
                let part = rest.prefix(Limits.firstPageRows)
                rest = rest.dropFirst(part.count)
                var likes: [NotificationSources.Like] = []
                try router.read(shard: shard) { reader in
                    for account in part {
                        items += try reader.followees(of: account, page: Page()).compactMap(sources.item)
                        likes += try reader.relations(.like, of: account, page: Page()).compactMap { like in
                            guard like.since >= sources.floor else { return nil }
                            return NotificationSources.Like(
                                actor: account, post: PostID(rawValue: like.target.rawValue), since: like.since)
                        }
                    }
                }
                items += try sources.items(of: likes).compactMap { $0.isThere ? $0.item : nil }
                observer?.advance(by: part.count)
                if items.count >= Limits.inboxBatch { try flush() }
            }
        }
        try flush()
    }
}
