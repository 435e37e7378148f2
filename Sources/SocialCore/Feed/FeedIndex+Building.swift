// Packing the index: from the tables, which are scanned on two cores, or from an older index and its changes. Either
// way the edges and posts come as plain arrays of numbers and are laid out by counting.

extension FeedIndex {
    /// What is to be packed, in account numbers.
    struct Material {
        /// Ascending ids, and when each was last active.
        var accounts: [Int64] = []
        var activity: [Int64] = []
        /// Edges: whose posts belong in whose feed.
        var readers: [UInt32] = []
        var authors: [UInt32] = []
        /// Posts with their authors.
        var postAuthors: [UInt32] = []
        var posts: [Int64] = []
    }

    // MARK: From the truth

    /// Packs the truth as it is.
    ///
    /// Cost: one scan of the edges and one of the index of the posts, side by side.
    package static func build(router: Router, logHeads: LogHeads) throws -> FeedIndex {
        try router.still { try scan(router, logHeads) }
    }

    private static func scan(_ router: Router, _ logHeads: LogHeads) throws -> FeedIndex {
        // The heads first: what commits from now on is applied again, which changes nothing.
        let vector = try logHeads.vector()
        var accounts: [(id: Int64, activity: Int64)] = []
        for shard in router.shards {
            try router.read(shard: shard) { reader in
                try reader.forEachAccount { accounts.append(($0.rawValue, $1.milliseconds)) }
                for case .remove(let account) in try reader.pendingEffects() {
                    accounts.append((account.rawValue, gone))
                }
            }
        }
        accounts.sort { $0.id < $1.id }
        var material = Material(accounts: accounts.map(\.id), activity: accounts.map(\.activity))
        accounts = []
        let numbers = AccountNumbers(material.accounts)
        var (edges, posts) = (Material(), Material())
        let isWide = material.accounts.count > Limits.inlineFeeds
        // Safety: each part writes one of the two, and reads through connections of its own.
        try withUnsafeMutablePointer(to: &edges) { edges in
            try withUnsafeMutablePointer(to: &posts) { posts in
                nonisolated(unsafe) let (edges, posts) = (edges, posts)
                nonisolated(unsafe) let router = router
                if isWide {
                    try Parallel.forEach(2) { part in
                        if part == 0 {
                            try scanEdges(router.separate(), numbers, &edges.pointee)
                        } else {
                            try scanPosts(router.separate(), numbers, &posts.pointee)
                        }
                    }
                } else {
                    try scanEdges(router, numbers, &edges.pointee)
                    try scanPosts(router, numbers, &posts.pointee)
                }
            }
        }
        (material.readers, material.authors) = (edges.readers, edges.authors)
        (material.postAuthors, material.posts) = (posts.postAuthors, posts.posts)
        return pack(material, numbers, vector)
    }

    private static func scanEdges(_ router: Router, _ numbers: AccountNumbers, _ found: inout Material) throws {
        for shard in router.shards {
            try router.read(shard: shard) { store in
                var muted: [UserID: Set<UserID>] = [:]
                try store.forEachRelation(.mute) { mute in
                    muted[mute.actor, default: []].insert(UserID(rawValue: mute.target.rawValue))
                }
                var follower = UserID(rawValue: 0)
                var reader: UInt32?
                var hidden: Set<UserID>?
                var edges: [(reader: UInt32, followee: Int64)] = []
                edges.reserveCapacity(edgesAtATime)
                try store.forEachFollow { edge in
                    if edge.follower != follower {
                        follower = edge.follower
                        reader = numbers[follower.rawValue]
                        hidden = muted.isEmpty ? nil : muted[follower]
                    }
                    guard let reader else { return }
                    if let hidden, hidden.contains(edge.followee) { return }
                    edges.append((reader, edge.followee.rawValue))
                    if edges.count == edgesAtATime { number(&edges, numbers, &found) }
                }
                number(&edges, numbers, &found)
            }
        }
    }

    /// Edges whose ends are looked up together, so that the processor can wait for many places of memory at once.
    private static let edgesAtATime = 4_096

    private static func number(
        _ edges: inout [(reader: UInt32, followee: Int64)], _ numbers: AccountNumbers, _ found: inout Material
    ) {
        for edge in edges {
            guard let author = numbers[edge.followee] else { continue }
            found.readers.append(edge.reader)
            found.authors.append(author)
        }
        edges.removeAll(keepingCapacity: true)
    }

    private static func scanPosts(_ router: Router, _ numbers: AccountNumbers, _ found: inout Material) throws {
        for shard in router.shards {
            try router.read(shard: shard) { store in
                var author = UserID(rawValue: 0)
                var number: UInt32?
                try store.forEachPost(in: .all) { writer, post in
                    if writer != author {
                        author = writer
                        number = numbers[author.rawValue]
                    }
                    guard let number else { return }
                    found.postAuthors.append(number)
                    found.posts.append(post.rawValue)
                }
            }
        }
    }

    // MARK: From an index

