// What verbs that move slots share: how shards and slots are written, and what is printed of moves.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ShardMoves {
    static let fields = [
        Field("shard", .integer, nullable: true, "the shard that was added, removed or given slots; null: all"),
        Field("slots", .integer, "slots that have moved, or would"),
        Field("rows", .integer, "rows that were copied, or about as many would be"),
        Field(
            "longest_wait_ms", .number, nullable: true,
            "the longest time for which what was to be written in a slot waited; null: nothing has moved"),
        Field("transfers", .array, "from which shard or server to which, and which slots"),
    ]

    /// Moves shards between servers, and prints what was done, or what would be.
    static func run(_ session: Session, _ network: Network, _ plan: (SlotMap) -> ServerPlan) throws {
        let transfers = network.preview(plan).transfers
        let summary = try session.context.isDryRun ? nil : network.moveShards(plan)
        let slots = transfers.map { network.slots(of: $0.shard) }
        let places = zip(transfers, slots).map { transfer, slots in
            JSONValue.object([
                .init("shard", .integer(Int64(transfer.shard))),
                .init("from", .string(network.address(of: transfer.from))),
                .init("to", .string(network.address(of: transfer.to))), .init("slots", .string(SlotRanges.text(slots))),
            ])
        }
        let rows = try summary?.rows ?? network.rows(in: transfers.map(\.shard))
        let wait = summary.flatMap { transfers.isEmpty ? nil : Ratio($0.longestFence, of: 1_000).value }
        try session.printSummary(
            fields,
            [
                .null, .integer(Int64(slots.reduce(0) { $0 + $1.count })), .integer(Int64(rows)),
                wait.map { .number($0) } ?? .null, .json(.array(places)),
            ])
    }

    static let busy = ExitStatus(75, "another process is moving slots")

    /// Prints what was done, or what would be.
    static func print(
        _ session: Session, _ change: Network.ShardChange, shard: Int?, _ summary: SlotMoves.Summary?
    ) throws {
        let transfers = change.plan.transfers.map { transfer in
            JSONValue.object([
                .init("from", .integer(Int64(transfer.from))), .init("to", .integer(Int64(transfer.to))),
                .init("slots", .string(SlotRanges.text(transfer.slots))),
            ])
        }
        let wait = summary.flatMap { $0.slots == 0 ? nil : Ratio($0.longestFence, of: 1_000).value }
        try session.printSummary(
            fields,
            [
                .integer(orNull: shard.map(Int64.init)), .integer(Int64(summary?.slots ?? change.plan.slotCount)),
                .integer(Int64(summary?.rows ?? change.rows)), wait.map { .number($0) } ?? .null,
                .json(.array(transfers)),
            ])
    }
}

/// Slots as people write them: `17` or `0-63`, several with commas.
enum SlotRanges {
    /// The shortest text of slots that are in order.
    static func text(_ slots: [Slot]) -> String {
        var ranges: [ClosedRange<Int>] = []
        for slot in slots {
            if let last = ranges.last, last.upperBound + 1 == slot.index {
                ranges[ranges.count - 1] = last.lowerBound...slot.index
            } else {
                ranges.append(slot.index...slot.index)
            }
        }
        return ranges.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }

    /// The slots that a text names; nil when it names none.
    static func parse(_ text: String) -> [Slot]? {
        var slots: [Slot] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0).flatMap(Slot.init) }
            guard (1...2).contains(ends.count), case let first?? = ends.first, case let last?? = ends.last,
                first <= last
            else { return nil }
            slots += (first.index...last.index).map { Slot(masking: Int64($0)) }
        }
        return slots
    }
}

extension ValueType where Value == [Slot] {
    /// A slot or a range of slots.
    static var slots: ValueType<[Slot]> {
        ValueType(.text, placeholder: "SLOTS", expecting: "slots such as 17 or 0-63, from 0 to 4095") {
            (word) throws(ValueError) in
            guard let slots = SlotRanges.parse(word) else { throw ValueError() }
            return slots
        }
    }
}

extension ValueType where Value == Int {
    /// The number of a shard.
    static var shard: ValueType<Int> { .integer(in: 0...Limits.shards.upperBound - 1, placeholder: "SHARD") }
}

/// A shard's new weight.
struct ShardWeight: Sendable {
    var shard: Int
    var weight: Int
}

extension ValueType where Value == ShardWeight {
    /// A shard and its weight: `2=3`.
    static var shardWeight: ValueType<ShardWeight> {
        ValueType(.text, placeholder: "SHARD=WEIGHT", expecting: "a shard and its weight, such as 2=3") {
            (word) throws(ValueError) in
            let parts = word.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, let shard = Int(parts[0]), let weight = Int(parts[1]), shard >= 0,
                weight == 0 || Limits.shardWeight.contains(weight)
            else { throw ValueError() }
            return ShardWeight(shard: shard, weight: weight)
        }
    }
}
