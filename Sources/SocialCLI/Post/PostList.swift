// `post list`: posts, newest first.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum PostList {
    static let by = Option("by", .handle, help: "Only this account's posts")
    static let since = Option("since", .moment, help: "Only posts from then on")
    static let until = Option("until", .moment, help: "Only posts before then")
    static let paging = Paging(.post, .descending)

    static let command = Command(
        ["post", "list"], "List posts, newest first", options: [by, since, until] + paging.options,
        groups: [paging.group],
        examples: [
            Example("social post list --by ana --limit 5", "Print ana's five newest posts"),
            Example("social post list --since 24h --json | jq length", "Count the posts of the last day"),
        ],
        fields: PostOutput.fields + [CommonOutput.cursor], exits: [ExitStatus(67, "there is no such account")],
        handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let author = try line[by].map { try network.accounts.named($0).id }
        let range = session.posts(since: line[since], until: line[until])
        var names: [UserID: String] = [:]
        try session.printList(command.fields) { emit in
            try paging.forEach(
                line, cursor: \PostRecord.id,
                fetch: { page in
                    guard let range = range?.window(page) else { return [] }
                    return try network.posts.page(by: author, in: range, limit: page.limit, fromOldest: page.takesEnd)
                }
            ) { posts in
                let unknown = Set(posts.map(\.author).filter { names[$0] == nil }).sorted()
                for account in try network.accounts.records(of: unknown) {
                    if let account { names[account.id] = account.handle.display }
                }
                for post in posts {
                    let cells = PostOutput.cells(post, author: names[post.author] ?? "")
                    guard try emit(cells + [.text(post.id.description)]) else { return false }
                }
                return true
            }
        }
    }
}

extension Session {
    /// The posts of a time; nil when there can be none.
    func posts(since: Moment?, until: Moment?) -> ClosedRange<PostID>? {
        let first = since.map { IdentityLayout.firstIdentifier(at: $0.resolved(at: now)) } ?? 0
        let end = until.map { IdentityLayout.firstIdentifier(at: $0.resolved(at: now)) } ?? .max
        return end > first ? PostID(rawValue: first)...PostID(rawValue: end - 1) : nil
    }
}

extension ClosedRange<PostID> {
    /// The part of the range that lies within a piece of a list of the newest first; nil when there is none.
    func window(_ page: Page<PostID>) -> ClosedRange<PostID>? {
        let last = Swift.min(upperBound.rawValue, page.after.map { $0.rawValue - 1 } ?? .max)
        let first = Swift.max(lowerBound.rawValue, page.before.map { $0.rawValue + 1 } ?? 0)
        return first <= last ? PostID(rawValue: first)...PostID(rawValue: last) : nil
    }
}
