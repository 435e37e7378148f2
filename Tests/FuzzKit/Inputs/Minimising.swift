// What is left of an input when everything is taken away that a finding does not need.

extension [UInt8] {
    /// A small input that still fails: pieces are dropped, large ones first, and bytes become zeros.
    ///
    /// - Parameters:
    ///   - tries: how often `fails` is asked at most.
    ///   - fails: whether an input still fails.
    package func minimised(tries: Int = 2_000, _ fails: ([UInt8]) throws -> Bool) rethrows -> [UInt8] {
        var (least, left) = (self, tries)
        func stillFails(_ bytes: [UInt8]) throws -> Bool {
            left -= 1
            return try left >= 0 && fails(bytes)
        }
        var size = count / 2
        while size > 0, left > 0 {
            var start = 0
            while start < least.count, left > 0 {
                var shorter = least
                shorter.removeSubrange(start..<Swift.min(least.count, start + size))
                if try stillFails(shorter) { least = shorter } else { start += size }
            }
            size /= 2
        }
        for index in least.indices where least[index] != 0 && least.count <= 256 {
            var plainer = least
            plainer[index] = 0
            if try stillFails(plainer) { least = plainer }
        }
        return least
    }
}
