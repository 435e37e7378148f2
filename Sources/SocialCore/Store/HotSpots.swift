// Which slots and which accounts make a shard large or busy: what `shard hottest` prints. Everything is read for it.

/// What lies and goes on in each slot, and what each account has.
package struct HotSpots {
    /// What belongs to a slot or an account.
    package struct Spot: Sendable {
        /// The slot, or the one in which the account lives.
        package var slot: Slot
        /// The account; nil for a slot.
        package var account: UserID?
        /// What is looked up and changed in the slot; nil for an account.
        package var load: SlotLoad?
        /// Posts that lie in the slot, or that the account has written.
        package var posts = 0
        /// Followers of the account, or of all accounts that live in the slot.
        package var followers = 0
        /// Bytes of its rows in canonical form.
        package var bytes = 0
    }

    /// What spots are compared by.
    package enum Measure: String, CaseIterable, Sendable {
        case reads, writes, posts, followers, bytes

        /// Whether it is known of slots alone.
        package var isOfSlots: Bool { self == .reads || self == .writes }

        fileprivate func callAsFunction(_ spot: Spot) -> Int {
            switch self {
            case .reads: spot.load?.reads ?? 0
            case .writes: spot.load?.writes ?? 0
            case .posts: spot.posts
            case .followers: spot.followers
            case .bytes: spot.bytes
            }
        }
    }

    private var slots: [Spot]
    private var accounts: [UserID: Spot] = [:]

    /// The slots with most of something first, without those that have nothing at all.
    package func slots(by measure: Measure) -> [Spot] {
        HotSpots.ranked(slots.filter { $0.bytes > 0 || $0.load != SlotLoad() }, measure)
    }

    /// The accounts with most of something first.
    package func accounts(by measure: Measure) -> [Spot] { HotSpots.ranked(Array(accounts.values), measure) }

    private static func ranked(_ spots: [Spot], _ measure: Measure) -> [Spot] {
        func place(_ spot: Spot) -> (Int, Int64) { (-measure(spot), spot.account?.rawValue ?? Int64(spot.slot.index)) }
        return spots.sorted { place($0) < place($1) }
    }

    // MARK: Counting

    /// Everything in a network.
    ///
    /// - Throws: `damaged` when a row does not match its hash.
    static func all(
        _ router: Router, loads: [SlotLoad], context: Context
    ) throws -> HotSpots {
        context.observer?.begin("reading everything", total: nil)
        defer { context.observer?.end() }
        return try router.still {
            var spots = HotSpots(
                slots: loads.indices.map { Spot(slot: Slot(masking: Int64($0)), load: loads[$0]) })
            try spots.readAll(router, context)
            return spots
        }
    }

    private mutating func readAll(_ router: Router, _ context: Context) throws {
        for shard in router.shards {
            try router.read(shard: shard) { reader in
                for id in try reader.accountIDs() { accounts[id] = Spot(slot: id.slot, account: id) }
            }
        }
        for shard in router.shards {
            try router.read(shard: shard) { reader in
                let cursor = try reader.rows()
                while let row = try cursor.nextRow(in: shard) {
                    add(row)
                    context.observer?.advance(by: 1)
                }
            }
        }
    }

    private mutating func add(_ row: TruthRow) {
        let size = row.sizeBytes
        slots[row.slot.index].bytes += size
        let owner: UserID?
        switch row {
        case .account(let account): owner = account.id
        case .handle(_, let account): owner = account
        case .follow(let edge):
            owner = edge.follower
            slots[edge.followee.slot.index].followers += 1
            accounts[edge.followee]?.followers += 1
        case .relation(let relation): owner = relation.actor
        case .post(let post):
            owner = post.author
            slots[post.id.slot.index].posts += 1
            accounts[post.author]?.posts += 1
        case .operation(let operation): owner = operation.account
        case .media(let media): owner = media.author
        // These do not tell whose they are.
        case .version, .tombstone, .formerAccount, .formerMedia: owner = nil
        }
        if let owner { accounts[owner]?.bytes += size }
    }
}
