// The truth of a shard made anew from a file that is damaged: every row that can be reached and proves itself goes
// over, one with a single turned bit is mended, and what is left is told, value by value. Whatever can be computed from
// rows is computed.

internal import Formats
internal import GRDB

/// What became of the rows of a damaged file.
package struct Recovery: Equatable, Sendable {
    /// Rows that stand where they belong.
    package var rows = 0
    /// Of these, those that had to be mended.
    package var mended = 0
    /// Rows that could not be proved, each as a line of JSON: they are in the new file no more.
    package private(set) var rejected: [String] = []
    /// Rows of which nothing was found.
    package var lost = 0

    /// Nothing has been looked at.
    package init() {}

    /// Says of a row that it could not be proved.
    mutating func reject(_ values: [StoredValue], of table: String) {
        let row = JSONValue.object([
            .init("table", .string(table)), .init("values", .array(values.map(\.json))),
        ])
        rejected.append(row.text)
    }

    /// What it says in one sentence.
    package var summary: String {
        var parts = ["\(rows) rows are whole"]
        if mended > 0 { parts.append("\(mended) of them had a turned bit and were mended") }
        if !rejected.isEmpty { parts.append("\(rejected.count) could not be proved and were taken out") }
        if lost > 0 { parts.append("\(lost) were not found") }
        return parts.joined(separator: ", ")
    }

    /// Whether everything is there that was.
    package var isComplete: Bool { rejected.isEmpty && lost == 0 }
}

/// Makes a shard's truth anew.
final class TruthRecovery {
    let shard: Int
    let from: Database
    let to: Database
    let reader: SQLTransaction
    let writer: SQLTransaction
    private let map: SlotMap
    private let now: Timestamp
    private var newest = Array(repeating: Int64(0), count: Slot.count)
    private(set) var recovery = Recovery()

    /// A recovery from a damaged file into a new one, which has the tables and no rows.
    init(of shard: Int, from: Database, to: Database, map: SlotMap, now: Timestamp) throws {
        self.shard = shard
        self.from = from
        self.to = to
        self.map = map
        self.now = now
        reader = SQLTransaction(reading: from, shard: shard)
        reader.seesHiddenSlots = true
        writer = try SQLTransaction(writing: to, shard: shard, map: map)
    }

    /// Does it, inside a transaction of the new file.
    ///
    /// - Throws: `damaged` when the file does not even say how many rows it should have.
    func run() throws -> Recovery {
        let stored = try header()
        let tables = reader.rowTables.filter { $0.name != "tombstone" } + [reader.tombstones(nil)]
        for table in tables { try recover(table) }
        try recoverFollows()
        try writer.appendEvent(at: now)
        let state = writer.current
        recovery.rows = Int(state.rows)
        if state.rows != stored.rows || state.sum != stored.sum {
            recovery.lost = max(0, Int(clamping: stored.rows) - recovery.rows - recovery.rejected.count)
        }
        for table in ["claim", "pending", "progress", "changed", "arrival", "progress_of_slot"] { try copy(table) }
        try copySlots()
        try finish(stored)
        return recovery
    }

    // MARK: Rows

    /// Calls a closure for every row that can be reached, from both ends where the middle cannot be passed.
    ///
    /// - Parameter selection: the SQL of the rows in order, and against it.
    func salvage(_ selection: (_ backwards: Bool) -> String, _ visit: (Statement) throws -> Void) throws {
        for backwards in [false, true] {
            do {
                let row = try from.makeStatement(sql: selection(backwards))
                return try row.forEach { _ in
                    do { try visit(row) } catch let error as DatabaseError {
                        throw StorageError(error, file: "the new truth of shard \(shard)")
                    }
                }
            } catch is DatabaseError { continue }
        }
    }

    private func recover(_ table: ProvenTable<TruthRow>) throws {
        try salvage({ table.selection(backwards: $0) }) { row in
            if let proven = try table.proven(row) { return try take(proven, row.values, table.name) }
            let values = row.values
            guard let mended = try table.mended(values, to) else { return reject(values, of: table.name) }
            recovery.mended += 1
            try take(mended.row, values, table.name)
        }
    }

    /// Puts a row where it belongs, unless it is there.
    func take(_ row: TruthRow, _ values: [StoredValue], _ table: String) throws {
        if let present = try writer.counterpart(of: row) {
            if present != row { reject(values, of: table) }
            return
        }
        try writer.put(row)
        if let id = row.identity, IdentityLayout.time(of: id) <= now {
            let slot = Int(row.slot.rawValue)
            newest[slot] = max(newest[slot], id)
        }
    }

