// `user list`: all accounts, or those that did something with a post, in the order of their handles.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserList {
    static let prefix = Option("prefix", .text, help: "Only handles that begin so")
    static let activeSince = Option("active-since", .moment, help: "Only accounts that were active from then on")
    static let liking = Option("liking", .postReference.named("POST"), help: "Only accounts that like this post")
    static let seen = Option("seen", .postReference.named("POST"), help: "Only accounts that have seen this post")
    static let paging = Paging(.handleKey, .ascending)

    static let command = Command(
        ["user", "list"], "List accounts in the order of their handles",
        discussion: "Who has seen a post is known from \"post show --record\".",
        options: [prefix, activeSince, liking, seen, CommonOptions.by] + paging.options,
        groups: [ExclusiveGroup(liking, seen), paging.group],
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
        let network = try session.network()
        let related = try related(session)?.filter { $0.handle.key.hasPrefix(beginning) }
        try session.printList(command.fields) { emit in
            try paging.forEach(
                line, in: paging.window(line), at: \AccountRecord.handle.key,
                fetch: { try related?.piece($0) ?? network.accounts.page(prefix: beginning, $0) },
                select: { accounts in accounts.filter { $0.activeAt >= start ?? IdentityLayout.earliest } }
            ) { accounts in
                for account in accounts {
                    var cells = AccountOutput.cells(account)
                    cells.swapAt(0, 1)
                    guard try emit(cells + [.text(account.handle.key)]) else { return false }
                }
                return true
            }
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

extension [AccountRecord] {
    /// A piece of a list in the order of the handles.
    fileprivate func piece(_ page: Page<String>) -> [AccountRecord] {
        page.cut(
            filter { account in
                let key = account.handle.key
                return key > page.after ?? "" && page.before.map { key < $0 } ?? true
            })
    }
}
