// `user list`: all accounts in the order of their handles.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserList {
    static let prefix = Option("prefix", .text, help: "Only handles that begin so")
    static let paging = Paging(.handleKey, .ascending)

    static let command = Command(
        ["user", "list"], "List accounts in the order of their handles",
        options: [prefix] + paging.options, groups: [paging.group],
        examples: [Example("social user list --format ids | head -3", "Print the first three handles")],
        fields: [AccountOutput.fields[1], AccountOutput.fields[0]] + AccountOutput.fields[2...] + [CommonOutput.cursor],
        handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let prefix = (line[prefix] ?? "").lowercased()
        try session.printList(command.fields) { emit in
            try paging.forEach(
                line, cursor: \.handle.key, fetch: { try network.accounts.page(prefix: prefix, $0) }
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
}
