// A feed from the truth alone: the newest posts of all followed accounts, merged. This is the definition of a feed; the
// cache must agree with it.

internal import HeapModule

/// Pulls feeds from the truth.
package struct FeedPull {
    let router: Router
    let placement: Placement
    let graph: Graph
    /// Where the packed index is found; nil asks the truth alone.
    var caches: FeedCaches?

    /// The newest ids of a reader's feed in a range, newest first.
    ///
    /// Cost, where there is no index or few are followed: one index seek a followed account (and shard, when posts are
    /// spread), and about one more a result.
    package func newest(for reader: UserID, in range: ClosedRange<PostID>, limit: Int) throws -> [PostID] {
        guard limit > 0, range.lowerBound <= range.upperBound else { return [] }
        // Where the index is damaged the truth answers.
        if let caches, let index = try caches.index(forReader: reader, graph: graph),
            case let ids?? = try caches.unlessDamaged({
                try index.number(of: reader).map { try index.newest(for: $0, in: range, limit: limit) }
            })
        {
            return ids
        }
        let authors = try graph.feedAuthors(of: reader)
        return try newest(of: authors, in: range, limit: limit)
    }

    /// The newest ids of some authors in a range, newest first: a merge with a heap that never asks an author again who
    /// cannot contribute.
    package func newest(of authors: [UserID], in range: ClosedRange<PostID>, limit: Int) throws -> [PostID] {
        try router.repeating { try merged(authors, range, limit) }
    }

    private func merged(_ authors: [UserID], _ range: ClosedRange<PostID>, _ limit: Int) throws -> [PostID] {
        var runs = try begin(authors, range, chunk: min(limit, 4))
        var heap = Heap(runs.indices.compactMap { index in runs[index].next.map { Candidate(id: $0, run: index) } })
        var newest: [PostID] = []
        newest.reserveCapacity(min(limit, 1_024))
        while newest.count < limit, let best = heap.popMax() {
            newest.append(best.id)
            let index = best.run
            runs[index].position += 1
            if runs[index].next == nil, runs[index].mayHaveMore {
                try refill(&runs[index], range, below: best.id, limit - newest.count)
            }
            if let next = runs[index].next { heap.insert(Candidate(id: next, run: index)) }
        }
        return newest
    }

    /// The posts of one author on one shard, newest first, as far as they have been read.
    private struct Run {
        var author: UserID
        var shard: Int
        var ids: [PostID]
        var position = 0
        var mayHaveMore: Bool

        var next: PostID? { position < ids.count ? ids[position] : nil }
    }

    private struct Candidate: Comparable {
        var id: PostID
        var run: Int

        static func < (left: Candidate, right: Candidate) -> Bool { left.id < right.id }
    }

    private func begin(_ authors: [UserID], _ range: ClosedRange<PostID>, chunk: Int) throws -> [Run] {
        var runs: [Run] = []
        runs.reserveCapacity(authors.count)
        for shard in router.shards {
            let mine = placement == .post ? authors : authors.filter { router.shard(of: $0.slot) == shard }
            if mine.isEmpty { continue }
            // Where posts are spread, all shards are asked for everybody alike.
            try router.read(shard: shard, slots: placement == .user ? mine.map(\.slot) : []) { reader in
                for author in mine {
                    let ids = try reader.posts(by: author, in: range, limit: chunk)
                    if ids.isEmpty { continue }
                    runs.append(Run(author: author, shard: shard, ids: ids, mayHaveMore: ids.count == chunk))
                }
            }
        }
        return runs
    }

    private func refill(_ run: inout Run, _ range: ClosedRange<PostID>, below id: PostID, _ limit: Int) throws {
        run.mayHaveMore = false
        run.position = 0
        run.ids = []
        guard id > range.lowerBound, limit > 0 else { return }
        let rest = range.lowerBound...PostID(rawValue: id.rawValue - 1)
        run.ids = try router.read(shard: run.shard) { try $0.posts(by: run.author, in: rest, limit: limit) }
        run.mayHaveMore = run.ids.count == limit
    }
}
