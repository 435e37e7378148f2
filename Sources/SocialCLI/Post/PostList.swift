// `post list`: posts, newest first.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum PostList {
    static let by = Option("by", .handle, help: "Only this account's posts")
    static let since = Option("since", .moment, help: "Only posts from then on")
    static let until = Option("until", .moment, help: "Only posts before then")
    static let after = Option("after", .post.named("CURSOR"), help: "Continue after this cursor")

    static let command = Command(
        ["post", "list"], "List posts, newest first", options: [by, since, until, after, CommonOptions.listLimit],
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
        let first = line[since].map { IdentityLayout.firstIdentifier(at: $0.resolved(at: session.now)) } ?? 0
        var bound = line[until].map { IdentityLayout.firstIdentifier(at: $0.resolved(at: session.now)) } ?? Int64.max
        if let cursor = line[after] { bound = min(bound, cursor.rawValue) }
        var left = line[CommonOptions.listLimit] ?? Int.max
        var names: [UserID: String] = [:]
        try session.printList(command.fields) { emit in
            while left > 0, bound > first {
                let size = min(left, 1_000)
                let range = PostID(rawValue: first)...PostID(rawValue: bound - 1)
                let page = try network.posts.page(by: author, in: range, limit: size)
                let unknown = Set(page.map(\.author).filter { names[$0] == nil }).sorted()
                for account in try network.accounts.records(of: unknown) {
                    if let account { names[account.id] = account.handle.display }
                }
                for post in page {
                    let cells = PostOutput.cells(post, author: names[post.author] ?? "")
                    guard try emit(cells + [.text(post.id.description)]) else { return }
                }
                guard page.count == size, let last = page.last else { return }
                left -= page.count
                bound = last.id.rawValue
            }
        }
    }
}
