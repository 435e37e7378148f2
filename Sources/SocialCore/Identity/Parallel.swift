// Work on several cores, for the few loops that are long enough.

internal import Dispatch
internal import Glibc
internal import Synchronization

/// Runs parts of one piece of work side by side.
package enum Parallel {
    /// How many parts are worth making: the processors of the machine.
    package static var width: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// Calls a closure with each number below a count, on as many cores as there are, and waits for all.
    ///
    /// - Throws: the error of the first part that failed.
    package static func forEach(_ count: Int, _ body: (Int) throws -> Void) throws {
        guard count > 1 else { return try (0..<count).forEach(body) }
        var failures: [(any Error)?] = Array(repeating: nil, count: count)
        withoutActuallyEscaping(body) { body in
            failures.withUnsafeMutableBufferPointer { failures in
                // Safety: each part has an element of its own, and what the parts share outlives the call.
                nonisolated(unsafe) let failures = failures
                nonisolated(unsafe) let body = body
                DispatchQueue.concurrentPerform(iterations: count) { part in
                    do { try body(part) } catch { failures[part] = error }
                }
            }
        }
        for case let failure? in failures { throw failure }
    }

    /// Calls a closure with each number below a count, some at a time on threads of their own, and waits for all: for
    /// parts that wait for others more than they work.
    ///
    /// - Returns: what the closure returned, in order.
    /// - Throws: the error of the first part that failed; parts that were not begun then are left out.
    package static func gather<Value: Sendable>(
        _ count: Int, atOnce width: Int, _ body: @escaping @Sendable (Int) throws -> Value
    ) throws -> [Value] {
        guard count > 1, width > 1 else { return try (0..<count).map(body) }
        let work = GatheredWork<Value>(count)
        let group = DispatchGroup()
        for worker in 0..<min(count, width) {
            // A queue of its own has a thread of its own, however many wait.
            DispatchQueue(label: "social.gather.\(worker)").async(group: group) {
                while let number = work.next() { work.finish(number, Result { try body(number) }) }
            }
        }
        group.wait()
        return try work.values()
    }
}

/// The parts of a piece of work, and what came of them.
private final class GatheredWork<Value: Sendable>: Sendable {
    private struct State {
        var begun = 0
        var hasFailed = false
        var results: [Result<Value, any Error>?]
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(results: Array(repeating: nil, count: count))) }

    /// The number of the next part; nil when there is none, or one has failed.
    func next() -> Int? {
        state.withLock { state in
            guard state.begun < state.results.count, !state.hasFailed else { return nil }
            state.begun += 1
            return state.begun - 1
        }
    }

    func finish(_ number: Int, _ result: Result<Value, any Error>) {
        state.withLock { state in
            state.results[number] = result
            if case .failure = result { state.hasFailed = true }
        }
    }

    /// All that came of the parts.
    func values() throws -> [Value] {
        let results = state.withLock { $0.results }
        for case .failure(let error)? in results { throw error }
        return try results.compactMap { try $0?.get() }
    }
}