    /// Says of a row that it could not be proved.
    func reject(_ values: [StoredValue], of table: String) { recovery.reject(values, of: table) }

    /// Says that a row was mended.
    func noteMended() { recovery.mended += 1 }

    // MARK: What goes with rows

    private func header() throws -> (rows: Int64, sum: UInt64, head: Int64, oldest: Int64, position: [Int64]) {
        do {
            let select = try from.makeStatement(sql: "SELECT rows, sum, head, oldest, epoch, sequence FROM shard")
            let header = try select.first { row in
                (
                    row.integer(0), UInt64(bitPattern: row.integer(1)), row.integer(2), row.integer(3),
                    [row.integer(4), row.integer(5)]
                )
            }
            if let header { return header }
        } catch is DatabaseError {}
        throw StorageError(
            .damaged, "the truth of shard \(shard) cannot be read at all", hint: "restore it from a backup")
    }

    /// Copies the rows of a table that has no hashes.
    private func copy(_ table: String) throws {
        var insert: Statement?
        try salvage({ _ in "SELECT * FROM \(table)" }) { row in
            let marks = Array(repeating: "?", count: row.columnCount).joined(separator: ", ")
            let statement = try insert ?? to.makeStatement(sql: "INSERT OR IGNORE INTO \(table) VALUES (\(marks))")
            insert = statement
            statement.bind(row.values)
            try statement.run()
        }
    }

    /// Copies what is known of slots; where none is on the move, whose they are stands in the slot map too.
    private func copySlots() throws {
        var records: [SlotRecord] = []
        try salvage({ _ in "SELECT slot, owned, epoch, last, peer FROM slot" }) { row in
            guard (0..<Int64(Slot.count)).contains(row.integer(0)) else { return }
            records.append(
                SlotRecord(
                    slot: Slot(masking: row.integer(0)), state: SlotState(rawValue: row.integer(1)) ?? .none,
                    epoch: row.integer(2), last: row.integer(3), peer: row.optionalInteger(4).map { Int($0) }))
        }
        let isMoving = records.contains { $0.peer != nil }
        let statement = try to.makeStatement(sql: "INSERT OR REPLACE INTO slot VALUES (?, ?, ?, ?, ?)")
        var known = Array(repeating: Int64(0), count: Slot.count)
        for record in records {
            known[Int(record.slot.rawValue)] = record.last
            guard isMoving else { continue }
            statement.bind(Int64(record.slot.rawValue), record.state.rawValue, record.epoch, record.last)
            statement.bind(record.peer.map { Int64($0) }, at: 5)
            try statement.run()
        }
        let latest = now.advanced(byMilliseconds: Limits.clockLeadMilliseconds)
        let update = try to.makeStatement(sql: "UPDATE slot SET last = ? WHERE slot = ?")
        for index in 0..<Slot.count {
            // A last id that cannot be one of the slot is none.
            let isOfSlot =
                IdentityLayout.slot(of: known[index]).rawValue == index && known[index] > 0
                && IdentityLayout.time(of: known[index]) <= latest
            let last = max(isOfSlot ? known[index] : 0, newest[index])
            if last > 0 { try update.bind(last, Int64(index)).run() }
        }
    }

    /// Copies the log where it is whole, and says which shard this is.
    private func finish(
        _ stored: (rows: Int64, sum: UInt64, head: Int64, oldest: Int64, position: [Int64])
    ) throws {
        var (first, next): (Int64?, Int64?)
        var isWhole = true
        let insert = try to.makeStatement(sql: "INSERT INTO log VALUES (?, ?, ?)")
        try salvage({ _ in "SELECT n, at, entries FROM log ORDER BY n" }) { row in
            let n = row.integer(0)
            guard isWhole, n == next ?? n, n > 0, EventCoding.decode(row.bytes(2)) != nil else {
                isWhole = false
                return
            }
            first = first ?? n
            next = n + 1
            insert.bind(row.values)
            try insert.run()
        }
        var (head, oldest) = (stored.head, stored.oldest)
        if next ?? oldest != head + 1 || first ?? oldest != oldest { isWhole = false }
        if !isWhole {
            head = max(head, (next ?? 1) - 1)
            oldest = head + 1
            try to.execute(sql: "DELETE FROM log")
        }
        try to.makeStatement(sql: "UPDATE shard SET head = ?, oldest = ?, epoch = ?, sequence = ?")
            .bind(head, oldest, stored.position[0], stored.position[1]).run()
    }
}
