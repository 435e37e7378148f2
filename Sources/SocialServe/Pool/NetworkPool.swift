// Threads that each have a network of their own: one that stays open, and that no other thread touches. Event loops
// hand them work and never touch the store themselves.

internal import SocialCore
internal import Synchronization

/// What a thread of a pool works with.
protocol PoolWorker: AnyObject, SendableMetatype {
    /// When it wants to be called again although nothing is to be done, by the monotonic clock; nil: never.
    var deadlineNanoseconds: UInt64? { get }
    /// When it must be called although more waits, by the monotonic clock; nil: never.
    var latestNanoseconds: UInt64? { get }
    /// Called when nothing waits, or when it must be.
    func rest()
    /// Called before the thread ends.
    func finish()
}

/// Threads with a queue before them.
final class NetworkPool<Worker: PoolWorker>: Sendable {
    typealias Job = @Sendable (Worker) -> Void

    /// How long a job may have to wait before it is refused, in nanoseconds: whoever asked gives up later anyway.
    private static var patience: Int { 1_000_000_000 }
    /// So many jobs a thread may always wait, however slow the last ones were.
    private static var leastWaiting: Int { 8 }

    private let queue: BoundedQueue<Job>
    private let pace: Pace
    private let threads: Mutex<[WorkerThread]>
    private let threadCount: Int

    /// Begins the threads.
    ///
    /// - Parameters:
    ///   - capacity: how many jobs may wait.
    ///   - isPatient: whether other threads go first.
    ///   - make: makes the worker of a thread, on that thread.
    /// - Throws: `ioError` when a thread cannot be started.
    init(
        threads count: Int, capacity: Int, isPatient: Bool = false, make: @escaping @Sendable (Int) -> Worker
    ) throws {
        let queue = BoundedQueue<Job>(capacity: capacity)
        let pace = Pace()
        self.queue = queue
        self.pace = pace
        threadCount = count
        threads = Mutex(
            try (0..<count).map { number in
                try WorkerThread(isPatient: isPatient) { NetworkPool.run(make(number), queue, pace) }
            })
    }

    /// How many jobs wait.
    var waiting: Int { queue.count }

    /// Hands over a job: false when too many wait already, or those that wait will take too long.
    func submit(_ job: @escaping Job) -> Bool {
        let waiting = queue.count
        if waiting > NetworkPool.leastWaiting * threadCount,
            waiting / threadCount * pace.nanoseconds > NetworkPool.patience
        {
            return false
        }
        return queue.add(job)
    }

    /// Does what waits, and ends the threads.
    func stop() {
        queue.close()
        for thread in threads.withLock({ $0 }) { thread.join() }
    }

    private static func run(_ worker: Worker, _ queue: BoundedQueue<Job>, _ pace: Pace) {
        while true {
            switch queue.take(untilNanoseconds: worker.deadlineNanoseconds) {
            case .item(let job):
                let start = MonotonicClock.nanoseconds
                job(worker)
                if let latest = worker.latestNanoseconds, latest <= MonotonicClock.nanoseconds { worker.rest() }
                pace.note(Int(clamping: MonotonicClock.nanoseconds - start))
            case .nothing: worker.rest()
            case .closed:
                worker.finish()
                return
            }
        }
    }
}

/// How long jobs take, of which the last ones count most.
private final class Pace: Sendable {
    private let smoothed = Atomic<Int>(0)

    /// The mean, in nanoseconds.
    var nanoseconds: Int { smoothed.load(ordering: .relaxed) }

    /// Takes up how long a job took; where two do so at once, one may count for nothing.
    func note(_ nanoseconds: Int) {
        let old = smoothed.load(ordering: .relaxed)
        smoothed.store(old + (nanoseconds - old) / 16, ordering: .relaxed)
    }
}
