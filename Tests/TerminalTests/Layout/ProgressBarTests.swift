// The progress bar on a clock of the test's own.

import Terminal
import Testing

@Suite("A progress bar")
struct ProgressBarTests {
    /// A clock that a test sets.
    private final class Time {
        var now = Duration.zero
    }

    private let time = Time()
    private let output = CapturedOutput()

    private func bar(
        _ label: String = "importing", total: Int?, columns: Int = 80, isShown: Bool = true, isTerminal: Bool = true
    ) -> ProgressBar {
        let time = time
        return ProgressBar(
            label, total: total, output: output, columns: columns, isShown: isShown, isTerminal: isTerminal
        ) { time.now }
    }

    @Test("shows nothing for a short job")
    func short() {
        var progress = bar(total: 10)
        time.now = .milliseconds(499)
        progress.advance(by: 10)
        progress.finish()
        #expect(output.text == "")
        #expect(progress.count == 10)
    }

    @Test("shows share, count, rate and the time left, and goes without a trace")
    func long() {
        var progress = bar(total: 4_000)
        time.now = .seconds(2)
        progress.advance(by: 1_000)
        #expect(output.text == "\rimporting [#####               ] 25% 1,000/4,000 500/s 6s left\u{1B}[K")
        progress.finish()
        progress.finish()
        #expect(output.text.hasSuffix("left\u{1B}[K\r\u{1B}[K"))
    }

    @Test("draws at most ten times a second")
    func interval() {
        var progress = bar(total: nil)
        for step in 1...2_000 {
            time.now = .milliseconds(step)
            progress.advance()
        }
        #expect(output.text.split(separator: "\r").count == 16)
        #expect(output.text.hasSuffix("\rimporting 2,000 1,000/s\u{1B}[K"))
    }

    @Test("in a log is a line a second, after the first half")
    func log() {
        var progress = bar(total: 4, isTerminal: false)
        for step in 1...25 {
            time.now = .milliseconds(100 * step)
            progress.advance(by: step.isMultiple(of: 10) ? 1 : 0)
        }
        progress.finish()
        let bars = [
            "importing [                    ] 0% 0/4 0/s", "importing [#####               ] 25% 1/4 1/s 5s left",
            "importing [##########          ] 50% 2/4 1/s 3s left",
        ]
        #expect(output.text == bars.map { $0 + "\n" }.joined())
    }

    @Test("estimates minutes and hours")
    func estimates() {
        var minutes = bar(total: 100)
        time.now = .seconds(10)
        minutes.advance(by: 10)
        #expect(output.text.contains(" 1/s 1m30s left"))
        var hours = bar(total: 100_000)
        time.now = .seconds(20)
        hours.advance(by: 100)
        #expect(output.text.contains(" 10/s 2h46m left"))
    }

    @Test("fits the terminal, shows no strange text, and can be off")
    func limits() {
        var narrow = bar("a\u{1B}b", total: 10, columns: 10)
        time.now = .seconds(1)
        narrow.advance()
        #expect(output.text == "\ra\\u{1B}b…\u{1B}[K")
        var off = bar(total: 10, isShown: false)
        time.now = .seconds(9)
        off.advance(by: 3)
        off.finish()
        #expect(output.text == "\ra\\u{1B}b…\u{1B}[K")
        #expect(off.count == 3)
    }

    @Test("does not stop a job whose standard error is gone")
    func closed() {
        var progress = ProgressBar(
            "x", total: 1, output: CapturedOutput(limitBytes: 0, then: .errno(5)), columns: nil, isShown: true,
            clock: { [time] in time.now })
        time.now = .seconds(1)
        progress.advance()
        progress.finish()
        #expect(progress.count == 1)
    }
}
