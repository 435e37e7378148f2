// The feed of whoever asks.

internal import Formats
internal import NIOHTTP1
internal import SocialCLI
internal import SocialCore

enum FeedRoutes {
    static let route = Route(.timeline, (.GET, .read(show)))

    @Sendable private static func show(_ request: Request, _ reader: Reader) throws -> Answer {
        let actor = try reader.required(request)
        if let count = request["count"] { return try self.count(since: count, actor, request, reader) }
        let names = request.query.map(\.name)
        guard names.allSatisfy({ $0 == "limit" || $0 == "after" }), let after = try after(request) else {
            let words = try Words("feed", "show").list(request, "rank", "per-author", "since", "until")
            return reader.answer(words.operand(actor.handle), for: request, by: actor, isShown: true)
        }
        let limit = try Words.limit(request)
        return try reader.feedPage(of: actor.id, after: after.id, limit: limit, for: request)
    }

    /// Where a page in the order of time begins; nil when that is another cursor.
    private static func after(_ request: Request) throws -> (id: PostID?, Void)? {
        guard let text = request["after"] else { return (nil, ()) }
        guard let cursor = FeedCursor(text), cursor.place == nil else { return nil }
        return (cursor.id, ())
    }

    /// How many posts are newer than a cursor: for readers who want to know that and nothing else.
    private static func count(
        since text: String, _ actor: Actor, _ request: Request, _ reader: Reader
    ) throws -> Answer {
        guard request.query.count == 1, let cursor = FeedCursor(text) else {
            throw ServeError(.badParameter, "\"count\" needs the cursor of a post, and nothing beside it")
        }
        let network = try reader.service.network()
        let count = try network.feeds.count(for: actor.id, Page(before: cursor.id))
        return .json(Array("{\"new\":\(min(count, ServeLimits.countedPosts))}\n".utf8))
    }
}
