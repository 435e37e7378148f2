// Numbers of which many neighbours are the same, such as the durations of samples: each run of them takes eight bytes,
// and marks along the way find the run of a sample, or of a time, without going through all.

/// A number for each sample, held as runs of the same number.
struct SampleRuns: Sendable {
    fileprivate struct Run {
        var count: UInt32
        let value: UInt32
    }

    /// What stands before a run: how many samples, and the sum of their numbers.
    private struct Mark {
        var index: Int
        var sum: Int64
    }

    /// How many runs lie between two marks.
    private static let step = 64

    private var runs: [Run] = []
    private var marks: [Mark] = []
    /// How many numbers there are.
    private(set) var count = 0
    /// The sum of all numbers; without meaning where they are no durations.
    private(set) var sum: Int64 = 0

    /// Says how many runs there will be, so that no memory is taken for more.
    mutating func expect(runs count: Int) { runs.reserveCapacity(count) }

    /// Appends a number again and again.
    mutating func append(_ value: UInt32, count more: Int = 1) {
        guard more > 0 else { return }
        var more = more
        count += more
        sum &+= Int64(value) &* Int64(more)
        if let last = runs.last, last.value == value, more <= Int(UInt32.max - last.count) {
            runs[runs.count - 1].count += UInt32(more)
            return
        }
        while more > 0 {
            let part = UInt32(clamping: more)
            if runs.count % Self.step == 0 {
                marks.append(Mark(index: count - more, sum: sum &- Int64(value) &* Int64(more)))
            }
            runs.append(Run(count: part, value: value))
            more -= Int(part)
        }
    }

    /// Replaces the last number, if there is one.
    mutating func replaceLast(_ value: UInt32) {
        guard let last = runs.last, last.value != value else { return }
        count -= 1
        sum &-= Int64(last.value)
        if last.count > 1 {
            runs[runs.count - 1].count -= 1
        } else {
            runs.removeLast()
            if runs.count % Self.step == 0 { marks.removeLast() }
        }
        append(value)
    }

    /// The last number.
    var last: UInt32? { runs.last?.value }

    /// Whether a body is true of every number.
    func allSatisfy(_ body: (UInt32) -> Bool) -> Bool { runs.allSatisfy { body($0.value) } }

    /// Calls a body with each run: its first sample, how many there are, and their number.
    func forEachRun(_ body: (Int, Int, UInt32) -> Void) {
        var index = 0
        for run in runs {
            body(index, Int(run.count), run.value)
            index += Int(run.count)
        }
    }

    /// The sum of the numbers before a sample.
    func sum(before index: Int) -> Int64 { place(of: index).sum }

    /// Goes through the numbers from a sample on.
    func cursor(at index: Int = 0) -> Cursor {
        let place = place(of: index)
        return Cursor(runs: runs, run: place.run, left: place.left)
    }

    /// The last sample before which the sum is not above `total`; the first if there is none.
    func index(ofSum total: Int64) -> Int {
        let mark = partition { $0.sum <= total }
        guard mark > 0 else { return 0 }
        var (index, sum) = (marks[mark - 1].index, marks[mark - 1].sum)
        for run in runs[((mark - 1) * Self.step)...] {
            let length = Int64(run.value) * Int64(run.count)
            if sum + length > total { return index + Int((total - sum) / Int64(run.value)) }
            index += Int(run.count)
            sum += length
        }
        return max(0, count - 1)
    }

    /// The run of a sample, how many of it are left from that sample on, and the sum of all numbers before.
    private func place(of index: Int) -> (run: Int, left: Int, sum: Int64) {
        let mark = partition { $0.index <= index }
        guard mark > 0 else { return (0, 0, 0) }
        var (run, rest, sum) = ((mark - 1) * Self.step, index - marks[mark - 1].index, marks[mark - 1].sum)
        while run < runs.count, rest >= Int(runs[run].count) {
            rest -= Int(runs[run].count)
            sum &+= Int64(runs[run].value) &* Int64(runs[run].count)
            run += 1
        }
        guard run < runs.count else { return (run, 0, sum) }
        return (run, Int(runs[run].count) - rest, sum &+ Int64(runs[run].value) &* Int64(rest))
    }

    /// How many marks come first for which a condition holds, which holds for no later one.
    private func partition(_ isBefore: (Mark) -> Bool) -> Int {
        var (low, high) = (0, marks.count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(marks[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// A place among the numbers.
    struct Cursor {
        private let runs: [Run]
        private var run: Int
        private var left: Int

        fileprivate init(runs: [Run], run: Int, left: Int) {
            self.runs = runs
            self.run = run
            self.left = left
        }

        /// The next number; zero behind the last.
        mutating func next() -> UInt32 {
            guard run < runs.count else { return 0 }
            let value = runs[run].value
            left -= 1
            if left <= 0 {
                run += 1
                left = run < runs.count ? Int(runs[run].count) : 0
            }
            return value
        }
    }
}
