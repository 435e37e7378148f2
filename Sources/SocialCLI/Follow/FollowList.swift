// `follow list`: whom an account follows, or who follows it.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FollowList {
    static let handle = Operand("HANDLE", .handle, help: "Whose follows")
    static let followers = Switch("followers", help: "List the accounts that follow it")
    static let following = Switch("following", help: "List the accounts that it follows (the default)")
    static let paging = Paging(.user, .ascending)

    static let command = Command(
        ["follow", "list"], "List whom an account follows, or who follows it", operands: [handle],
        options: [followers, following] + paging.options,
        groups: [ExclusiveGroup(followers, following), paging.group],
        examples: [Example("social follow list ana --followers --format ids", "Print who follows ana")],
        fields: [
            Field("handle", .string, "the account at the other end"), Field("id", .string, "its id"),
            Field("since", .time, "since when"), CommonOutput.cursor,
        ], exits: [ExitStatus(67, "there is no such account")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let account = try network.accounts.named(try line[handle])
        let isOfFollowers = line.isOn(followers)
        func other(_ edge: FollowRecord) -> UserID { isOfFollowers ? edge.follower : edge.followee }
        func edges(_ page: Page<UserID>) throws -> [FollowRecord] {
            isOfFollowers
                ? try network.graph.followers(of: account.id, page: page)
                : try network.graph.followees(of: account.id, page: page)
        }
        try session.printList(command.fields) { emit in
            try paging.forEach(line, cursor: other, fetch: edges) { edges in
                for (edge, account) in zip(edges, try network.accounts.records(of: edges.map(other))) {
                    guard let account else { continue }
                    let id = account.id.description
                    let cells: [Cell] = [.text(account.handle.display), .id(id), .time(edge.since.text), .text(id)]
                    guard try emit(cells) else { return false }
                }
                return true
            }
        }
    }
}
