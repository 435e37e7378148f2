// Posts that share commits: whoever posts waits until a group is durable and published.

import Glibc
import SocialCore
import Synchronization

/// The posts of a mix on their way.
final class Posting {
    private struct Waiting: Sendable {
        var author: AccountRecord
        var since: Int
    }

    private struct State: Sendable {
        var waiting: [Waiting] = []
        var times = LatencyHistogram()
        var groups = 0
        var made = 0
        /// Posts that the writer has taken and not acknowledged.
        var underWay = 0
        var isEnding = false
        var failure: String?
    }

    private let state = Mutex(State())
    private let waitNanoseconds: Int
    private let inline: Network?
    private var thread: pthread_t?

    /// Begins to take posts.
    ///
    /// - Parameters:
    ///   - ownThread: whether a thread with a network of its own writes them.
    ///   - inline: the network that writes them otherwise, between the reads.
    init(_ run: Run, ownThread: Bool, inline network: Network) throws {
        waitNanoseconds = run.number("wait-us", 4_000) * 1_000
        inline = ownThread ? nil : network
        if ownThread { try start { try run.open() } }
    }

    /// Someone posts.
    func add(_ author: AccountRecord) throws {
        let count = state.withLock { state in
            state.waiting.append(Waiting(author: author, since: Run.now))
            return state.waiting.count
        }
        // Whoever posts faster than a disk can write has to wait.
        if inline == nil, count > 1_000 { usleep(200) }
    }

    /// Writes what waits, when it has waited for long enough.
    func turn() throws {
        if let inline, isDue { try write(with: inline) }
        if let failure = state.withLock({ $0.failure }) { throw Wrong(failure) }
    }

    /// Forgets the times so far.
    func reset() throws {
        try drain(isLast: false)
        state.withLock { state in (state.times, state.groups) = (LatencyHistogram(), 0) }
    }

    /// Writes everything that waits.
    func drain() throws { try drain(isLast: true) }

    /// How long posts took from being made to being acknowledged, and in how many groups.
    var results: (LatencyHistogram, Int) { state.withLock { ($0.times, $0.groups) } }

    /// How many posts were acknowledged altogether.
    var made: Int { state.withLock { $0.made } }

    // MARK: Writing

    private var isDue: Bool {
        state.withLock { $0.waiting.first.map { Run.now - $0.since >= waitNanoseconds } ?? false }
    }

    private func write(with network: Network) throws {
        let group = state.withLock { state in
            defer { state.waiting = [] }
            state.underWay = state.waiting.count
            return state.waiting
        }
        guard !group.isEmpty else { return }
        network.router.beginGroup()
        for waiting in group {
            _ = try network.posts.create(
                by: waiting.author, text: "so this is what I had to say, made at \(waiting.since)")
        }
        try network.router.endGroup()
        try network.publish()
        let end = Run.now
        state.withLock { state in
            for waiting in group { state.times.record(end - waiting.since) }
            state.groups += 1
            state.made += group.count
            state.underWay = 0
        }
    }

    private func drain(isLast: Bool) throws {
        if let inline { return try write(with: inline) }
        if isLast { state.withLock { $0.isEnding = true } }
        while state.withLock({ $0.failure == nil && (!$0.waiting.isEmpty || $0.underWay > 0) }) { usleep(500) }
        if isLast, let thread { pthread_join(thread, nil) }
        if let failure = state.withLock({ $0.failure }) { throw Wrong(failure) }
    }

    // MARK: The thread

    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) { self.body = body }
    }

    private func start(_ open: @escaping () throws -> Network) throws {
        let work = Work { [self] in
            do {
                let network = try open()
                while true {
                    if isDue || state.withLock({ $0.isEnding }) { try write(with: network) }
                    if state.withLock({ $0.isEnding && $0.waiting.isEmpty }) { break }
                    usleep(200)
                }
            } catch { state.withLock { $0.failure = "\(error)" } }
        }
        var made = pthread_t()
        // Safety: the work is retained for the thread, which takes it over.
        let code = pthread_create(
            &made, nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
                return nil
            }, Unmanaged.passRetained(work).toOpaque())
        guard code == 0 else { throw Wrong("no thread could be started") }
        thread = made
    }
}
