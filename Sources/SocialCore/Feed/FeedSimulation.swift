// What delivery costs: pushed, pulled or mixed as the settings say, counted for the present graph and activity. Nothing
// is delivered for it; the engine itself must come to the same numbers.

/// One way to deliver posts, and what it costs.
package struct FeedCost: Equatable, Sendable {
    /// How posts come into feeds.
    package enum Strategy: String, CaseIterable, Sendable {
        /// Each post is put into the feed of every follower.
        case push = "push-only"
        /// Each feed is merged from the posts of those followed when it is read.
        case pull = "pull-only"
        /// Posts are put into the feeds of active followers, but for authors with too many; those are merged at read.
        case hybrid
    }

    /// The way.
    package var strategy: Strategy
    /// The settings; a hybrid obeys all of them, the others only those that mean something to them.
    package var settings: Settings
    /// For how many accounts.
    package var accounts = 0
    /// Whether more or fewer accounts are reckoned with than there are.
    package var isEstimate = false
    /// Accounts that read: those that were active within the last day.
    package var readers = 0
    /// Accounts with posts in the cache window which are pushed.
    package var authorsPushed = 0
    /// Accounts with posts in the cache window which are pulled.
    package var authorsPulled = 0
    /// Entries that the posts of the last day put into feeds.
    package var deliveriesPerDay = 0
    /// Entries that the posts of the cache window put into feeds.
    package var deliveries = 0
    /// Entries of the cache window that were left out because their readers are not active.
    package var skipped = 0
    /// Steps of merging a page, on average over the readers: one a list that is opened (the cached feed, or an
    /// author), one an entry that is taken.
    package var mergeStepsPerRead = 0.0
    /// Steps of all pages of a day.
    package var mergeStepsPerDay = 0
    /// Entries that cached feeds hold when they are filled.
    package var entries = 0
    /// Bytes of the records of cached feeds.
    package var bytes = 0

    /// Deliveries and merge steps of a day.
    package var workPerDay: Int { deliveriesPerDay + mergeStepsPerDay }

    init(_ strategy: Strategy, _ settings: Settings) {
        self.strategy = strategy
        self.settings = settings
    }
}

/// The costs of several ways to deliver, for one network.
package struct FeedSimulation {
    /// How many pages a reader reads a day.
    package var readsPerDay: Double
    /// How many posts a page has.
    package var pageSize: Int
    /// For how many accounts; nil: for those there are.
    package var accounts: Int?

    /// A simulation of so many pages a day of so many posts, for so many accounts.
    package init(readsPerDay: Double, pageSize: Int, accounts: Int? = nil) {
        self.readsPerDay = readsPerDay
        self.pageSize = pageSize
        self.accounts = accounts
    }

    /// What was found.
    package struct Result: Sendable {
        /// A cost for each way, in the order in which they were asked for.
        package var costs: [FeedCost]
        /// How many accounts were counted.
        package var measuredAccounts: Int
    }

    static let dayMilliseconds: Int64 = 86_400_000

    /// Counts, or estimates, the costs of some ways to deliver.
    func run(_ ways: [(FeedCost.Strategy, Settings)], _ router: Router, at now: Timestamp) throws -> Result {
        let windows = ways.map { $0.1.feedCacheWindowMilliseconds }
        let census = try FeedCensus(router, periods: Set(windows + [FeedSimulation.dayMilliseconds]), at: now)
        let scale = FeedScale(from: census.followers, to: accounts)
        let costs = ways.map { strategy, settings in
            FeedTally(self, census, scale, strategy, FeedRules(settings, at: now)).cost
        }
        return Result(costs: costs, measuredAccounts: census.ids.count)
    }
}

extension Feeds {
    /// Counts, or estimates, the costs of some ways to deliver.
    ///
    /// Cost: one pass over accounts, follows and the posts of the longest window, and one over the follows in memory
    /// for each way.
    package func simulate(
        _ ways: [(FeedCost.Strategy, Settings)], _ simulation: FeedSimulation
    ) throws -> FeedSimulation.Result {
        try simulation.run(ways, router, at: posts.context.clock.now)
    }
}
