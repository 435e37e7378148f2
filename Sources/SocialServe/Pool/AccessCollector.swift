// What was shown, until it is counted: about once a second, and once more at the end.

internal import SocialCLI
internal import SocialCore
internal import Synchronization

/// Collects accesses.
final class AccessCollector: Sendable {
    private struct Held {
        var accesses: [CountedAccess] = []
        var seen: Set<Sight> = []
    }

    /// That an account has seen a post.
    struct Sight: Hashable, Sendable {
        let viewer: UserID
        let post: PostID
    }

    private let held = Mutex(Held())
    private let metrics: Metrics

    init(_ metrics: Metrics) { self.metrics = metrics }

    /// Takes accesses.
    func add(_ accesses: [CountedAccess]) {
        let isTaken = held.withLock { held in
            guard held.accesses.count + accesses.count <= 8 * Limits.accessBatch else { return false }
            held.accesses += accesses
            return true
        }
        (isTaken ? metrics.accesses : metrics.lostAccesses).add(accesses.count)
    }

    /// Notes that an account has seen a post.
    func add(_ sight: Sight) { held.withLock { _ = $0.seen.insert(sight) } }

    /// Whether there is anything to count.
    var isEmpty: Bool { held.withLock { $0.accesses.isEmpty && $0.seen.isEmpty } }

    /// Counts what there is.
    ///
    /// What cannot be counted is lost: an answer was given, and is not given again.
    func record(_ service: CommandServiceNetwork) {
        let taken = held.withLock { held in
            let taken = held
            held = Held()
            return taken
        }
        do {
            let network = try service()
            var rest = taken.accesses[...]
            while !rest.isEmpty {
                try network.analytics.record(Array(rest.prefix(Limits.accessBatch)))
                rest = rest.dropFirst(Limits.accessBatch)
            }
            for sight in taken.seen.sorted(by: { ($0.viewer, $0.post) < ($1.viewer, $1.post) }) {
                _ = try? network.posts.see(sight.post, by: sight.viewer)
            }
        } catch { metrics.lostAccesses.add(taken.accesses.count) }
    }
}

/// Gives the network of a thread.
typealias CommandServiceNetwork = () throws -> Network
