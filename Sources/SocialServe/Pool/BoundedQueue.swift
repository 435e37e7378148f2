// A queue between the event loops and the threads of a pool. It takes so much and no more: who comes when it is full is
// told so at once, instead of waiting behind work that nobody wants any more when its turn comes.

internal import NIOCore

/// A queue of limited length.
///
/// Safety: what it holds is touched within its gate only.
final class BoundedQueue<Item: Sendable>: @unchecked Sendable {
    /// What a thread gets that asks for more.
    enum Taken {
        case item(Item)
        /// Nothing came in time.
        case nothing
        /// Nothing will come any more.
        case closed
    }

    private let gate = Gate()
    private let capacity: Int
    private var items = CircularBuffer<Item>()
    private var isClosed = false

    init(capacity: Int) { self.capacity = capacity }

    /// How many wait.
    var count: Int { gate.locked { items.count } }

    /// Adds something: false when there is no room.
    func add(_ item: Item) -> Bool {
        gate.locked {
            guard !isClosed, items.count < capacity else { return false }
            items.append(item)
            gate.signal()
            return true
        }
    }

    /// The next, in the order in which they came.
    ///
    /// - Parameter deadline: how long to wait, by the monotonic clock; nil: as long as it takes.
    func take(untilNanoseconds deadline: UInt64? = nil) -> Taken {
        gate.locked {
            while true {
                if let item = items.popFirst() { return .item(item) }
                if isClosed { return .closed }
                if let deadline {
                    if !gate.wait(untilNanoseconds: deadline), items.isEmpty { return isClosed ? .closed : .nothing }
                } else {
                    gate.wait()
                }
            }
        }
    }

    /// Takes nothing more; what waits is still handed out.
    func close() {
        gate.locked {
            isClosed = true
            gate.broadcast()
        }
    }
}
