// What the next download may be like: how fast the network has been of late, and how wrong that has been as a forecast.

internal import Glibc

/// A forecast of throughput, as a few cases with their probabilities.
///
/// The last second says most about the next ones: over recorded mobile networks an average that forgets within a second
/// forecasts the next three better than longer ones do. Its errors are not even; when a train enters a tunnel nearly
/// everything is lost, and nothing brings as much.
struct ThroughputForecast {
    /// Something that may come.
    struct Case {
        /// By how much throughput will differ from what it was, as the logarithm of the ratio.
        var change: Double
        let probability: Double
        /// By how much a download takes longer: the ratio that belongs to `change`, turned over.
        var factor = 1.0
    }

    /// How errors lie when they are as large as `usualError` on average.
    static let usual = [
        Case(change: -1.6, probability: 0.05), Case(change: -0.5, probability: 0.15),
        Case(change: -0.1, probability: 0.25), Case(change: 0.08, probability: 0.3),
        Case(change: 0.35, probability: 0.25),
    ]
    /// How fast the past loses weight, in milliseconds.
    static let memory = 500.0

    private static let usualError = 0.36
    /// How many downloads the usual error counts for, against those that were seen.
    private static let usualWeight = 15.0
    /// What an older error counts against a newer one.
    private static let errorFading = 0.95
    /// One error counts for no more.
    private static let errorMax = 1.5

    /// What may come, as the errors of this network say.
    private(set) var cases = usual

    private var rate = 0.0
    private var weight = 0.0
    /// All that was seen, in bits and milliseconds.
    private(set) var seen = (bits: 0.0, time: 0.0)
    /// What of the present download has been counted, in bits and milliseconds.
    private var counted = (bits: 0.0, time: 0.0)
    private var forecast = 0.0
    private var errors = (sum: usualError * usualWeight, count: usualWeight)

    /// What the network delivers now, in kbit/s.
    var throughput: Double { rate / weight }

    /// A download begins, with `logarithm` of the throughput as its forecast.
    mutating func begin(_ logarithm: Double) {
        counted = (0, 0)
        forecast = logarithm
        let spread = errors.sum / errors.count / Self.usualError
        for index in cases.indices {
            cases[index].change = Self.usual[index].change * spread
            cases[index].factor = exp(-cases[index].change)
        }
    }

    /// A download is so far.
    mutating func add(_ progress: PlaybackProgress) {
        let time = progress.time - progress.latency - counted.time
        guard time > 0 else { return }
        let bits = progress.received - counted.bits
        let kept = Self.memory / (Self.memory + time)
        rate = rate * kept + (1 - kept) * bits / time
        weight = weight * kept + (1 - kept)
        counted = (progress.received, progress.time - progress.latency)
        seen = (seen.bits + bits, seen.time + time)
    }

    /// A download has ended: its error is known.
    mutating func end(_ progress: PlaybackProgress) {
        let error = min(abs(log(progress.throughput) - forecast), Self.errorMax)
        // What is usual keeps its weight; only what was seen fades.
        let usual = (sum: Self.usualError * Self.usualWeight, count: Self.usualWeight)
        errors.sum = usual.sum + (errors.sum - usual.sum + error) * Self.errorFading
        errors.count = usual.count + (errors.count - usual.count + 1) * Self.errorFading
    }
}
