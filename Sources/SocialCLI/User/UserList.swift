// `user list`: all accounts, or those that did something with a post, in the order of their handles.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserList {
    static let prefix = Option("prefix", .text, help: "Only handles that begin so")
    static let activeSince = Option("active-since", .moment, help: "Only accounts that were active from then on")
    static let liking = Option("liking", .postReference.named("POST"), help: "Only accounts that like this post")
    static let seen = Option("seen", .postReference.named("POST"), help: "Only accounts that have seen this post")
    static let after = Option("after", .handle.named("CURSOR"), help: "Continue after this cursor")

    static let command = Command(
        ["user", "list"], "List accounts in the order of their handles",
        discussion: "Who has seen a post is known from \"post show --record\".",
        options: [prefix, activeSince, liking, seen, CommonOptions.by, after, CommonOptions.listLimit],
        groups: [ExclusiveGroup(liking, seen)],
        examples: [
            Example("social user list --format ids | head -3", "Print the first three handles"),
            Example("social user list --active-since 24h --json | jq length", "Count the accounts of the last day"),
        ],
        fields: [AccountOutput.fields[1], AccountOutput.fields[0]] + AccountOutput.fields[2...] + [CommonOutput.cursor],
        exits: [ExitStatus(67, "there is no such post")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let start = line[activeSince]?.resolved(at: session.now)
        let beginning = (line[prefix] ?? "").lowercased()
        var left = line[CommonOptions.listLimit] ?? Int.max
        try session.printList(command.fields) { emit in
            try forEachPage(session, prefix: beginning) { page in
                for account in page {
                    if let start, account.activeAt < start { continue }
                    var cells = AccountOutput.cells(account)
                    cells.swapAt(0, 1)
                    guard try emit(cells + [.text(account.handle.key)]) else { return false }
                    left -= 1
                    if left == 0 { return false }
                }
                return true
            }
        }
    }

    /// Calls a closure with a page of accounts after the other, until it says that it has enough.
    private static func forEachPage(
        _ session: Session, prefix: String, _ body: ([AccountRecord]) throws -> Bool
    ) throws {
        let network = try session.network()
        let line = session.invocation
        var last = line[after]?.key
        if let accounts = try related(session) {
            _ = try body(accounts.filter { $0.handle.key > last ?? "" && $0.handle.key.hasPrefix(prefix) })
            return
        }
        while true {
            let page = try network.accounts.page(prefix: prefix, Page(after: last, limit: 1_000))
            guard try body(page), page.count == 1_000 else { return }
            last = page.last?.handle.key
        }
    }

    /// The accounts that did something with a post, in order; nil when no post was named.
    private static func related(_ session: Session) throws -> [AccountRecord]? {
        let line = session.invocation
        guard let reference = line[liking] ?? line[seen] else { return nil }
        let network = try session.network()
        let post = try network.posts.item(try session.postID(reference)).subject
        let relations = try network.posts.accounts(line[liking] == nil ? .seen : .like, to: post.id)
        return try network.accounts.records(of: relations.map(\.actor)).compactMap { $0 }
            .sorted { $0.handle.key < $1.handle.key }
    }
}
