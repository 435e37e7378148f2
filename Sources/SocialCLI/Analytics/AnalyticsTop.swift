// `analytics top`: what was accessed most, whose things were, and what they are about.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum AnalyticsTop {
    static let rank = Option(
        "rank", .choice(of: Analytics.Ranking.self), default: .count, help: "By how often, or by bytes or milliseconds")
    static let owner = Option(
        "by", .choice("author", "tag", placeholder: "WHOM"),
        help: "Rank accounts by what all of theirs got, or tags by what posts with them got")
    static let films = Switch("films", help: "Rank films by how often they were begun, and tell how they were watched")
    static let chart = Switch("chart", help: "Draw the ranking with characters")
    static let drawing = Option(
        "svg", .fileOrDash, configurable: false, help: "Draw it into this file as SVG; - writes to the output")

    static let command = Command(
        ["analytics", "top"], "Rank what was accessed most",
        discussion: """
            \(AnalyticsNoun.defaultKinds)

            The ranking is exact: everything is summed up before the list is cut. Equals stand in the order of their \
            names. With --by author all posts, uploads, films and the profile of an account are summed up; with --by \
            tag all posts that have a tag, so that a post counts for each of its tags. What is gone from the truth \
            counts for nobody. On a terminal each row shows how its counts went over the time.

            With --films each row is a film: rank, resource, title, starts, viewers, watch_ms (the time of all \
            segments that were fetched), completions, completion (the part of starts that came to the last segment) \
            and qualities: each with rendition, watch_ms and share. --rank amount ranks by watch_ms.
            """,
        options: AnalyticsNoun.filters + [
            AnalyticsNoun.resource, AnalyticsNoun.compare, rank, owner, films, CommonOptions.limit, CommonOptions.all,
            chart, drawing,
        ],
        groups: [
            ExclusiveGroup(CommonOptions.limit, CommonOptions.all),
            ExclusiveGroup(AnalyticsNoun.resource, AnalyticsNoun.author),
            ExclusiveGroup(films, owner), ExclusiveGroup(films, AnalyticsNoun.kind),
            ExclusiveGroup(films, AnalyticsNoun.type), ExclusiveGroup(films, AnalyticsNoun.compare),
            ExclusiveGroup(films, Globals.fields), ExclusiveGroup(films, chart), ExclusiveGroup(films, drawing),
            ExclusiveGroup(chart, drawing), ExclusiveGroup(chart, Globals.json, Globals.format),
        ],
        examples: [
            Example("social analytics top --type post --limit 5", "Print the five posts that were viewed most"),
            Example("social analytics top --kind download --rank amount", "Rank files by the bytes that they cost"),
            Example("social analytics top --by author --since 7d --compare previous", "Rank accounts, and who rises"),
            Example("social analytics top --films --json | jq '.[].completion'", "See which films are watched through"),
        ],
        fields: [
            Field("rank", .integer, "its place, from 1"), Field("resource", .string, ResourceNames.resource),
            Field("label", .string, nullable: true, ResourceNames.label),
            Field("type", .string, "what it is: post, user, media, video, rendition, tag, search or path"),
            CountOutput.count, CountOutput.people, CountOutput.bots, CountOutput.viewers,
            Field("share", .number, "its part of all that was asked for, from 0 to 1"), CountOutput.amount,
        ] + CountOutput.comparison,
        exits: [AnalyticsNoun.misnamed, AnalyticsNoun.missing], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        if line.isOn(films) { return try FilmLeaderboard(session).print() }
        let selection = try AccessSelection(session)
        let ranking = try Leaderboard(session, selection)
        let limit = CommonOptions.limit(line)
        let leaders = ranking.leaders.prefix(limit)
        let network = try session.network()
        let names = try ranking.names(leaders, network)
        if line.isOn(chart) || line.isGiven(drawing) {
            return try session.draw(try TopChart(session, selection, Array(leaders), names, ranking), line[drawing])
        }
        let details = try network.analytics.count(selection.filter, of: leaders.map(\.group))
        let before = try ranking.previous(Array(leaders))
        let sparks = session.drawsTables ? try ranking.sparks(Array(leaders)) : []
        let spark = Session.DrawnColumn(field: Field("spark", .string, "how its counts went")) { sparks[$0] }
        try session.printTable(command.fields, spark, count: leaders.count) { row in
            let leader = leaders[row]
            let value = ranking.order.value(leader.count)
            let cells: [Cell] = [
                .integer(Int64(row + 1)), .text(names[row].name), .text(orNull: names[row].label),
                .text(leader.type.name), .integer(leader.count.count), .integer(leader.count.people),
                .integer(leader.count.bots), .integer(details[row].viewers.count),
                .measure(ranking.total > 0 ? Double(value) / Double(ranking.total) : 0), .integer(leader.count.amount),
            ]
            return cells + CountOutput.cells(value, before: before?[row])
        }
        try session.noteCut(after: leaders.count, of: limit) { try ranking.count() - leaders.count }
    }
}

extension Analytics.Ranking {
    /// What a count is ranked by.
    func value(_ count: AccessCount) -> Int64 { self == .count ? count.count : count.amount }
}

extension TopChart {
    /// The chart of a ranking.
    fileprivate init(
        _ session: Session, _ selection: AccessSelection, _ leaders: [Leaderboard.Entry],
        _ names: [ResourceNames.Name], _ ranking: Leaderboard
    ) throws {
        let title = try SelectionTitle(session, selection.filter)
        let isByCount = ranking.order == .count
        let hasBots = isByCount && leaders.contains { $0.count.bots > 0 }
        let entries = zip(leaders, names).map { leader, name in
            let label = leader.type == .user ? name.name : name.title
            return isByCount
                ? TopChart.Entry(label, Double(leader.count.people), secondary: Double(leader.count.bots))
                : TopChart.Entry(label, Double(leader.count.amount))
        }
        let span = [
            selection.filter.since.map { "from \(selection.calendar.label($0))" },
            selection.filter.until.map { "until \(selection.calendar.label($0))" },
        ].compactMap { $0 }
        self.init(
            title: "Top of \(title.title)", subtitle: span.joined(separator: " "),
            unit: isByCount ? title.unit : "bytes or milliseconds", entries: entries,
            names: TimeChart.Names(value: hasBots ? "people" : nil, secondary: hasBots ? "bots" : nil),
            total: Double(ranking.total))
    }
}
