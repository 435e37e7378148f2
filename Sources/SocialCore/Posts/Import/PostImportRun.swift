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
    private var done: [Int64]
    /// For each shard, the posts that are to be written next.
    private var batches: [[PostDraft]]
    /// How many posts the batches hold together.
    private var pending = 0
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
        let router = posts.router
        let shards = router.shards
        var done = [Int64](repeating: 0, count: (shards.max() ?? 0) + 1)
        for shard in shards { done[shard] = try router.read(shard: shard) { try $0.progress(key) } ?? 0 }
        self.done = done
        batches = Array(repeating: [], count: done.count)
        if let everyone, let first = shards.first, shards.contains(where: { done[$0] < total }) {
            try Self.remember(everyone, key: "\(key) accounts", shard: first, router)
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
        if pending == batchRows { try flush(through: index) }
        let slot: Slot
        switch posts.placement {
        case .user: slot = author.slot
        case .post:
            let number = UInt64(index)
            let nonce = keyBytes + (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
            slot = Slot(ofPostBy: author, distinguishedBy: nonce)
        }
        let shard = posts.router.shard(of: slot)
        if Int64(index) < done[shard] {
            summary.present += 1
        } else {
            batches[shard].append(PostDraft(author: author, slot: slot, text: text, time: time))
            pending += 1
        }
    }

    /// Writes what is left.
    mutating func end() throws {
        try flush(through: total)
        guard endsEverywhere else { return }
        let key = key
        let total = Int64(total)
        for shard in posts.router.shards where done[shard] < total {
            try posts.router.write(shard: shard) { try $0.setProgress(key, total) }
        }
    }

    /// Writes the batches, which hold what is missing of the rows before one: a transaction a shard.
    private mutating func flush(through index: Int) throws {
        let now = posts.context.clock.now
        for shard in batches.indices {
            guard let first = batches[shard].first else { continue }
            do {
                let before = done[shard]
                try posts.router.write(first.slot, accounts: .names) { writer in
                    guard try writer.progress(key) ?? 0 == before else {
                        throw StorageError(.busy, "the same import is under way in another process")
                    }
                    for draft in batches[shard] {
                        try make(draft, writer, now)
                        posts.context.observer?.advance(by: 1)
                    }
                    try writer.setProgress(key, Int64(index))
                }
            } catch let error as StorageError where summary.posts > 0 {
                throw StorageError(
                    error.code, "\(error.message); \(summary.posts) of \(total) posts are stored",
                    hint: "run the same command again: it goes on where it stopped")
            }
            posts.router.countWrites(batches[shard].dropFirst().map(\.slot))
            done[shard] = Int64(index)
            summary.posts += batches[shard].count
            batches[shard].removeAll(keepingCapacity: true)
        }
        pending = 0
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
