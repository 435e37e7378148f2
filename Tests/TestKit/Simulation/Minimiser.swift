// Makes what fails smaller while it still fails: delta debugging (A. Zeller, R. Hildebrandt, "Simplifying and Isolating
// Failure-Inducing Input", 2002).

/// Leaves things out as long as what is left still fails.
package enum Minimiser {
    /// As few of some things as still fail: none of them can be left out alone, unless the tries were spent before.
    ///
    /// - Parameters:
    ///   - tries: how often it may be tried at most.
    ///   - fails: whether things in their order still fail; what they all together do.
    package static func minimise<Thing>(
        _ things: [Thing], tries: Int = 500, fails: ([Thing]) throws -> Bool
    ) rethrows -> [Thing] {
        var rest = things
        var left = tries
        var size = max(1, rest.count / 2)
        while true {
            var start = 0
            var isSmaller = false
            while start < rest.count, left > 0 {
                let without = Array(rest[..<start] + rest[min(start + size, rest.count)...])
                left -= 1
                if try fails(without) {
                    rest = without
                    isSmaller = true
                } else {
                    start += size
                }
            }
            if left == 0 || size == 1 && !isSmaller { return rest }
            size = isSmaller ? size : max(1, size / 2)
            if size > rest.count { size = max(1, rest.count) }
        }
    }
}
