// What the logs say changes the inboxes. Events trigger and state decides: an event says which items to look at, and
// whether they are to be is read from the truth, so applying an event twice, or late, changes nothing.

/// Applies entries of logs to the inboxes.
struct NotificationChanges {
    private let router: Router
    private let inboxes: InboxTransaction
    private let sources: NotificationSources

    /// - Parameter floor: what is older makes no items.
    init(_ router: Router, _ inboxes: InboxTransaction, floor: Timestamp) {
        self.router = router
        self.inboxes = inboxes
        sources = NotificationSources(
            router: router, accounts: Accounts(router: router, context: Context()), floor: floor)
    }

    /// What entries ask to look at.
    private struct Work {
        var likes: [NotificationSources.Like] = []
        var follows: [(follower: UserID, followee: UserID)] = []
        var importers: [UserID] = []
        var made: [PostID] = []
        var changed: [PostID] = []
        var deleted: [(author: UserID, post: PostID)] = []
        var newAccounts: [UserID] = []
        var changedAccounts: [UserID] = []
        var deletedAccounts: [UserID] = []
    }

    /// Applies entries, in whatever order they are: nothing depends on it, because the truth is asked.
    func apply(_ entries: [EventEntry]) throws {
        var work = Work()
        for entry in entries {
            switch entry {
            case .related(.like, let actor, let target), .unrelated(.like, let actor, let target):
                work.likes.append(NotificationSources.Like(actor: actor, post: PostID(rawValue: target.rawValue)))
            case .followed(let follower, let followee), .unfollowed(let follower, let followee):
                work.follows.append((follower, followee))
            case .followsImported(let follower): work.importers.append(follower)
            case .posted(_, let post): work.made.append(post)
            case .postEdited(_, let post): work.changed.append(post)
            case .postDeleted(let author, let post): work.deleted.append((author, post))
            case .accountCreated(let id): work.newAccounts.append(id)
            case .accountChanged(let id): work.changedAccounts.append(id)
            case .accountDeleted(let id): work.deletedAccounts.append(id)
            // Who does not see whom is looked up when inboxes are read; where slots lie does not matter here.
            case .related, .unrelated, .released, .adopted, .accountActive: break
            case .uploaded, .mediaChanged, .mediaDeleted: break
            }
        }
        try apply(work)
    }

    private func apply(_ work: Work) throws {
        for account in NotificationSources.distinct(work.deletedAccounts) { try inboxes.removeAccount(account) }
        for (author, post) in work.deleted {
            try inboxes.removeGroup(author, .like, post)
            try inboxes.removeGroup(author, .repost, post)
        }
        var posts = work.made + work.changed + work.deleted.map(\.post)
        posts += try sources.children(of: NotificationSources.distinct(work.deleted.map(\.post)))
        try look(at: posts)
        // An import brings what was done to posts before them, when they lie in different shards.
        let engaged = try sources.engaged(NotificationSources.distinct(work.made))
        if !engaged.isEmpty { try look(at: sources.children(of: engaged)) }
        try put(sources.likes(work.likes) + sources.likes(of: engaged))
        try follow(work)
        try recognise(work)
    }

    /// Makes the items of posts what they are by the truth.
    private func look(at posts: [PostID]) throws {
        var rest = NotificationSources.distinct(posts)[...]
        while !rest.isEmpty {
            let part = Array(rest.prefix(Limits.pageRows))
            rest = rest.dropFirst(part.count)
            var products = try sources.products(of: sources.posts(part))[...]
            for id in part {
                let product = products.first?.post == id ? products.removeFirst() : nil
                try inboxes.set(product?.items ?? [], unknown: product?.unknown ?? [], madeBy: id)
            }
        }
    }

    private func put(_ likes: [NotificationSources.Like]) throws {
        // Along the table of items: it costs half as much.
        let items = try sources.items(of: likes).sorted {
            ($0.item.group, $0.item.actor) < ($1.item.group, $1.item.actor)
        }
        for (item, isThere) in items {
            if isThere { try inboxes.put(item) } else { try inboxes.remove(item) }
        }
    }

    private func follow(_ work: Work) throws {
        let found = try router.gather(work.follows, slot: \.follower.slot) { try $0.follow($1.follower, $1.followee) }
        for (pair, edge) in zip(work.follows, found) {
            if let item = edge.flatMap(sources.item) {
                try inboxes.put(item)
            } else {
                let time = Timestamp(milliseconds: 0)
                try inboxes.remove(InboxItem(pair.followee, .follow, subject: 0, by: pair.follower, at: time))
            }
        }
        for follower in NotificationSources.distinct(work.importers) {
            let edges = try router.read(follower.slot) { try $0.followees(of: follower, page: Page()) }
            for item in edges.compactMap(sources.item) { try inboxes.put(item) }
        }
    }

    /// Looks at posts again that name somebody who has come, or has got the name.
    private func recognise(_ work: Work) throws {
        let slots = work.newAccounts.map(\.slot)
        let changed = NotificationSources.distinct(work.changedAccounts)
        guard !slots.isEmpty || !changed.isEmpty else { return }
        let keys = try inboxes.unknownKeys()
        if keys.isEmpty { return }
        var known = Set(slots.map(\.index))
        for case let account? in try router.gather(changed, slot: \.slot, { try $0.account($1) }) {
            known.insert(Slot(of: account.handle).index)
        }
        // Who has changed its name twice meanwhile has one more.
        let looksAtAll = !changed.isEmpty && keys.count <= Limits.unknownHandles
        for key in keys where looksAtAll || known.contains(Slot(ofKey: key).index) {
            guard let handle = try? Handle(key), try sources.accounts.find(handle) != nil else { continue }
            try look(at: inboxes.posts(naming: key))
        }
    }
}
