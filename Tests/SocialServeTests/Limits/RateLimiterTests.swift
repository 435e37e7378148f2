// A client gets its rate and no more, over any stretch of time.

import TestKit
import Testing

@testable import SocialServe

@Suite("Rate limits")
struct RateLimiterTests {
    @Test("over any time a client gets the rate and one second's worth beside")
    func bound() {
        var chance = Chance("rates of clients")
        for _ in 0..<20 {
            let rate = Int.random(in: 1...50, using: &chance)
            let limiter = RateLimiter(rate: rate)
            var now: UInt64 = 1_000_000_000_000
            let start = now
            var taken = 0
            for _ in 0..<2_000 {
                now += UInt64.random(in: 0...20_000_000, using: &chance)
                if limiter.wait("a", nowNanoseconds: now) == nil { taken += 1 }
            }
            let seconds = Double(now - start) / 1e9
            #expect(Double(taken) <= seconds * Double(rate) + Double(rate) + 1)
            // Whoever asks much more often than allowed gets all that is allowed.
            if rate < 30 { #expect(Double(taken) >= seconds * Double(rate) * 0.9) }
        }
    }

    @Test("clients have nothing to do with each other, and who waits as long as told may go on")
    func waiting() throws {
        let limiter = RateLimiter(rate: 1)
        #expect(limiter.wait("a", nowNanoseconds: 0) == nil)
        let seconds = try #require(limiter.wait("a", nowNanoseconds: 0))
        #expect(limiter.wait("b", nowNanoseconds: 0) == nil)
        #expect(limiter.wait("a", nowNanoseconds: UInt64(seconds) * 1_000_000_000) == nil)
    }
}
