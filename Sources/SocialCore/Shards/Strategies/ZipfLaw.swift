// Zipf's law in integers, so that the same numbers come out on every machine: floating-point powers may differ in the
// last bit.

/// Divides a number of things among ranks, of which the n-th gets a share in proportion to 1/n^S.
struct ZipfLaw {
    /// The sums of the weights up to each rank, with 40 bits after the point.
    private var sums: [UInt64] = []

    /// The law for so many ranks, with an exponent in thousandths.
    init(count: Int, exponentThousandths: Int) {
        sums.reserveCapacity(count)
        var sum: UInt64 = 0
        for rank in 1...max(1, count) {
            let exponent = Self.logarithm(UInt64(rank)) * UInt64(exponentThousandths) / 1_000
            sum += Self.power(minus: exponent)
            sums.append(sum)
        }
    }

    /// How many of so many things each rank gets; together all of them.
    ///
    /// Sums are rounded up, so that the first rank gets what there is too little of for all.
    func shares(of total: Int) -> [Int] {
        var before = 0
        return sums.map { sum in
            let product = UInt64(total).multipliedFullWidth(by: sum)
            let (quotient, rest) = (sums.last ?? 1).dividingFullWidth(product)
            let after = Int(quotient) + (rest > 0 ? 1 : 0)
            defer { before = after }
            return after - before
        }
    }

    /// The binary logarithm of a positive number with 32 bits after the point: each squaring gives one.
    static func logarithm(_ number: UInt64) -> UInt64 {
        let whole = 63 - number.leadingZeroBitCount
        var mantissa = number << UInt64(63 - whole)
        var result = UInt64(whole)
        for _ in 0..<32 {
            let square = mantissa.multipliedFullWidth(by: mantissa).high
            let bit = square >> 63
            mantissa = bit == 1 ? square : square << 1
            result = result << 1 | bit
        }
        return result
    }

    /// Two to the power of a negative number with 32 bits after the point, with 40 bits after the point.
    static func power(minus exponent: UInt64) -> UInt64 {
        let whole = exponent >> 32
        if whole > 40 { return 0 }
        var result: UInt64 = 1 << 63
        for (bit, root) in roots.enumerated() where exponent >> UInt64(31 - bit) & 1 == 1 {
            result = result.multipliedFullWidth(by: root).high
        }
        return result >> (23 + whole)
    }

    /// Two to the powers of −1/2, −1/4, …, with 64 bits after the point: each is the root of the one before.
    private static let roots: [UInt64] = {
        var roots: [UInt64] = []
        var square: UInt64 = 1 << 63
        for _ in 0..<32 {
            square = root(square)
            roots.append(square)
        }
        return roots
    }()

    /// The square root of a number below one with 64 bits after the point.
    private static func root(_ number: UInt64) -> UInt64 {
        var root: UInt64 = 0
        for bit in (0..<64).reversed() {
            let trial = root | 1 << UInt64(bit)
            let square = trial.multipliedFullWidth(by: trial)
            if square.high < number || (square.high == number && square.low == 0) { root = trial }
        }
        return root
    }
}
