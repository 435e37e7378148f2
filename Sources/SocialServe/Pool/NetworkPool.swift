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

    private let queue: BoundedQueue<Job>
    private let threads: Mutex<[WorkerThread]>

    /// Begins the threads.
    ///
    /// - Parameters:
    ///   - capacity: how many jobs may wait.
    ///   - make: makes the worker of a thread, on that thread.
    /// - Throws: `ioError` when a thread cannot be started.
    init(threads count: Int, capacity: Int, make: @escaping @Sendable (Int) -> Worker) throws {
        let queue = BoundedQueue<Job>(capacity: capacity)
        self.queue = queue
        threads = Mutex(
            try (0..<count).map { number in
                try WorkerThread { NetworkPool.run(make(number), queue) }
            })
    }

    /// How many jobs wait.
    var waiting: Int { queue.count }

    /// Hands over a job: false when too many wait already.
    func submit(_ job: @escaping Job) -> Bool { queue.add(job) }

    /// Does what waits, and ends the threads.
    func stop() {
        queue.close()
        for thread in threads.withLock({ $0 }) { thread.join() }
    }

    private static func run(_ worker: Worker, _ queue: BoundedQueue<Job>) {
        while true {
            switch queue.take(untilNanoseconds: worker.deadlineNanoseconds) {
            case .item(let job):
                job(worker)
                if let latest = worker.latestNanoseconds, latest <= Gate.nowNanoseconds { worker.rest() }
            case .nothing: worker.rest()
            case .closed:
                worker.finish()
                return
            }
        }
    }
}
