// A feed from the index: one look at each author's newest post finds those who can contribute at all, and only their
// posts are merged.

internal import HeapModule

extension FeedIndex {
    /// The newest ids of a reader's feed in a range, newest first.
    ///
    /// Cost: one number from memory an author followed (a binary search, where the range does not reach to the newest),
    /// then about one step of a heap a result.
    package func newest(for reader: Int, in range: ClosedRange<PostID>, limit: Int) throws -> [PostID] {
        guard limit > 0, range.lowerBound <= range.upperBound else { return [] }
        var runs = try withAuthors(of: reader) { try contributing($0, range, limit) }
        var heap = Heap(runs.indices.map { Candidate(id: runs[$0].newest, run: $0) })
        var newest: [PostID] = []
        newest.reserveCapacity(min(limit, 1_024))
        while newest.count < limit, let best = heap.popMax() {
            newest.append(PostID(rawValue: best.id))
            if try advance(&runs[best.run], range) {
                heap.insert(Candidate(id: runs[best.run].newest, run: best.run))
            }
        }
        return newest
    }

    /// The next post of one of the authors who are merged.
    private struct Candidate: Comparable {
        var id: Int64
        var run: Int

        static func < (one: Candidate, other: Candidate) -> Bool { one.id < other.id }
    }

    /// One author's posts of the range that have not been merged yet.
    private struct Run {
        var author: Int
        /// The newest of them.
        var newest: Int64
        /// The first packed post that is not older, and the first of those added since.
        var packedEnd: Int
        var addedEnd: Int
    }

    /// The authors whose newest post of a range is among the newest of all: nobody else can contribute.
    private func contributing(
        _ authors: UnsafeBufferPointer<UInt32>, _ range: ClosedRange<PostID>, _ limit: Int
    ) throws -> [Run] {
        let newestPosts = try packed.all(Section.newest, of: Int64.self)
        let (lower, upper) = (range.lowerBound.rawValue, range.upperBound.rawValue)
        var bar = lower
        var best = Heap<Int64>()
        var runs: [Run] = []
        let hasChanges = !changes.posts.isEmpty
        for author in authors {
            let number = Int(author)
            var run: Run
            if number < packedCount, newestPosts[number] <= upper, !hasChanges || changes.posts[number] == nil {
                // The usual case touches one number an author.
                guard newestPosts[number] >= bar, newestPosts[number] > 0 else { continue }
                run = Run(author: number, newest: newestPosts[number], packedEnd: -1, addedEnd: 0)
            } else {
                run = try Run(
                    author: number, newest: 0, packedEnd: packedPosts(of: number).end(of: upper),
                    addedEnd: (changes.posts[number]?.added).map { $0.withUnsafeBufferPointer { $0.end(of: upper) } }
                        ?? 0)
                guard try advance(&run, lower), run.newest >= bar else { continue }
            }
            runs.append(run)
            best.insert(run.newest)
            if best.count > limit { best.removeMin() }
            if best.count == limit, let least = best.min { bar = max(bar, least) }
        }
        runs.removeAll { $0.newest < bar }
        return runs
    }

    private func advance(_ run: inout Run, _ range: ClosedRange<PostID>) throws -> Bool {
        // The newest post was told without a look at the list.
        if run.packedEnd < 0 { run.packedEnd = try packedPosts(of: run.author).count - 1 }
        return try advance(&run, range.lowerBound.rawValue)
    }

    /// Goes on to the next older post; false when the range has no more.
    private func advance(_ run: inout Run, _ lower: Int64) throws -> Bool {
        let packed = try packedPosts(of: run.author)
        let changed = changes.posts[run.author]
        while true {
            let older = run.packedEnd > 0 ? packed[run.packedEnd - 1] : 0
            let added = run.addedEnd > 0 ? changed?.added[run.addedEnd - 1] ?? 0 : 0
            let next = max(older, added)
            guard next >= lower, next > 0 else { return false }
            if older == next { run.packedEnd -= 1 }
            if added == next { run.addedEnd -= 1 }
            if changed?.removed.contains(next) == true { continue }
            run.newest = next
            return true
        }
    }
}

extension UnsafeBufferPointer<Int64> {
    /// The first place after all numbers that are not above a bound.
    fileprivate func end(of bound: Int64) -> Int { bound == .max ? count : firstIndex(notBelow: bound + 1) }
}
