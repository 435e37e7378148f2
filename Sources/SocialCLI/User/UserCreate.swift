// `user create`: make an account.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserCreate {
    static let handle = Operand("HANDLE", .handle, help: "The handle, 1 to 64 letters, digits, _ . -")

    static let command = Command(
        ["user", "create"], "Make an account",
        discussion: """
            Making an account again with the same fields changes nothing; with other fields it is an error. Under an \
            idempotency key the account is found again also when it was changed since.
            """,
        operands: [handle], options: ProfileOptions.all + [CommonOptions.idempotencyKey],
        examples: [
            Example("social user create ana --name 'Ana Silva'", "Make the account ana"),
            Example(
                "social user create bob --set born=1990 --set 'langs=[\"pt\",\"en\"]'", "Give it fields of one's own"),
        ],
        fields: AccountOutput.fields + [CommonOutput.changed],
        exits: [ExitStatus(73, "the handle is taken by an account with other fields")], isChange: true,
        handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        var profile = AccountRecord.Profile()
        try ProfileOptions.apply(line, to: &profile)
        let key = line[CommonOptions.idempotencyKey]
        try Posts.check(key: key)
        let draft = AccountDraft(handle: try line[handle], profile: profile, idempotencyKey: key)
        let made = try session.change { try $0.accounts.create(draft) }
        try session.print(command.fields, AccountOutput.cells(made.value) + [.bool(made.isNew)])
    }
}
