// How long a message that failed waits before it is tried again.

/// Exponential back-off with jitter.
///
/// Each failure doubles the wait, of which a random half is taken off, so that what failed together is not tried
/// together ("equal jitter": M. Brooker, "Exponential Backoff And Jitter", 2015).
package enum RetryDelay {
    /// The wait after the first failure, at most.
    package static let first: Int64 = 1_000
    /// The longest wait.
    package static let longest: Int64 = 3_600_000

    /// The wait in milliseconds after so many attempts.
    package static func milliseconds(afterAttempts attempts: Int, _ random: RandomSource) -> Int64 {
        let whole = min(longest, first << Int64(min(max(attempts, 1) - 1, 32)))
        return whole / 2 + Int64(random.next() % UInt64(whole / 2 + 1))
    }
}
