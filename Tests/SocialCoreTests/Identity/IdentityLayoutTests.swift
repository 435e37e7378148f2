// The 63 bits of an id: what goes in comes out, and the order is time, slot, sequence.

import SocialCore
import TestKit
import Testing

@Suite("The layout of an id")
struct IdentityLayoutTests {
    static let tries = TestRun.times(2_000)

    @Test("Time, slot and sequence come back")
    func roundTrip() throws {
        let chance = Chance("id layout")
        var last: (Int64, Int, Int64, Int64)?
        for _ in 0..<IdentityLayoutTests.tries {
            let time = Int64(chance.below(1 << 41)) + IdentityLayout.epochMilliseconds
            let (slot, sequence) = (chance.below(4_096), Int64(chance.below(1_024)))
            let raw = try #require(
                IdentityLayout.compose(Timestamp(milliseconds: time), Slot(masking: Int64(slot)), sequence: sequence))
            #expect(raw >= 0)
            let id = PostID(rawValue: raw)
            #expect(id.time.milliseconds == time && id.slot.index == slot)
            #expect(IdentityLayout.sequence(of: raw) == sequence)
            #expect(raw >= IdentityLayout.firstIdentifier(at: id.time))
            #expect(raw < IdentityLayout.firstIdentifier(at: id.time.advanced(byMilliseconds: 1)))
            if raw > 0 { #expect(PostID(decimal: id.description) == id) }
            if let last { #expect((last.3 < raw) == ((last.0, last.1, last.2) < (time, slot, sequence))) }
            last = (time, slot, sequence, raw)
        }
    }

    @Test("The ends of time and sequence hold")
    func ends() {
        let slot = Slot(masking: 4_095)
        #expect(IdentityLayout.compose(IdentityLayout.latest, slot, sequence: 1_023) == .max)
        #expect(IdentityLayout.compose(IdentityLayout.earliest, Slot(masking: 0), sequence: 0) == 0)
        let (before, after) = (
            IdentityLayout.earliest.advanced(byMilliseconds: -1), IdentityLayout.latest.advanced(byMilliseconds: 1)
        )
        #expect(IdentityLayout.compose(before, slot, sequence: 0) == nil)
        #expect(IdentityLayout.compose(after, slot, sequence: 0) == nil)
        #expect(IdentityLayout.compose(noon, slot, sequence: -1) == nil)
        #expect(IdentityLayout.compose(noon, slot, sequence: 1_024) == nil)
        #expect(IdentityLayout.firstIdentifier(at: before) == 0)
        #expect(IdentityLayout.firstIdentifier(at: after) == .max)
        #expect(IdentityLayout.firstIdentifier(at: Timestamp(milliseconds: .max)) == .max)
    }

    @Test(
        "Only positive decimal numbers of 63 bits are ids",
        arguments: [
            "", "0", "-1", "+1", " 1", "1 ", "0x1", "9223372036854775808", "1.0", "١",
        ])
    func decimal(text: String) { #expect(UserID(decimal: text) == nil) }

    @Test("Times stop at the ends of the number range")
    func timestamps() {
        #expect(Timestamp(milliseconds: .max).advanced(byMilliseconds: 1).milliseconds == .max)
        #expect(Timestamp(milliseconds: .min).advanced(byMilliseconds: -1).milliseconds == .min)
    }
}
