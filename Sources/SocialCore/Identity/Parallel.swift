// Work on several cores, for the few loops that are long enough.

internal import Dispatch
internal import Glibc

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
}
