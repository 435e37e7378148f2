// How much goes on in each slot, in one small mapped file of counters: they tell which slots make a shard busy. A view:
// any bytes are valid, and a file that is missing is made by the next who counts.

/// How often something was looked up and changed, where each day counts half as much as the one after it.
package struct SlotLoad: Equatable, Sendable {
    /// Lookups.
    package var reads = 0
    /// Changes.
    package var writes = 0

    /// Adds what goes on in another slot.
    mutating func add(_ other: SlotLoad) {
        reads += other.reads
        writes += other.writes
    }
}

/// The `load` file of a data directory: two counters a slot.
///
/// A counter is one word, so that any number of processes count at once without a lock: 16 bits of the day (since 1970,
/// UTC) to which it belongs, and 48 bits of a number, which is halved once for each day that passes.
package final class SlotLoads {
    /// What is counted.
    package enum Kind: Int {
        case reads, writes
    }

    private static let fileBytes = 2 * Slot.count * 8
    private static let countBits: UInt64 = 48
    /// How often something is counted between two looks at the clock.
    private static let countsOfOneLook = 256
    private let path: String
    private let isShared: Bool
    private let clock: TimeSource
    private var today: UInt64 = 0
    private var countsOfToday = 0
    /// Opened when something is first counted; none where that cannot be done.
    private lazy var file = try? MappedFile(allocating: path, sizeBytes: Self.fileBytes, shared: isShared)

    /// Counts in the file of a directory.
    package init(directory: String, shared: Bool, context: Context) {
        path = SlotLoads.path(directory)
        isShared = shared
        clock = context.clock
    }

    private static func path(_ directory: String) -> String { "\(directory)/load" }

    /// Counts one for a slot.
    package func count(_ kind: Kind, _ slot: Slot) {
        if let file { add(kind, slot, present, file) }
    }

    /// Counts one for each slot, as often as it comes.
    package func count(_ kind: Kind, _ slots: [Slot]) {
        guard let file else { return }
        let today = present
        for slot in slots { add(kind, slot, today, file) }
    }

    private func add(_ kind: Kind, _ slot: Slot, _ today: UInt64, _ file: MappedFile) {
        let offset = SlotLoads.offset(kind, slot)
        let word = file.load(at: offset)
        // If another process does this at the same time, both have done the same; if it has counted meanwhile, its day
        // is this one.
        if !SlotLoads.isOf(today, word) {
            file.exchange(word, for: today << SlotLoads.countBits | SlotLoads.count(word, today), at: offset)
        }
        file.add(1, at: offset)
    }

    /// The day; the clock takes longer than counting, and is read now and then.
    private var present: UInt64 {
        if countsOfToday == 0 {
            today = SlotLoads.day(clock.now)
            countsOfToday = SlotLoads.countsOfOneLook
        }
        countsOfToday -= 1
        return today
    }

    /// The loads of all slots of a directory, in order; nothing where there is no file.
    package static func all(in directory: String, now: Timestamp) -> [SlotLoad] {
        guard let file = try? MappedFile(opening: path(directory), writable: false), file.sizeBytes >= fileBytes else {
            return Array(repeating: SlotLoad(), count: Slot.count)
        }
        let today = day(now)
        return (0..<Slot.count).map { index in
            let slot = Slot(masking: Int64(index))
            func number(_ kind: Kind) -> Int { Int(count(file.load(at: offset(kind, slot)), today)) }
            return SlotLoad(reads: number(.reads), writes: number(.writes))
        }
    }

    private static func offset(_ kind: Kind, _ slot: Slot) -> Int {
        // The counters of reads lie together, so that a page of posts touches few pages of memory.
        (kind.rawValue * Slot.count + slot.index) * 8
    }

    private static func day(_ now: Timestamp) -> UInt64 {
        UInt64(clamping: now.milliseconds / Limits.loadHalfLifeMilliseconds) & 0xFFFF
    }

    /// Whether a counter is of a day, or of the next one.
    ///
    /// Two processes that do not agree which day it is must not halve it again and again. A day far ahead is not
    /// believed.
    private static func isOf(_ today: UInt64, _ word: UInt64) -> Bool { (word >> countBits) &- today <= 1 }

    /// What a counter is worth today: as much as it says if its day is yet to come, as after a clock was put back.
    private static func count(_ word: UInt64, _ today: UInt64) -> UInt64 {
        let day = word >> countBits
        return (word & (1 << countBits - 1)) >> (day < today ? today - day : 0)
    }
}
