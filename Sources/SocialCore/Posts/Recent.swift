// A table that forgets: what a process that goes on working has read lately, in memory that is taken once, when
// something is remembered for the first time.

/// What was used lately, by key.
///
/// It is a table of twice as many places as are ever taken, in which a key has sixteen to choose from. What comes when
/// all that may be taken are drives something out.
struct Recent<Value> {
    private static var ways: Int { 16 }
    private let capacity: Int
    private var count = 0
    /// Empty until something is remembered.
    private var keys: [Int64] = []
    private var values: [Value?] = []
    private var turn = 0

    /// A table that remembers nothing yet.
    ///
    /// - Parameter capacity: how many are remembered; a power of two, and no fewer than eight.
    init(capacity: Int) { self.capacity = capacity }

    /// What is remembered under a key, which is not 0.
    subscript(key: Int64) -> Value? {
        get { place(of: key).flatMap { values[$0] } }
        set {
            if keys.isEmpty {
                keys = Array(repeating: 0, count: 2 * capacity)
                values = Array(repeating: nil, count: 2 * capacity)
            }
            if let place = place(of: key) {
                values[place] = newValue
                if newValue == nil { (keys[place], count) = (0, count - 1) }
            } else if newValue != nil {
                let place = placeForMore(first(of: key))
                if keys[place] == 0 { count += 1 }
                keys[place] = key
                values[place] = newValue
            }
        }
    }

    /// Forgets everything.
    mutating func removeAll() { self = Recent(capacity: capacity) }

    private func first(of key: Int64) -> Int {
        Int(truncatingIfNeeded: Mixing.finalize(UInt64(bitPattern: key))) & (2 * capacity - Recent.ways)
    }

    private func place(of key: Int64) -> Int? {
        if keys.isEmpty { return nil }
        let first = first(of: key)
        return (first..<first + Recent.ways).first { keys[$0] == key }
    }

    /// The place for what is not there yet: a free one, unless too many are taken already.
    private mutating func placeForMore(_ first: Int) -> Int {
        let places = first..<first + Recent.ways
        let free = places.first { keys[$0] == 0 }
        if count < capacity, let free { return free }
        turn += 1
        let old = first + turn & (Recent.ways - 1)
        return keys[old] != 0 ? old : places.first { keys[$0] != 0 } ?? first
    }
}
