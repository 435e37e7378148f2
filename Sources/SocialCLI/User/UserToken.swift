// `user token`: what the programs of an account prove themselves with, for "social serve".

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserToken {
    static let handle = Operand("HANDLE", .handle, help: "Whose token")
    static let name = Option(
        "name", .text.named("NAME"), default: "default", configurable: false,
        help: "Its name among the account's tokens; the one that had it before counts no longer")
    static let list = Switch("list", help: "List the account's tokens by their names")
    static let revoke = Switch("revoke", help: "Let the token of this name count no longer")

    static let command = Command(
        ["user", "token"], "Make a token with which an account's programs act",
        discussion: """
            Whoever has the token can do over HTTP what the account can do: see "social help http". It is printed \
            once; only a hash of it is kept, so nobody can read it again, not even from a backup.

            Each program should have a token of its own, under a name, so that one can be revoked without the others. \
            A running server refuses a revoked token within two seconds.
            """,
        operands: [handle], options: [name, list, revoke],
        groups: [ExclusiveGroup(list, revoke), ExclusiveGroup(list, name)],
        examples: [
            Example("social user token ana --name phone", "Make a token"),
            Example("social user token ana --list --json", "List the tokens that count"),
            Example("social user token ana --revoke --name phone", "Let it count no longer"),
        ],
        fields: [
            Field("handle", .string, "whose token"), Field("name", .string, "its name"),
            Field("token", .string, nullable: true, "the token, when it is made"),
            Field("made_at", .time, nullable: true, "when it was made"), CommonOutput.changed,
        ],
        exits: [ExitStatus(65, "the name is empty or too long"), ExitStatus(67, "there is no such account")],
        isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let network = try session.network()
        let account = try network.accounts.named(try line[handle])
        let tokens = network.tokens
        func cells(_ name: String, _ token: String?, _ madeAt: Timestamp?, changed: Bool) -> [Cell] {
            [
                .text(account.handle.display), .text(name), .text(orNull: token), .time(orNull: madeAt),
                .bool(changed),
            ]
        }
        if line.isOn(list) {
            return try session.printList(command.fields) { emit in
                for token in try tokens.list(of: account.id) {
                    guard try emit(cells(token.name, nil, token.madeAt, changed: false)) else { return }
                }
            }
        }
        let name = line[name]
        if line.isOn(revoke) {
            let isChanged = try tokens.revoke(name, of: account.id)
            return try session.print(command.fields, cells(name, nil, nil, changed: isChanged))
        }
        let token = try tokens.make(for: account.id, name: name)
        try session.print(command.fields, cells(name, token.text, session.now, changed: true))
    }
}
