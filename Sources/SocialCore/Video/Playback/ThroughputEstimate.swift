// How fast the network is thought to be: two moving averages that forget at different speeds, the cautious one of which
// counts.

internal import Glibc

/// Exponentially weighted moving averages of throughput and latency over finished downloads.
struct ThroughputEstimate {
    /// After how long a sample counts half, in milliseconds.
    private static let halfLives = (3_000.0, 8_000.0)

    /// What is expected, in kbit/s: the lower average.
    private(set) var throughput = 0.0
    /// What is expected, in milliseconds: the higher average.
    private(set) var latency = 0.0

    private let segmentTime: Double
    private var sums = (throughput: (0.0, 0.0), latency: (0.0, 0.0))
    private var time = 0.0
    private var count = 0.0

    /// Makes an estimate; latencies are forgotten by the number of segments, as long as they are on average.
    init(segmentTime: Double) { self.segmentTime = segmentTime }

    /// A download took so long after its first bit.
    mutating func add(time sample: Double, throughput rate: Double, latency delay: Double) {
        time += sample
        count += 1
        let fast = fold(&sums.throughput.0, &sums.latency.0, Self.halfLives.0, sample, rate, delay)
        let slow = fold(&sums.throughput.1, &sums.latency.1, Self.halfLives.1, sample, rate, delay)
        throughput = min(fast.rate, slow.rate)
        latency = max(fast.delay, slow.delay)
    }

    /// Adds to one pair of averages, and returns them as they would be had they always been there.
    private func fold(
        _ rates: inout Double, _ delays: inout Double, _ halfLife: Double, _ sample: Double, _ rate: Double,
        _ delay: Double
    ) -> (rate: Double, delay: Double) {
        let segments = halfLife / segmentTime
        let keptRate = pow(0.5, sample / halfLife)
        rates = keptRate * rates + (1 - keptRate) * rate
        let keptDelay = pow(0.5, 1 / segments)
        delays = keptDelay * delays + (1 - keptDelay) * delay
        return (rates / (1 - pow(0.5, time / halfLife)), delays / (1 - pow(0.5, count / segments)))
    }
}
