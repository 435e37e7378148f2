// Candidates that only the data directory knows: handles, posts and tags. Each is found by its prefix in an index, so
// that a million of them take no longer than a hundred.

internal import CommandSpec
internal import SocialCore
internal import Terminal

/// Finds candidates in the data directory that a line is about.
struct DataCandidates {
    /// More than anyone reads.
    private static let limit = 100

    private let session: Session
    private let line: [String]
    private let query: CompletionQuery

    /// - Parameter line: the settled words, whose globals hold.
    init(_ session: Session, line: [String], _ query: CompletionQuery) {
        self.session = session
        self.line = line
        self.query = query
    }

    /// The candidates of a kind of value.
    func candidates(_ kind: String) throws -> [Choice] {
        switch kind {
        case "handle": try handles()
        case "post": try posts()
        case "tag": try tags()
        case "media": try uploads()
        case "resource": try resources()
        case "access-kind": query.candidates(AccessKind.known.map { Choice($0.name) })
        case "field": query.candidates((query.command?.fields ?? []).map { Choice($0.name, $0.help) })
        default: []
        }
    }

    /// Handles by prefix, in their order; whoever begins with `@` gets them with it.
    ///
    /// Where no handle begins so, somebody's name may, and where there is an index it is found.
    private func handles() throws -> [Choice] {
        let mark = query.start.hasPrefix("@") ? "@" : ""
        let prefix = query.start.dropFirst(mark.count).lowercased()
        let taken = query.taken.compactMap { try? Handle($0) }
        let network = try network()
        var found = try network.accounts.page(prefix: prefix, Page(limit: Self.limit))
        if found.isEmpty, try network.search.isReady(.users) {
            found = try network.search.users(prefix, limit: Self.limit, corrects: false).accounts.map(\.account)
        }
        return found.filter { !taken.contains($0.handle) }
            .map { Choice(query.head + mark + $0.handle.display, $0.profile.name ?? "") }
    }

    /// Tags by prefix, the commonest first, where there is an index; whoever begins with `#` gets them with it.
    private func tags() throws -> [Choice] {
        let search = try network().search
        guard try search.isReady(.posts) else { return [] }
        let mark = query.start.hasPrefix("#") ? "#" : ""
        return try search.tags(prefix: query.start, windowMilliseconds: 0).prefix(Self.limit)
            .map { Choice(query.head + mark + $0.tag, $0.posts == 1 ? "1 post" : "\($0.posts.grouped) posts") }
    }

    /// Posts by the first digits of their ids, newest first, each with the beginning of its text.
    private func posts() throws -> [Choice] {
        let network = try network()
        var found: [PostRecord] = []
        for range in Self.ranges(ofPrefix: query.start) where found.count < Self.limit {
            found += try network.posts.page(by: nil, in: range, limit: Self.limit - found.count)
        }
        return query.candidates(found.map { Choice($0.id.description, String($0.text.prefix(40))) })
    }

    /// Uploads by the first digits of their ids, or by file name behind an author's handle.
    private func uploads() throws -> [Choice] {
        let network = try network()
        var found: [MediaRecord] = []
        let parts = query.start.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, let handle = try? Handle(String(parts[0])),
            let author = try? network.accounts.named(handle)
        {
            found = try network.media.page(by: author.id, in: .all, limit: Limits.pageRows)
            let names = found.map(\.content.name).filter { $0.hasPrefix(parts[1]) }
            return names.prefix(Self.limit).map { Choice("\(query.head)\(parts[0])/\($0)") }
        }
        for range in Self.ranges(ofPrefix: query.start) where found.count < Self.limit {
            let range = MediaID(rawValue: range.lowerBound.rawValue)...MediaID(rawValue: range.upperBound.rawValue)
            found += try network.media.page(by: nil, in: range, limit: Self.limit - found.count)
        }
        return query.candidates(found.map { Choice($0.id.description, $0.content.name) })
    }

    /// Resources: first what they can be, behind that what there is.
    private func resources() throws -> [Choice] {
        let types = ["post/", "user/", "media/", "video/", "tag/", "search/"]
        let possible = types.filter { query.start.hasPrefix($0) || $0.hasPrefix(query.start) }
        guard possible.count == 1, let type = possible.first else {
            return query.candidates(possible.map { Choice($0) })
        }
        let rest = DataCandidates(session, line: line, query.settling(type))
        return switch type {
        case "post/": try rest.posts()
        case "user/": try rest.handles()
        case "media/", "video/": try rest.uploads()
        case "tag/": try rest.tags()
        default: []
        }
    }

    /// The ids that begin with some digits, largest first.
    private static func ranges(ofPrefix digits: String) -> [ClosedRange<PostID>] {
        if digits.isEmpty { return [.all] }
        guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), var first = Int64(digits), first > 0 else { return [] }
        var last = first
        var ranges = [PostID(rawValue: first)...PostID(rawValue: last)]
        while true {
            let next = first.multipliedReportingOverflow(by: 10)
            if next.overflow { return ranges.reversed() }
            first = next.partialValue
            let end = last.multipliedReportingOverflow(by: 10).partialValue.addingReportingOverflow(9)
            last = end.overflow || end.partialValue < first ? .max : end.partialValue
            ranges.append(PostID(rawValue: first)...PostID(rawValue: last))
        }
    }

    private func network() throws -> Network {
        let globals = SocialSpecification.specification.globals(
            in: line, environment: session.world.environment, configuration: session.configuration)
        let directory = try globals[Globals.data] ?? session.dataDirectory()
        return try Network(opening: directory, context: session.context)
    }
}
