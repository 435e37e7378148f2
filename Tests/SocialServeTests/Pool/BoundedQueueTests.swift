// A queue hands on what it takes, in order and once, and takes no more than it may.

import SocialCore
import Synchronization
import Testing

@testable import SocialServe

@Suite("Bounded queues")
struct BoundedQueueTests {
    @Test("what comes when it is full is refused")
    func capacity() {
        let queue = BoundedQueue<Int>(capacity: 2)
        #expect(queue.add(1) && queue.add(2) && !queue.add(3))
        guard case .item(1) = queue.take() else { return #expect(Bool(false)) }
        #expect(queue.add(4) && queue.count == 2)
    }

    @Test("who waits in vain is told so, and after the end that nothing comes")
    func ends() {
        let queue = BoundedQueue<Int>(capacity: 2)
        guard case .nothing = queue.take(untilNanoseconds: MonotonicClock.nanoseconds + 1_000_000) else {
            return #expect(Bool(false))
        }
        _ = queue.add(1)
        queue.close()
        #expect(!queue.add(2))
        guard case .item(1) = queue.take(), case .closed = queue.take() else { return #expect(Bool(false)) }
    }

    @Test("many threads take each thing once")
    func threads() throws {
        let queue = BoundedQueue<Int>(capacity: 100_000)
        let sum = Mutex(0)
        let threads = try (0..<4).map { _ in
            try WorkerThread {
                var own = 0
                while case .item(let number) = queue.take() { own += number }
                sum.withLock { $0 += own }
            }
        }
        for number in 1...10_000 { #expect(queue.add(number)) }
        queue.close()
        for thread in threads { thread.join() }
        #expect(sum.withLock { $0 } == 10_000 * 10_001 / 2)
    }
}
