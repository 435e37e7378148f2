// Chance that can be repeated: a property test prints its seed, and SOCIAL_TEST_SEED runs it again with that one.
// SOCIAL_TEST_SCALE multiplies how often property tests try, for long runs.

internal import Glibc
internal import SocialCore

/// The random numbers of one property test.
package struct Chance: RandomNumberGenerator {
    /// Where the numbers begin.
    package let seed: UInt64
    private let generator: SeededGenerator

    /// Numbers for a test, which is named beside the printed seed.
    package init(_ name: String) {
        self.init(seed: Environment.number("SOCIAL_TEST_SEED") ?? .random(in: 0 ... .max))
        print("\(name): SOCIAL_TEST_SEED=\(seed)")
    }

    /// Numbers that begin at a seed.
    package init(seed: UInt64) {
        self.seed = seed
        generator = SeededGenerator(seed: seed)
    }

    /// The next 64 random bits.
    package mutating func next() -> UInt64 { generator.next() }

    /// A number from 0 up to a limit, which is left out.
    package mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

    /// True once in so many times.
    package mutating func isOne(in times: Int) -> Bool { below(times) == 0 }

    /// One of some values; nil when there is none.
    package mutating func one<Value>(of values: [Value]) -> Value? {
        values.isEmpty ? nil : values[below(values.count)]
    }
}

/// How often property tests try.
package enum TestScale {
    /// The factor that SOCIAL_TEST_SCALE gives; 1 without it.
    package static let factor = Int(Environment.number("SOCIAL_TEST_SCALE") ?? 1)

    /// A number of tries, multiplied by the factor.
    package static func times(_ count: Int) -> Int { count * max(1, factor) }
}

/// The environment of the test run.
private enum Environment {
    static func number(_ name: String) -> UInt64? {
        // Safety: getenv returns NULL or a NUL-terminated string; tests never change the environment.
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }
}
