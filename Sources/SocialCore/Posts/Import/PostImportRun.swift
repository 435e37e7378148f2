// One run of a bulk import: posts are collected and written in batches, and each shard remembers, in the same
// transaction, up to which row of the file it has what is its own.

/// Writes the posts of a file, beginning where an earlier run was stopped.
struct PostImportRun {
    private(set) var summary = PostImport.Summary()

    private let key: String
    private let keyBytes: [UInt8]
    private let total: Int
    private let batchRows: Int
    private let posts: Posts
    /// Where every shard must have come to in the end, so that a repetition knows that nothing is left to be dealt.
    private let endsEverywhere: Bool
    /// For each shard, the number of rows whose posts it has.
    private var done: [Int: Int64] = [:]
    /// Where the slots were when that was read.
    private var map: SlotMap
    /// The same for slots that have come to their shards from others since.
    private var doneOfSlots: [Slot: Int64] = [:]
    /// The posts that are to be written next.
    private var batch: [PostDraft] = []
    /// How much later than they should be posts are made whose millisecond is full in their slot.
    private var shifts: [Slot: [Timestamp: Int64]] = [:]

    /// Begins a run, or goes on with an earlier one.
    ///
    /// - Parameters:
    ///   - key: under which the progress is kept.
    ///   - total: the number of rows.
    ///   - everyone: the accounts to which rows are dealt, if they are dealt to all.
    /// - Throws: `accountsChanged` when an earlier run dealt to other accounts.
    init(key: String, total: Int, batchRows: Int, dealtTo everyone: [UserID]?, posts: Posts) throws {
        self.key = key
        keyBytes = Array(key.utf8)
        self.total = total
        self.batchRows = batchRows
        self.posts = posts
        endsEverywhere = everyone != nil
        map = posts.router.map.current
        try readProgress()
        if let everyone, let first = posts.router.shards.first, done.values.contains(where: { $0 < total }) {
            try Self.remember(everyone, key: "\(key) accounts", shard: first, posts.router)
            try followMoves()
        }
    }

    /// Asks the shards again how far they have come where slots have moved.
    private mutating func followMoves() throws { if posts.router.map.current != map { try readProgress() } }

    private mutating func readProgress() throws {
        let router = posts.router
        let key = key
        (map, done, doneOfSlots) = try router.repeating {
            let map = router.map.current
            let found = try router.gather { (try $0.progress(key) ?? 0, try $0.progressOfSlots(key)) }
            let slots = found.flatMap(\.1).map { ($0.slot, $0.done) }
            return (
                map, Dictionary(uniqueKeysWithValues: zip(router.shards, found.map(\.0))),
                Dictionary(slots) { max($0, $1) }
            )
        }
    }

    /// Makes sure that the rows are dealt to the accounts of an earlier run, if there was one.
    private static func remember(_ everyone: [UserID], key: String, shard: Int, _ router: Router) throws {
        var mixed: UInt64 = 0
        for id in everyone { mixed = Mixing.finalize(mixed ^ UInt64(bitPattern: id.rawValue)) }
        let fingerprint = Int64(bitPattern: mixed)
        switch try router.read(shard: shard, { try $0.progress(key) }) {
        case nil: try router.write(shard: shard) { try $0.setProgress(key, fingerprint) }
        case fingerprint: return
        default:
            throw PostsError(
                .accountsChanged, "this import was begun when there were other accounts to deal the posts to",
                hint: "a new import of the same file, under a new --idempotency-key, makes all its posts again")
        }
    }

    /// Adds the post of a row, unless its shard has it.
    mutating func add(_ text: String, by author: UserID, at time: Timestamp?, index: Int) throws {
        if batch.count == batchRows { try flush(through: index) }
        let slot: Slot
        switch posts.placement {
        case .user: slot = author.slot
        case .post:
            let number = UInt64(index)
            let nonce = keyBytes + (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
            slot = Slot(ofPostBy: author, distinguishedBy: nonce)
        }
        if Int64(index) < doneOfSlots[slot] ?? done[map.owner(of: slot).shard] ?? 0 {
            summary.present += 1
        } else {
            batch.append(PostDraft(author: author, slot: slot, text: text, time: time))
        }
    }

    /// Writes what is left.
    mutating func end() throws {
        try flush(through: total)
        guard endsEverywhere else { return }
        let key = key
        let total = Int64(total)
        for shard in posts.router.shards where done[shard] ?? 0 < total {
            try posts.router.write(shard: shard) { try $0.setProgress(key, total) }
        }
    }

    /// Writes the batch, which holds what is missing of the rows before one: a transaction a shard.
    private mutating func flush(through index: Int) throws {
        let now = posts.context.clock.now
        var run = self
        defer { self = run }
        do {
            try posts.router.write(batch, accounts: .names, slot: \.slot) { writer, drafts in
                guard let shard = drafts.first.map({ posts.router.shard(of: $0.slot) }) else { return }
                // Where slots have moved meanwhile, others have not come as far here.
                let stored = try writer.progress(key) ?? 0
                guard stored == run.done[shard] ?? stored else {
                    throw StorageError(.busy, "the same import is under way in another process")
                }
                for draft in drafts {
                    try run.make(draft, writer, now)
                    posts.context.observer?.advance(by: 1)
                }
                try writer.setProgress(key, Int64(index))
            } committed: { _, drafts in
                run.summary.posts += drafts.count
                guard let shard = drafts.first.map({ posts.router.shard(of: $0.slot) }) else { return }
                run.done[shard] = max(run.done[shard] ?? 0, Int64(index))
            }
        } catch let error as StorageError where run.summary.posts > 0 {
            throw StorageError(
                error.code, "\(error.message); \(run.summary.posts) of \(total) posts are stored",
                hint: "run the same command again: it goes on where it stopped")
        }
        run.batch.removeAll(keepingCapacity: true)
        try run.followMoves()
    }

    /// Makes a post: where a slot has no id left in its millisecond, in the next one that has.
    ///
    /// A file that knows only days has thousands of posts at midnight.
    private mutating func make(_ draft: PostDraft, _ writer: any StoreWriter, _ now: Timestamp) throws {
        guard let time = draft.time else {
            _ = try writer.createPost(draft, now: now)
            return
        }
        var draft = draft
        var shift = shifts[draft.slot]?[time] ?? 0
        while true {
            draft.time = time.advanced(byMilliseconds: shift)
            do {
                _ = try writer.createPost(draft, now: now)
                if shift > 0 { shifts[draft.slot, default: [:]][time] = shift }
                return
            } catch let error as StoreError where error.code == .badTime && shift < Limits.crowdedMilliseconds {
                shift += 1
            }
        }
    }
}
