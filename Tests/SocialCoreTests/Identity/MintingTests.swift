// Minting: unique and increasing in a slot, whatever the clock does.

import SocialCore
import TestKit
import Testing

@Suite("Minting")
struct MintingTests {
    private let slot = Slot(masking: 77)

    @Test("A million ids under a restless clock are unique and increase")
    func million() throws {
        let chance = Chance("minting")
        var last: Int64 = 0
        var now = noon
        for step in 0..<1_000_000 {
            if step % 500 == 0 { now = noon.advanced(byMilliseconds: Int64(chance.below(2_000)) - 1_000) }
            let next = try Minting.next(after: last, now: now, slot: slot)
            if next <= last || next >> 10 & 4_095 != 77 {
                Issue.record("\(next) after \(last), seed \(chance.seed)")
                return
            }
            last = next
        }
    }

    @Test("A millisecond has 1,024 ids; the next one borrows from the millisecond after it")
    func borrow() throws {
        var ids: [Int64] = []
        for _ in 0..<2_049 { ids.append(try Minting.next(after: ids.last ?? 0, now: noon, slot: slot)) }
        let milliseconds = ids.map { IdentityLayout.time(of: $0).milliseconds - noon.milliseconds }
        #expect(milliseconds == (0..<2_049).map { Int64($0 / 1_024) })
        #expect(ids.map(IdentityLayout.sequence(of:)) == (0..<2_049).map { Int64($0 % 1_024) })
        let later = try Minting.next(after: ids[2_048], now: noon.advanced(byMilliseconds: 9), slot: slot)
        #expect(IdentityLayout.sequence(of: later) == 0, "a new millisecond begins at 0")
    }

    @Test("Ten minutes ahead of the clock are the most")
    func limit() throws {
        let last = try Minting.next(after: 0, now: noon, slot: slot)
        let early = noon.advanced(byMilliseconds: -Limits.clockLeadMilliseconds)
        #expect(try Minting.next(after: last, now: early, slot: slot) == last + 1)
        #expect(throws: MintingError.clockAhead) {
            try Minting.next(after: last, now: early.advanced(byMilliseconds: -1), slot: slot)
        }
        // The 1,025th id of that millisecond would be one more ahead.
        let full = last | 1_023
        #expect(throws: MintingError.clockAhead) { try Minting.next(after: full, now: early, slot: slot) }
        #expect(throws: MintingError.outOfRange) {
            try Minting.next(after: 0, now: IdentityLayout.earliest.advanced(byMilliseconds: -1), slot: slot)
        }
        let end = try #require(IdentityLayout.compose(IdentityLayout.latest, slot, sequence: 1_023))
        #expect(throws: MintingError.outOfRange) {
            try Minting.next(after: end, now: IdentityLayout.latest, slot: slot)
        }
    }

    @Test("The range of a millisecond is its 1,024 ids")
    func range() throws {
        let range = try Minting.range(at: noon, slot: slot)
        #expect(range.count == 1_024 && range.allSatisfy { IdentityLayout.time(of: $0) == noon })
        #expect(throws: MintingError.outOfRange) { try Minting.range(at: Timestamp(milliseconds: 0), slot: slot) }
    }
}
