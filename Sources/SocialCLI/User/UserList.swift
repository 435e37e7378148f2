// `user list`: all accounts in the order of their handles.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserList {
    static let prefix = Option("prefix", .text, help: "Only handles that begin so")
    static let after = Option("after", .handle.named("CURSOR"), help: "Continue after this cursor")

    static let command = Command(
        ["user", "list"], "List accounts in the order of their handles",
        options: [prefix, after, CommonOptions.listLimit],
        examples: [Example("social user list --format ids | head -3", "Print the first three handles")],
        fields: [AccountOutput.fields[1], AccountOutput.fields[0]] + AccountOutput.fields[2...] + [CommonOutput.cursor],
        handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        var left = line[CommonOptions.listLimit] ?? Int.max
        var last = line[after]?.key
        try session.printList(command.fields) { emit in
            while left > 0 {
                let size = min(left, Limits.pageRows)
                let page = try network.accounts.page(
                    prefix: (line[prefix] ?? "").lowercased(), Page(after: last, limit: size))
                for account in page {
                    var cells = AccountOutput.cells(account)
                    cells.swapAt(0, 1)
                    guard try emit(cells + [.text(account.handle.key)]) else { return }
                }
                guard page.count == size else { return }
                left -= page.count
                last = page.last?.handle.key
            }
        }
    }
}
