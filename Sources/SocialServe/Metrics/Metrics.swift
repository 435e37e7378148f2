// What the server has done, counted without a lock.

internal import SocialCLI
internal import Synchronization

/// The counters of a server.
final class Metrics: Sendable {
    /// A counter that many threads add to.
    final class Counter: Sendable {
        private let number = Atomic<Int>(0)

        /// Adds to it.
        func add(_ count: Int = 1) { number.wrappingAdd(count, ordering: .relaxed) }

        /// What it has come to.
        var value: Int { number.load(ordering: .relaxed) }
    }

    let connections = Counter()
    let openConnections = Counter()
    let refusedConnections = Counter()
    let requests = Counter()
    let receivedBytes = Counter()
    let sentBytes = Counter()
    let shed = Counter()
    let limited = Counter()
    let coalesced = Counter()
    let pageHits = Counter()
    let pageMisses = Counter()
    let fragmentHits = Counter()
    let fragmentMisses = Counter()
    let commits = Counter()
    let groupedWrites = Counter()
    let accesses = Counter()
    let lostAccesses = Counter()
    let listeners = Counter()
    let polls = Counter()
    let pushed = Counter()
    let forwarded = Counter()
    let tasks = Counter()
    let unreadable = Counter()
    /// Answers by the first digit of their status.
    let answers = (0..<6).map { _ in Counter() }
    /// Answers by how long they took, in powers of two of a 64th of a millisecond; the last has all that took longer.
    let durations = (0..<20).map { _ in Counter() }
    let durationNanoseconds = Counter()

    /// Notes an answer.
    func answered(_ status: Status, afterNanoseconds nanoseconds: UInt64) {
        answers[min(5, status.code / 100)].add()
        let units = nanoseconds / 15_625
        durations[min(durations.count - 1, units == 0 ? 0 : 64 - units.leadingZeroBitCount)].add()
        durationNanoseconds.add(Int(clamping: nanoseconds))
    }
}
