// `feed simulate`: what delivery costs when posts are pushed, pulled or both, as things are and under other settings.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum FeedSimulate {
    static let whatIf = Option(
        repeating: "what-if", .list(of: .keyValue).named("NAME=VALUE,…"), configurable: false,
        help: "Add a row for other settings: push-limit, active-window, capacity or cache-window")
    static let accounts = Option(
        "accounts", .integer(in: Limits.simulatedAccounts), configurable: false,
        help: "Estimate the costs of a network with so many accounts")
    static let readsPerDay = Option(
        "reads-per-day", .number(in: 0...1_000_000), default: 10,
        help: "Pages that each account which was active within a day reads a day")
    static let page = Option(
        "page", .integer(in: 1...Limits.pageRows), default: 20, help: "How many posts a page has")

    static let command = Command(
        ["feed", "simulate"], "Show what pushing, pulling and both cost",
        discussion: """
            Counts what the present graph and activity cost under three strategies. push-only puts each post into the \
            feed of every follower. pull-only merges each page from all who are followed. hybrid does as the settings \
            say: posts go into the feeds of followers who were active within feed.active-window, but for authors with \
            more than feed.push-limit followers, who are merged in at reading; whoever is not active reads as under \
            pull-only. A delivery is an entry that these rules require in a follower's feed; whoever mutes an author \
            is no follower of theirs here. Each --what-if adds a hybrid with other settings; several that are parted \
            by commas hold together.

            Readers are the accounts that were active within the last day, and each reads --reads-per-day pages of \
            --page posts from the top. Reading a page takes a merge step for each list that is opened (the cached \
            feed; a pulled author with posts in the cache window; under pull-only everyone followed) and one for each \
            post that is taken, of those in the cache window.

            With --accounts all numbers are an estimate: accounts are followed, follow, post and are active as they \
            are now, but the tail of accounts with the most followers reaches further, by the exponent of the present \
            tail (Hill's estimator over the top hundredth).
            """,
        options: [whatIf, accounts, readsPerDay, page],
        examples: [
            Example("social feed simulate", "Compare the three strategies"),
            Example(
                "social feed simulate --what-if push-limit=1000 --what-if push-limit=100,active-window=1d",
                "Compare other settings with the present ones"),
            Example(
                "social feed simulate --accounts 1000000 --json | jq '.[] | {strategy, work_per_day}'",
                "Estimate the work of a day in a network of a million"),
        ],
        fields: [
            Field("strategy", .string, "push-only, pull-only or hybrid"),
            Field("push_limit", .integer, nullable: true, "followers above which an author is pulled"),
            Field("active_window", .string, nullable: true, "how long after it was last active a feed is kept up"),
            Field("capacity", .integer, nullable: true, "how many posts a cached feed holds"),
            Field("cache_window", .string, "how far back cached feeds are filled"),
            Field("accounts", .integer, "how many accounts there are"),
            Field("estimate", .boolean, "whether the row is an estimate for another number of accounts"),
            Field("readers", .integer, "accounts that were active within the last day"),
            Field("authors_pushed", .integer, "accounts with posts in the cache window which are pushed"),
            Field("authors_pulled", .integer, "accounts with posts in the cache window which are pulled"),
            Field("deliveries_per_day", .integer, "deliveries of the posts of the last 24 hours"),
            Field("deliveries", .integer, "deliveries of the posts of the cache window"),
            Field("skipped", .integer, "entries of the cache window left out because their readers are not active"),
            Field("merge_steps_per_read", .number, "merge steps of a page, on average over the readers"),
            Field("merge_steps_per_day", .integer, "merge steps of all pages of a day"),
            Field("work_per_day", .integer, "deliveries and merge steps of a day together"),
            Field("entries", .integer, "entries that cached feeds hold when they are filled: at most capacity each"),
            Field("bytes", .integer, "bytes on disk of the records of cached feeds"),
        ], exits: [ExitStatus(64, "a setting has no such value"), ExitStatus(67, "there is no such setting")],
        handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        let present = network.manifest.settings
        var ways = FeedCost.Strategy.allCases.map { ($0, present) }
        for changes in line[whatIf] {
            var settings = present
            for change in changes {
                let name = change.key.hasPrefix("feed.") ? change.key : "feed.\(change.key)"
                try settings.set(name, to: change.value)
            }
            ways.append((.hybrid, settings))
        }
        let simulation = FeedSimulation(
            readsPerDay: line[readsPerDay], pageSize: line[page], accounts: line[accounts])
        let result = try network.feeds.simulate(ways, simulation)
        try session.printList(command.fields) { emit in
            for cost in result.costs where try !emit(cells(cost)) { return }
        }
        if let accounts = line[accounts] {
            try session.note(
                "an estimate for \(accounts.grouped) accounts, drawn from \(result.measuredAccounts.grouped)")
        }
    }

    private static func cells(_ cost: FeedCost) -> [Cell] {
        let settings = cost.settings
        let isHybrid = cost.strategy == .hybrid
        let window = DurationText.format(settings.feedActiveWindowMilliseconds)
        let counts = [
            cost.readers, cost.authorsPushed, cost.authorsPulled, cost.deliveriesPerDay, cost.deliveries, cost.skipped,
        ]
        return [
            .text(cost.strategy.rawValue), isHybrid ? .integer(Int64(settings.feedPushLimit)) : .null,
            isHybrid ? .text(window) : .null, cost.strategy == .pull ? .null : .integer(Int64(settings.feedCapacity)),
            .text(DurationText.format(settings.feedCacheWindowMilliseconds)), .integer(Int64(cost.accounts)),
            .bool(cost.isEstimate),
        ] + counts.map { .integer(Int64($0)) } + [
            .number(cost.mergeStepsPerRead), .integer(Int64(cost.mergeStepsPerDay)),
            .integer(Int64(cost.workPerDay)), .integer(Int64(cost.entries)), .integer(Int64(cost.bytes)),
        ]
    }
}
