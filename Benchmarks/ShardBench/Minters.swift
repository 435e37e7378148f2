// Minting ids in one process, the clock read for each: as the store does it, with the last id of each slot, and as
// Snowflake does it, with a machine number and a sequence of 12 bits a millisecond.

import Formats
import SocialCore

/// How many ids a second, and whether they are unique.
enum Minters {
    static func run(_ count: Int) throws {
        try say("one slot", slots: 1, count)
        try say("all slots in turn", slots: Slot.count, count)
        saySnowflake(min(count, 4_000_000))
        saySteppedBack()
    }

    /// Each id must be above the last of its slot, which makes all of them unique.
    private static func say(_ name: String, slots: Int, _ count: Int) throws {
        let clock = TimeSource.system
        var last = Array(repeating: Int64(0), count: slots)
        var disorder = 0
        // One slot may be ten minutes ahead of the clock: a round must not begin where the last one ended.
        let nanoseconds = try ShardBench.nanoseconds(each: count, rounds: 3) {
            for slot in last.indices { last[slot] = 0 }
            var index = 0
            for _ in 0..<count {
                let next = try Minting.next(
                    after: last[index], now: clock.now, slot: Slot(masking: Int64(index)))
                if next <= last[index] { disorder += 1 }
                last[index] = next
                index = index + 1 == slots ? 0 : index + 1
            }
        }
        ShardBench.say(
            "minting",
            [
                ("minter", .string(name)), ("ids_per_s", .count(Int(1e9 / nanoseconds))),
                ("not_increasing", .count(disorder)),
            ])
    }

    private static func saySnowflake(_ count: Int) {
        var minter = Snowflake(machine: 1)
        var last: Int64 = 0
        var disorder = 0
        let nanoseconds = ShardBench.nanoseconds(each: count, rounds: 1) {
            for _ in 0..<count {
                let next = minter.next { TimeSource.system.now.milliseconds }
                if next <= last { disorder += 1 }
                last = next
            }
        }
        ShardBench.say(
            "minting",
            [
                ("minter", .string("snowflake")), ("ids_per_s", .count(Int(1e9 / nanoseconds))),
                ("not_increasing", .count(disorder)),
            ])
    }

    /// 64 machines mint for a second, the clock steps back by half of it, they start again and mint for a second more:
    /// a machine that starts anew does not know what it has minted.
    private static func saySteppedBack() {
        let perMillisecond = 100
        var ids: [Int64] = []
        for machine in 0..<64 {
            for start in [Int64(10_000), 9_500] {
                var minter = Snowflake(machine: Int64(machine))
                for step in 0..<1_000 {
                    for _ in 0..<perMillisecond { ids.append(minter.next { start + Int64(step) }) }
                }
            }
        }
        let count = ids.count
        ids.sort()
        let duplicates = zip(ids, ids.dropFirst()).count { $0 == $1 }
        ShardBench.say(
            "clock stepped back",
            [("minter", .string("snowflake")), ("ids", .count(count)), ("duplicates", .count(duplicates))])
    }
}

/// The layout of Twitter's Snowflake (2010): 41 bits of milliseconds, 10 of the machine, 12 of a sequence.
struct Snowflake {
    private let machine: Int64
    private var last: Int64 = -1
    private var sequence: Int64 = 0

    init(machine: Int64) { self.machine = machine }

    /// The next id; waits for the next millisecond when the sequence of this one is used up.
    mutating func next(_ clock: () -> Int64) -> Int64 {
        var now = clock()
        if now == last {
            sequence = (sequence + 1) & 4_095
            if sequence == 0 { while now <= last { now = clock() } }
        } else {
            sequence = 0
        }
        last = now
        return now << 22 | machine << 12 | sequence
    }
}
