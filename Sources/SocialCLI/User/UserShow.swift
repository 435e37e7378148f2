// `user show`: one account, with its counts.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserShow {
    static let handle = Operand("HANDLE", .handle, help: "Whose account")

    static let command = Command(
        ["user", "show"], "Show an account", operands: [handle], options: [CommonOptions.by, AccessRecording.option],
        examples: [Example("social user show ana --json", "Show ana's profile and counts")],
        fields: AccountOutput.fields + [
            Field("followers", .integer, "how many accounts follow it"),
            Field("following", .integer, "how many accounts it follows"),
        ], exits: [ExitStatus(67, "there is no such account")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let account = try network.accounts.named(try session.invocation[handle])
        let counts = try network.graph.counts(of: account.id)
        let cells = AccountOutput.cells(account)
        var recording = try AccessRecording(session, viewer: session.viewer())
        try session.print(
            command.fields, cells + [.integer(Int64(counts.followers)), .integer(Int64(counts.following))])
        recording?.add(.user(account.id), .profileView)
        recording?.finish()
    }
}
