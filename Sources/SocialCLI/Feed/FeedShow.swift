// `feed show`: the posts of those whom an account follows, newest first or best first.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FeedShow {
    static let handle = Operand("HANDLE", .handle, help: "Whose feed")
    static let rank = Option(
        "rank", .choice(of: FeedRank.self), default: .recent, help: "Newest first, or the best of the newest first")
    static let perAuthor = Option(
        "per-author", .integer(in: 1...Int.max), help: "Let no account stand on the page more often than this")
    static let countOnly = Switch("count-only", help: "Print only how many posts there are, as the field count")
    static let paging = Paging(.feedCursor, .descending, isRanked: true)

    static let command = Command(
        ["feed", "show"], "Show an account's feed, newest first",
        discussion: """
            The newest posts come from a cache, older ones from the truth, with no gap and no repetition at any depth. \
            What a command before this one has changed is always there.

            With --rank top the newest \(Limits.feedCandidates) posts are ranked by a score that others' interest \
            raises and age lowers: log2(2 + points) · 2^(-age / 12 hours), where a like is a point, an answer and a \
            repost are two. What is posted after the first page does not disturb the later ones.

            With --per-author what is too much is left out of the page, which may be shorter; at most \
            \(Limits.feedCandidates) posts are looked at, unless --all. An account counts where it wrote or passed on.

            A reader that asks now and then whether there is something new needs only --count-only --before CURSOR, \
            with the cursor of the newest post that it has.
            """,
        operands: [handle],
        options: [
            CommonOptions.since, CommonOptions.until, rank, perAuthor, countOnly, AccessRecording.option,
        ] + paging.options,
        groups: [
            ExclusiveGroup(countOnly, CommonOptions.listLimit, CommonOptions.all), ExclusiveGroup(countOnly, rank),
            ExclusiveGroup(countOnly, perAuthor), ExclusiveGroup(countOnly, Globals.fields),
            ExclusiveGroup(countOnly, AccessRecording.option),
        ],
        examples: [
            Example("social feed show ana --json | jq -r '.[].text'", "Print the texts only"),
            Example("social feed show ana --limit 5 --format ids", "Print the ids of five posts"),
            Example("social feed show ana --rank top --since 24h --per-author 2", "Show the best of the last day"),
            Example(
                "social feed show ana --count-only --before $(social feed show ana -n 1 --format ids)",
                "Count what is newer than the newest post"),
        ],
        fields: PostOutput.fields + [
            Field("why", .string, "where it was found: cache, pull or database"),
            Field("score", .number, nullable: true, "how good it is under --rank top"), CommonOutput.cursor,
        ], exits: [ExitStatus(67, "there is no such account")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let list = try FeedSelection(session)
        let line = session.invocation
        if line.isOn(countOnly) {
            let count = Field("count", .integer, "how many posts there are")
            return try session.print([count], [.integer(Int64(try list.count()))])
        }
        let limit = paging.limit(line)
        // The page of somebody who goes back up is filled from its end.
        let isFromEnd = list.window.takesEnd && limit < .max
        var diversity = line[perAuthor].map(FeedDiversity.init)
        var unseen = diversity == nil || line.isOn(CommonOptions.all) ? .max : max(limit, Limits.feedCandidates)
        var shown = 0
        var last: FeedCursor?
        var recording = AccessRecording(session, viewer: list.reader)
        try session.printList(command.fields) { emit in
            try paging.forEach(
                line, in: list.window, at: \.cursor,
                fetch: { page in
                    var page = page
                    page.limit = min(page.limit, unseen)
                    unseen -= page.limit
                    return try list.items(page)
                },
                select: { items in
                    guard diversity != nil else { return items }
                    let kept = (isFromEnd ? items.reversed() : items).filter { diversity?.admits($0) == true }
                    return isFromEnd ? kept.reversed() : kept
                }
            ) { items in
                for (item, cells) in zip(items, try PostOutput.rows(items.map(\.content), list.network)) {
                    recording?.add(.post(item.content.subject.id), .impression)
                    guard try emit(cells + FeedShow.cells(item, session)) else { return false }
                }
                shown += items.count
                last = items.last?.cursor ?? last
                return true
            }
        }
        recording?.finish()
        guard paging.goesDown(line), diversity == nil else { return }
        let cap = Limits.pageRows
        try session.noteCut(after: shown, of: limit, cap: cap) {
            try list.items(Page(after: last, limit: cap)).count
        }
    }

    private static func cells(_ item: FeedItem, _ session: Session) -> [Cell] {
        [
            .text(item.source.rawValue), item.place.map { .number($0.score(at: session.now)) } ?? .null,
            .text(item.cursor.description),
        ]
    }
}

/// The posts of a feed that a command line selects.
private struct FeedSelection {
    let network: Network
    /// What lies between the cursors of the line.
    let window: Page<FeedCursor>
    /// Whose feed it is.
    let reader: UserID
    /// The posts of the time that the line names; nil when there can be none.
    private let range: ClosedRange<PostID>?
    /// The best posts, the best first; nil in the order of time.
    private let best: [FeedItem]?

    init(_ session: Session) throws {
        let line = session.invocation
        network = try session.network()
        reader = try network.accounts.named(try line[FeedShow.handle]).id
        range = CommonOptions.range(session)
        window = FeedShow.paging.window(line)
        let isTop = line[FeedShow.rank] == .top
        for option in [FeedShow.paging.after, FeedShow.paging.before] {
            guard let cursor = line[option], (cursor.place != nil) != isTop else { continue }
            let message = "this cursor belongs to a feed under --rank \(isTop ? FeedRank.recent : .top)"
            throw line.error(.invalidValue, message, about: option)
        }
        if isTop {
            let newest = [window.after, window.before].compactMap { $0?.place?.newest }.min()
            best =
                try range.map { [network, reader] in try network.feeds.top(for: reader, in: $0, newest: newest) } ?? []
        } else {
            best = nil
        }
    }

    /// A piece of the feed.
    func items(_ page: Page<FeedCursor>) throws -> [FeedItem] {
        if let best {
            return page.cut(
                best.filter { item in
                    page.after.map { item.cursor < $0 } ?? true && page.before.map { item.cursor > $0 } ?? true
                })
        }
        return try range.map { try network.feeds.page(for: reader, page.posts, in: $0) } ?? []
    }

    /// How many posts there are between the cursors.
    func count() throws -> Int { try range.map { try network.feeds.count(for: reader, window.posts, in: $0) } ?? 0 }
}

extension Page<FeedCursor> {
    /// The same piece by its posts, in the order of time.
    fileprivate var posts: Page<PostID> { Page<PostID>(after: after?.id, before: before?.id, limit: limit) }
}
