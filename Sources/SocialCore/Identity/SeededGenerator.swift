// Repeatable chance: the same seed gives the same numbers on every machine.

internal import Synchronization

/// SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
package struct SplitMix: RandomNumberGenerator, Sendable {
    /// What is added to the state for each number: an odd fraction of 2⁶⁴ by the golden ratio.
    static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15
    private var state: UInt64

    /// A generator that begins at a seed.
    package init(seed: UInt64) { state = seed }

    /// The next 64 random bits.
    package mutating func next() -> UInt64 {
        state &+= Self.increment
        return Mixing.finalize(state)
    }
}

/// A generator that all who hold it share.
package final class SeededGenerator: Sendable, RandomNumberGenerator {
    private let generator: Mutex<SplitMix>

    /// A generator that begins at a seed.
    package init(seed: UInt64) { generator = Mutex(SplitMix(seed: seed)) }

    /// The next 64 random bits.
    package func next() -> UInt64 { generator.withLock { $0.next() } }
}

/// The bit mixer of SplitMix64: a bijection of 64 bits in which each input bit flips half of the output bits.
package enum Mixing {
    /// Mixes 64 bits.
    package static func finalize(_ bits: UInt64) -> UInt64 {
        var mixed = bits
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
