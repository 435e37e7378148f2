// Traces from files, in the two formats in which they are exchanged, and from a line of text.

package import Formats

extension BandwidthTrace {
    /// The latency of a network that tells none, in milliseconds.
    package static let usualLatency = 100.0

    /// The bits of a packet of mahimahi.
    private static let packetBits = 12_000.0

    /// Reads a trace: a JSON array of `duration_ms`, `bandwidth_kbps` and `latency_ms` as Sabre has it, or the lines of
    /// mahimahi, each of which is the millisecond at which a packet of 1,500 bytes can be delivered.
    ///
    /// - Throws: `DataError` where the text is neither, or beyond `PlaybackLimits`.
    package init(text: [UInt8]) throws(DataError) {
        let first = text.first { $0 > UInt8(ascii: " ") }
        switch first {
        case UInt8(ascii: "["): self.init(try Self.periods(text))
        case .some(UInt8(ascii: "0")...UInt8(ascii: "9")): self.init(try Self.opportunities(text))
        default:
            throw DataError(
                .syntax, line: 1, column: 1, "expected a JSON array of periods, or a line of milliseconds a packet")
        }
        guard periods.contains(where: { $0.bandwidth > 0 }) else {
            throw DataError(.outOfRange, line: 1, column: 1, "the trace never delivers anything")
        }
    }

    private static func periods(_ text: [UInt8]) throws(DataError) -> [Period] {
        var reader = JSONItemReader(text)
        var periods: [Period] = []
        while let item = try reader.next() {
            func number(_ key: String, _ range: ClosedRange<Double>) throws(DataError) -> Double {
                guard let value = item.value[key]?.number, range ~= value else {
                    throw DataError(
                        .syntax, line: item.line, column: item.column, "\"\(key)\" must be a number in its limits")
                }
                return value
            }
            guard periods.count < PlaybackLimits.periods else { throw tooLong(item.line) }
            periods.append(
                Period(
                    duration: try number("duration_ms", PlaybackLimits.periodMilliseconds),
                    bandwidth: try number("bandwidth_kbps", PlaybackLimits.bandwidth),
                    latency: try number("latency_ms", PlaybackLimits.latencyMilliseconds)))
        }
        return periods
    }

    /// A packet that can be delivered at a millisecond arrives in the millisecond before.
    private static func opportunities(_ text: [UInt8]) throws(DataError) -> [Period] {
        var periods: [Period] = []
        var (time, packets, line) = (0, 0, 0)
        func append(_ milliseconds: Int, _ packets: Int) {
            if milliseconds == 0 { return }
            let bandwidth = Double(packets) * packetBits
            var duration = Double(milliseconds)
            if let last = periods.last, last.bandwidth == bandwidth {
                duration += last.duration
                periods.removeLast()
            }
            periods.append(Period(duration: duration, bandwidth: bandwidth, latency: usualLatency))
        }
        for row in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            line += 1
            let digits = row.last == UInt8(ascii: "\r") ? row.dropLast() : row
            if digits.isEmpty { continue }
            guard digits.count <= 12, digits.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
                let value = Int(String(decoding: digits, as: UTF8.self))
            else {
                throw DataError(.syntax, line: line, column: 1, "expected a whole number of milliseconds")
            }
            let next = max(1, value)
            guard next >= time else {
                throw DataError(.syntax, line: line, column: 1, "the milliseconds must not fall")
            }
            if next > time {
                if time > 0 { append(1, packets) }
                append(next - 1 - time, 0)
                (time, packets) = (next, 0)
            }
            packets += 1
            guard packets <= PlaybackLimits.packets, periods.count < PlaybackLimits.periods else { throw tooLong(line) }
        }
        append(1, packets)
        return periods
    }

    private static func tooLong(_ line: Int) -> DataError {
        DataError(.outOfRange, line: line, column: 1, "the trace goes on beyond what is accepted")
    }

    /// Reads bandwidths in bits per second, each from a time on: `3M,1M@20s,500K@40s`; the last lasts for ever.
    ///
    /// - Returns: nil where the text is none, or delivers nothing at the end.
    package init?(schedule: String) {
        var steps: [(start: Int64, bandwidth: Double)] = []
        for part in schedule.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
            guard let bandwidth = Self.bandwidth(halves[0]) else { return nil }
            var start: Int64 = 0
            if halves.count == 2 {
                guard let time = DurationText.parse(String(halves[1])) else { return nil }
                start = time
            }
            // The first begins at once, and each later one after the one before.
            guard steps.isEmpty ? start == 0 : start > steps[steps.count - 1].start else { return nil }
            steps.append((start, bandwidth))
        }
        guard let last = steps.last, last.bandwidth > 0, steps.count <= PlaybackLimits.periods else { return nil }
        let ends = steps.dropFirst().map { Double($0.start) } + [.infinity]
        self.init(
            zip(steps, ends).map { step, end in
                Period(duration: end - Double(step.start), bandwidth: step.bandwidth, latency: Self.usualLatency)
            })
    }

    /// A number of bits per second with K, M or G for thousands, in kbit/s.
    private static func bandwidth(_ text: Substring) -> Double? {
        let units: [(suffix: Character, factor: Double)] = [("K", 1), ("M", 1_000), ("G", 1_000_000)]
        let unit = units.first { $0.suffix == text.last }
        let digits = unit == nil ? text : text.dropLast()
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }),
            let number = Double(digits)
        else { return nil }
        let rate = number * (unit?.factor ?? 0.001)
        return PlaybackLimits.bandwidth ~= rate ? rate : nil
    }
}
