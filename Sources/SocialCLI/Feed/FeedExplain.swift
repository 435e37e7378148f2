// `feed explain`: why a post is in a feed, or is not. The answer is the exit status too.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FeedExplain {
    static let handle = Operand("HANDLE", .handle, help: "Whose feed")

    static let command = Command(
        ["feed", "explain"], "Tell why a post is in a feed, or is not",
        discussion: """
            The answer is that of "feed show", at any depth. The reasons of a post that is shown are cached, \
            above_push_limit (its author has too many followers to be pushed), and, where it is read from the truth, \
            beyond_capacity (older than the oldest entry of a full cached feed), outside_window (older than \
            feed.cache-window), reader_inactive (the feed is not kept up until the reader signs in), cache_behind and \
            cache_missing.

            The reasons of one that is not are no_such_post, deleted, author_deleted, expired, own, blocked (in either \
            direction), not_followed and muted; for a repost also original_deleted, original_expired, \
            original_blocked, original_muted, and repeated (the same post came into the feed within the 24 hours \
            before). In either case cache_wrong says that what is read differs from the truth: run "social feed verify \
            --repair".
            """,
        operands: [handle, PostNoun.id], options: [CommonOptions.by],
        examples: [
            Example(
                "social feed explain ana $(social post list --by bob --format ids)", "Ask why ana sees bob's post")
        ],
        fields: [
            Field("handle", .string, "whose feed"), Field("id", .string, "the post's id"),
            Field("author", .string, nullable: true, "the handle of who posted it; null when that is not known"),
            Field("shown", .boolean, "whether the post is in the feed"),
            Field("reason", .string, "why, in one of the words above"),
            Field("source", .string, nullable: true, "where it is read from: cache, pull or database"),
            Field("rank", .integer, nullable: true, "its place in the feed, from 1"),
            Field("followed_since", .time, nullable: true, "since when the author is followed"),
            Field("message", .string, "the reason in a sentence"),
        ],
        exits: [
            ExitStatus(0, "the post is in the feed"), ExitStatus(1, "it is not"),
            ExitStatus(67, "there is no such account"),
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let reader = try network.accounts.named(try line[handle])
        let id = try session.postID(try line[PostNoun.id])
        let explanation = try network.feeds.explain(id, for: reader.id)
        let names = Names(reader: reader, explanation, try network.accounts.records(of: explanation.people))
        try session.print(
            command.fields,
            [
                .text(names.reader), .id(id.description), .text(orNull: names.author), .bool(explanation.isShown),
                .text(explanation.reason.rawValue), .text(orNull: explanation.source?.rawValue),
                .integer(orNull: explanation.rank.map(Int64.init)), .time(orNull: explanation.followedSince),
                .text(sentence(explanation, names, network.manifest.settings)),
            ])
        if !explanation.isShown { session.exit = ExitTable.no }
    }

    /// The handles that a sentence names.
    private struct Names {
        var reader: String
        var author: String?
        var actor: String?

        init(reader: AccountRecord, _ explanation: FeedExplanation, _ people: [AccountRecord?]) {
            func handle(_ id: UserID?) -> String? {
                id.flatMap { id in people.first { $0?.id == id } ?? nil }?.handle.display
            }
            self.reader = reader.handle.display
            author = handle(explanation.author)
            actor = handle(explanation.actor)
        }
    }

    private static func sentence(_ explanation: FeedExplanation, _ names: Names, _ settings: Settings) -> String {
        let reader = names.reader
        let author = names.author ?? "its author"
        let actor = names.actor ?? "someone"
        switch explanation.reason {
        case .cached: return "\(reader) follows \(author), and the post is in the cached feed"
        case .abovePushLimit: return "\(author) has too many followers to be pushed; the post is merged in at reading"
        case .beyondCapacity:
            return
                "\(reader) follows \(author); the cached feed ends with newer posts (feed.capacity)"
        case .outsideWindow:
            let window = DurationText.format(settings.feedCacheWindowMilliseconds)
            return "\(reader) follows \(author); the post is older than the cached window of \(window)"
        case .readerInactive: return "\(reader) follows \(author); the feed is not kept up until \(reader) signs in"
        case .cacheBehind: return "\(reader) follows \(author); the cached feeds do not cover all that was done yet"
        case .cacheMissing: return "\(reader) follows \(author); there is no cached feed of \(reader)"
        case .noSuchPost: return "there is no such post"
        case .deleted: return "the post, or its author, has been deleted"
        case .authorDeleted: return "its author has been deleted"
        case .expired: return "the post has expired"
        case .own: return "\(reader) wrote it, and feeds do not hold one's own posts"
        case .blocked: return "\(actor) blocks \(actor == reader ? author : reader)"
        case .notFollowed: return "\(reader) does not follow \(author)"
        case .muted: return "\(reader) mutes \(author)"
        case .originalDeleted: return "what \(author) passed on has been deleted"
        case .originalExpired: return "what \(author) passed on has expired"
        case .originalBlocked where actor == reader: return "\(reader) blocks who wrote what \(author) passed on"
        case .originalBlocked: return "\(actor), who wrote what \(author) passed on, blocks \(reader)"
        case .originalMuted: return "\(reader) mutes \(actor), who wrote what \(author) passed on"
        case .repeated:
            let precedent = explanation.precedent?.description ?? "another post"
            return "\(author) passed on what \(precedent) had brought within the day before"
        case .cacheWrong:
            let state = explanation.isShown ? "should not be in the feed, but is" : "should be in the feed, but is not"
            return "the post \(state): run \"social feed verify --repair\""
        }
    }
}

extension FeedExplanation {
    /// Whom the sentence may name.
    fileprivate var people: [UserID] { [author, actor].compactMap { $0 } }
}
