// Chance and scale of tests: a seed that is printed and can be given again, and a factor for long runs.

internal import Glibc
package import SocialCore

/// What the environment says about this run of the tests.
package enum TestRun {
    /// `SOCIAL_TEST_SEED`, or a new seed each time.
    package static let seed: UInt64 = number("SOCIAL_TEST_SEED") ?? UInt64.random(in: 1...999_999_999)

    /// `SOCIAL_TEST_SCALE`: how many times as many cases are tried as in the usual run.
    package static let scale = Int(number("SOCIAL_TEST_SCALE") ?? 1)

    /// Says how much was tried and with which seed.
    package static func report(_ text: String) { print("    \(text); SOCIAL_TEST_SEED=\(seed)") }

    private static func number(_ name: String) -> UInt64? {
        // Safety: getenv returns NULL or a NUL-terminated string; no test changes the environment.
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }
}

/// A repeatable stream of choices.
package struct Chance {
    private let generator: SeededGenerator

    /// The choices of one case of this run.
    package init(case number: Int, of seed: UInt64 = TestRun.seed) {
        generator = SeededGenerator(seed: Mixing.finalize(seed) &+ UInt64(number))
    }

    /// A number below a bound.
    package func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(max(1, bound))) }

    /// Whether something of a probability in percent happens.
    package func percent(_ probability: Int) -> Bool { below(100) < probability }

    /// One of several values.
    package func pick<Value>(_ values: [Value]) -> Value? { values.isEmpty ? nil : values[below(values.count)] }

    /// The same stream as a source for the core.
    package var source: RandomSource { .seeded(generator) }
}
