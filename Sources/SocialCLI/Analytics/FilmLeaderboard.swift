// `analytics top --films`: how films were watched, and in which qualities.

internal import CommandSpec
internal import Formats
internal import SocialCore

/// The films of a line, ranked by starts or by the time that was watched.
struct FilmLeaderboard {
    /// A film with its counts.
    private struct Entry {
        var film: AccessedResource
        var starts: Int64 = 0
        var watchMilliseconds: Int64 = 0
        var completions: Int64 = 0
    }

    private static let fields = [
        Field("rank", .integer, "its place, from 1"), Field("resource", .string, ResourceNames.resource),
        Field("title", .string, nullable: true, "what it is called"),
        Field("starts", .integer, "how often it was begun"),
        Field("viewers", .integer, "how many different viewers are known"),
        Field("watch_ms", .integer, "the time of all segments that were fetched"),
        Field("completions", .integer, "how often its last segment was fetched"),
        Field("completion", .number, nullable: true, "the part of starts that came so far"),
        Field("qualities", .array, "which qualities were watched: rendition, watch_ms and share"),
    ]

    private let session: Session
    private let filter: AccessFilter

    init(_ session: Session) throws {
        self.session = session
        var selection = try AccessSelection(session)
        selection.requireTypes([.video])
        filter = selection.filter
    }

    /// Prints the ranking.
    func print() throws {
        let line = session.invocation
        let network = try session.network()
        let all = try ranked(network.analytics)
        let limit = CommonOptions.limit(line)
        let shown = Array(all.prefix(limit))
        let names = try ResourceNames.names(of: shown.map(\.film), network)
        let viewers = try network.analytics.count(filtered([.start, .watch, .completion]), of: shown.map { [$0.film] })
        let qualities = try self.qualities(network.analytics)
        try session.printList(FilmLeaderboard.fields) { emit in
            for (place, entry) in shown.enumerated() {
                let completion = entry.starts == 0 ? nil : Double(entry.completions) / Double(entry.starts)
                let own = qualities.filter { $0.resource.identity == entry.film.identity }
                let cells: [Cell] = [
                    .integer(Int64(place + 1)), .text(names[place].name), .text(orNull: names[place].label),
                    .integer(entry.starts), .integer(viewers[place].viewers.count), .integer(entry.watchMilliseconds),
                    .integer(entry.completions), .measure(completion),
                    .json(.array(FilmLeaderboard.json(own, of: entry.film))),
                ]
                guard try emit(cells) else { return }
            }
        }
        try session.noteCut(after: shown.count, of: limit) { all.count - shown.count }
    }

    private func filtered(_ kinds: [AccessKind]) -> AccessFilter {
        var filter = filter
        filter.kinds = kinds
        return filter
    }

    /// All films, best first.
    private func ranked(_ analytics: Analytics) throws -> [Entry] {
        var entries: [Entry] = []
        func add(_ kind: AccessKind, _ change: (inout Entry, AccessCount) -> Void) throws {
            for ranked in try analytics.top(filtered([kind]), limit: nil).sorted(by: { $0.resource < $1.resource }) {
                var entry = Entry(film: ranked.resource)
                change(&entry, ranked.count)
                entries.append(entry)
            }
        }
        try add(.start) { $0.starts = $1.count }
        try add(.watch) { $0.watchMilliseconds = $1.amount }
        try add(.completion) { $0.completions = $1.count }
        var films: [Entry] = []
        for entry in entries.sorted(by: { $0.film < $1.film }) {
            if let last = films.indices.last, films[last].film == entry.film {
                films[last].starts += entry.starts
                films[last].watchMilliseconds += entry.watchMilliseconds
                films[last].completions += entry.completions
            } else {
                films.append(entry)
            }
        }
        let isByCount = session.invocation[AnalyticsTop.rank] == .count
        return films.sorted { one, two in
            let left = isByCount ? one.starts : one.watchMilliseconds
            let right = isByCount ? two.starts : two.watchMilliseconds
            return left == right ? one.film < two.film : left > right
        }
    }

    /// The qualities of all films.
    private func qualities(_ analytics: Analytics) throws -> [RankedResource] {
        var filter = filtered([.segment])
        filter.resources = .types([.rendition])
        return try analytics.top(filter, by: .amount, limit: nil)
    }

    /// The qualities of a film, most watched first.
    private static func json(_ qualities: [RankedResource], of film: AccessedResource) -> [JSONValue] {
        let total = qualities.reduce(0) { $0 + Double($1.count.amount) }
        return qualities.map { quality in
            .object([
                .init("rendition", .string(String(quality.resource.name.dropFirst(film.name.count + 1)))),
                .init("watch_ms", .integer(quality.count.amount)),
                .init("share", .measure(total > 0 ? Double(quality.count.amount) / total : 0)),
            ])
        }
    }
}
