// How many requests one client may make: a token bucket for each, which fills at the rate and holds that of one second.

internal import SocialCore
internal import Synchronization

/// Keeps clients to a rate.
final class RateLimiter: Sendable {
    private struct Bucket {
        var level: Double
        var atNanoseconds: UInt64
    }

    /// So many buckets are kept; then the full ones, which say nothing, are forgotten.
    private static let capacity = 65_536
    private let rate: Double
    private let buckets = Mutex<[UInt64: Bucket]>([:])

    /// A limiter.
    ///
    /// - Parameter rate: requests a second.
    init(rate: Int) { self.rate = Double(rate) }

    /// Takes a request of a client: nil when it may be made, else in how many seconds another may be.
    func wait(_ client: String, nowNanoseconds now: UInt64 = MonotonicClock.nanoseconds) -> Int? {
        let key = ViewerKey(client).rawValue
        return buckets.withLock { buckets in
            var bucket = buckets[key] ?? Bucket(level: rate, atNanoseconds: now)
            bucket.level = min(rate, bucket.level + Double(now - bucket.atNanoseconds) / 1e9 * rate)
            bucket.atNanoseconds = now
            defer { buckets[key] = bucket }
            if buckets.count > RateLimiter.capacity {
                buckets = buckets.filter { $0.value.level + Double(now - $0.value.atNanoseconds) / 1e9 * rate < rate }
                if buckets.count > RateLimiter.capacity { buckets = [:] }
            }
            if bucket.level >= 1 {
                bucket.level -= 1
                return nil
            }
            return max(1, Int(((1 - bucket.level) / rate).rounded(.up)))
        }
    }
}
