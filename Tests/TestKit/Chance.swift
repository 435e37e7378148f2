// Chance that can be repeated: a property test prints its seed, and SOCIAL_TEST_SEED runs it again with that one.
// SOCIAL_TEST_SCALE multiplies how often property tests try, for long runs.

internal import Glibc
package import SocialCore

/// The random numbers of one property test.
package struct Chance: RandomNumberGenerator {
    /// Where the numbers begin.
    package let seed: UInt64
    private let generator: SeededGenerator

    /// Numbers for a test, which is named beside the printed seed.
    package init(_ name: String) {
        self.init(seed: TestRun.givenSeed ?? .random(in: 0 ... .max))
        print("\(name): SOCIAL_TEST_SEED=\(seed)")
    }

    /// The numbers of one case of this run.
    package init(case number: Int, of seed: UInt64 = TestRun.seed) {
        self.init(seed: Mixing.finalize(seed) &+ UInt64(number))
    }

    /// Numbers that begin at a seed.
    package init(seed: UInt64) {
        self.seed = seed
        generator = SeededGenerator(seed: seed)
    }

    /// The next 64 random bits.
    package func next() -> UInt64 { generator.next() }

    /// A number from 0 up to a limit, which is left out; 0 when there is none.
    package func below(_ limit: Int) -> Int { Int(generator.next() % UInt64(max(1, limit))) }

    /// True once in so many times.
    package func isOne(in times: Int) -> Bool { below(times) == 0 }

    /// Whether something of a probability in percent happens.
    package func percent(_ probability: Int) -> Bool { below(100) < probability }

    /// One of some values; nil when there is none.
    package func one<Value>(of values: [Value]) -> Value? { values.isEmpty ? nil : values[below(values.count)] }

    /// The same stream as a source for the core.
    package var source: RandomSource { .seeded(generator) }
}

/// What the environment says about this run of the tests.
package enum TestRun {
    /// `SOCIAL_TEST_SEED`.
    static let givenSeed: UInt64? = number("SOCIAL_TEST_SEED")

    /// `SOCIAL_TEST_SEED`, or a new seed each time.
    package static let seed: UInt64 = givenSeed ?? UInt64.random(in: 1...999_999_999)

    /// `SOCIAL_TEST_SCALE`: how many times as many cases are tried as in the usual run.
    package static let scale = max(1, Int(number("SOCIAL_TEST_SCALE") ?? 1))

    /// A number of tries, multiplied by the scale.
    package static func times(_ count: Int) -> Int { count * scale }

    /// A full number of tries, multiplied by the scale, in a longer run; fewer in the usual one.
    package static func times(_ count: Int, usually few: Int) -> Int { scale == 1 ? few : times(count) }

    /// How long something lasts that is the harder the longer it lasts: `SOCIAL_TEST_MINUTES`, or a moment.
    package static func time(usually moment: Duration) -> Duration {
        number("SOCIAL_TEST_MINUTES").map { .seconds(60 * Int64($0)) } ?? moment
    }

    /// Some of many values, by chance, in the usual run; all of them in a longer one.
    ///
    /// - Parameter isUsual: whether there are not more of them in a longer run.
    package static func some<Value>(
        _ count: Int, of values: [Value], _ chance: Chance, isUsual: Bool = scale == 1
    ) -> [Value] {
        guard isUsual, count < values.count else { return values }
        var rest = values
        return (0..<count).map { _ in rest.remove(at: chance.below(rest.count)) }
    }

    /// Says how much was tried and with which seed.
    package static func report(_ text: String) { print("    \(text); SOCIAL_TEST_SEED=\(seed)") }

    private static func number(_ name: String) -> UInt64? {
        // Safety: getenv returns NULL or a NUL-terminated string; no test changes the environment.
        getenv(name).flatMap { UInt64(String(cString: $0)) }
    }
}