    /// Packs what an index and its changes say: as many bytes are copied as it has.
    package func compacted() throws -> FeedIndex {
        let order = try (0..<count).map { (id: try account($0).rawValue, number: $0) }.sorted { $0.id < $1.id }
        var renamed = Array(repeating: UInt32.max, count: count)
        for (new, old) in order.enumerated() { renamed[old.number] = UInt32(new) }
        var material = Material(
            accounts: order.map(\.id), activity: try order.map { try activity(of: $0.number) })
        for (new, old) in order.enumerated() {
            try withAuthors(of: old.number) { authors in
                for author in authors {
                    material.readers.append(UInt32(new))
                    material.authors.append(renamed[Int(author)])
                }
            }
            for post in try posts(of: old.number, in: 0...Int64.max) {
                material.postAuthors.append(UInt32(new))
                material.posts.append(post)
            }
        }
        return FeedIndex.pack(material, AccountNumbers(material.accounts), applied)
    }

    // MARK: Laying out

    private static func pack(
        _ material: Material, _ numbers: AccountNumbers, _ vector: OffsetVector
    ) -> FeedIndex {
        let (accounts, edges, posts) = (material.accounts.count, material.readers.count, material.posts.count)
        var sizes = Array(repeating: 0, count: Section.count)
        sizes[Section.vector] = 24 * vector.entries.count
        for section in [Section.accounts, Section.activity, Section.newest] { sizes[section] = 8 * accounts }
        sizes[Section.lookup] = 4 * numbers.table.count
        for section in [Section.followerStarts, Section.authorStarts, Section.postStarts] {
            sizes[section] = 4 * (accounts + 1)
        }
        for section in [Section.followers, Section.authors] { sizes[section] = 4 * edges }
        sizes[Section.posts] = 8 * posts
        let packed = PackedFile(sectionSizes: sizes)
        let words = packed.place(Section.vector, of: UInt64.self)
        for (index, entry) in vector.entries.enumerated() {
            words[3 * index] = UInt64(truncatingIfNeeded: entry.shard)
            words[3 * index + 1] = entry.position.incarnation
            words[3 * index + 2] = UInt64(bitPattern: entry.position.n)
        }
        _ = packed.place(Section.accounts).update(fromContentsOf: material.accounts)
        _ = packed.place(Section.activity).update(fromContentsOf: material.activity)
        _ = packed.place(Section.lookup).update(fromContentsOf: numbers.table)
        let authors = packed.place(Section.authors, of: UInt32.self)
        let authorStarts = packed.place(Section.authorStarts, of: UInt32.self)
        group(material.authors, by: material.readers, into: authors, authorStarts)
        // The edges once more, in the order of the readers, so that each author's readers ascend.
        var readers = Array(repeating: UInt32(0), count: edges)
        for reader in 0..<accounts {
            for edge in Int(authorStarts[reader])..<Int(authorStarts[reader + 1]) { readers[edge] = UInt32(reader) }
        }
        group(
            readers, by: Array(authors), into: packed.place(Section.followers),
            packed.place(Section.followerStarts))
        let ids = packed.place(Section.posts, of: Int64.self)
        let postStarts = packed.place(Section.postStarts, of: UInt32.self)
        group(material.posts, by: material.postAuthors, into: ids, postStarts)
        let newest = packed.place(Section.newest, of: Int64.self)
        for author in 0..<accounts {
            let range = Int(postStarts[author])..<Int(postStarts[author + 1])
            // Posts that are spread over shards come in several runs.
            var own = UnsafeMutableBufferPointer(rebasing: ids[range])
            if !zip(own, own.dropFirst()).allSatisfy(<) { own.sort() }
            newest[author] = own.last ?? 0
        }
        return FeedIndex(packed: packed, applied: vector)
    }

    /// Lays values out by key, those of one key in the order in which they came.
    private static func group<Value: BitwiseCopyable>(
        _ values: [Value], by keys: [UInt32], into places: UnsafeMutableBufferPointer<Value>,
        _ starts: UnsafeMutableBufferPointer<UInt32>
    ) {
        starts.update(repeating: 0)
        for key in keys { starts[Int(key) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var next = Array(starts)
        for (index, key) in keys.enumerated() {
            places[Int(next[Int(key)])] = values[index]
            next[Int(key)] += 1
        }
    }
}

/// From ids to numbers, by open addressing.
struct AccountNumbers {
    private let ids: [Int64]
    /// At each place a number plus one, or 0; at most half full.
    let table: [UInt32]

    init(_ ids: [Int64]) {
        var size = 64
        while size < ids.count * 2 { size *= 2 }
        var table = Array(repeating: UInt32(0), count: size)
        for (number, id) in ids.enumerated() {
            var place = FeedIndex.hash(id) & (size - 1)
            while table[place] != 0 { place = (place + 1) & (size - 1) }
            table[place] = UInt32(number + 1)
        }
        self.ids = ids
        self.table = table
    }

    subscript(id: Int64) -> UInt32? {
        var place = FeedIndex.hash(id) & (table.count - 1)
        while table[place] != 0 {
            let number = table[place] - 1
            if ids[Int(number)] == id { return number }
            place = (place + 1) & (table.count - 1)
        }
        return nil
    }
}
