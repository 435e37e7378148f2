// Chance for fixtures: integers alone, so that the bytes are the same on every machine, and a stream of its own for
// each thing, so that any of them can be drawn again without what comes before it. That is why a fixture of any size
// needs little memory.

/// The random numbers of one thing of a fixture.
struct FixtureChance {
    /// What is drawn; each has streams of its own.
    enum Purpose: UInt64 {
        case layout = 1, account, profile, follows, post, text, like, block, mute
    }

    private var generator: SplitMix

    /// The stream of the thing at an index.
    init(seed: UInt64, _ purpose: Purpose, _ index: Int = 0) {
        let own = Mixing.finalize(seed &+ purpose.rawValue &* SplitMix.increment)
        generator = SplitMix(seed: Mixing.finalize(own &+ UInt64(index)))
    }

    /// The next 64 random bits.
    mutating func next() -> UInt64 { generator.next() }

    /// A number from 0 up to a limit, which is left out; 0 when there is none.
    mutating func below(_ limit: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(max(0, limit))).high)
    }

    /// Whether something of a probability in percent happens.
    mutating func percent(_ probability: Int) -> Bool { below(100) < probability }

    /// One of some values.
    mutating func one(of values: [String]) -> String { values.isEmpty ? "" : values[below(values.count)] }

    /// A fixed-point number rounded up or down by chance, so that its mean is kept.
    mutating func rounded(_ value: FixedPoint) -> Int { Int((value &+ FixedPoint(below(1 << 16))) >> 16) }
}

/// A number with 16 bits after the point.
typealias FixedPoint = UInt64

/// Ranks of which the first are drawn most, as popular accounts and common words are.
///
/// Ranks are drawn by octave: each octave holds twice as many as the one before, and weighs `growth` 64ths of it. With
/// 64 the n-th rank is drawn in proportion to 1/n, Zipf's law; with more the tail is heavier.
struct FixtureSkew {
    /// Zipf's law.
    static let zipf: UInt64 = 64
    /// How popular accounts are: in proportion to 1/n^0.77, so that the number of followers has a power law with the
    /// exponent 2.3 that was measured on Twitter and the web (Clauset, Shalizi and Newman, "Power-law distributions in
    /// empirical data", 2009).
    static let popularity: UInt64 = 75

    private let count: Int
    /// The sums of the weights of the octaves.
    private var sums: [Int] = []

    /// Ranks from 0 up to a count, which is left out.
    init(count: Int, growth: UInt64) {
        self.count = count
        var weight: UInt64 = 1 << 24
        var sum = 0
        var first = 0
        while first < count {
            // The last octave may be cut off, and then weighs less.
            let size = first + 1
            let part = UInt64(min(size, count - first))
            sum += Int(weight.multipliedFullWidth(by: part).low / UInt64(size))
            sums.append(sum)
            first += size
            weight = weight * growth / 64
        }
    }

    /// A rank.
    func draw(_ chance: inout FixtureChance) -> Int {
        guard let total = sums.last else { return 0 }
        let place = chance.below(total)
        let octave = sums.firstIndex { place < $0 } ?? 0
        let first = (1 << octave) - 1
        return first + chance.below(min(1 << octave, count - first))
    }
}

/// A bijection of the numbers below a count that looks like a shuffle and needs no memory.
struct FixtureShuffle {
    private let count: Int
    private let factor: Int
    private let inverse: Int
    private let shift: Int

    /// A bijection of the numbers from 0 up to a count, which is left out.
    init(count: Int, _ chance: inout FixtureChance) {
        self.count = max(1, count)
        shift = chance.below(self.count)
        var factor = 1
        var inverse = 1
        // Multiplying by what has no common divisor with the count goes through all numbers once.
        for _ in 0..<1_000 where self.count > 2 {
            let drawn = 1 + chance.below(self.count - 1)
            guard let found = Self.inverse(of: drawn, modulo: self.count) else { continue }
            (factor, inverse) = (drawn, found)
            break
        }
        self.factor = factor
        self.inverse = inverse
    }

    /// Where a number goes.
    func place(of number: Int) -> Int { (number * factor + shift) % count }

    /// The number that goes to a place.
    func number(at place: Int) -> Int { (place + count - shift) % count * inverse % count }

    /// Euclid's algorithm, extended: nil when there is no inverse.
    private static func inverse(of number: Int, modulo count: Int) -> Int? {
        var (rest, next) = (count, number)
        var (result, step) = (0, 1)
        while next != 0 {
            let quotient = rest / next
            (rest, next) = (next, rest - quotient * next)
            (result, step) = (step, result - quotient * step)
        }
        return rest == 1 ? (result + count) % count : nil
    }
}
