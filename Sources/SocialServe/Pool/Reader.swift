// A thread that reads.

internal import Formats
internal import SocialCLI
internal import SocialCore

/// What a thread that reads works with.
final class Reader: PoolWorker {
    let site: Site
    let service: CommandService
    private var posts: PostFragments?
    private var pages = PageCache()
    private var films: [MediaID: (segmentation: Segmentation?, film: Film)] = [:]
    private var counted = (hits: 0, misses: 0)

    init(_ site: Site) {
        self.site = site
        service = CommandService(site.options.directory, context: site.options.context)
    }

    var deadlineNanoseconds: UInt64? { nil }
    var latestNanoseconds: UInt64? { nil }
    func rest() {}
    func finish() {}

    /// The account of whoever asks; nil for nobody.
    func actor(_ request: Request) throws -> Actor? { try site.actors.actor(of: request, in: service.network()) }

    /// The account of a token.
    func actor(ofToken text: String) throws -> Actor { try site.actors.actor(ofToken: text, in: service.network()) }

    /// The account of whoever asks.
    func required(_ request: Request) throws -> Actor { try site.actors.required(request, in: service.network()) }

    /// Answers with what a command prints.
    ///
    /// - Parameter isShown: whether that counts as an access.
    func answer(_ words: Words, for request: Request, by actor: Actor? = nil, isShown: Bool = false) -> Answer {
        let counts = isShown && site.options.counts
        let viewer = counts ? Viewer(request, actor) : nil
        let outcome = service.run((counts ? words.with("record") : words).all) { [site] accesses in
            site.accesses.add(accesses.map { viewer?.access($0) ?? $0 })
            for other in request.alike {
                site.accesses.add(accesses.map { Viewer(key: viewer?.account ?? other).access($0) })
            }
        }
        return Answer(outcome).tagged(for: request)
    }

    /// A page of a feed in the order of time: what `feed show` prints, put together from posts that are ready.
    func feedPage(of reader: UserID, after: PostID?, limit: Int, for request: Request) throws -> Answer {
        let network = try service.network()
        let posts = posts ?? PostFragments(network)
        self.posts = posts
        try posts.refresh { pages.note($0) }
        let now = site.options.context.clock.now
        let key = PageCache.Key(reader: reader, after: after, limit: limit)
        let page: PageCache.Page
        if let known = pages.page(key, at: now) {
            page = known
            site.metrics.pageHits.add()
        } else {
            page = try makeFeedPage(of: reader, after: after, limit: limit, posts, network)
            try pages.keep(page, key) { try network.graph.feedAuthors(of: reader) }
            site.metrics.pageMisses.add()
        }
        site.metrics.fragmentHits.add(posts.hits - counted.hits)
        site.metrics.fragmentMisses.add(posts.misses - counted.misses)
        counted = (posts.hits, posts.misses)
        if site.options.counts {
            let viewer = ViewerKey(reader)
            for _ in 0...request.alike.count {
                site.accesses.add(page.resources.map { CountedAccess($0, .impression, viewer: viewer, at: now) })
            }
        }
        return page.answer(for: request)
    }

    private func makeFeedPage(
        of reader: UserID, after: PostID?, limit: Int, _ posts: PostFragments, _ network: Network
    ) throws -> PageCache.Page {
        let items = try network.feeds.page(for: reader, Page(after: after, limit: limit))
        let fragments = try posts.fragments(of: items.map(\.content))
        var json = JSONWriter(capacity: 256 + fragments.reduce(0) { $0 + $1.json.count + 80 })
        for (index, (item, fragment)) in zip(items, fragments).enumerated() {
            json.bytes += index == 0 ? Reader.listBegin : Reader.listNext
            json.bytes += fragment.json
            json.bytes += Reader.why
            json.bytes += item.source.rawValue.utf8
            json.bytes += Reader.cursor
            json.bytes += item.cursor.description.utf8
            json.bytes += Reader.objectEnd
        }
        json.bytes += items.isEmpty ? Reader.emptyList : Reader.listEnd
        let ends = items.flatMap { [$0.post.expiresAt, $0.content.subject.expiresAt] }.compactMap { $0 }
        return PageCache.Page(
            bytes: json.bytes, tag: EntityTag.text(of: json.bytes), resources: fragments.map(\.resource),
            posts: items.flatMap { [$0.post.id, $0.content.subject.id] },
            last: items.count < limit ? nil : items.last?.post.id, until: ends.min())
    }

    // MARK: Films and counts

    /// A film, read once as long as it stays as it is.
    func film(_ id: MediaID) throws -> Film {
        let network = try service.network()
        let record = try network.media.named(id)
        if let known = films[id], known.segmentation == record.content.segmentation { return known.film }
        let film = try network.films.film(of: record)
        if films.count >= Reader.rememberedFilms { films = [:] }
        films[id] = (record.content.segmentation, film)
        return film
    }

    /// Counts an access by whoever asks.
    func count(_ resource: AccessedResource, _ kind: AccessKind, for request: Request) {
        guard site.options.counts else { return }
        let actor = (try? self.actor(request)) ?? nil
        let now = site.options.context.clock.now
        let access = CountedAccess(resource, kind, viewer: nil, at: now)
        site.accesses.add([Viewer(request, actor).access(access)])
    }

    /// Counts that a segment of a film was fetched: as a log of this server would be read.
    func countSegment(of id: MediaID, _ key: String, for request: Request) throws {
        guard site.options.counts else { return }
        var rules = AccessRules()
        rules.film = { [self] in try film($0) }
        let viewer = Viewer(request, try actor(request))
        let now = site.options.context.clock.now
        site.accesses.add(try rules.accesses(to: "/video/\(id)/\(key)", at: now).map(viewer.access))
    }

    private static let rememberedFilms = 64
    private static let listBegin = Array("[\n".utf8)
    private static let listNext = Array(",\n".utf8)
    private static let listEnd = Array("\n]\n".utf8)
    private static let emptyList = Array("[]\n".utf8)
    private static let why = Array(",\"why\":\"".utf8)
    private static let cursor = Array("\",\"score\":null,\"cursor\":\"".utf8)
    private static let objectEnd = Array("\"}".utf8)
}

/// Who looks, as far as that is known: an account, or an address and a browser.
struct Viewer: Sendable {
    let key: ViewerKey
    /// The same, if it is an account.
    let account: ViewerKey?

    /// Whoever has a key.
    init(key: ViewerKey) {
        self.key = key
        account = nil
    }

    /// Whoever sent a request.
    init(_ request: Request, _ actor: Actor?) {
        account = actor.map { ViewerKey($0.id) }
        key = account ?? Viewer.anonymous(request)
    }

    /// Who sent a request, whatever its token says.
    static func anonymous(_ request: Request) -> ViewerKey {
        ViewerKey("\(request.address) \(request.header("user-agent") ?? "")")
    }

    /// An access by this viewer.
    func access(_ access: CountedAccess) -> CountedAccess {
        var access = access
        if access.viewer == nil { access.viewer = key }
        return access
    }
}
