// How often, by whom, since when? The façade of the room. Accesses are counted as they come, a page of counts for each
// kind and day (see RollupPage), so an answer costs what it tells and not what happened. Counts are records: they
// belong to the shard that took them, and what a resource has is the sum over all shards.

/// The records of a shard take nothing any more.
private struct Closed: Error {}

/// The counts of a network.
package struct Analytics {
    let router: Router
    let records: RecordsShards
    let context: Context

    /// The counts of a network.
    init(router: Router, records: RecordsShards, context: Context) {
        self.router = router
        self.records = records
        self.context = context
    }

    // MARK: Counting

    /// From so many accesses on their resources are remembered in a table.
    private static let tabledAccesses = 256

    /// Counts accesses, all or none of them, each time this is called.
    ///
    /// - Parameter idempotencyKey: counts them only the first time that it is used.
    /// - Returns: false when the key had been used for the same accesses before.
    /// - Throws: `badAccess`, `keyReused`.
    @discardableResult
    package func record(_ accesses: [CountedAccess], idempotencyKey: String? = nil) throws -> Bool {
        guard let first = accesses.first else { return false }
        let latest = latest
        for access in accesses { try check(access, latest: latest) }
        let slot = idempotencyKey.map(Analytics.slot(of:)) ?? Analytics.slot(of: first.resource.name)
        // The key of a shard that was removed lies where its counts do.
        let elsewhere = try idempotencyKey.flatMap { key in
            try router.shards.count < 2 ? nil : gather { try $0.operation(key) }.lazy.compactMap(\.self).first
        }
        return try write(router.shard(of: slot)) { transaction in
            if let key = idempotencyKey {
                let fingerprint = Analytics.fingerprint(of: accesses)
                if let known = try transaction.operation(key) ?? elsewhere {
                    guard known == fingerprint else {
                        throw AnalyticsError(.keyReused, "the idempotency key \"\(key)\" was used for something else")
                    }
                    return false
                }
                try transaction.note(key, fingerprint: fingerprint)
            }
            var builder = RollupBuilder()
            // What is accessed many times is looked up once; a few accesses do without the table.
            var known: [AccessedResource: ResourceNumber] = [:]
            var last: (resource: AccessedResource, number: ResourceNumber)?
            for access in accesses {
                let number: ResourceNumber
                if let last, last.resource == access.resource {
                    number = last.number
                } else if accesses.count < Analytics.tabledAccesses {
                    number = try transaction.numbered(access.resource)
                } else {
                    number = try known[access.resource] ?? transaction.numbered(access.resource)
                    known[access.resource] = number
                }
                last = (access.resource, number)
                builder.add(
                    number, access.kind, access.audience, viewer: access.viewer, at: access.time, amount: access.amount)
                if builder.isFull { try transaction.add(builder.pages()) }
            }
            try transaction.add(builder.pages())
            try transaction.addRecorded(Int64(accesses.count))
            return true
        }
    }

    /// Refuses what cannot be counted.
    ///
    /// - Throws: `badAccess`.
    package func check(_ access: CountedAccess) throws { try check(access, latest: latest) }

    /// The last time that is not in the future.
    private var latest: Timestamp { context.clock.now.advanced(byMilliseconds: Limits.futureMilliseconds) }

    private func check(_ access: CountedAccess, latest: Timestamp) throws {
        guard access.time.milliseconds >= 0, access.time <= latest else {
            throw AnalyticsError(
                .badAccess, "an access to \"\(access.resource.name)\" lies in the future, or before 1970")
        }
        guard access.amount >= 0 else {
            throw AnalyticsError(.badAccess, "the amount of an access to \"\(access.resource.name)\" is negative")
        }
    }

    /// Writes the records of a shard, or of another where these take nothing any more.
    ///
    /// - Parameter isBound: whether what is written belongs to what the shard has: it is then looked for again.
    /// - Throws: `Overtaken` when the shard's records have been taken over.
    func write<Result>(
        _ shard: Int, isBound: Bool = false, _ body: (RecordsTransaction) throws -> Result
    ) throws -> Result {
        try router.lookAtMap()
        let shards = router.shards
        if shards.contains(shard) {
            do {
                return try records[shard].write { transaction in
                    if try transaction.isClosed() { throw Closed() }
                    return try body(transaction)
                }
            } catch is Closed {
                if shards.count > 1 { try adopt(shard) }
            }
        }
        if isBound { throw Overtaken() }
        return try records[try taker(besides: shards.count > 1 ? shard : nil)].write(body)
    }

    /// Which slot's shard counts something that comes without a source.
    static func slot(of name: String) -> Slot {
        Slot(masking: Int64(bitPattern: ViewerKey(name).rawValue))
    }

    private static func fingerprint(of accesses: [CountedAccess]) -> UInt64 {
        ReplicaCheck.mix(
            accesses.flatMap { access in
                [
                    ViewerKey("\(access.kind.name) \(access.resource.name)").rawValue, access.viewer?.rawValue ?? .max,
                    UInt64(access.audience.rawValue), UInt64(bitPattern: access.amount),
                ]
            })
    }

    // MARK: Reading

    /// The shards that have records, in order; without those whose records another one has taken over.
    func shards() throws -> [Int] {
        try router.lookAtMap()
        let shards = router.shards.filter { records[$0].exists }
        guard shards.count > 1 else { return shards }
        let adopted = try shards.flatMap { try records[$0].read { try $0.adopted() } ?? [] }
        if adopted.isEmpty { return shards }
        return try shards.filter { shard in
            try records[shard].read { try !adopted.contains($0.incarnation()) } ?? false
        }
    }

    /// Reads the records of all shards that have any, in the order of their numbers.
    func gather<Result>(_ body: (RecordsTransaction) throws -> Result) throws -> [Result] {
        try shards().compactMap { try records[$0].read(body) }
    }
}

extension RecordsTransaction {
    /// A page to be read from entry to entry.
    func reader(_ stored: StoredPage) throws -> RollupPageReader {
        try RollupPageReader(stored.page) { [self] number in try chunk(number, of: stored.id) }
    }

    /// Stores new pages, and merges those of one kind and day as soon as there are many of about one size.
    ///
    /// A count is thus written again at most once for each fourfold of what its page holds.
    func add(_ pages: [RollupPage]) throws {
        for page in pages {
            try insert(page)
            try merge(like: page.key)
        }
    }

    private func merge(like key: RollupKey) throws {
        while true {
            let sizes = try pageSizes(like: key).filter { $0.grain == key.grain }
            var group: [Int64] = []
            var level = -1
            for size in sizes {
                let its = RecordsTransaction.level(size.events)
                if its != level { group = [] }
                level = its
                group.append(size.id)
                if group.count == Limits.rollupFanIn { break }
            }
            guard group.count == Limits.rollupFanIn else { return }
            try mergePages(group, into: key)
        }
    }

    /// Puts one page in the place of some.
    func mergePages(_ ids: [Int64], into key: RollupKey) throws {
        let readers = try ids.compactMap { id in try page(id).map { try reader($0) } }
        let merged = try RollupPage.merged(readers, into: key)
        for id in ids { try removePage(id) }
        try insert(merged)
    }

    /// The logarithm of a number of accesses, to the base of how many pages are merged.
    private static func level(_ events: Int64) -> Int {
        var level = 0
        var rest = events / Int64(Limits.rollupFanIn)
        while rest > 0 {
            rest /= Int64(Limits.rollupFanIn)
            level += 1
        }
        return level
    }
}
