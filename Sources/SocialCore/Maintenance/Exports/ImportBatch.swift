// Rows of an export on their way into the shards: collected, and written as one transaction a shard.

internal import Formats

/// Rows that are on their way into the shards.
struct ImportBatch {
    /// How many rows are put together.
    private static let partRows = 1_000

    let existing: Import.Existing
    let router: Router
    let context: Context
    /// The records behind the rows.
    private(set) var records: RecordsBatch
    var summary = Import.Summary()
    /// The rows that wait.
    private var waiting: [Item] = []
    private(set) var count = 0
    /// The line that was written last, or failed to be.
    private(set) var line = 1
    private var stage = Stage.others
    private var stored = 0
    /// Handles that came with their accounts and whose own rows are still to come.
    private var handlesAhead = 0

    /// Rows of a later stage need those before, which may lie on other shards.
    enum Stage {
        case accounts, others, versions, records

        init(_ row: ExportRow) {
            switch row {
            case .truth(.account), .truth(.formerAccount): self = .accounts
            case .truth(.version): self = .versions
            case .truth: self = .others
            case .record: self = .records
            }
        }
    }

    private struct Item {
        var row: TruthRow
        var slot: Slot
        var line: Int
        /// Whether it came with an account: nobody shall be here without a handle, should the import be cut off.
        var isImplied = false
    }

    /// An empty batch.
    init(existing: Import.Existing, router: Router, context: Context, records: RecordsBatch) {
        self.existing = existing
        self.router = router
        self.context = context
        self.records = records
    }

    /// How far the import has come, in words.
    var progress: String {
        let stored = stored + records.stored
        return stored == 0 ? "nothing is stored" : "rows stored: \(stored)"
    }

    /// Writes what a row must come after.
    mutating func prepare(for row: ExportRow) throws {
        let next = Stage(row)
        if next != stage { try flush() }
        stage = next
    }

    /// Lets a row wait to be written.
    mutating func add(_ row: ExportRow, line: Int) throws {
        switch row {
        case .truth(let row): add(row, line: line)
        case .record(let record):
            if let problem = try records.problem(of: record) {
                throw DataError(.syntax, line: line, column: 1, problem)
            }
            try records.add(record, line: line)
        }
    }

    private mutating func add(_ row: TruthRow, line: Int) {
        let slot = row.slot
        waiting.append(Item(row: row, slot: slot, line: line))
        count += 1
        guard case .account(let account) = row else { return }
        let handle = TruthRow.handle(key: account.handle.key, account: account.id)
        let place = handle.slot
        waiting.append(Item(row: handle, slot: place, line: line, isImplied: true))
    }

    /// Writes what waits, one transaction a shard.
    mutating func flush() throws {
        if stage == .records { return try records.flush() }
        let use = stage == .accounts ? AccountUse.makes : .names
        var line = line
        var batch = self
        batch.waiting = []
        batch.count = 0
        defer {
            self = batch
            self.line = line
        }
        try router.write(waiting, accounts: use, slot: \.slot) { writer, items in
            var (added, ignored, left) = (0, 0, batch.handlesAhead)
            var rest = items
            while !rest.isEmpty {
                let part = rest.prefix(ImportBatch.partRows)
                rest = rest.dropFirst(part.count)
                let outcomes = try writer.restore(
                    part.map { item in
                        let replaces = existing == .replace && !item.isImplied
                        return RestoredRow(item.row, in: item.slot, replaces: replaces)
                    }, now: context.clock.now)
                for (item, outcome) in zip(part, outcomes) {
                    line = item.line
                    switch outcome {
                    case .added where item.isImplied: left += 1
                    case .added: added += 1
                    case .present:
                        // It came with its account.
                        guard case .handle = item.row, !item.isImplied, left > 0 else { break }
                        left -= 1
                        added += 1
                    case .differs:
                        guard existing == .ignore else {
                            throw StoreError(.rowDiffers, "\(item.row.title) is stored already, and differs")
                        }
                        if !item.isImplied { ignored += 1 }
                    }
                }
            }
            return (added, ignored, left)
        } committed: { done, items in
            let (added, ignored, left) = done
            batch.handlesAhead = left
            batch.summary.added += added
            batch.summary.ignored += ignored
            let rows = items.count { !$0.isImplied }
            batch.stored += rows
            context.observer?.advance(by: rows)
        }
    }
}
