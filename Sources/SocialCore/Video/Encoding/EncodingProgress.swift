// What ffmpeg says while it is at work: how far it is, and what it sees.

internal import Synchronization

/// How far an encoder has come, from the lines of `-progress`.
final class EncodingProgress: Sendable {
    private let done = Mutex<Int>(0)

    /// By how many milliseconds a line says that it has come further; nil when it says nothing of it.
    func hear(_ line: String) -> Int? {
        // The name says milliseconds and means microseconds, in all versions.
        guard line.hasPrefix("out_time_us="), let micros = Int(line.dropFirst(12)) else { return nil }
        return done.withLock { done in
            let now = max(done, micros / 1_000)
            defer { done = now }
            return now - done
        }
    }
}

/// How much pictures differ from those before, from the lines of the filter `metadata`.
final class HeardDifferences: Sendable {
    private struct State {
        var milliseconds = 0.0
        var all: [(milliseconds: Double, difference: Double)] = []
    }

    private let state = Mutex(State())

    /// All pictures that were heard of.
    var all: [(milliseconds: Double, difference: Double)] { state.withLock { $0.all } }

    /// By how many milliseconds a line says that it has come further; nil when it says nothing of it.
    func hear(_ line: String) -> Int? {
        state.withLock { state in
            if line.hasPrefix("frame:") {
                guard let time = line.split(separator: " ").last?.split(separator: ":").last,
                    let seconds = Double(time), abs(seconds) <= Double(Limits.filmMilliseconds / 1_000)
                else { return nil }
                defer { state.milliseconds = seconds * 1_000 }
                return max(0, Int(seconds * 1_000) - Int(state.milliseconds))
            }
            if line.hasPrefix("lavfi.scene_score="), let score = Double(line.dropFirst(18)) {
                state.all.append((state.milliseconds, score))
            }
            return nil
        }
    }
}
