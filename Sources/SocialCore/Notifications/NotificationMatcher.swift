// Whom a commit concerns. A server that serves many readers reads the logs once and asks here whom to tell, instead of
// asking for each reader whether there is something new.

/// Finds the readers to whom what was committed is to be told.
package struct NotificationMatcher {
    private let notifications: Notifications
    private let sources: NotificationSources
    /// Those among the readers who are interested at present that follow an author.
    private let interestedFollowers: (UserID) throws -> [UserID]

    /// Something that a reader is to be told, unless the reader does not want it or does not see who did it.
    package struct Match: Sendable {
        /// Who is to be told.
        package var reader: UserID
        /// What notification it belongs to.
        package var id: NotificationID
        /// Who did it.
        package var actor: UserID
        /// When.
        package var time: Timestamp
        /// How many entries of the commit come before the one that tells of it.
        package var entry: Int
    }

    init(_ notifications: Notifications, interestedFollowers: @escaping (UserID) throws -> [UserID]) {
        self.notifications = notifications
        self.interestedFollowers = interestedFollowers
        sources = NotificationSources(
            router: notifications.router, accounts: notifications.accounts,
            floor: NotificationView.floor(at: notifications.context.clock.now))
    }

    /// Whom a commit concerns, in the order of its entries; events trigger, state decides.
    ///
    /// Cost: a few seeks for each post, like and follow in it.
    package func matches(_ commit: LogTail.Commit) throws -> [Match] {
        var found: [Match] = []
        for (index, entry) in commit.entries.enumerated() {
            switch entry {
            case .related(.like, let actor, let target):
                let like = NotificationSources.Like(actor: actor, post: PostID(rawValue: target.rawValue))
                for (item, isThere) in try sources.items(of: sources.likes([like])) where isThere {
                    found.append(Match(item, index))
                }
            case .followed(let follower, let followee):
                let edge = try notifications.graph.edge(follower, followee)
                if let item = edge.flatMap(sources.item) { found.append(Match(item, index)) }
            case .followsImported(let follower):
                let edges = try notifications.router.read(follower.slot) {
                    try $0.followees(of: follower, page: Page())
                }
                // Those that were there before are older.
                let newest = edges.map(\.since).max()
                for edge in edges where edge.since == newest {
                    if let item = sources.item(of: edge) { found.append(Match(item, index)) }
                }
            case .posted(let author, let post): found += try matches(post, by: author, index)
            default: break
            }
        }
        return found
    }

    private func matches(_ id: PostID, by author: UserID, _ index: Int) throws -> [Match] {
        let posts = try sources.posts([id])
        guard let post = posts.first else { return [] }
        var found = try sources.products(of: posts).flatMap(\.items).map { Match($0, index) }
        guard post.repostOf == nil else { return found }
        let readers = try interestedFollowers(author)
        guard !readers.isEmpty, try notifications.isCelebrity(author) else { return found }
        for reader in readers where !found.contains(where: { $0.reader == reader }) {
            let id = NotificationID(.post, id.rawValue)
            found.append(Match(reader: reader, id: id, actor: author, time: post.id.time, entry: index))
        }
        return found
    }
}

extension NotificationMatcher.Match {
    fileprivate init(_ item: InboxItem, _ entry: Int) {
        self.init(reader: item.reader, id: NotificationID(item.group), actor: item.actor, time: item.time, entry: entry)
    }
}

extension Notifications {
    /// Finds whom commits concern.
    ///
    /// - Parameter interestedFollowers: tells which of the readers who are interested at present follow an author; it
    ///   is asked for each post, and only they are told of posts by authors with very many followers.
    package func matcher(
        interestedFollowers: @escaping (UserID) throws -> [UserID] = { _ in [] }
    ) -> NotificationMatcher {
        NotificationMatcher(self, interestedFollowers: interestedFollowers)
    }

    /// What was matched as its reader sees it; nil when the reader does not, or does not want to be told.
    package func notification(_ match: NotificationMatcher.Match) throws -> Notification? {
        try Inbox(self, match.reader, Selection()).notification(match)
    }
}
