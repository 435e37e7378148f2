// One way to deliver, counted: first along the feeds, for each author whose feeds the posts come into, then along the
// authors, where each may stand for several of a larger network.

/// Counts what one way to deliver costs.
struct FeedTally {
    private let simulation: FeedSimulation
    private let census: FeedCensus
    private let scale: FeedScale
    private let strategy: FeedCost.Strategy
    private let rules: FeedRules
    /// Posts of the cache window, by author.
    private let posts: [UInt32]
    /// Posts of the last day, by author.
    private let postsOfDay: [UInt32]
    private var audience: [Audience]
    private var feeds = Totals()

    /// The feeds into which an author's posts come.
    private struct Audience {
        /// Feeds that are kept up.
        var kept: UInt32 = 0
        /// Feeds that are not.
        var unkept: UInt32 = 0
        /// Of those that are kept up, feeds that are read.
        var keptRead: UInt32 = 0
        /// Of those that are not, feeds that are read.
        var unkeptRead: UInt32 = 0

        mutating func count(isKept: Bool, isRead: Bool) {
            switch (isKept, isRead) {
            case (true, true): (kept, keptRead) = (kept + 1, keptRead + 1)
            case (true, false): kept += 1
            case (false, true): (unkept, unkeptRead) = (unkept + 1, unkeptRead + 1)
            case (false, false): unkept += 1
            }
        }
    }

    /// What is counted of the feeds themselves.
    private struct Totals {
        /// Accounts that read.
        var readers = 0
        /// Cached feeds that are opened when everyone reads once.
        var opened = 0
        /// Entries that are taken when everyone reads once.
        var taken = 0
        /// Entries that cached feeds hold.
        var entries = 0
        /// Bytes of their records.
        var bytes = 0
    }

    init(
        _ simulation: FeedSimulation, _ census: FeedCensus, _ scale: FeedScale, _ strategy: FeedCost.Strategy,
        _ rules: FeedRules
    ) {
        self.simulation = simulation
        self.census = census
        self.scale = scale
        self.strategy = strategy
        self.rules = rules
        posts = census.posts[rules.settings.feedCacheWindowMilliseconds] ?? []
        postsOfDay = census.posts[FeedSimulation.dayMilliseconds] ?? []
        audience = Array(repeating: Audience(), count: census.ids.count)
        countFeeds()
    }

    // MARK: Decisions

    private func keepsUp(_ reader: Int) -> Bool {
        switch strategy {
        case .push: true
        case .pull: false
        case .hybrid: rules.keepsUp(readerActiveAt: census.activeAt[reader])
        }
    }

    private func isPulled(followers: Double) -> Bool {
        switch strategy {
        case .push: false
        case .pull: true
        case .hybrid: rules.isPulled(followers: Int(followers))
        }
    }

    private func reads(_ account: Int) -> Bool {
        census.activeAt[account] >= rules.now.advanced(byMilliseconds: -FeedSimulation.dayMilliseconds)
    }

    /// The bytes of a cached feed's record when it is filled.
    private func recordBytes(_ entries: Int) -> Int {
        FeedCache.unitBytes * FeedCache.units(ofRing: FeedCache.ring(for: entries, rules.settings.feedCapacity))
    }

    // MARK: Feeds

    private mutating func countFeeds() {
        for account in census.ids.indices {
            let isKept = keepsUp(account)
            if reads(account) {
                feeds.readers += 1
                if isKept { feeds.opened += 1 }
            }
            // Whose feed is not kept up has an empty record.
            if strategy != .pull { feeds.bytes += recordBytes(0) }
        }
        let isPulled = census.followers.map { self.isPulled(followers: Double($0)) }
        census.forEachReader { reader, authors in
            let (isKept, isRead) = (keepsUp(reader), reads(reader))
            var (available, pushed) = (0, 0)
            for author in authors.lazy.map(Int.init) {
                available += Int(posts[author])
                if !isPulled[author] { pushed += Int(posts[author]) }
                audience[author].count(isKept: isKept, isRead: isRead)
            }
            if isRead { feeds.taken += min(simulation.pageSize, available) }
            if isKept {
                let entries = min(rules.settings.feedCapacity, pushed)
                feeds.entries += entries
                feeds.bytes += recordBytes(entries) - recordBytes(0)
            }
        }
    }

    // MARK: Authors

    /// What it costs.
    var cost: FeedCost {
        var sum = Sum()
        for author in census.ids.indices {
            for part in scale.parts(of: author) { add(author, part, to: &sum) }
        }
        let weight = scale.weight
        let steps = sum.opened + weight * Double(feeds.opened + feeds.taken)
        let readers = weight * Double(feeds.readers)
        var cost = FeedCost(strategy, rules.settings)
        cost.accounts = scale.accounts
        cost.isEstimate = scale.isEstimate
        cost.readers = Int(rounding: readers)
        cost.authorsPushed = Int(rounding: sum.pushed)
        cost.authorsPulled = Int(rounding: sum.pulled)
        cost.deliveriesPerDay = Int(rounding: sum.deliveriesOfDay)
        cost.deliveries = Int(rounding: sum.deliveries)
        cost.skipped = Int(rounding: sum.skipped)
        cost.mergeStepsPerRead = readers > 0 ? (steps / readers * 1_000).rounded() / 1_000 : 0
        cost.mergeStepsPerDay = Int(rounding: steps * simulation.readsPerDay)
        cost.entries = Int(rounding: weight * Double(feeds.entries))
        cost.bytes = Int(rounding: weight * Double(feeds.bytes))
        return cost
    }

    /// Sums over the authors; whole numbers below 2⁵³ are exact.
    private struct Sum {
        var pushed = 0.0
        var pulled = 0.0
        var deliveriesOfDay = 0.0
        var deliveries = 0.0
        var skipped = 0.0
        /// Authors that are opened when everyone reads once.
        var opened = 0.0
    }

    private func add(_ author: Int, _ part: FeedScale.Part, to sum: inout Sum) {
        let audience = audience[author]
        let count = Double(posts[author])
        let times = part.weight * part.growth
        // A feed that is not kept up is merged from all who are followed, as far as anyone knows where posts may be.
        sum.opened += times * Double(audience.unkeptRead)
        if isPulled(followers: Double(census.followers[author]) * part.growth) {
            if count == 0 { return }
            sum.pulled += part.weight
            sum.opened += times * Double(audience.keptRead)
        } else {
            if count > 0 { sum.pushed += part.weight }
            sum.deliveriesOfDay += times * Double(postsOfDay[author]) * Double(audience.kept)
            sum.deliveries += times * count * Double(audience.kept)
            sum.skipped += times * count * Double(audience.unkept)
        }
    }
}

extension Int {
    /// The nearest whole number; the largest there is for whatever is larger.
    fileprivate init(rounding number: Double) { self = Int(exactly: number.rounded()) ?? .max }
}
