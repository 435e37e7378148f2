// `follow list`: whom an account follows, who follows it, and whom it does not want to see.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FollowList {
    static let handle = Operand("HANDLE", .handle, help: "Whose follows")
    static let followers = Switch("followers", help: "List the accounts that follow it")
    static let following = Switch("following", help: "List the accounts that it follows (the default)")
    static let blocked = Switch("blocked", help: "List the accounts that it blocks")
    static let muted = Switch("muted", help: "List the accounts that it mutes")
    static let paging = Paging(.user, .ascending)

    static let command = Command(
        ["follow", "list"], "List whom an account follows, or who follows it", operands: [handle],
        options: [followers, following, blocked, muted] + paging.options,
        groups: [ExclusiveGroup(followers, following, blocked, muted), paging.group],
        examples: [
            Example("social follow list ana --followers --format ids", "Print who follows ana"),
            Example("social follow list ana --blocked", "Print whom ana blocks"),
        ],
        fields: [
            Field("handle", .string, "the account at the other end"), Field("id", .string, "its id"),
            Field("since", .time, "since when"), CommonOutput.cursor,
        ], exits: [ExitStatus(67, "there is no such account")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let account = try network.accounts.named(try line[handle])
        try session.printList(command.fields) { emit in
            try paging.forEach(
                line, cursor: \.other, fetch: { try page(network.graph, account.id, line, $0) }
            ) { edges in
                for (edge, other) in zip(edges, try network.accounts.records(of: edges.map(\.other))) {
                    guard let other else { continue }
                    let id = other.id.description
                    let cells: [Cell] = [.text(other.handle.display), .id(id), .time(edge.since.text), .text(id)]
                    guard try emit(cells) else { return false }
                }
                return true
            }
        }
    }

    /// The other ends of a page, and since when.
    private static func page(
        _ graph: Graph, _ id: UserID, _ line: Invocation, _ page: Page<UserID>
    ) throws -> [(other: UserID, since: Timestamp)] {
        if line.isOn(blocked) || line.isOn(muted) {
            return try graph.relations(line.isOn(blocked) ? .block : .mute, of: id, page: page).map {
                (UserID(rawValue: $0.target.rawValue), $0.since)
            }
        }
        if line.isOn(followers) { return try graph.followers(of: id, page: page).map { ($0.follower, $0.since) } }
        return try graph.followees(of: id, page: page).map { ($0.followee, $0.since) }
    }
}
