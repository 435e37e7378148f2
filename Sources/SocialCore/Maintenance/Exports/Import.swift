// An export becomes a network again, row by row, on any number of shards. Rows that are there already, and equal, are
// passed over: an import that was interrupted is simply repeated.

package import Formats

/// Puts the rows of an export into a network.
package struct Import {
    /// What is done where another row stands in a row's place.
    package enum Existing: String, CaseIterable, Sendable {
        /// The import ends there.
        case error
        /// What is stored stays.
        case ignore
        /// The row of the export takes its place.
        case replace
    }

    /// What an import did.
    package struct Summary: Equatable, Sendable {
        /// Rows of the export.
        package var rows = 0
        /// Rows that are stored now and were not before.
        package var added = 0
        /// Rows that were kept out by others in their place.
        package var ignored = 0
    }

    /// What is done where another row stands in a row's place.
    package var existing = Existing.error
    /// Whether all times are moved so that the latest is just before now.
    package var shiftsToNow = false
    /// How many rows are collected before they are written.
    package var batchRows = Limits.importBatchRows

    private let router: Router
    private let records: SlotRecords
    private let analytics: Analytics
    private let placement: Placement
    private let context: Context

    /// An import into a network.
    init(router: Router, records: SlotRecords, analytics: Analytics, placement: Placement, context: Context) {
        self.router = router
        self.records = records
        self.analytics = analytics
        self.placement = placement
        self.context = context
    }

    /// Reads an export and stores its rows.
    ///
    /// - Parameters:
    ///   - open: begins to read it; called twice when times are to be moved.
    ///   - badRows: what becomes of rows that cannot be used.
    /// - Throws: `FileError` with line and column; what was stored before it stays, as the message says.
    package func run(_ open: () throws -> ChunkSource, _ badRows: BadRows) throws -> Summary {
        try badRows.naming {
            let shift = shiftsToNow ? try shift(try decoder(try open()), badRows) : nil
            var decoder = try decoder(try open())
            let records = RecordsBatch(existing: existing, records: records, analytics: analytics, context: context)
            var batch = Batch(
                existing: existing, router: router, placement: placement, context: context, records: records)
            context.observer?.begin("importing", total: decoder.rows.map { Int($0) })
            defer { context.observer?.end() }
            do {
                try read(&decoder, shift: shift, into: &batch, badRows)
                try batch.flush()
            } catch let error as FileError where error.error.code != .source {
                // What stands before a bad row is stored.
                try batch.flush()
                throw FileError(file: error.file, error.error.adding(batch.progress))
            } catch let error as StoreError where error.code == .rowDiffers {
                let line = max(batch.line, batch.records.line)
                throw StoreError(
                    .rowDiffers, "\(badRows.file):\(line):1: \(error.message); \(batch.progress)",
                    hint: "say what shall be done with \"--if-exists ignore\" or \"--if-exists replace\"")
            }
            // An account that a row has ended may have left something on other shards.
            if existing == .replace { _ = try Effects(router: router).settleAll() }
            var summary = batch.summary
            summary.added += batch.records.summary.added
            summary.ignored += batch.records.summary.ignored
            return summary
        }
    }

    private func decoder(_ source: @escaping ChunkSource) throws -> ExportDecoder {
        let decoder = try ExportDecoder(LineReader(source: source))
        if shiftsToNow, decoder.hasRecords {
            throw ImportError(
                .hasRecords, "records are of their time: an export that has any cannot be moved",
                hint: "leave \"--shift-to-now\" out, or export without \"--with-records\"")
        }
        guard decoder.placement == placement else {
            throw ImportError(
                .otherPlacement,
                "the export is of a network sharded by \(decoder.placement.rawValue), and this one is sharded by "
                    + placement.rawValue,
                hint: "make a directory with \"social init --shard-by \(decoder.placement.rawValue)\"")
        }
        return decoder
    }

    /// By how much times must move for the latest to be just before now; nothing is written before it is known.
    private func shift(_ decoder: ExportDecoder, _ badRows: BadRows) throws -> Int64? {
        var decoder = decoder
        var latest: Timestamp?
        while true {
            do {
                guard case .truth(let row) = try decoder.next() else { break }
                latest = max(latest ?? row.latestTime, row.latestTime)
            } catch let error as DataError { try badRows.pass(error) }
        }
        return latest.map { context.clock.now.milliseconds - 1 - $0.milliseconds }
    }

    private func read(
        _ decoder: inout ExportDecoder, shift: Int64?, into batch: inout Batch, _ badRows: BadRows
    ) throws {
        let latest = context.clock.now.advanced(byMilliseconds: Limits.clockLeadMilliseconds)
        var references = References(router: router)
        // Several shards share the rows, and each of their transactions has its price.
        let limit = batchRows * min(4, router.shards.count)
        while true {
            do {
                guard var row = try decoder.next() else { break }
                if let shift, case .truth(let truth) = row { row = .truth(try truth.shifted(byMilliseconds: shift)) }
                guard row.latestTime <= latest else {
                    throw DataError(
                        .outOfRange, line: decoder.line, column: 1,
                        "the row lies in the future (move it with --shift-to-now)")
                }
                try batch.prepare(for: row)
                if let problem = try references.problem(of: row) {
                    // What was deleted or left out takes along what the export has of it.
                    guard existing == .ignore, problem.isIgnorable else {
                        if problem.isTaken {
                            throw StoreError(.handleTaken, "line \(decoder.line): \(problem.message)")
                        }
                        throw DataError(.syntax, line: decoder.line, column: 1, problem.message)
                    }
                    batch.summary.ignored += 1
                } else {
                    try batch.add(row, line: decoder.line)
                }
            } catch let error as DataError { try badRows.take(error, decoder.lastRow) }
            batch.summary.rows += 1
            if batch.count + batch.records.count >= limit { try batch.flush() }
        }
        guard let rows = decoder.rows else { return }
        let expected = decoder.hasRecords ? decoder.records.map { rows.addingClamped($0) } : rows
        if let expected, expected == batch.summary.rows { return }
        let error = DataError(
            .syntax, line: decoder.line + 1, column: 1,
            "the export is cut off: it has \(batch.summary.rows) rows and should have "
                + (expected.map { "\($0)" } ?? "records behind them, and an end")
                + " (where some are left out on purpose, leave \"rows\" out of the first line)")
        throw FileError(file: badRows.file, error)
    }
}

