// Which posts a command line selects, and in which order: the newest first, or those with the most of something first
// and behind them the others, the newest first.

internal import CommandSpec
internal import Formats
internal import SocialCore

/// The posts that a command line selects.
struct PostSelection {
    let network: Network
    /// What lies between the cursors of the line.
    let window: Page<Place>
    private let line: Invocation
    private let author: AccountRecord?
    private let admirer: AccountRecord?
    private let reader: AccountRecord?
    private let tag: String?
    /// Whose posts the reader sees; nil: everyone's.
    private let authors: Set<UserID>?
    /// The posts of the time that the line names; nil when there can be none.
    private let range: ClosedRange<PostID>?
    /// The places of the posts that have some of what the line sorts by.
    private let best: [Place]
    private let bestIDs: Set<PostID>

    /// Where a post stands: the more it has of what the line sorts by, the further in front; then the newer it is.
    struct Place: Comparable, Sendable {
        let count: Int64
        let id: PostID

        static func < (one: Place, other: Place) -> Bool { (one.count, one.id) < (other.count, other.id) }
    }

    /// What was read at a place; no post where it stands elsewhere or is gone.
    struct Row {
        let place: Place
        let post: PostRecord?
    }

    init(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        self.network = network
        self.line = line
        author = try line[PostList.by].map(network.accounts.named)
        admirer = try line[PostList.likedBy].map(network.accounts.named)
        reader = try line[PostList.reader].map(network.accounts.named)
        tag = line[PostList.tag].map(PostText.key(ofTag:))
        authors = try reader.map { reader in
            let followed = try network.graph.feedAuthors(of: reader.id)
            return Set(followed).subtracting(try network.graph.unseen(by: reader.id, among: followed))
        }
        range = CommonOptions.range(session)
        let order = line[PostList.sort]
        if order == .new {
            best = []
        } else {
            let ranked = try range.map { try network.posts.ranked(by: { $0.count(order) }, in: $0) } ?? []
            best = ranked.map { Place(count: $0.count, id: $0.id) }
        }
        bestIDs = Set(best.map(\.id))
        func place(_ id: PostID) throws -> Place {
            Place(count: order == .new ? 0 : try network.posts.engagement(of: [id])[0].count(order), id: id)
        }
        let (after, before) = PostList.paging.cursors(line)
        window = Page(after: try after.map(place), before: try before.map(place))
    }

    // MARK: Reading

    /// A piece of the list; the first places are the largest.
    func rows(_ page: Page<Place>) throws -> [Row] {
        let best = best.filter { place in
            page.after.map { place < $0 } ?? true && page.before.map { place > $0 } ?? true
        }
        var found: [Row]
        if page.takesEnd {
            found = try rest(page, page.limit)
            if found.count < page.limit { found = try rows(best.suffix(page.limit - found.count)) + found }
        } else {
            found = try rows(best.prefix(page.limit))
            if found.count < page.limit { found += try rest(page, page.limit - found.count) }
        }
        return found
    }

    private func rows(_ places: ArraySlice<Place>) throws -> [Row] {
        let posts = try network.posts.records(of: places.map(\.id))
        return zip(places, posts).map { Row(place: $0, post: $1) }
    }

    /// Those of which nobody has counted anything.
    private func rest(_ page: Page<Place>, _ limit: Int) throws -> [Row] {
        guard let range, page.before?.count ?? 0 == 0 else { return [] }
        var last = range.upperBound.rawValue
        if let after = page.after, after.count == 0 { last = min(last, after.id.rawValue - 1) }
        let first = max(range.lowerBound.rawValue, page.before.map { $0.id.rawValue + 1 } ?? 0)
        guard first <= last else { return [] }
        let part = PostID(rawValue: first)...PostID(rawValue: last)
        return try newest(in: part, limit, fromOldest: page.takesEnd).map { post in
            Row(place: Place(count: 0, id: post.id), post: bestIDs.contains(post.id) ? nil : post)
        }
    }

    private func newest(in range: ClosedRange<PostID>, _ limit: Int, fromOldest: Bool) throws -> [PostRecord] {
        let posts = network.posts
        if line.isOn(PostList.stories) { return try posts.stories(in: range, limit: limit, fromOldest: fromOldest) }
        guard let admirer else {
            return try posts.page(by: author?.id, in: range, limit: limit, fromOldest: fromOldest)
        }
        return try posts.liked(by: admirer.id, in: range, limit: limit, fromOldest: fromOldest)
    }

    // MARK: Selecting

    /// What is to be shown of a piece of the list.
    func items(_ rows: [Row]) throws -> [PostItem] {
        try network.posts.items(of: try rows.compactMap(\.post).filter(isSelected)).filter { item in
            if let authors, !authors.contains(item.post.author) { return false }
            // What someone passed on is listed with that account's posts, and not beside the original.
            if item.original != nil, author == nil || line[PostList.sort] != .new { return false }
            guard let tag else { return true }
            return PostText(item.subject.text).tags.contains(tag)
        }
    }

    /// What a ranked post must be, which the index of a plain list sees to.
    private func isSelected(_ post: PostRecord) throws -> Bool {
        if line[PostList.sort] == .new { return true }
        if let author, post.author != author.id { return false }
        if line.isOn(PostList.stories), post.expiresAt == nil { return false }
        guard let admirer else { return true }
        return try network.posts.isRelated(.like, admirer.id, to: post.id)
    }

    /// Whether the reader has seen a post.
    func seen(_ item: PostItem) throws -> Cell {
        guard let reader else { return .null }
        return .bool(try network.posts.isRelated(.seen, reader.id, to: item.subject.id))
    }
}

extension Engagement {
    /// What a list is sorted by.
    fileprivate func count(_ order: PostList.Order) -> Int64 {
        switch order {
        case .new: 0
        case .likes: likes
        case .replies: replies
        case .reposts: reposts
        }
    }
}
