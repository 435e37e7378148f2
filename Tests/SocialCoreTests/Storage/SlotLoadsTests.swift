// The counters of slots: exact whoever counts, halved each day, and made again when they are gone.

import TestKit
import Testing

@testable import SocialCore

@Suite("The loads of slots")
struct SlotLoadsTests {
    private let directory: TemporaryDirectory
    private let slot = Slot(masking: 77)

    init() throws { directory = try TemporaryDirectory() }

    private func day(_ days: Int64) -> Timestamp { noon.advanced(byMilliseconds: days * 24 * 3_600_000) }

    private func counter(at now: Timestamp) -> SlotLoads {
        SlotLoads(directory: directory.path, shared: false, context: Context(clock: .fixed(now)))
    }

    private func loads(at now: Timestamp = noon) -> [SlotLoad] { SlotLoads.all(in: directory.path, now: now) }

    @Test("Each slot has its reads and its writes, and nothing is made before something is counted")
    func counting() throws {
        let counter = counter(at: noon)
        #expect(!FileSystem().exists(directory.file("load")))
        #expect(loads() == Array(repeating: SlotLoad(), count: Slot.count))
        var expected = loads()
        let chance = Chance("loads")
        for _ in 0..<2_000 {
            let slots = (0..<chance.below(4)).map { _ in Slot(masking: Int64(chance.below(Slot.count))) }
            let isRead = chance.below(2) == 0
            counter.count(isRead ? .reads : .writes, slots)
            for slot in slots {
                if isRead { expected[slot.index].reads += 1 } else { expected[slot.index].writes += 1 }
            }
        }
        #expect(loads() == expected, "seed \(chance.seed)")
    }

    @Test("What was counted is worth half a day later, whether somebody counts meanwhile or not")
    func halving() {
        counter(at: noon).count(.reads, Array(repeating: slot, count: 1_000))
        #expect(
            [0, 1, 2, 3, 9, 10, 47, 48, 100, 30_000].map { loads(at: day($0))[77].reads }
                == [1_000, 500, 250, 125, 1, 0, 0, 0, 0, 0])
        counter(at: day(1)).count(.reads, slot)
        counter(at: day(3)).count(.reads, [slot, slot])
        #expect(loads(at: day(3))[77] == SlotLoad(reads: 501 / 4 + 2))
        #expect(loads(at: day(3))[76] == SlotLoad())
    }

    @Test("A clock that is put back loses nothing, and the days go on from there")
    func backwards() {
        counter(at: day(5)).count(.writes, Array(repeating: slot, count: 8))
        #expect(loads(at: noon)[77].writes == 8)
        counter(at: noon).count(.writes, slot)
        #expect(loads(at: noon)[77].writes == 9)
        #expect(loads(at: day(1))[77].writes == 4)
        // Of two processes that do not agree which day it is, neither halves what the other counts.
        for _ in 0..<10 {
            counter(at: day(1)).count(.reads, slot)
            counter(at: noon).count(.reads, slot)
        }
        #expect(loads(at: noon)[77].reads == 20)
    }

    @Test("Nothing is lost when many count at once, also when they meet the counters of yesterday")
    func together() async {
        counter(at: noon).count(.reads, Array(repeating: slot, count: 100))
        let path = directory.path
        let tomorrow = day(1)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let context = Context(clock: .fixed(tomorrow))
                    let mine = SlotLoads(directory: path, shared: false, context: context)
                    for _ in 0..<10_000 { mine.count(.reads, [Slot(masking: 77), Slot(masking: 78)]) }
                }
            }
        }
        #expect(loads(at: tomorrow)[77].reads == 40_050 && loads(at: tomorrow)[78].reads == 40_000)
    }

    @Test("A file that was cut short or has holes is completed, and any bytes are valid")
    func damage() throws {
        let path = directory.file("load")
        counter(at: noon).count(.reads, [Slot(masking: 0), slot])
        let bytes = try FileSystem().contents(of: path)
        #expect(bytes.count == Slot.count * 16)
        try TemporaryDirectory.write(Array(bytes.prefix(100)), to: path)
        #expect(loads() == Array(repeating: SlotLoad(), count: Slot.count), "a file that is too short is none")
        counter(at: noon).count(.reads, slot)
        #expect(loads()[0].reads == 1 && loads()[77].reads == 1)
        try TemporaryDirectory.write([UInt8](repeating: 0xFF, count: bytes.count), to: path)
        counter(at: noon).count(.reads, [Slot(masking: 5)])
        counter(at: noon).count(.writes, slot)
        #expect(loads().allSatisfy { $0.reads >= 0 && $0.writes >= 0 })
        try FileSystem().remove(path)
        counter(at: noon).count(.writes, slot)
        #expect(loads()[77] == SlotLoad(writes: 1))
    }

    @Test("Where the file cannot be made, nothing is counted and nothing fails")
    func nowhere() {
        let context = Context(clock: .fixed(noon))
        let counter = SlotLoads(directory: directory.file("missing"), shared: false, context: context)
        counter.count(.reads, slot)
        #expect(SlotLoads.all(in: directory.file("missing"), now: noon)[77] == SlotLoad())
    }
}