extension DataError {
    /// The same error with a few more words.
    fileprivate func adding(_ words: String) -> DataError {
        DataError(code, line: line, column: column, "\(message); \(words)")
    }
}

/// Rows that are on their way into the shards.
private struct Batch {
    let existing: Import.Existing
    let router: Router
    let placement: Placement
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
    private enum Stage {
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

    init(
        existing: Import.Existing, router: Router, placement: Placement, context: Context, records: RecordsBatch
    ) {
        self.existing = existing
        self.router = router
        self.placement = placement
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
            for item in items {
                line = item.line
                do {
                    let isNew = try writer.restore(
                        item.row, in: item.slot, replacing: existing == .replace && !item.isImplied,
                        now: context.clock.now)
                    if item.isImplied {
                        if isNew { left += 1 }
                    } else if isNew {
                        added += 1
                    } else if case .handle = item.row, left > 0 {
                        left -= 1
                        added += 1
                    }
                } catch let error as StoreError where error.code == .rowDiffers && existing == .ignore {
                    if !item.isImplied { ignored += 1 }
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

/// What rows name: accounts, as far as an import has come across them, and posts.
private struct References {
    /// What is wrong with a row that names something.
    struct Problem {
        var message: String
        /// Whether what it names was deleted here, or left out because something else has its place.
        var isIgnorable: Bool
        /// Whether an account's handle is another account's.
        var isTaken = false
    }

    private enum Presence {
        case present, deleted, leftOut, missing
    }

    let router: Router
    private var accounts: [UserID: Presence] = [:]

    init(router: Router) { self.router = router }

    /// What is wrong with what a row names, which has been written before.
    mutating func problem(of row: ExportRow) throws -> Problem? {
        switch row {
        case .truth(let row): return try problem(of: row)
        case .record(.attribute(let record)): return try problem(of: record.account)
        case .record(.message(let message, _, _)): return try message.account.flatMap { try problem(of: $0) }
        case .record: return nil
        }
    }

    private mutating func problem(of row: TruthRow) throws -> Problem? {
        switch row {
        case .account(let account): return try problem(ofHandleOf: account)
        case .formerAccount, .tombstone, .formerMedia: return nil
        // Handles stay reserved, and what was done under a key is remembered, when the account is gone.
        case .handle(_, let account): return try problem(of: account, mayBeDeleted: true)
        case .operation(let operation): return try problem(of: operation.account, mayBeDeleted: true)
        case .follow(let edge): return try problem(of: edge.follower) ?? problem(of: edge.followee)
        case .post(let post):
            if post.replyTo == post.id || post.repostOf == post.id {
                return Problem(message: "the post \(post.id) cannot answer itself", isIgnorable: false)
            }
            return try problem(of: post.author)
        case .media(let media): return try problem(of: media.author)
        case .relation(let relation):
            if let problem = try problem(of: relation.actor) { return problem }
            return relation.kind.isTowardsPost ? nil : try problem(of: UserID(rawValue: relation.target.rawValue))
        case .version(let version):
            let isThere = try router.read(version.post.slot) { try $0.post(version.post) != nil }
            return isThere ? nil : Problem(message: "there is no post \(version.post)", isIgnorable: true)
        }
    }

    private mutating func problem(of account: UserID, mayBeDeleted: Bool = false) throws -> Problem? {
        switch try presence(of: account) {
        case .present: nil
        case .deleted where mayBeDeleted: nil
        case .deleted: Problem(message: "the account \(account) has been deleted", isIgnorable: true)
        case .leftOut: Problem(message: "the account \(account) was left out", isIgnorable: true)
        case .missing: Problem(message: "there is no account \(account)", isIgnorable: false)
        }
    }

    /// What is wrong with an account whose handle may be somebody else's here.
    private mutating func problem(ofHandleOf account: AccountRecord) throws -> Problem? {
        let owner = try router.read(Slot(of: account.handle)) { try $0.owner(ofKey: account.handle.key) }
        guard let owner, owner != account.id else { return nil }
        accounts[account.id] = .leftOut
        return Problem(
            message: "the handle \"\(account.handle)\" is another account's", isIgnorable: true, isTaken: true)
    }

    private mutating func presence(of account: UserID) throws -> Presence {
        if let presence = accounts[account] { return presence }
        let presence = try router.read(account.slot) { reader in
            if try reader.account(account) != nil { return Presence.present }
            return try reader.isFormer(account) ? .deleted : .missing
        }
        accounts[account] = presence
        return presence
    }
}

/// An error of an import.
package struct ImportError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        /// The export is of a network that is sharded by something else.
        case otherPlacement = "other_placement"
        /// Records are to be moved in time.
        case hasRecords = "has_records"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
