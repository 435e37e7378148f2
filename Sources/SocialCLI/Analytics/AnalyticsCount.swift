// `analytics count`: how often, a row for each kind.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum AnalyticsCount {
    static let resources = Operand(
        zeroOrMore: "RESOURCE", .resource,
        help: "Of what: post/ID, user/HANDLE, media/ID or HANDLE/FILE, video/ID, tag/NAME, search/WORDS, a path")

    static let command = Command(
        ["analytics", "count"], "Tell how often something was accessed, and by how many",
        discussion: """
            Without a resource everything is counted together, or everything of --type or of --author; with some, each \
            has rows of its own. There is a row for each kind that there was; with --kind there is one for each that \
            was asked for, also when nothing was counted. The program itself counts view, download, impression (in a \
            feed or list), like, profile-view and search, of films start, watch, completion and segment, and of logs \
            redirect, error and other; "analytics record" counts any other word too.

            Viewers are counted exactly below \(ViewerSketch.exactViewers.grouped), otherwise with a standard error of \
            1.6 %; they are known by the hour, of which any part counts. With --compare previous \
            the stretch from --since to --until, or to now, is compared with the one just before it.
            """,
        operands: [resources], options: AnalyticsNoun.filters + [AnalyticsNoun.compare],
        groups: [ExclusiveGroup(resources, AnalyticsNoun.author), ExclusiveGroup(resources, AnalyticsNoun.type)],
        examples: [
            Example("social analytics count", "Count everything, a row a kind"),
            Example("social analytics count user/ana media/ana/cat.png", "Count what two things got"),
            Example(
                "social analytics count --kind view --since 7d --compare previous --json | jq '.[].change'",
                "Compare this week with the one before"),
        ],
        fields: [
            Field("resource", .string, nullable: true, "\(ResourceNames.resource); null for all together"),
            Field("label", .string, nullable: true, ResourceNames.label), CountOutput.kind,
        ] + CountOutput.fields + CountOutput.comparison,
        exits: [AnalyticsNoun.misnamed, AnalyticsNoun.missing], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let named = try line[resources]
        let selection = try AccessSelection(session, operands: named, countsLooks: false)
        let network = try session.network()
        guard !named.isEmpty, case .named(let resources) = selection.filter.resources else {
            return try session.printList(command.fields) { emit in
                let counts = try CountedKinds(selection, network.analytics, line[AnalyticsNoun.kind])
                for cells in counts.rows { guard try emit([.null, .null] + cells) else { return } }
            }
        }
        let names = try ResourceNames.names(of: resources, network)
        try session.printList(command.fields) { emit in
            for (resource, name) in zip(resources, names) {
                var one = selection
                one.filter.resources = .named([resource])
                let counts = try CountedKinds(one, network.analytics, line[AnalyticsNoun.kind])
                for cells in counts.rows {
                    guard try emit([.text(name.name), .text(orNull: name.label)] + cells) else { return }
                }
            }
        }
    }
}

/// The counts of one selection by kind, with those of the time before.
private struct CountedKinds {
    private(set) var rows: [[Cell]] = []

    init(_ selection: AccessSelection, _ analytics: Analytics, _ asked: [AccessKind]) throws {
        let present = try analytics.count(selection.filter)
        let previous = try selection.previous.map { try analytics.count($0, countsViewers: false) }
        var kinds: [AccessKind] = []
        let all = asked + present.map(\.kind) + (previous ?? []).map(\.kind)
        for kind in all.sorted() where kind != kinds.last { kinds.append(kind) }
        for kind in kinds {
            let now = present.first { $0.kind == kind }
            let count = now?.count ?? AccessCount()
            let before = previous.map { $0.first { $0.kind == kind }?.count.count ?? 0 }
            rows.append(
                [.text(kind.name)] + CountOutput.cells(count, now?.viewers ?? ViewerSketch())
                    + CountOutput.cells(count.count, before: before))
        }
    }
}

/// The fields and cells of counts.
enum CountOutput {
    static let kind = Field("kind", .string, "how it was accessed")
    static let count = Field("count", .integer, "how often")
    static let people = Field("people", .integer, "how often by people")
    static let bots = Field("bots", .integer, "how often by bots")
    static let viewers = Field("viewers", .integer, "how many different viewers are known")
    static let amount = Field("amount", .integer, "bytes of downloads and views, milliseconds of films")
    static let fields = [
        count, people, bots, viewers, Field("viewers_exact", .boolean, "whether that is no estimate"), amount,
    ]
    static let comparison = [
        Field("previous", .integer, nullable: true, "the same in the time before; null without --compare"),
        Field("change", .number, nullable: true, "how much it has grown, 0.25 for a quarter; null from nothing"),
    ]

    static func cells(_ count: AccessCount, _ viewers: ViewerSketch) -> [Cell] {
        [
            .integer(count.count), .integer(count.people), .integer(count.bots), .integer(viewers.count),
            .bool(viewers.isExact), .integer(count.amount),
        ]
    }

    /// What was before, and by how much that has changed.
    static func cells(_ value: Int64, before: Int64?) -> [Cell] {
        guard let before else { return [.null, .null] }
        return [.integer(before), .measure(before == 0 ? nil : Double(value) / Double(before) - 1)]
    }
}
