// The network under a player: it goes through a trace in time, one request after the other.

/// A place in a trace, from which requests are answered.
struct PlaybackNetwork {
    private let periods: [BandwidthTrace.Period]
    private var index = 0
    /// What is left of the present period, in milliseconds.
    private var left: Double

    init(_ trace: BandwidthTrace) {
        periods = trace.periods
        left = periods[0].duration
    }

    private mutating func next() {
        index += 1
        if index == periods.count { index = 0 }
        left = periods[index].duration
    }

    /// Lets time pass.
    mutating func pause(_ milliseconds: Double) {
        var rest = milliseconds
        while rest > left {
            rest -= left
            next()
        }
        left -= rest
    }

    /// Makes a request, and returns how long it takes until the first bit arrives.
    ///
    /// When the latency changes on the way, each period has its share.
    mutating func request() -> Double {
        var delay = 0.0
        var share = 1.0
        while share > 0 {
            let latency = periods[index].latency
            let time = share * latency
            if time <= left {
                delay += time
                left -= time
                share = 0
            } else {
                delay += left
                share -= left / latency
                next()
            }
        }
        return delay
    }

    /// Receives so many bits, and returns how long it takes.
    mutating func receive(_ bits: Double) -> Double {
        var time = 0.0
        var rest = bits
        while rest > 0 {
            let bandwidth = periods[index].bandwidth
            if rest <= left * bandwidth {
                let last = rest / bandwidth
                time += last
                left -= last
                rest = 0
            } else {
                time += left
                rest -= left * bandwidth
                next()
            }
        }
        return time
    }

    /// Receives until both least amounts are reached, or all of `bits`; returns what arrived and how long it took.
    mutating func receive(
        _ bits: Double, leastBits: Double, leastTime: Double
    ) -> (bits: Double, time: Double) {
        var (bits, leastBits, leastTime) = (bits, leastBits, leastTime)
        var received = 0.0
        var passed = 0.0
        while bits > 0, leastBits > 0 || leastTime > 0 {
            let bandwidth = periods[index].bandwidth
            var arriving = 0.0
            var time = left
            if bandwidth > 0 {
                let least = max(leastBits, leastTime * bandwidth)
                arriving = left * bandwidth
                if bits <= least, bits <= arriving {
                    arriving = bits
                    time = arriving / bandwidth
                    left -= time
                } else if least <= arriving {
                    arriving = least
                    time = arriving / bandwidth
                    // Rounding must not keep the loop going.
                    leastBits = 0
                    leastTime = 0
                    left -= time
                } else {
                    next()
                }
            } else if leastBits > 0 || leastTime > left {
                next()
            } else {
                time = leastTime
                left -= time
            }
            received += arriving
            passed += time
            bits -= arriving
            leastBits -= arriving
            leastTime -= time
        }
        return (received, passed)
    }
}
