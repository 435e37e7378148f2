// What it costs a read that it is counted for its slot.

import Formats
import SocialCore

/// How long counting takes, with a file of its own.
enum LoadCounting {
    static func run(_ count: Int) throws {
        let files = FileSystem()
        let folder = try files.makeTemporaryDirectory()
        defer {
            try? files.remove("\(folder)/load")
            try? files.removeDirectory(folder)
        }
        let slots = ShardBench.keys(20).map { Slot(masking: Int64(truncatingIfNeeded: $0)) }
        // The file is there, as it is for all but the first command of a directory.
        SlotLoads(directory: folder, shared: false, context: Context()).count(.reads, slots)
        let first = ShardBench.nanoseconds(each: 1, rounds: 20) {
            SlotLoads(directory: folder, shared: false, context: Context()).count(.reads, slots)
        }
        let loads = SlotLoads(directory: folder, shared: false, context: Context())
        let single = ShardBench.nanoseconds(each: count) {
            for index in 0..<count { loads.count(.reads, Slot(masking: Int64(index))) }
        }
        let page = ShardBench.nanoseconds(each: count / 20) {
            for _ in 0..<count / 20 { loads.count(.reads, slots) }
        }
        ShardBench.say(
            "counting",
            [
                ("one_nanoseconds", .tenths(single)), ("page_of_20_nanoseconds", .tenths(page)),
                ("first_page_microseconds", .tenths(first / 1_000)),
            ])
    }
}
