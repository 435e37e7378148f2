// All feeds of a shard at once. The posts of the window are laid in the order of their time and dealt, one after the
// other, to the rings of their readers: so every ring is filled in order without a sort, and what is touched for one
// post is a list of numbers and the open end of each ring. Cores share the work by readers, so they never write the
// same record.

/// Fills the cache of a shard from the index.
struct FeedBuild {
    let index: FeedIndex
    let shard: Int
    let capacity: Int
    let rules: FeedRules
    /// Whether those who have not been active lately get their feeds too.
    let includesInactive: Bool
    /// On how many cores.
    let jobs: Int

    /// One reader's record, as it will be.
    private struct Plan {
        var reader: Int
        /// How many posts of the window belong in it.
        var posts: Int
        var ring: Int
        var activeHour: Int
        var isActive: Bool
    }

    /// Where the next id goes; in words from the first record.
    private struct Cursor {
        var next: UInt32 = 0
        var end: UInt32 = 0
        /// How many ids the ring holds; 0 for those who get none.
        var size: UInt32 = 0
    }

    /// Makes the cache file.
    ///
    /// - Returns: how many feeds there are, and how many ids were put into them.
    func run(_ caches: FeedCaches) throws -> (feeds: Int, deliveries: Int) {
        let window = try Window(index, from: rules.floor.rawValue)
        let plans = try plan(caches.router, window)
        let done = (plans.count, plans.reduce(0) { $0 + $1.posts })
        // A dry run counts what would be done, and writes no file.
        if caches.context.isDryRun { return done }
        caches.context.observer?.begin("building the feeds of shard \(shard)", total: plans.count)
        defer { caches.context.observer?.end() }
        let units = plans.reduce(0) { $0 + FeedCache.units(ofRing: $1.ring) }
        let room = FeedCache.Room.generous(feeds: plans.count, units: units)
        _ = try caches.rebuild(shard, room: room, vector: index.applied) { cache in
            let accounts = try index.packed.all(FeedIndex.Section.accounts, of: Int64.self)
            let starts = try cache.lay(
                plans.lazy.map { (UserID(rawValue: accounts[$0.reader]), FeedCache.units(ofRing: $0.ring)) })
            try cache.updateRecords(units: units) { bytes in try fill(bytes, plans, starts, window, accounts) }
        }
        caches.context.observer?.advance(by: plans.count)
        return done
    }

    private func plan(_ router: Router, _ window: Window) throws -> [Plan] {
        let accounts = try index.packed.all(FeedIndex.Section.accounts, of: Int64.self)
        let activity = try index.packed.all(FeedIndex.Section.activity, of: Int64.self)
        let starts = try index.packed.all(FeedIndex.Section.authorStarts, of: UInt32.self)
        let authors = try index.packed.all(FeedIndex.Section.authors, of: UInt32.self)
        let isAlone = router.shards.count == 1
        var plans: [Plan] = []
        plans.reserveCapacity(accounts.count)
        window.counts.withUnsafeBufferPointer { counts in
            for reader in accounts.indices where activity[reader] != FeedIndex.gone {
                guard isAlone || router.shard(of: UserID(rawValue: accounts[reader]).slot) == shard else { continue }
                let activeAt = Timestamp(milliseconds: activity[reader])
                let isActive = includesInactive || rules.keepsUp(readerActiveAt: activeAt)
                var posts = 0
                if isActive {
                    for edge in Int(starts[reader])..<Int(starts[reader + 1]) {
                        posts += Int(counts[Int(authors[edge])])
                    }
                }
                plans.append(
                    Plan(
                        reader: reader, posts: posts, ring: FeedCache.ring(for: min(posts, capacity), capacity),
                        activeHour: FeedRecord.hour(of: activeAt), isActive: isActive))
            }
        }
        return plans
    }

    // MARK: Dealing

    private func fill(
        _ bytes: UnsafeMutableRawBufferPointer, _ plans: [Plan], _ starts: [Int], _ window: Window,
        _ accounts: UnsafeBufferPointer<Int64>
    ) throws {
        var cursors = Array(repeating: Cursor(), count: accounts.count)
        for (plan, start) in zip(plans, starts) where plan.posts > 0 {
            let first = UInt32((start + FeedCache.recordHeaderBytes) / 8)
            cursors[plan.reader] = Cursor(next: first, end: first + UInt32(plan.ring), size: UInt32(plan.ring))
        }
        let parts = parts(plans)
        let followers = try index.packed.all(FeedIndex.Section.followers, of: UInt32.self)
        let followerStarts = try index.packed.all(FeedIndex.Section.followerStarts, of: UInt32.self)
        let words = bytes.bindMemory(to: Int64.self)
        try cursors.withUnsafeMutableBufferPointer { cursors in
            // Safety: each part writes the cursors and records of its own readers only.
            nonisolated(unsafe) let (cursors, words, followers) = (cursors, words, followers)
            try Parallel.forEach(parts.count) { part in
                let readers = parts[part]
                let own =
                    readers.isEmpty
                    ? 0..<0 : plans[readers.lowerBound].reader..<plans[readers.upperBound - 1].reader + 1
                let slices = FeedBuild.slices(followers, followerStarts, own)
                for (post, author) in zip(window.posts, window.authors) {
                    let slice = slices[Int(author)]
                    for place in Int(slice.start)..<Int(slice.end) {
                        let reader = Int(followers[place])
                        let cursor = cursors[reader]
                        guard cursor.size > 0 else { continue }
                        words[Int(cursor.next)] = post
                        let next = cursor.next &+ 1
                        cursors[reader].next = next == cursor.end ? next &- cursor.size : next
                    }
                }
                for plan in readers { finish(plans[plan], bytes, starts[plan], accounts) }
            }
        }
    }

