// The one place that waits: a lock with a condition, for queues between threads.

internal import Glibc

/// A lock that a thread can wait on.
///
/// Safety: the mutex and the condition are made once, at places of their own that do not move, and destroyed with the
/// last reference, when nobody can be waiting.
final class Gate: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        condition = .allocate(capacity: 1)
        condition.initialize(to: pthread_cond_t())
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        // Safety: the attributes live for these calls; the condition keeps nothing of them but the clock.
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Runs a block alone.
    func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Waits within `locked` until somebody signals.
    func wait() { pthread_cond_wait(condition, mutex) }

    /// Waits within `locked` until somebody signals, or until a time of the monotonic clock; false at that time.
    func wait(untilNanoseconds deadline: UInt64) -> Bool {
        var time = timespec(tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
        return pthread_cond_timedwait(condition, mutex, &time) != ETIMEDOUT
    }

    /// Wakes one who waits.
    func signal() { pthread_cond_signal(condition) }

    /// Wakes all who wait.
    func broadcast() { pthread_cond_broadcast(condition) }
}
