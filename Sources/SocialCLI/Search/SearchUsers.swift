// `search users`: accounts by handle, name and bio.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum SearchUsers {
    static let words = Operand(oneOrMore: "WORD", .text, help: "Words, or beginnings of words, of whom is meant")

    static let command = Command(
        ["search", "users"], "Find accounts by handle, name and bio",
        discussion: """
            Every word has to be found in the handle, the name or the bio; a handle says more than a name, a name more \
            than a bio, the whole of a word more than its beginning, and among equals more followers come first. \
            Where words occur nowhere, what was probably meant is looked for instead, unless --exact.
            """,
        operands: [words], options: [SearchNoun.reader, SearchNoun.exact, CommonOptions.limit, AccessRecording.option],
        examples: [
            Example("social search users an --fields handle,name", "Find who may be meant by a few letters"),
            Example("social search users ana --for bob --format ids", "Leave out whom bob does not see"),
        ],
        fields: AccountOutput.fields[1...3] + [
            Field("followers", .integer, "how many accounts follow it"),
            Field("score", .number, "how well it answers"),
        ], exits: [ExitStatus(67, "there is no such account")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let text = try line[words].joined(separator: " ")
        let limit = CommonOptions.limit(line)
        let found = try session.network().search.users(
            text, limit: limit, viewer: try SearchNoun.viewer(session), corrects: !line.isOn(SearchNoun.exact))
        try session.printList(command.fields) { emit in
            for user in found.accounts {
                let cells = AccountOutput.cells(user.account)[1...3]
                guard try emit(cells + [.integer(Int64(user.followers)), .measure(user.score)]) else { return }
            }
        }
        try session.note(found.corrections, in: text)
        try SearchNoun.record(session, text)
        try session.noteCut(after: found.accounts.count, of: limit) { found.count - found.accounts.count }
    }
}