    /// The plans in as many parts as there are cores to work on them, with about as many posts in each.
    private func parts(_ plans: [Plan]) -> [Range<Int>] {
        let total = plans.reduce(0) { $0 + $1.posts + 8 }
        guard jobs > 1, total > 65_536 else { return [0..<plans.count] }
        var parts: [Range<Int>] = []
        var (start, sum) = (0, 0)
        for (index, plan) in plans.enumerated() {
            sum += plan.posts + 8
            if sum >= total * (parts.count + 1) / jobs || index == plans.count - 1 {
                parts.append(start..<index + 1)
                start = index + 1
            }
        }
        return parts
    }

    /// Of each author's followers those in a range of numbers.
    private static func slices(
        _ followers: UnsafeBufferPointer<UInt32>, _ starts: UnsafeBufferPointer<UInt32>, _ own: Range<Int>
    ) -> [(start: UInt32, end: UInt32)] {
        func place(_ number: Int, _ author: Int) -> UInt32 {
            var (low, high) = (Int(starts[author]), Int(starts[author + 1]))
            while low < high {
                let middle = (low + high) / 2
                if Int(followers[middle]) < number { low = middle + 1 } else { high = middle }
            }
            return UInt32(low)
        }
        return (0..<max(0, starts.count - 1)).map { (place(own.lowerBound, $0), place(own.upperBound, $0)) }
    }

    /// Writes the header of a record whose ring has been filled.
    private func finish(
        _ plan: Plan, _ bytes: UnsafeMutableRawBufferPointer, _ start: Int, _ accounts: UnsafeBufferPointer<Int64>
    ) {
        let end = start + FeedCache.recordHeaderBytes + 8 * plan.ring
        let ring = FeedRing(bytes: UnsafeMutableRawBufferPointer(rebasing: bytes[start..<end]))
        ring.finish(
            reader: UserID(rawValue: accounts[plan.reader]), floor: rules.floor, now: rules.now, posts: plan.posts,
            overflows: plan.posts > capacity, isIncomplete: !plan.isActive, activeHour: plan.activeHour)
    }

    // MARK: The window

    /// The posts from some id on, in the order of their ids, with their authors.
    struct Window {
        var posts: [Int64] = []
        var authors: [UInt32] = []
        /// How many there are of each author.
        var counts: [UInt32]

        init(_ index: FeedIndex, from floor: Int64) throws {
            let starts = try index.packed.all(FeedIndex.Section.postStarts, of: UInt32.self)
            let ids = try index.packed.all(FeedIndex.Section.posts, of: Int64.self)
            let newest = try index.packed.all(FeedIndex.Section.newest, of: Int64.self)
            counts = Array(repeating: 0, count: newest.count)
            for author in newest.indices where newest[author] >= floor && newest[author] > 0 {
                let own = UnsafeBufferPointer(rebasing: ids[Int(starts[author])..<Int(starts[author + 1])])
                let recent = own[own.firstIndex(notBelow: floor)...]
                posts.append(contentsOf: recent)
                authors.append(contentsOf: repeatElement(UInt32(author), count: recent.count))
                counts[author] = UInt32(recent.count)
            }
            sort()
        }

        /// Sorts by the digits of the ids, the last first, 11 bits at a time.
        private mutating func sort() {
            guard let least = posts.min(), let greatest = posts.max(), posts.count > 1 else { return }
            let digitBits = 11
            var (otherPosts, otherAuthors) = (posts, authors)
            var shift = 0
            while (greatest - least) >> Int64(shift) > 0 {
                var places = Array(repeating: 0, count: 1 << digitBits)
                for post in posts { places[Int((post - least) >> Int64(shift)) & (1 << digitBits - 1)] += 1 }
                var next = 0
                for digit in places.indices { (places[digit], next) = (next, next + places[digit]) }
                for index in posts.indices {
                    let digit = Int((posts[index] - least) >> Int64(shift)) & (1 << digitBits - 1)
                    otherPosts[places[digit]] = posts[index]
                    otherAuthors[places[digit]] = authors[index]
                    places[digit] += 1
                }
                swap(&posts, &otherPosts)
                swap(&authors, &otherAuthors)
                shift += digitBits
            }
        }
    }
}
