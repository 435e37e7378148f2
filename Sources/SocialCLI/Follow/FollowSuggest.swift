// `follow suggest`: whom an account might like to follow.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FollowSuggest {
    static let handle = Operand("HANDLE", .handle, help: "For whom")

    static let command = Command(
        ["follow", "suggest"], "Suggest accounts to follow",
        discussion: """
            Accounts that are followed by most of those whom the account follows, and that it neither follows, \
            blocks nor mutes.
            """,
        operands: [handle], options: [CommonOptions.limit, CommonOptions.all],
        groups: [ExclusiveGroup(CommonOptions.limit, CommonOptions.all)],
        examples: [Example("social follow suggest ana --limit 5", "Suggest five accounts to ana")],
        fields: [
            Field("handle", .string, "the account"), Field("id", .string, "its id"),
            Field("name", .string, nullable: true, "the name that is shown"),
            Field("mutuals", .integer, "how many of those whom the account follows follow it"),
        ], exits: [ExitStatus(67, "there is no such account")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let account = try network.accounts.named(try session.invocation[handle])
        let limit = CommonOptions.limit(session.invocation)
        let found = try network.graph.suggestions(for: account.id, limit: limit)
        let accounts = try network.accounts.records(of: found.best.map(\.id))
        try session.printList(command.fields) { emit in
            for case let (suggestion, account?) in zip(found.best, accounts) {
                let cells: [Cell] = [
                    .text(account.handle.display), .id(account.id.description), .text(orNull: account.profile.name),
                    .integer(Int64(suggestion.mutuals)),
                ]
                guard try emit(cells) else { return }
            }
        }
        try session.noteCut(after: found.best.count, of: limit) { found.total - found.best.count }
    }
}
