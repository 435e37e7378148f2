// The chance of damage: fast, and the same for the same number, so that each input can be made again.

/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
package struct FuzzRandom: RandomNumberGenerator {
    private var state: UInt64

    /// Numbers that begin at a seed.
    package init(_ seed: UInt64) { state = seed }

    /// Numbers for one of many inputs.
    package init(_ seed: UInt64, input number: Int) {
        self.init(seed)
        state = next() &+ UInt64(truncatingIfNeeded: number) &* 0xD1B5_4A32_D192_ED03
        state = next()
    }

    /// Numbers that depend on some bytes alone: what is done with an input must not depend on how it was made.
    package init(of bytes: [UInt8]) {
        state = 0xCBF2_9CE4_8422_2325
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    /// The next 64 bits.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to a limit, which is left out; 0 when there is none.
    package mutating func below(_ limit: Int) -> Int {
        limit <= 1 ? 0 : Int(truncatingIfNeeded: next() >> 1) % limit
    }

    /// True once in so many times.
    package mutating func isOne(in times: Int) -> Bool { below(times) == 0 }

    /// One of some values; nil when there is none.
    package mutating func one<Value>(of values: [Value]) -> Value? {
        values.isEmpty ? nil : values[below(values.count)]
    }
}
