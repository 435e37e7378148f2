// The simulator once more, as plainly as it can be said: the network is asked from the beginning of time for
// everything, the buffer is a list, and nothing is fast.

@testable import SocialCore

/// A rule whose choices follow from nothing but numbers: both players must come to the same ones.
struct ScriptedRule: PlaybackRule {
    let qualities: Int
    let salt: Int
    private var asked = 0

    init(qualities: Int, salt: Int) {
        self.qualities = qualities
        self.salt = salt
    }

    mutating func choose(_ view: PlaybackView) -> PlaybackChoice {
        asked += 1
        let number = (view.segment * 31 + asked * 17 + salt) % 1_009
        return PlaybackChoice(quality: number % qualities, wait: number % 5 == 0 ? Double(number) : 0)
    }

    mutating func abandon(_ progress: PlaybackProgress, _ view: PlaybackView) -> Int? {
        // Once in a while, far from the edges where rounding would decide.
        let isLong = progress.time > 400 + Double((progress.segment * 7 + salt) % 900) + 0.123
        return isLong && progress.quality > 0 && (asked + salt) % 3 == 0 ? 0 : nil
    }
}

/// A player that takes its time.
struct NaivePlayer {
    let film: PlaybackFilm
    let trace: BandwidthTrace
    let capacity: PlaybackCapacity

    /// What is at a moment: the period, and how much of it is left.
    private func period(at time: Double) -> (period: BandwidthTrace.Period, left: Double) {
        let round = trace.periods.reduce(0) { $0 + $1.duration }
        var rest = time.truncatingRemainder(dividingBy: round)
        for period in trace.periods {
            if rest < period.duration { return (period, period.duration - rest) }
            rest -= period.duration
        }
        return (trace.periods[0], trace.periods[0].duration)
    }

    /// When so many bits have arrived, if none arrived before `start`.
    private func arrival(of bits: Double, from start: Double) -> Double {
        var (time, rest) = (start, bits)
        while true {
            let (period, left) = period(at: time)
            if rest <= period.bandwidth * left { return time + rest / period.bandwidth }
            rest -= period.bandwidth * left
            time += left
        }
    }

    /// When the answer to a request begins.
    private func answer(from start: Double) -> Double {
        var (time, share) = (start, 1.0)
        while true {
            let (period, left) = period(at: time)
            if share * period.latency <= left { return time + share * period.latency }
            share -= left / period.latency
            time += left
        }
    }

    /// How many bits arrive between two moments.
    private func bits(from start: Double, to end: Double) -> Double {
        var (time, sum) = (start, 0.0)
        while time < end {
            let (period, left) = period(at: time)
            let step = min(left, end - time)
            sum += step * period.bandwidth
            time += step
        }
        return sum
    }

    /// Plays, and returns what counts: time, stalled, utility, bits, abandoned, and the qualities.
    func play(_ rule: ScriptedRule) -> (time: Double, stalled: Double, utility: Double, bits: Double, qualities: [Int])
    {
        var rule = rule
        var now = arrival(of: film.size(0, 0), from: answer(from: 0))
        var loaded = film.size(0, 0)
        var stalled = 0.0
        // What is left of each segment in the buffer.
        var buffer = [film.durations[0]]
        var qualities = [0]
        func pass(_ milliseconds: Double) {
            now += milliseconds
            var time = milliseconds
            while time > 0, let first = buffer.first {
                let step = min(time, first)
                time -= step
                if step == first { buffer.removeFirst() } else { buffer[0] -= step }
            }
            stalled += time
        }
        while qualities.count < film.count {
            let next = qualities.count
            switch capacity {
            case .milliseconds(let most):
                pass(max(0, buffer.reduce(0, +) + film.durations[next] - most))
            case .segments(let count): while buffer.count > count { pass(buffer[0]) }
            }
            let level = buffer.reduce(0, +)
            let choice = rule.choose(PlaybackView(segment: next, level: level, throughput: 0, latency: 0))
            pass(choice.wait)
            let start = now
            let first = answer(from: start)
            let size = film.size(next, choice.quality)
            let end = arrival(of: size, from: first)
            var looked = start
            var from = first
            var isAbandoned = false
            while true {
                // The next look is when both enough has arrived and enough time has passed.
                let look = max(arrival(of: 12_000, from: from), looked + 50)
                if look >= end { break }
                let received = bits(from: first, to: look)
                let progress = PlaybackProgress(
                    segment: next, quality: choice.quality, size: size, received: received, time: look - start,
                    latency: first - start)
                let view = PlaybackView(segment: next, level: 0, throughput: 0, latency: 0)
                if rule.abandon(progress, view) != nil {
                    loaded += received
                    pass(look - start)
                    isAbandoned = true
                    break
                }
                looked = look
                from = look
            }
            if isAbandoned { continue }
            loaded += size
            pass(end - start)
            buffer.append(film.durations[next])
            qualities.append(choice.quality)
        }
        pass(buffer.reduce(0, +))
        let utility = qualities.indices.reduce(0) { $0 + film.utilities[qualities[$1]] * film.durations[$1] }
        return (now, stalled, utility, loaded, qualities)
    }
}
