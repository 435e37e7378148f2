// `feed verify`: cached feeds against the truth.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FeedVerify {
    static let handles = Operand(zeroOrMore: "HANDLE", .handle, help: "Whose feeds; none: everyone's")
    static let repair = Switch("repair", help: "Fill feeds that differ afresh")
    static let sample = Option(
        "sample", .integer(in: 1...Int.max), configurable: false,
        help: "Check so many feeds, drawn by chance; --seed draws the same again")

    static let command = Command(
        ["feed", "verify"], "Compare cached feeds with the truth",
        discussion: """
            Prints what differs, in the order of the accounts, each account once; nothing when all is well. Nothing is \
            changed without --repair. With --repair the exit status tells how things stand afterwards, so that cron \
            reports what could not be mended; what was mended is printed all the same.
            """,
        operands: [handles], options: [repair, sample], groups: [ExclusiveGroup(handles, sample)],
        examples: [
            Example("social feed verify && echo clean", "Check all feeds"),
            Example("social feed verify --sample 100 --seed 7", "Check a hundred feeds, the same ones each time"),
            Example("social feed verify --repair -q", "Mend what differs, from cron"),
        ],
        fields: [
            Field("handle", .string, "whose feed differs"), Field("missing", .array, "posts that the cache lacks"),
            Field("extra", .array, "posts that the cache should not have"),
            Field("damaged", .boolean, "whether the record itself is damaged"),
        ],
        exits: [
            ExitStatus(0, "no feed differs, or all that did have been repaired"),
            ExitStatus(1, "feeds differ, and have not been repaired"),
        ], isChange: true, handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let repairs = line.isOn(repair)
        let verdict: FeedVerdict
        if let count = line[sample] {
            verdict = try network.feeds.verify(sampleOf: count, repair: repairs)
        } else {
            let names = try line[handles]
            let readers = try names.map { try network.accounts.named($0).id }
            verdict = try network.feeds.verify(names.isEmpty ? nil : readers, repair: repairs)
        }
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
        if verdict.isBad { session.exit = ExitTable.no }
    }
}
