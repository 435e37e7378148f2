// Times in different units are compared exactly, and turned into one another with one rounding.

import Testing

@testable import Formats

@Suite("Moments of a film")
struct MovieTimeTests {
    @Test("are compared exactly")
    func comparing() {
        #expect(MovieTime(1, 3) < MovieTime(333_334, 1_000_000))
        #expect(MovieTime(1, 3) > MovieTime(333_333, 1_000_000))
        #expect(MovieTime(2, 6) == MovieTime(1, 3))
        #expect(MovieTime(-1, 3) < .zero)
        // Where products have more than 64 bits, and fractions of floating point are the same.
        #expect(MovieTime(.max, 4_294_967_295) > MovieTime(.max - 1, 4_294_967_295))
        #expect(MovieTime(1 << 52, 48_000) < MovieTime(1 << 52 + 1, 48_000))
        #expect(MovieTime(9_007_199_254_740_993, 90_001) < MovieTime(9_007_299_334_954_726, 90_002))
    }

    @Test("have the nearest number of units, and of whole ones")
    func units() {
        var random = SeededGenerator("times")
        for _ in 0..<2_000 {
            let (from, to) = (1 + random.below(100_000), 1 + random.below(100_000))
            let value = random.below(1 << 40) - 1 << 39
            let exact = Double(value) * Double(to) / Double(from)
            // What is beyond all films comes to their limit.
            guard abs(exact) < Double(MovieLimits.ticks - 1) else { continue }
            let time = MovieTime(Int64(value), from)
            #expect(abs(Double(time.ticks(to)) - exact) <= 0.5 + abs(exact) / 1e15)
            let whole = time.wholeTicks(to)
            #expect(!(time < MovieTime(whole, to)))
            #expect(time < MovieTime(whole + 1, to))
        }
        #expect(MovieTime(1, 2).ticks(1) == 1)
        #expect(MovieTime(-1, 2).ticks(1) == 0)
        #expect(MovieTime(.max, 1).ticks(4_294_967_295) == MovieLimits.ticks)
        #expect(MovieTime(.min, 1).wholeTicks(4_294_967_295) == -MovieLimits.ticks)
        #expect(MovieTime(4_294_967_294, 4_294_967_295).ticks(4_294_967_295) == 4_294_967_294)
        #expect(MovieTime(5, 0).timescale == 1)
    }
}
