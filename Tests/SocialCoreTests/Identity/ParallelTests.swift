// Work side by side: what comes back, and when it fails.

import Glibc
import SocialCore
import Synchronization
import Testing

@Suite("Work on several threads")
struct ParallelTests {
    private struct Failure: Error, Equatable { var number: Int }

    @Test("parts that wait do so side by side, and come back in their order")
    func gathering() throws {
        let (running, most) = (Counter(), Counter())
        let values = try Parallel.gather(24, atOnce: 6) { number in
            most.raise(to: running.add(1))
            usleep(2_000)
            _ = running.add(-1)
            return 2 * number
        }
        #expect(values == (0..<24).map { 2 * $0 })
        #expect(most.value > 2 && most.value <= 6)
        #expect(try Parallel.gather(0, atOnce: 6) { $0 } == [])
        #expect(try Parallel.gather(3, atOnce: 1) { $0 } == [0, 1, 2])
    }

    @Test("one that fails ends the work: the first failure is thrown, and not all parts are begun")
    func failing() {
        let begun = Counter()
        #expect(throws: Failure(number: 3)) {
            try Parallel.gather(1_000, atOnce: 4) { number in
                _ = begun.add(1)
                if number >= 3 { throw Failure(number: number) }
                usleep(100)
            }
        }
        #expect(begun.value < 1_000)
    }
}

/// A number that several threads change.
private final class Counter: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock(\.self) }

    func add(_ amount: Int) -> Int {
        number.withLock { number in
            number += amount
            return number
        }
    }

    func raise(to value: Int) { number.withLock { $0 = max($0, value) } }
}
