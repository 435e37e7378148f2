// Start-up is free of work: the commands of a noun are built when that noun is first asked for, then kept.

import Synchronization

/// A value that is made once, when it is first read.
///
/// Two threads may both make it when they race; the first one stored is the one that all of them see.
final class Deferred<Value: Sendable>: Sendable {
    private let stored = Mutex<Value?>(nil)
    private let make: @Sendable () -> Value

    init(_ make: @escaping @Sendable () -> Value) {
        self.make = make
    }

    var value: Value {
        if let value = stored.withLock({ $0 }) { return value }
        let made = make()
        return stored.withLock { value in
            if let value { return value }
            value = made
            return made
        }
    }
}
