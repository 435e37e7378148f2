// `follow list`: whom an account follows, or who follows it.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FollowList {
    static let handle = Operand("HANDLE", .handle, help: "Whose follows")
    static let followers = Switch("followers", help: "List the accounts that follow it")
    static let following = Switch("following", help: "List the accounts that it follows (the default)")
    static let after = Option(
        "after", .integer(in: Int64(1)...Int64.max).named("CURSOR"), help: "Continue after this cursor")

    static let command = Command(
        ["follow", "list"], "List whom an account follows, or who follows it", operands: [handle],
        options: [followers, following, after, CommonOptions.listLimit],
        groups: [ExclusiveGroup(followers, following)],
        examples: [Example("social follow list ana --followers --format ids", "Print who follows ana")],
        fields: [
            Field("handle", .string, "the account at the other end"), Field("id", .string, "its id"),
            Field("since", .time, "since when"), CommonOutput.cursor,
        ], exits: [ExitStatus(67, "there is no such account")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let account = try network.accounts.named(try line[handle])
        var left = line[CommonOptions.listLimit] ?? Int.max
        var last = line[after].map(UserID.init(rawValue:))
        try session.printList(command.fields) { emit in
            while left > 0 {
                let size = min(left, Limits.pageRows)
                let page =
                    line.isOn(followers)
                    ? try network.graph.followers(of: account.id, page: Page(after: last, limit: size))
                    : try network.graph.followees(of: account.id, page: Page(after: last, limit: size))
                let others = page.map { line.isOn(followers) ? $0.follower : $0.followee }
                for (edge, other) in zip(page, try network.accounts.records(of: others)) {
                    guard let other else { continue }
                    let id = other.id.description
                    let cells: [Cell] = [.text(other.handle.display), .id(id), .time(edge.since.text), .text(id)]
                    guard try emit(cells) else { return }
                }
                guard page.count == size else { return }
                left -= page.count
                last = others.last
            }
        }
    }
}
