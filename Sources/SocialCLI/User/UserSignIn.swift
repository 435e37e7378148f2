// `user sign-in`: an account is here now. Records activity, and grants nothing.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserSignIn {
    static let handle = Operand("HANDLE", .handle, help: "Who signs in")

    static let command = Command(
        ["user", "sign-in"], "Note that an account is active",
        discussion: "Recorded at most once an hour. Signing in proves nothing and grants nothing.", operands: [handle],
        examples: [Example("social user sign-in ana", "Note that ana is here")],
        fields: AccountOutput.fields + [CommonOutput.changed],
        exits: [ExitStatus(67, "there is no such account")], isChange: true, handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let handle = try session.invocation[handle]
        let seen = try session.change { try $0.accounts.signIn(handle) }
        try session.print(command.fields, AccountOutput.cells(seen.value) + [.bool(seen.isNew)])
    }
}
