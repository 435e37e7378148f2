// What a buffer is worth: how well things may go on from a level and a throughput, if every later choice is the best
// one. Computed once for a film, backwards from its end (dynamic programming), and looked up in every choice.

internal import Glibc

/// The value of having so much buffer at such a throughput, with so many segments to go.
///
/// Throughput goes on from what it was by the cases of a forecast, and over minutes returns to where it is at home;
/// segments are taken to be of average size.
struct BufferValue: Sendable {
    /// What a millisecond without picture costs, in milliseconds of utility: Sabre's γp.
    static let stallCost = 5.0

    /// Beyond so many segments more of them change nothing.
    private static let segments = 16
    private static let levels = 13
    private static let throughputs = 20
    /// How far throughput is followed below the lowest and above the highest bit rate.
    private static let below = 8.0
    private static let above = 2.0
    /// Where a network may be at home: shares of the way from the lowest to the highest bit rate, in logarithms.
    private static let homes = [0.2, 0.5, 0.8]
    /// For how long it is taken to have been in the middle before anything was seen, in milliseconds.
    private static let middleTime = 60_000.0
    /// The mean of logarithms lies below the logarithm of a mean: on mobile networks about so much.
    private static let meanRatio = 0.7
    /// The share by which throughput returns home each millisecond.
    private static let returning = 0.01 / 1_000
    /// The latency of later requests, in milliseconds.
    private static let latency = 100.0

    /// The logarithm of the lowest throughput that counts.
    let lowest: Double
    private let bottom: Double
    private let range: Double
    private let throughputStep: Double
    private let levelMax: Double
    private let levelStep: Double
    /// What the usual changes come to on average, turned over: without it throughput would wane by itself.
    private let drift: Double
    /// By home, segments to go, throughput, level.
    private var values: [Float]

    init(_ film: PlaybackFilm, bufferTime: Double) {
        bottom = log(film.bitrates[0])
        range = log(film.bitrates[film.qualities - 1]) - bottom
        lowest = bottom - log(Self.below)
        throughputStep = (bottom + range + log(Self.above) - lowest) / Double(Self.throughputs - 1)
        // Before a request there is room for one more segment.
        levelMax = max(bufferTime - film.meanDuration, 1)
        levelStep = levelMax / Double(Self.levels - 1)
        drift = -ThroughputForecast.usual.reduce(0) { $0 + $1.change * $1.probability }
        let places = (Self.segments + 1) * Self.throughputs * Self.levels
        values = [Float](repeating: 0, count: Self.homes.count * places)
        for home in Self.homes.indices { fill(film, home) }
    }

    private mutating func fill(_ film: PlaybackFilm, _ home: Int) {
        var cases = ThroughputForecast.usual
        for index in cases.indices { cases[index].factor = exp(-cases[index].change) }
        let sizes = (0..<film.qualities).map { quality in
            (0..<film.count).reduce(0) { $0 + film.size($1, quality) } / Double(film.count)
        }
        // With no segment to go there is nothing to win.
        var index = (home * (Self.segments + 1) + 1) * Self.throughputs * Self.levels
        for left in 0..<Self.segments {
            for row in 0..<Self.throughputs {
                let logarithm = lowest + throughputStep * Double(row)
                let pace = exp(-logarithm)
                for column in 0..<Self.levels {
                    let level = levelStep * Double(column)
                    var best = -Double.infinity
                    for quality in 0..<film.qualities {
                        let value = expected(
                            cases, time: sizes[quality] * pace, latency: Self.latency, level: level,
                            duration: film.meanDuration, logarithm: logarithm, home: home, segmentsLeft: left)
                        best = max(best, film.utilities[quality] * film.meanDuration + value)
                    }
                    values[index] = Float(best)
                    index += 1
                }
            }
        }
    }

    /// Where a network is at home that has delivered so much.
    func home(bits: Double, time: Double) -> Int {
        let mean = (bits + Self.middleTime * exp(bottom + range / 2)) / (time + Self.middleTime)
        let place = log(mean * Self.meanRatio) - bottom
        func distance(_ home: Int) -> Double { abs(Self.homes[home] * range - place) }
        return Self.homes.indices.min { distance($0) < distance($1) } ?? 0
    }

    /// What a download may come to: what follows, less the cost of stalls.
    ///
    /// - Parameters:
    ///   - cases: what the network may do.
    ///   - time: how long it takes if nothing changes, in milliseconds, after `latency`.
    ///   - level: what can be played meanwhile, in milliseconds.
    ///   - duration: how long what arrives plays, in milliseconds.
    ///   - logarithm: that of the throughput.
    ///   - home: where throughput returns to.
    ///   - segmentsLeft: how many segments follow.
    @inline(__always)
    func expected(
        _ cases: [ThroughputForecast.Case], time: Double, latency: Double, level: Double, duration: Double,
        logarithm: Double, home: Int, segmentsLeft: Int
    ) -> Double {
        let base = (home * (Self.segments + 1) + min(segmentsLeft, Self.segments)) * Self.throughputs * Self.levels
        let middle = bottom + range * Self.homes[home]
        var sum = 0.0
        for item in cases {
            let time = latency + time * item.factor
            let left = level - time
            var next = logarithm + (item.change + drift) * time / (time + ThroughputForecast.memory)
            next += (middle - next) * min(1, Self.returning * time)
            let value = self.value(base, level: max(left, 0) + duration, logarithm: next)
            sum += item.probability * (value + Self.stallCost * min(left, 0))
        }
        return sum
    }

    /// The value between the four entries around a place.
    @inline(__always)
    private func value(_ base: Int, level: Double, logarithm: Double) -> Double {
        let x = min(level, levelMax) / levelStep
        let y = min(max((logarithm - lowest) / throughputStep, 0), Double(Self.throughputs - 1))
        let column = min(Int(x), Self.levels - 2)
        let row = min(Int(y), Self.throughputs - 2)
        let (right, up) = (x - Double(column), y - Double(row))
        let index = base + row * Self.levels + column
        let lower = Double(values[index]) * (1 - right) + Double(values[index + 1]) * right
        let upper =
            Double(values[index + Self.levels]) * (1 - right) + Double(values[index + Self.levels + 1]) * right
        return lower * (1 - up) + upper * up
    }
}
