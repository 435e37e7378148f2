// `search media`: the uploads that answer a query, or look like something.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum SearchMedia {
    static let query = Operand(
        zeroOrMore: "QUERY", .text,
        help: "What to look for (see \"social help queries\"); several words are one query")
    static let rank = Option(
        "rank", .choice(of: Search.MediaRank.self),
        help: "Newest first, or best words first; otherwise as sort: says, or relevance")
    static let type = Option(
        "type", .text.named("TYPE"),
        help: "Only images, films or other files (image, film, file), or a type such as jpeg")
    static let minWidth = Option("min-width", .integer(in: 1...Int(UInt32.max)), help: "At least so many pixels wide")
    static let minHeight = Option("min-height", .integer(in: 1...Int(UInt32.max)), help: "At least so many pixels high")
    static let like = Option(
        "like", .text.named("ID|FILE"), configurable: false,
        help: "Only what looks like this upload or picture, the nearest first")
    static let paging = Paging(.searchCursor, .descending, isRanked: true)

    static let command = Command(
        ["search", "media"], "Find uploads by what is said about them, or by what they look like",
        discussion: """
            Words are looked for in captions, alternative texts, tags and file names. A query can be what it is for \
            "social search posts", with the filters from:, since:, until:, lang: and type:; it can be left out where \
            --type, --min-width, --min-height or --like says what is wanted. The best words come first, or the newest, \
            or with --like what differs least, in up to \(PictureHash.nearDistance) of 256 bits of a fingerprint that \
            hardly changes when a picture is scaled or compressed again. Misspelled words are replaced as they are \
            there. What a command before this one has changed is found already.
            """,
        operands: [query],
        options: [
            type, minWidth, minHeight, like, rank, SearchNoun.reader, SearchNoun.exact, AccessRecording.option,
        ] + paging.options,
        groups: [ExclusiveGroup(CommonOptions.limit, CommonOptions.all), ExclusiveGroup(rank, like)],
        examples: [
            Example("social search media cat --fields author,name,alt", "Find what is said to show a cat"),
            Example("social search media 'cat OR dog type:jpeg' --rank recent", "Find the newest of one type"),
            Example("social search media --type image --min-width 1000 --format ids", "Find what is large"),
            Example("social search media --like cat.png --for ana", "Find what looks like a file"),
        ],
        fields: UploadOutput.fields + [
            Field("distance", .integer, nullable: true, "bits in which the fingerprints differ; null without --like"),
            Field("score", .number, nullable: true, "how well it answers; null with --like and under --rank recent"),
            Field("highlights", .array, "what was looked for: field, and start and end in Unicode code points"),
            CommonOutput.cursor,
        ],
        exits: SearchNoun.exits + [
            ExitStatus(65, "the file is no picture"), ExitStatus(66, "there is no such file"), UploadNoun.noTool,
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let request = try self.request(session)
        let network = try session.network()
        try SearchResults(
            session: session, paging: paging, query: request.query, isRecent: request.rank == .recent,
            find: { search, limit, after in
                var request = request
                request.limit = limit
                request.after = after
                return try search.media(request)
            }, rows: { hits, texts in try rows(hits, texts, network) }
        ).print(command.fields)
        try SearchNoun.record(session, request.query)
    }

    /// What a line asks for; the order is settled.
    private static func request(_ session: Session) throws -> Search.MediaRequest {
        let line = session.invocation
        var request = Search.MediaRequest(try line[query].joined(separator: " "))
        request.type = line[type]
        request.minWidth = line[minWidth] ?? 0
        request.minHeight = line[minHeight] ?? 0
        if let like = line[like] {
            (request.like, request.except) = try UploadSimilar.fingerprints(session, like, isTurned: false)
        }
        request.rank = line[rank]
        do throws(QueryError) {
            let order = try request.understood().order
            if order == .recent, request.rank == nil, request.like == nil { request.rank = .recent }
        } catch { throw Failure(error, in: request.query) }
        request.viewer = try SearchNoun.viewer(session)
        request.corrects = !line.isOn(SearchNoun.exact)
        return request
    }

    private static func rows(
        _ hits: [Search.Hit<Search.FoundMedia>], _ texts: HighlightedTexts, _ network: Network
    ) throws -> [[Cell]] {
        var left = hits[...]
        return try UploadOutput.rows(hits.map(\.item.record), network).map { record, cells in
            // Of those whose author has gone there is no row.
            left = left.drop { $0.item.record.id != record.id }
            let hit = left.first
            var cells = cells
            var marks: [JSONValue] = []
            for (name, text) in [("caption", record.content.caption), ("alt", record.content.alt)] {
                guard let text, let place = UploadOutput.fields.firstIndex(where: { $0.name == name }) else { continue }
                cells[place] = texts.cell(text)
                marks += texts.json(text, field: name)
            }
            return cells + [
                .integer(orNull: hit?.item.distance.map(Int64.init)), .measure(hit?.score), .json(.array(marks)),
                .text(orNull: hit?.cursor.description),
            ]
        }
    }
}
