// `post list`: posts, newest first or best first.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum PostList {
    enum Order: String, CaseIterable, Sendable {
        case new, likes, replies, reposts
    }

    static let by = Option("by", .handle, help: "Only this account's posts")
    static let tag = Option("tag", .text.named("TAG"), help: "Only posts with this tag, with or without #")
    static let likedBy = Option("liked-by", .handle, help: "Only posts that this account likes")
    static let stories = Switch("stories", help: "Only posts that expire and have not yet")
    static let reader = Option(
        "for", .handle, help: "Only posts by those whom this account follows and sees, and whether it has seen them")
    static let since = Option("since", .moment, help: "Only posts from then on")
    static let until = Option("until", .moment, help: "Only posts before then")
    static let sort = Option(
        "sort", .choice(of: Order.self), default: .new, help: "Newest first, or most liked, answered or reposted first")
    static let after = Option("after", .post.named("CURSOR"), help: "Continue after this cursor")

    static let command = Command(
        ["post", "list"], "List posts, newest first",
        discussion: "Reposts are listed with --by, among the posts of the account that passed them on.",
        options: [by, tag, likedBy, stories, reader, since, until, sort, after, CommonOptions.listLimit],
        groups: [ExclusiveGroup(by, likedBy, stories)],
        examples: [
            Example("social post list --by ana --limit 5", "Print ana's five newest posts"),
            Example("social post list --since 24h --json | jq length", "Count the posts of the last day"),
            Example("social post list --since 7d --sort likes --limit 10", "Print the top posts of the week"),
            Example("social post list --stories --for bob", "Print the stories that bob may look at"),
        ],
        fields: PostOutput.fields + [
            Field("seen", .boolean, nullable: true, "whether the account of --for has seen it"), CommonOutput.cursor,
        ], exits: [ExitStatus(67, "there is no such account")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let list = try PostSelection(session)
        let line = session.invocation
        var left = line[CommonOptions.listLimit] ?? Int.max
        try session.printList(command.fields) { emit in
            try list.forEachPage { items in
                let page = Array(items.prefix(left))
                for (item, cells) in zip(page, try PostOutput.rows(page, list.network)) {
                    guard try emit(cells + [try list.seen(item), .text(item.post.id.description)]) else { return false }
                }
                left -= page.count
                return left > 0
            }
        }
    }
}

/// The posts that a command line selects, a page at a time.
private struct PostSelection {
    private static let pageRows = 1_000
    let network: Network
    private let line: Invocation
    private let author: AccountRecord?
    private let admirer: AccountRecord?
    private let reader: AccountRecord?
    private let tag: String?
    /// Whose posts the reader sees; nil: everyone's.
    private let authors: Set<UserID>?
    private let first: Int64
    private let end: Int64
    /// Whether a list by time begins at the cursor; false when a ranked list has passed it already.
    private var isCursorPending = true

    init(_ session: Session) throws {
        let network = try session.network()
        self.network = network
        line = session.invocation
        author = try line[PostList.by].map(network.accounts.named)
        admirer = try line[PostList.likedBy].map(network.accounts.named)
        reader = try line[PostList.reader].map(network.accounts.named)
        tag = line[PostList.tag].map(PostText.key(ofTag:))
        authors = try reader.map { reader in
            let followed = try network.graph.feedAuthors(of: reader.id)
            return Set(followed).subtracting(try network.graph.unseen(by: reader.id, among: followed))
        }
        let now = session.now
        first = line[PostList.since].map { IdentityLayout.firstIdentifier(at: $0.resolved(at: now)) } ?? 0
        end = line[PostList.until].map { IdentityLayout.firstIdentifier(at: $0.resolved(at: now)) } ?? Int64.max
    }

    /// Calls a closure with the items of each page, until it says that it has enough.
    func forEachPage(_ body: ([PostItem]) throws -> Bool) throws {
        line[PostList.sort] == .new ? try forEachNewest(body) : try forEachBest(body)
    }

    private func forEachNewest(_ body: ([PostItem]) throws -> Bool) throws {
        var bound = end
        if isCursorPending, let cursor = line[PostList.after] { bound = min(bound, cursor.rawValue) }
        while bound > first {
            let page = try newest(in: PostID(rawValue: first)...PostID(rawValue: bound - 1))
            guard try body(try items(page)), page.count == PostSelection.pageRows, let last = page.last else { return }
            bound = last.id.rawValue
        }
    }

    private func newest(in range: ClosedRange<PostID>) throws -> [PostRecord] {
        let limit = PostSelection.pageRows
        if line.isOn(PostList.stories) { return try network.posts.stories(in: range, limit: limit) }
        guard let admirer else { return try network.posts.page(by: author?.id, in: range, limit: limit) }
        return try network.posts.liked(by: admirer.id, in: range, limit: limit)
    }

    /// All posts that anyone has liked, answered or passed on, best first, then the others, newest first.
    private func forEachBest(_ body: ([PostItem]) throws -> Bool) throws {
        guard end > first else { return }
        let ranked = try network.posts.ranked(
            by: { engagement in
                switch line[PostList.sort] {
                case .new: 0
                case .likes: engagement.likes
                case .replies: engagement.replies
                case .reposts: engagement.reposts
                }
            }, in: PostID(rawValue: first)...PostID(rawValue: end - 1))
        var ids = ranked.map(\.id)
        let counted = Set(ids)
        var isBehindRanked = false
        if let cursor = line[PostList.after] {
            if let place = ids.firstIndex(of: cursor) { ids.removeFirst(place + 1) } else { isBehindRanked = true }
        }
        if !isBehindRanked {
            for start in stride(from: 0, to: ids.count, by: PostSelection.pageRows) {
                let part = Array(ids[start..<min(start + PostSelection.pageRows, ids.count)])
                let posts = try network.posts.records(of: part).compactMap { $0 }.filter(isSelected)
                guard try body(try items(posts)) else { return }
            }
        }
        var rest = self
        rest.isCursorPending = isBehindRanked
        try rest.forEachNewest { items in try body(items.filter { !counted.contains($0.post.id) }) }
    }

    /// What a ranked post must be, which the index of a plain list sees to.
    private func isSelected(_ post: PostRecord) throws -> Bool {
        if let author, post.author != author.id { return false }
        if line.isOn(PostList.stories), post.expiresAt == nil { return false }
        guard let admirer else { return true }
        return try network.posts.isRelated(.like, admirer.id, to: post.id)
    }

    private func items(_ posts: [PostRecord]) throws -> [PostItem] {
        try network.posts.items(of: posts).filter { item in
            if let authors, !authors.contains(item.post.author) { return false }
            // What someone passed on is listed with that account's posts, and not beside the original.
            if item.original != nil, author == nil || line[PostList.sort] != .new { return false }
            guard let tag else { return true }
            return PostText(item.subject.text).tags.contains(tag)
        }
    }

    /// Whether the reader has seen a post.
    func seen(_ item: PostItem) throws -> Cell {
        guard let reader else { return .null }
        return .bool(try network.posts.isRelated(.seen, reader.id, to: item.subject.id))
    }
}
