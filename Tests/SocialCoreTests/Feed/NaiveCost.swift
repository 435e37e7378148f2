// The costs of a way to deliver, counted as they are defined: reader by reader and post by post.

import TestKit

@testable import SocialCore

/// The whole numbers of a cost.
struct NaiveCost: Equatable {
    var readers = 0
    var authorsPushed = 0
    var authorsPulled = 0
    var deliveriesPerDay = 0
    var deliveries = 0
    var skipped = 0
    var mergeStepsPerDay = 0
    var entries = 0

    init(_ cost: FeedCost) {
        readers = cost.readers
        authorsPushed = cost.authorsPushed
        authorsPulled = cost.authorsPulled
        deliveriesPerDay = cost.deliveriesPerDay
        deliveries = cost.deliveries
        skipped = cost.skipped
        mergeStepsPerDay = cost.mergeStepsPerDay
        entries = cost.entries
    }

    init(
        _ world: FeedWorld, _ strategy: FeedCost.Strategy, _ settings: Settings, _ simulation: FeedSimulation
    ) throws {
        let model = world.model.feeds
        let day: Int64 = 86_400_000
        let window = settings.feedCacheWindowMilliseconds
        func isWithin(_ time: Timestamp, _ milliseconds: Int64) -> Bool {
            world.now.milliseconds - time.milliseconds <= milliseconds
        }
        let posts = model.posts.values.filter { model.accounts.contains($0.author) }
        let recent = posts.filter { isWithin($0.id.time, window) }
        let authors = Set(recent.map(\.author))
        func isPulled(_ author: UserID) -> Bool {
            let followers = model.accounts.count { model.follows[$0]?.contains(author) ?? false }
            return strategy == .pull || strategy == .hybrid && followers > settings.feedPushLimit
        }
        let pulled = authors.filter(isPulled)
        (authorsPushed, authorsPulled) = (authors.count - pulled.count, pulled.count)
        for account in world.model.accounts {
            // The model does not know of signing in.
            let activeAt = try world.network.accounts.records(of: [account.id])[0]?.activeAt ?? account.activeAt
            let isKept =
                strategy == .push
                || strategy == .hybrid && isWithin(activeAt, settings.feedActiveWindowMilliseconds)
            let followed = model.authors(account.id).intersection(model.accounts)
            let feed = recent.filter { followed.contains($0.author) }
            let required = feed.filter { !pulled.contains($0.author) }
            if isKept {
                deliveries += required.count
                deliveriesPerDay += posts.count {
                    followed.contains($0.author) && isWithin($0.id.time, day) && !isPulled($0.author)
                }
                entries += min(settings.feedCapacity, required.count)
            } else {
                skipped += required.count
            }
            guard isWithin(activeAt, day) else { continue }
            readers += 1
            let opened = isKept ? 1 + followed.intersection(pulled).count : followed.count
            mergeStepsPerDay += Int(simulation.readsPerDay) * (opened + min(simulation.pageSize, feed.count))
        }
    }
}
