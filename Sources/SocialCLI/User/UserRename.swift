// `user rename`: another handle for an account.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserRename {
    static let handle = Operand("HANDLE", .handle, help: "Whose handle")
    static let newHandle = Operand("NEW", .handle, help: "The new handle")

    static let command = Command(
        ["user", "rename"], "Give an account another handle",
        discussion: "The old handle stays reserved and goes on finding the account; so does every earlier one.",
        operands: [handle, newHandle],
        examples: [Example("social user rename ana ana.silva", "Let ana be called ana.silva")],
        fields: AccountOutput.fields + [CommonOutput.changed],
        exits: [ExitStatus(67, "there is no such account"), ExitStatus(73, "the handle is taken")], isChange: true,
        handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let account = try session.network().accounts.named(try line[handle])
        let name = try line[newHandle]
        let renamed = try session.change { try $0.accounts.rename(account, to: name) }
        try session.print(command.fields, AccountOutput.cells(renamed.value) + [.bool(renamed.isNew)])
    }
}
