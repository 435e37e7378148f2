// Who is alive, and what is whose: instances that come, die and go, and the slots that they are dealt.

import TestKit
import Testing

@testable import SocialCore

@Suite("Services")
struct ServiceRegistryTests {
    @Test("An instance is alive until it was not heard of for longer than its patience")
    func heartbeats() throws {
        let world = try CountedNetwork()
        func register(_ instance: String) throws -> Bool {
            try world.network.services.register("worker", instance, address: "host:1", patienceMilliseconds: 1_000)
                .isNew
        }
        #expect(try register("a"))
        #expect(try !register("a"))
        #expect(try register("b"))
        #expect(try world.network.services.heartbeat("worker", "c") == nil)
        try world.reopen(at: CountedNetwork.now.advanced(byMilliseconds: 900))
        #expect(try world.network.services.heartbeat("worker", "a")?.isAlive == true)
        try world.reopen(at: CountedNetwork.now.advanced(byMilliseconds: 1_500))
        #expect(try world.network.services.list("worker").map(\.isAlive) == [true, false])
        #expect(try world.network.services.list("worker").map(\.slots) == [4_096, 0])
        #expect(try world.network.services.resolve("worker", key: "k")?.instance == "a")
        #expect(try world.network.services.deregister("worker", "a"))
        #expect(try !world.network.services.deregister("worker", "a"))
        #expect(try world.network.services.resolve("worker") == nil)
        // Whoever comes a day later forgets the dead.
        try world.reopen(at: CountedNetwork.now.advanced(byMilliseconds: 2 * 86_400_000))
        #expect(try register("d"))
        #expect(try world.network.services.list().map(\.service.instance) == ["d"])
    }

    @Test("Whoever dies leaves its slots to the others, none of which gets more than its bound")
    func dealing() {
        for count in [1, 2, 3, 5, 16, 64] {
            let names = (0..<count).map { "worker-\($0)-\($0 * 7_919)" }
            let before = SlotDealing(names)
            #expect(before.counts.reduce(0, +) == 4_096)
            #expect(before.counts.allSatisfy { $0 <= before.bound })
            guard count > 1 else { continue }
            let after = SlotDealing(Array(names.dropFirst()))
            #expect(after.counts.allSatisfy { $0 <= after.bound })
            var moved = 0
            var takers: Set<String> = []
            for number in 0..<Slot.count {
                let slot = Slot(masking: Int64(number))
                guard before.owner(of: slot) != after.owner(of: slot) else { continue }
                moved += 1
                if before.owner(of: slot) == names[0], let taker = after.owner(of: slot) { takers.insert(taker) }
            }
            #expect(takers.count == min(count - 1, takers.count))
            if count >= 5 { #expect(takers.count >= 3, "its share is spread") }
            // Beyond the share of the dead one only what the bound had pushed on moves.
            #expect(moved <= 2 * before.bound + 64, "\(moved) of \(count)")
        }
    }

    @Test("All who know the same instances deal alike, in whatever order they know them")
    func agreement() {
        let names = (0..<9).map { "w\($0)" }
        #expect(SlotDealing(names) == SlotDealing(names.reversed()))
        #expect(SlotDealing([]).owner(of: Slot(masking: 1)) == nil)
    }

    @Test("A heartbeat of a clock that was set back by far counts for nothing")
    func clock() throws {
        let world = try CountedNetwork()
        try world.network.services.register("worker", "a", patienceMilliseconds: 1_000)
        try world.reopen(at: CountedNetwork.now.advanced(byMilliseconds: -3_600_000))
        #expect(try world.network.services.alive("worker").isEmpty)
        #expect(try world.network.services.heartbeat("worker", "a")?.isAlive == true)
        #expect(try world.network.services.alive("worker").count == 1)
    }

    @Test("Names that would break a list are refused")
    func names() throws {
        let world = try CountedNetwork()
        for name in ["", "a b", "a\n", String(repeating: "x", count: 256)] {
            #expect(throws: ServicesError.self) {
                try world.network.services.register(name, "i", patienceMilliseconds: 1)
            }
        }
    }
}
