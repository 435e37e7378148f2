// `feed verify`: cached feeds against the truth.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FeedVerify {
    static let handles = Operand(zeroOrMore: "HANDLE", .handle, help: "Whose feeds; none: everyone's")
    static let repair = Switch("repair", help: "Fill feeds that differ afresh")

    static let command = Command(
        ["feed", "verify"], "Compare cached feeds with the truth",
        discussion: "Prints what differs, and exits with 1 if anything does. Nothing is changed without --repair.",
        operands: [handles], options: [repair],
        examples: [Example("social feed verify && echo clean", "Check all feeds")],
        fields: [
            Field("handle", .string, "whose feed differs"), Field("missing", .array, "posts that the cache lacks"),
            Field("extra", .array, "posts that the cache should not have"),
            Field("damaged", .boolean, "whether the record itself is damaged"),
        ], exits: [ExitStatus(1, "feeds differ")], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let names = try session.invocation[handles]
        let readers = try names.map { try network.accounts.named($0).id }
        let verdict = try network.feeds.verify(
            names.isEmpty ? nil : readers, repair: session.invocation.isOn(repair))
        let accounts = try network.accounts.records(of: verdict.differences.map(\.reader))
        try session.printList(command.fields) { emit in
            for (difference, account) in zip(verdict.differences, accounts) {
                let cells: [Cell] = [
                    .text(account?.handle.display ?? difference.reader.description),
                    .json(.array(difference.missing.map { .string($0.description) })),
                    .json(.array(difference.extra.map { .string($0.description) })), .bool(difference.isDamaged),
                ]
                guard try emit(cells) else { return }
            }
        }
        try session.note(
            "\(verdict.checked) feeds compared, \(verdict.pulled) read from the truth, "
                + "\(verdict.differences.count) differ, \(verdict.repaired) repaired")
        if !verdict.differences.isEmpty { session.exit = ExitTable.no }
    }
}
