// `user delete`: the end of an account.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserDelete {
    static let handle = Operand("HANDLE", .handle, help: "Which account")

    static let command = Command(
        ["user", "delete"], "Delete an account with its posts and follows",
        discussion: """
            Its posts, follows, blocks, mutes and likes go with it, and nobody follows it any longer. Its handles stay \
            reserved, and its ids are never given again. Interrupted, it goes on when it is run again, or with the \
            next "feed regenerate".
            """,
        operands: [handle], examples: [Example("social user delete bob", "Delete bob")],
        fields: [
            Field("id", .string, "the account's id"), Field("handle", .string, "the handle that stays reserved"),
            CommonOutput.changed,
        ], exits: [ExitStatus(67, "there never was such an account")], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let name = try session.invocation[handle]
        try session.confirm("delete \"\(name)\" and everything that it posted for ever?")
        let (id, isDeleted) = try session.change { try $0.accounts.delete(name) }
        try session.print(command.fields, [.id(id.description), .text(name.display), .bool(isDeleted)])
    }
}
