// How far a long job is, on one line of standard error. It shows nothing in the first half second, so short jobs stay
// silent, draws at most ten times a second, and leaves no trace. In a log, where no line can be drawn again, it is a
// line a second.

/// Shows how far a job is.
///
///     var progress = ProgressBar("regenerating feeds", total: 4_039, output: stderr, columns: 80, isShown: true)
///     progress.advance()
///     progress.finish()
package struct ProgressBar {
    /// The time since some fixed moment; it never goes back.
    package typealias Clock = () -> Duration

    private static let delay = Duration.milliseconds(500)
    private static let interval = Duration.milliseconds(100)
    private static let logInterval = Duration.seconds(1)
    private static let barCells = 20

    /// The steps done.
    package private(set) var count = 0

    private let label: String
    private let total: Int?
    private let output: any OutputStream
    private let columns: Int
    private let isShown: Bool
    private let isTerminal: Bool
    private let clock: Clock
    private let start: Duration
    private var nextDraw: Duration
    private var hasDrawn = false

    /// Makes a progress bar.
    ///
    /// - Parameters:
    ///   - label: what is being done.
    ///   - total: how many steps there are, if that is known.
    ///   - output: standard error, unbuffered or flushed by every write.
    ///   - columns: the width of the terminal in cells.
    ///   - isShown: false makes every call do nothing.
    ///   - isTerminal: whether the line can be drawn again in its place; otherwise each is a line of its own.
    ///   - clock: the time; a test brings its own.
    package init(
        _ label: String, total: Int?, output: any OutputStream, columns: Int?, isShown: Bool, isTerminal: Bool = true,
        clock: @escaping Clock = ProgressBar.monotonicClock()
    ) {
        self.label = DisplayText.sanitise(label)
        self.total = total
        self.output = output
        self.columns = columns ?? 80
        self.isShown = isShown
        self.isTerminal = isTerminal
        self.clock = clock
        start = clock()
        nextDraw = start + Self.delay
    }

    /// The machine's monotonic clock, counted from now.
    package static func monotonicClock() -> Clock {
        let start = ContinuousClock.now
        return { ContinuousClock.now - start }
    }

    /// Counts steps, and draws when it is time.
    package mutating func advance(by steps: Int = 1) {
        count += steps
        guard isShown else { return }
        let now = clock()
        guard now >= nextDraw else { return }
        nextDraw = now + (isTerminal ? Self.interval : Self.logInterval)
        draw(elapsed: now - start)
    }

    /// Removes the line, at the end or before an error is printed.
    package mutating func finish() {
        guard hasDrawn else { return }
        hasDrawn = false
        send("\r\u{1B}[K")
    }

    private mutating func draw(elapsed: Duration) {
        guard isTerminal else { return send(line(elapsed: elapsed) + "\n") }
        hasDrawn = true
        send("\r" + line(elapsed: elapsed).truncated(toCells: max(1, columns - 1)) + "\u{1B}[K")
    }

    /// `label [#####     ] 25% 1,010/4,039 505/s 6s left`.
    private func line(elapsed: Duration) -> String {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let rate = seconds > 0 ? Double(count) / seconds : 0
        var parts = [label]
        if let total, total > 0 {
            let share = min(1, max(0, Double(count) / Double(total)))
            let filled = Int(share * Double(Self.barCells))
            let bar = String(repeating: "#", count: filled) + String(repeating: " ", count: Self.barCells - filled)
            parts.append("[\(bar)] \(Int(share * 100))% \(count.grouped)/\(total.grouped)")
        } else {
            parts.append(count.grouped)
        }
        parts.append("\(Self.whole(rate).grouped)/s")
        if let total, rate > 0, count < total {
            parts.append("\(Self.duration(seconds: Self.whole(Double(total - count) / rate))) left")
        }
        return parts.joined(separator: " ")
    }

    /// Progress is a courtesy: when it cannot be shown, the job goes on.
    private func send(_ text: String) {
        _ = try? output.write(text)
        _ = try? output.flush()
    }

    private static func whole(_ value: Double) -> Int {
        Int(exactly: value.rounded()) ?? .max
    }

    private static func duration(seconds: Int) -> String {
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3_600 { return "\(seconds / 60)m\(seconds % 60)s" }
        return "\(seconds / 3_600)h\(seconds % 3_600 / 60)m"
    }
}
