// The verbs of `search`, and what they have in common: the query, who asks, and the errors of a query.

internal import CommandSpec
internal import SocialCore

enum SearchNoun {
    static let commands = [
        SearchPosts.command, SearchUsers.command, SearchMedia.command, SearchTags.command, SearchExplain.command,
        SearchRebuild.command, SearchStatus.command,
    ]

    static let query = Operand(
        oneOrMore: "QUERY", .text, help: "What to look for (see \"social help queries\"); several words are one query")
    static let rank = Option(
        "rank", .choice(of: Search.Rank.self),
        help: "Newest first, best words first, or by words, interest and age; otherwise as sort: says, or relevance")
    static let reader = Option(
        "for", .handle, help: "Leave out whom this account blocks or mutes, and who blocks it")
    static let exact = Switch("exact", help: "Look for words as they are written; correct none")

    /// What is wrong with a query, and whom it may name in vain.
    static let exits = [
        ExitStatus(64, "the query cannot be understood"), ExitStatus(67, "there is no such account"),
    ]

    /// What a line asks for; the order is settled.
    static func request(_ session: Session, limit: Int) throws -> Search.Request {
        let line = session.invocation
        let text = try line[query].joined(separator: " ")
        let understood: Query
        do throws(QueryError) { understood = try QueryParser.parse(text) } catch { throw Failure(error, in: text) }
        return Search.Request(
            text, rank: line[rank] ?? understood.rank, limit: limit, after: line[SearchPosts.paging.after],
            viewer: try viewer(session), corrects: !line.isOn(exact))
    }

    /// Counts what was searched for, where that is asked for.
    static func record(_ session: Session, _ words: String) throws {
        var recording = try AccessRecording(session, viewer: viewer(session))
        recording?.add(.search(words), .search)
        recording?.finish()
    }

    /// The account of `--for`.
    static func viewer(_ session: Session) throws -> UserID? {
        try session.invocation[reader].map { try session.network().accounts.named($0).id }
    }
}

extension Failure {
    /// A query that cannot be understood.
    init(_ error: QueryError, in query: String) {
        self.init(error.code.rawValue, error.message, hint: "\"social help queries\" explains what queries can say")
        self.query = (query, Excerpt(query, bytes: error.range))
    }
}
