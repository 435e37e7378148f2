// What `analytics top` ranks: resources, accounts by what all of theirs got, or tags by what posts with them got.

internal import CommandSpec
internal import SocialCore
internal import Terminal

/// A ranking of everything that a line asks for.
struct Leaderboard {
    /// Something with its counts.
    struct Entry {
        /// Under which resource it is listed.
        var resource: AccessedResource
        /// What that is.
        var type: ResourceType
        /// How often all of it was accessed.
        var count: AccessCount
        /// What belongs to it.
        var group: [AccessedResource]
    }

    /// Whose counts are summed up.
    private enum Owner: String {
        case author, tag
    }

    /// What they are ranked by.
    let order: Analytics.Ranking
    /// The best, best first: as many as the line wants at least.
    let leaders: [Entry]
    /// What all accesses that were asked for come to.
    let total: Int64

    private let session: Session
    private let selection: AccessSelection
    private let owner: Owner?
    private let isCut: Bool

    /// Ranks what a line asks for.
    init(_ session: Session, _ selection: AccessSelection) throws {
        let line = session.invocation
        self.session = session
        var selection = selection
        order = line[AnalyticsTop.rank]
        owner = line[AnalyticsTop.owner].flatMap(Owner.init)
        switch owner {
        case .author: selection.requireTypes([.post, .user, .media, .video, .rendition])
        case .tag: selection.requireTypes([.post])
        case nil: break
        }
        self.selection = selection
        let network = try session.network()
        if let owner {
            leaders = try Leaderboard.leaders(of: owner, selection.filter, network).sorted(by: order)
            isCut = false
        } else {
            let limit = CommonOptions.limit(line)
            leaders = try network.analytics.top(selection.filter, by: order, limit: limit == .max ? nil : limit).map {
                Entry(resource: $0.resource, type: $0.resource.type, count: $0.count, group: [$0.resource])
            }
            isCut = leaders.count == limit
        }
        let counts = try network.analytics.count(selection.filter, countsViewers: false)
        total = counts.reduce(into: AccessCount()) { $0 += $1.count }.value(order)
    }

    /// How many there are.
    func count() throws -> Int {
        isCut ? try session.network().analytics.top(selection.filter, by: order, limit: nil).count : leaders.count
    }

    /// What some are called.
    func names(_ leaders: ArraySlice<Entry>, _ network: Network) throws -> [ResourceNames.Name] {
        try ResourceNames.names(of: leaders.map(\.resource), network)
    }

    /// What some had in the time before; nil when that is not asked for.
    func previous(_ leaders: [Entry]) throws -> [Int64]? {
        guard let filter = selection.previous else { return nil }
        let network = try session.network()
        guard let owner else {
            let counts = try network.analytics.count(filter, of: leaders.map(\.group), countsViewers: false)
            return counts.map { $0.count.value(order) }
        }
        // Then it may have been others of their things that were accessed.
        let before = try Leaderboard.leaders(of: owner, filter, network)
        return leaders.map { leader in
            before.first { $0.resource == leader.resource }?.count.value(order) ?? 0
        }
    }

    /// How the counts of some went over the time, as lines of small bars.
    func sparks(_ leaders: [Entry]) throws -> [String] {
        let analytics = try session.network().analytics
        let range = try analytics.timeRange(selection.filter)
        let start = selection.filter.since ?? range?.first ?? session.now
        let end = selection.filter.until ?? range?.last.advanced(byMilliseconds: 1) ?? session.now
        let minutes = max(0, (end.milliseconds - start.milliseconds) / 60_000)
        let cells = min(Leaderboard.sparkCells, Int(minutes))
        guard cells > 1 else { return leaders.map { _ in "" } }
        let step = (end.milliseconds - start.milliseconds) / Int64(cells)
        let edges = (0..<cells).map { start.advanced(byMilliseconds: step * Int64($0)) } + [end]
        return try analytics.series(selection.filter, of: leaders.map(\.group), edges: edges).map { counts in
            Sparkline.text(counts.map { Double($0.value(order)) })
        }
    }

    private static let sparkCells = 12

    /// Everybody or everything of a kind of owner, in the order of their ids or names.
    private static func leaders(
        of owner: Owner, _ filter: AccessFilter, _ network: Network
    ) throws -> [Entry] {
        switch owner {
        case .author:
            return try network.authorLeaders(filter).map {
                Entry(resource: .user($0.owner), type: .user, count: $0.count, group: $0.resources)
            }
        case .tag:
            return try network.tagLeaders(filter).compactMap { leader in
                AccessedResource.tag(leader.owner).map {
                    Entry(resource: $0, type: .tag, count: leader.count, group: leader.resources)
                }
            }
        }
    }
}

extension AccessCount {
    /// What it is ranked by.
    fileprivate func value(_ ranking: Analytics.Ranking) -> Int64 { ranking.value(self) }
}

extension [Leaderboard.Entry] {
    /// Best first, equals in the order of their names.
    fileprivate func sorted(by ranking: Analytics.Ranking) -> [Leaderboard.Entry] {
        sorted { one, two in
            let (left, right) = (ranking.value(one.count), ranking.value(two.count))
            return left == right ? one.resource < two.resource : left > right
        }
    }
}
