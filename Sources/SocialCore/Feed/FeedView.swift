// Fan-out: the consumer that keeps a shard's cached feeds up with all logs. Events trigger and state decides: an event
// says whose feed to look at, and what belongs there is read from the truth, so applying an event twice, or late,
// changes nothing.

/// Applies events to the cached feeds of one shard.
///
/// The caller holds the shard's view lock.
package struct FeedView {
    let caches: FeedCaches
    let pull: FeedPull
    let shard: Int

    /// What applying did.
    package struct Progress: Equatable, Sendable {
        /// Log entries applied.
        package var entries = 0
        /// Ids put into feeds.
        package var deliveries = 0
        /// Feeds filled from the truth.
        package var filled = 0
        /// Whether the cache has come as far as the logs had when the work began.
        package var isCurrent = false
    }

    private var router: Router { caches.router }
    private var now: Timestamp { caches.context.clock.now }

    /// The rules of delivery at this moment.
    var rules: FeedRules { FeedRules(caches.settings, at: now) }

    /// Applies what the cache has not applied yet.
    ///
    /// - Parameter entryLimit: stop before applying more entries than this; the rest is left for later.
    /// - Returns: nil when the cache cannot go on from where it is and must be rebuilt.
    package func catchUp(_ start: FeedCache, entryLimit: Int) throws -> Progress? {
        var cache = start
        var progress = Progress()
        guard var applied = cache.applied else { return nil }
        // What is done on another command's way out is too short to speak of.
        let observer = entryLimit == .max ? caches.context.observer : nil
        observer?.begin("applying changes to the feeds of shard \(shard)", total: nil)
        defer { observer?.end() }
        guard cache.marks != nil else { return nil }
        if !cache.isOfThisBoot {
            // A power cut tears records also where no event will come by again.
            try cache.recoverUse()
            for reader in cache.unfinished { try fill(reader, &cache) }
            try cache.setApplied(applied)
        }
        if try !tellsOfAllShards(&cache, &applied) { return nil }
        var reached = applied
        let isBounded = entryLimit < .max
        var (isLeft, isTooMuch) = (false, false)
        let goesOn = try OrderedLogs(router: router).forEach(
            after: &applied, entryLimit: min(Limits.catchUpEntries, entryLimit)
        ) { part in
            let count = part.events.reduce(0) { $0 + $1.entries.count }
            observer?.advance(by: count)
            progress.entries += count
            isLeft = progress.entries > entryLimit
            // So much is sooner made again.
            isTooMuch = !isBounded && progress.entries > max(Limits.bulkEntries, cache.count / 4)
            if isLeft || isTooMuch { return false }
            let fills = isBounded ? Limits.inlineFills : Limits.singleFills
            guard try apply(part.events.flatMap(\.entries), to: &cache, fills, &progress) else {
                (isLeft, isTooMuch) = (isBounded, !isBounded)
                return false
            }
            reached[part.shard] = part.position
            try cache.setApplied(reached)
            return true
        }
        if !goesOn || isTooMuch { return nil }
        if isLeft { return progress }
        try cache.setApplied(applied)
        progress.isCurrent = true
        return progress
    }

    /// Gives a cache room for the logs of shards that have been added since it was made, which are applied from their
    /// beginning on: a copy in a new file; false when their logs do not reach back so far.
    private func tellsOfAllShards(_ cache: inout FeedCache, _ applied: inout OffsetVector) throws -> Bool {
        let known = applied
        for shard in router.shards where applied[shard] == nil {
            guard let beginning = try router.read(shard: shard, { try $0.state() }).beginning else { return false }
            applied[shard] = beginning
        }
        if applied != known, !caches.context.isDryRun { cache = try caches.grown(shard, cache, sources: applied) }
        return true
    }

    // MARK: Applying

    /// False when more feeds than a limit must be filled afresh; what was applied by then can be applied again.
    private func apply(
        _ entries: [EventEntry], to cache: inout FeedCache, _ fillLimit: Int, _ progress: inout Progress
    ) throws -> Bool {
        var audience = Audience(view: self)
        let activeHour = rules.activeHour
        var refill: Set<UserID> = []
        var moved: Set<Slot> = []
        for entry in entries {
            switch entry {
            case .accountChanged, .accountDeleted, .postEdited, .uploaded, .mediaChanged, .mediaDeleted: break
            // Feeds that are kept up elsewhere, or were until now: what lies here may be of an earlier stay, and who
            // does not know yet that the slot has moved would read it.
            case .released(let slot, _), .adopted(let slot, _, _): moved.insert(slot)
            case .accountCreated(let id):
                guard isMine(id) else { break }
                if case .found = cache.record(of: id) { break }
                refill.insert(id)
            case .accountActive(let id):
                guard isMine(id), let account = try router.read(id.slot, { try $0.account(id) }) else { break }
                if try !cache.setActivity(of: id, account.activeAt) { refill.insert(id) }
            case .followsImported(let follower):
                if isMine(follower) { refill.insert(follower) }
            case .followed(let follower, let followee):
                guard isMine(follower), !refill.contains(follower) else { break }
                if try !backFill(follower, followee, &cache) { refill.insert(follower) }
            case .unfollowed(let follower, let followee):
                guard isMine(follower), !refill.contains(follower) else { break }
                if try !dropPosts(of: followee, from: follower, cache) { refill.insert(follower) }
            case .posted(let author, let post):
                guard let readers = try audience.readers(of: author) else {
                    while try !cache.mark(post, by: author) { cache = try caches.grown(shard, cache) }
                    break
                }
                for reader in readers where try !insert(post, for: reader, activeHour, &cache) {
                    refill.insert(reader)
                }
                progress.deliveries += readers.count
            case .unrelated(.mute, let reader, let target):
                let author = UserID(rawValue: target.rawValue)
                guard isMine(reader), !refill.contains(reader) else { break }
                if try !backFill(reader, author, &cache) { refill.insert(reader) }
            case .related(.mute, let reader, let target):
                let author = UserID(rawValue: target.rawValue)
                guard isMine(reader), !refill.contains(reader) else { break }
                if try !dropPosts(of: author, from: reader, cache) { refill.insert(reader) }
            case .related, .unrelated: break
            case .postDeleted(let author, let post):
                // Also of an author whose posts are pulled: feeds were filled with what there was.
                for reader in try audience.everyone(of: author) {
                    if try !cache.remove(from: reader, where: { $0 == post }) { refill.insert(reader) }
                }
            }
        }
        if !moved.isEmpty {
            // A command on its way out does not look through many feeds.
            if fillLimit == Limits.inlineFills, cache.count > Limits.movedFeeds { return false }
            try setAside(moved, but: refill, &cache)
        }
        if refill.count > fillLimit { return false }
        for reader in refill.sorted() { try fill(reader, &cache) }
        progress.filled += refill.count
        return true
    }

    /// The readers whose feeds the posts of authors belong to, found once a batch.
    private struct Audience {
        let view: FeedView
        private var known: [UserID: [UserID]] = [:]
        private var pulled: [UserID: Bool] = [:]

        init(view: FeedView) { self.view = view }

        /// The readers here to whom an author's posts are pushed; nil when they are not, because there are too many.
        mutating func readers(of author: UserID) throws -> [UserID]? {
            let readers = try everyone(of: author)
            if let isPulled = pulled[author] { return isPulled ? nil : readers }
            let isPulled = try view.isPulled(author, readersHere: readers.count)
            pulled[author] = isPulled
            return isPulled ? nil : readers
        }

        /// All readers here.
        mutating func everyone(of author: UserID) throws -> [UserID] {
            if let known = known[author] { return known }
            let list = try view.router.read(shard: view.shard) { reader in
                let muting = Set(try reader.relations(.mute, to: EntityID(author), page: Page()).map(\.actor))
                let followers = try reader.followerIDs(of: author)
                return muting.isEmpty ? followers : followers.filter { !muting.contains($0) }
            }
            known[author] = list
            return list
        }
    }

    /// Whether an author has too many followers for its posts to be pushed.
    ///
    /// Followers are counted on all shards only where it may matter.
    private func isPulled(_ author: UserID, readersHere: Int) throws -> Bool {
        let shards = router.shards.count
        if shards == 1 || rules.isPulled(followers: readersHere) { return rules.isPulled(followers: readersHere) }
        guard rules.isPulled(followers: 4 * shards * readersHere) else { return false }
        return rules.isPulled(followers: try router.gather { try $0.followerCount(of: author) }.reduce(0, +))
    }

    /// Puts a post into a feed; false when the feed must be filled afresh.
    private func insert(
        _ post: PostID, for reader: UserID, _ activeHour: Int, _ cache: inout FeedCache
    ) throws -> Bool {
        while true {
            switch try cache.insert(post, for: reader, activeSince: activeHour) {
            case .done: return true
            case .missing: return false
            case .full: cache = try caches.grown(shard, cache)
            }
        }
    }

    private func isMine(_ reader: UserID) -> Bool { router.shard(of: reader.slot) == shard }

    /// Gives the readers of slots that have come or gone feeds that are read from the truth until they are regenerated.
    ///
    /// Cost: a scan of the shard's accounts and of the cache's records.
    private func setAside(_ slots: Set<Slot>, but others: Set<UserID>, _ cache: inout FeedCache) throws {
        var readers: [UserID: Timestamp] = [:]
        for reader in cache.readers where slots.contains(reader.slot) { readers[reader] = now }
        try router.read(shard: shard) { store in
            try store.forEachAccount { id, activeAt in if slots.contains(id.slot) { readers[id] = activeAt } }
        }
        for (reader, activeAt) in readers.sorted(by: { $0.key < $1.key }) where !others.contains(reader) {
            var record = FeedRecord.filled(
                reader: reader, from: rules.floor, newest: [], capacity: caches.settings.feedCapacity,
                activeAt: activeAt, at: now)
            record.isIncomplete = true
            while try !cache.replace(record), !caches.context.isDryRun { cache = try caches.grown(shard, cache) }
        }
    }

    /// Fills a feed from the truth.
    func fill(_ reader: UserID, _ cache: inout FeedCache) throws {
        let floor = rules.floor
        let capacity = caches.settings.feedCapacity
        let newest = try pull.newest(for: reader, in: floor...PostID(rawValue: .max), limit: capacity + 1)
        let older = PostID.first...max(.first, PostID(rawValue: floor.rawValue - 1))
        let hasOlder = try newest.count > capacity || !pull.newest(for: reader, in: older, limit: 1).isEmpty
        let account = try router.read(reader.slot) { try $0.account(reader) }
        let record = FeedRecord.filled(
            reader: reader, from: hasOlder ? floor : .first, newest: newest, capacity: capacity,
            activeAt: account?.activeAt ?? now, at: now
        )
        while try !cache.replace(record), !caches.context.isDryRun { cache = try caches.grown(shard, cache) }
    }

    /// Puts the posts of a newly followed account into a feed; false when the feed must be filled afresh.
    private func backFill(_ reader: UserID, _ author: UserID, _ cache: inout FeedCache) throws -> Bool {
        let activeHour = rules.activeHour
        guard case .found(let record) = cache.record(of: reader) else { return false }
        guard try pull.graph.isFeedAuthor(author, of: reader) else { return true }
        let range = record.coveredFrom...PostID(rawValue: .max)
        // One more than fits: it shows the record that there are older ones, which it then no longer covers.
        for post in try pull.newest(of: [author], in: range, limit: caches.settings.feedCapacity + 1) {
            if try !insert(post, for: reader, activeHour, &cache) { return false }
        }
        return true
    }

    /// Takes the posts of an account that is no longer followed, or muted, out of a feed; false when it must be filled
    /// afresh.
    private func dropPosts(of author: UserID, from reader: UserID, _ cache: FeedCache) throws -> Bool {
        guard case .found(let record) = cache.record(of: reader) else { return false }
        // Followed again since: posts that were deleted in between found no follower to be taken from.
        if try pull.graph.isFeedAuthor(author, of: reader) { return false }
        let suspects = pull.placement == .user ? record.entries.filter { $0.slot == author.slot } : record.entries
        var gone: Set<PostID> = []
        for (shard, ids) in Dictionary(grouping: suspects, by: { router.shard(of: $0.slot) }) {
            try router.read(shard: shard) { reader in
                // A post that was deleted meanwhile no longer says whose it was: it goes too.
                for id in ids where try reader.post(id).map({ $0.author == author }) ?? true { gone.insert(id) }
            }
        }
        return gone.isEmpty ? true : try cache.remove(from: reader, where: gone.contains)
    }
}
