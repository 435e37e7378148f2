// `user create`: make an account.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserCreate {
    static let handle = Operand("HANDLE", .handle, help: "The handle, 1 to 64 letters, digits, _ . -")
    static let name = Option("name", .text, help: "The name that is shown")
    static let bio = Option("bio", .text, help: "A few words about the account")
    static let location = Option("location", .text, help: "Where the account is")
    static let link = Option("link", .text.named("URL"), help: "A link to a page elsewhere")

    static let command = Command(
        ["user", "create"], "Make an account",
        discussion: "Making an account again with the same fields changes nothing; with other fields it is an error.",
        operands: [handle], options: [name, bio, location, link],
        examples: [Example("social user create ana --name 'Ana Silva'", "Make the account ana")],
        fields: AccountOutput.fields + [CommonOutput.changed],
        exits: [ExitStatus(73, "the handle is taken by an account with other fields")], isChange: true,
        handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let profile = AccountRecord.Profile(
            name: line[name], bio: line[bio], location: line[location], link: line[link])
        let draft = AccountDraft(handle: try line[handle], profile: profile)
        let made = try session.change { try $0.accounts.create(draft) }
        try session.print(command.fields, AccountOutput.cells(made.value) + [.bool(made.isNew)])
    }
}
