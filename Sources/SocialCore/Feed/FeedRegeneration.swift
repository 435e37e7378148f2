// Feeds filled in bulk, for cron: all posts of the window are read once, grouped by author, and each reader's feed is
// merged from the lists of those followed.

/// Fills many feeds of one shard at once.
///
/// The caller holds the shard's view lock.
package struct FeedRegeneration {
    let view: FeedView

    private var caches: FeedCaches { view.caches }
    private var router: Router { caches.router }

    /// Builds a shard's cache afresh.
    ///
    /// - Returns: how many feeds were filled.
    package func rebuild() throws -> (feeds: Int, entries: Int) {
        // A dry run counts what would be filled, and writes no file.
        if caches.context.isDryRun { return (try accounts().count, 0) }
        // The logs' heads first: what commits from now on is applied again later, which changes nothing.
        let vector = try caches.logHeads.vector()
        let floor = view.floor
        let capacity = caches.settings.feedCapacity
        let index = try PostIndex(router: router, from: floor)
        let now = caches.context.clock.now
        var entries = 0
        let readers = try accounts()
        let observer = caches.context.observer
        observer?.begin("building the feeds of shard \(view.shard)", total: readers.count)
        defer { observer?.end() }
        _ = try caches.rebuild(view.shard, room: readers.count + readers.count / 8 + 64, vector: vector) { cache in
            var merge = FeedMerge(index: index, capacity: capacity)
            try router.read(shard: view.shard) { store in
                var pending = readers[...]
                func put(_ reader: UserID, _ authors: [UserID]) throws {
                    let newest = merge.newest(of: authors)
                    entries += newest.count
                    let record = FeedRecord.filled(
                        reader: reader, from: floor, newest: newest, capacity: capacity, at: now)
                    _ = try cache.replace(record)
                    observer?.advance(by: 1)
                }
                func putAll(before reader: UserID?) throws {
                    while let next = pending.first, reader.map({ next < $0 }) ?? true {
                        try put(next, [])
                        pending.removeFirst()
                    }
                }
                var current: UserID?
                var authors: [UserID] = []
                var muted: [UserID: Set<UserID>] = [:]
                try store.forEachRelation(.mute) { mute in
                    muted[mute.actor, default: []].insert(UserID(rawValue: mute.target.rawValue))
                }
                func settle() throws {
                    guard let reader = current else { return }
                    try putAll(before: reader)
                    if pending.first == reader {
                        try put(reader, authors)
                        pending.removeFirst()
                    }
                    authors.removeAll(keepingCapacity: true)
                }
                try store.forEachFollow { edge in
                    if edge.follower != current {
                        try settle()
                        current = edge.follower
                    }
                    if muted.isEmpty || muted[edge.follower]?.contains(edge.followee) != true {
                        authors.append(edge.followee)
                    }
                }
                try settle()
                try putAll(before: nil)
            }
        }
        return (readers.count, entries)
    }

    /// Fills feeds that are missing, damaged or incomplete; or exactly those of some readers.
    func mend(_ cache: inout FeedCache, only readers: [UserID]?) throws -> Int {
        var filled = 0
        for reader in try readers ?? accounts() {
            if readers == nil, case .found(let record) = cache.record(of: reader), !record.isIncomplete { continue }
            try view.fill(reader, &cache)
            filled += 1
        }
        return filled
    }

    func accounts() throws -> [UserID] {
        try router.read(shard: view.shard) { try $0.accountIDs() }
    }
}

/// The ids of all posts of a window, grouped by author: 8 bytes a post.
struct PostIndex {
    private var ranges: [UserID: Range<Int>] = [:]
    private var ids: [PostID] = []

    init(router: Router, from floor: PostID) throws {
        var byAuthor: [(UserID, PostID)] = []
        var isSorted = true
        for shard in router.shards {
            try router.read(shard: shard) { reader in
                try reader.forEachPost(in: floor...PostID(rawValue: .max)) { author, id in
                    if let last = byAuthor.last, last > (author, id) { isSorted = false }
                    byAuthor.append((author, id))
                }
            }
        }
        if !isSorted { byAuthor.sort(by: <) }
        ids = byAuthor.map(\.1)
        var start = 0
        for index in byAuthor.indices where index + 1 == byAuthor.count || byAuthor[index + 1].0 != byAuthor[index].0 {
            ranges[byAuthor[index].0] = start..<index + 1
            start = index + 1
        }
    }

    /// An author's ids, oldest first.
    func posts(by author: UserID) -> ArraySlice<PostID> { ids[ranges[author] ?? 0..<0] }
}

/// Merges the lists of many authors, again and again, in the same memory.
struct FeedMerge {
    let index: PostIndex
    let capacity: Int
    private var candidates: [PostID] = []

    init(index: PostIndex, capacity: Int) {
        self.index = index
        self.capacity = capacity
    }

    /// The newest ids of some authors, newest first, at most `capacity`.
    mutating func newest(of authors: [UserID]) -> [PostID] {
        candidates.removeAll(keepingCapacity: true)
        for author in authors { candidates.append(contentsOf: index.posts(by: author).suffix(capacity)) }
        candidates.sort(by: >)
        return Array(candidates.prefix(capacity))
    }
}
