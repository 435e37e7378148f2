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
    private let placement: Placement
    private let context: Context

    /// An import into a network.
    package init(router: Router, placement: Placement, context: Context) {
        self.router = router
        self.placement = placement
        self.context = context
    }

    /// Reads an export and stores its rows.
    ///
    /// - Parameters:
    ///   - name: what errors call the export.
    ///   - open: begins to read it; called twice when times are to be moved.
    /// - Throws: `DataError` with line and column; what was stored before it stays, as the message says.
    package func run(named name: String, _ open: () throws -> LineReader) throws -> Summary {
        var shift: Int64?
        if shiftsToNow {
            // Nothing is written before the whole export has been read.
            var decoder = try decoder(try open())
            var latest: Timestamp?
            while let row = try decoder.next() { latest = max(latest ?? row.latestTime, row.latestTime) }
            shift = latest.map { context.clock.now.milliseconds - 1 - $0.milliseconds }
        }
        var decoder = try decoder(try open())
        var batch = Batch(existing: existing, router: router, placement: placement, now: context.clock.now)
        do {
            try read(&decoder, shift: shift, into: &batch)
            try batch.flush()
        } catch let error as DataError where error.code != .source {
            throw DataError(
                error.code, line: error.line, column: error.column, "\(error.message); \(batch.progress)")
        } catch let error as StoreError where error.code == .rowDiffers {
            throw StoreError(
                .rowDiffers, "\(name):\(batch.line):1: \(error.message); \(batch.progress)",
                hint: "say what shall be done with \"--if-exists ignore\" or \"--if-exists replace\"")
        }
        // An account that a row has ended may have left something on other shards.
        if existing == .replace { _ = try Effects(router: router).settleAll() }
        return batch.summary
    }

    private func decoder(_ lines: LineReader) throws -> ExportDecoder {
        let decoder = try ExportDecoder(lines)
        guard decoder.placement == placement else {
            throw ImportError(
                .otherPlacement,
                "the export is of a network sharded by \(decoder.placement.rawValue), and this one is sharded by "
                    + placement.rawValue,
                hint: "make a directory with \"social init --shard-by \(decoder.placement.rawValue)\"")
        }
        return decoder
    }

    private func read(_ decoder: inout ExportDecoder, shift: Int64?, into batch: inout Batch) throws {
        let latest = context.clock.now.advanced(byMilliseconds: Limits.clockLeadMilliseconds)
        context.observer?.begin("importing rows", total: decoder.rows.map { Int($0) })
        defer { context.observer?.end() }
        var accounts = KnownAccounts(router: router)
        // Several shards share the rows, and each of their transactions has its price.
        let limit = batchRows * min(4, router.shards.count)
        while var row = try decoder.next() {
            context.observer?.advance(by: 1)
            if let shift { row = try row.shifted(byMilliseconds: shift) }
            guard row.latestTime <= latest else {
                throw DataError(
                    .outOfRange, line: decoder.line, column: 1,
                    "the row lies in the future (move it with --shift-to-now)")
            }
            try batch.prepare(for: row)
            if let problem = try accounts.problem(of: row) {
                // What was deleted here takes along what the export has of it.
                guard existing == .ignore, problem.isDeleted else {
                    throw DataError(.syntax, line: decoder.line, column: 1, "\(problem)")
                }
                batch.ignore()
                continue
            }
            batch.add(row, line: decoder.line)
            if batch.count >= limit { try batch.flush() }
        }
        if let expected = decoder.rows, Int(expected) != batch.summary.rows {
            throw DataError(
                .syntax, line: decoder.line + 1, column: 1,
                "the export is cut off: it has \(batch.summary.rows) rows and should have \(expected) "
                    + "(where some are left out on purpose, leave \"rows\" out of the first line)")
        }
    }
}

/// Rows that are on their way into the shards.
private struct Batch {
    let existing: Import.Existing
    let router: Router
    let placement: Placement
    let now: Timestamp
    var summary = Import.Summary()
    /// The rows that wait, by shard.
    private var waiting: [Int: [Item]] = [:]
    private(set) var count = 0
    /// The line that was written last, or failed to be.
    private(set) var line = 1
    /// Whether accounts wait; rows that name them may lie on other shards, and come after them.
    private var hasAccounts = false
    private var stored = 0

    private struct Item {
        var row: TruthRow
        var slot: Slot
        var line: Int
    }

    init(existing: Import.Existing, router: Router, placement: Placement, now: Timestamp) {
        self.existing = existing
        self.router = router
        self.placement = placement
        self.now = now
    }

    /// How far the import has come, in words.
    var progress: String { stored == 0 ? "nothing is stored" : "\(stored) rows are stored" }

    /// Writes what a row of another kind must come after.
    mutating func prepare(for row: TruthRow) throws {
        let isAccount =
            switch row {
            case .account, .formerAccount: true
            default: false
            }
        if hasAccounts, !isAccount { try flush() }
        hasAccounts = isAccount
    }

    /// Counts a row that is not to be written.
    mutating func ignore() {
        summary.rows += 1
        summary.ignored += 1
    }

    /// Lets a row wait to be written.
    mutating func add(_ row: TruthRow, line: Int) {
        let slot = row.slot(placement)
        waiting[router.shard(of: slot), default: []].append(Item(row: row, slot: slot, line: line))
        summary.rows += 1
        count += 1
    }

    /// Writes what waits, one transaction a shard.
    mutating func flush() throws {
        for (_, items) in waiting.sorted(by: { $0.key < $1.key }) {
            guard let first = items.first else { continue }
            var line = first.line
            defer { self.line = line }
            let (added, ignored) = try router.write(first.slot, accounts: hasAccounts ? .makes : .names) { writer in
                var (added, ignored) = (0, 0)
                for item in items {
                    line = item.line
                    if case .version(let version) = item.row, try writer.post(version.post) == nil {
                        guard existing == .ignore else {
                            throw DataError(.syntax, line: line, column: 1, "there is no post \(version.post)")
                        }
                        ignored += 1
                        continue
                    }
                    do {
                        let isNew = try writer.restore(
                            item.row, in: item.slot, replacing: existing == .replace, now: now)
                        if isNew { added += 1 }
                    } catch let error as StoreError where error.code == .rowDiffers && existing == .ignore {
                        ignored += 1
                    }
                }
                return (added, ignored)
            }
            summary.added += added
            summary.ignored += ignored
            stored += items.count
        }
        waiting.removeAll(keepingCapacity: true)
        count = 0
        hasAccounts = false
    }
}

/// The accounts that there are and were, as far as an import has come across them.
private struct KnownAccounts {
    /// What is wrong with a row that names an account.
    struct Problem: CustomStringConvertible {
        var account: UserID
        var isDeleted: Bool

        var description: String {
            isDeleted ? "the account \(account) has been deleted" : "there is no account \(account)"
        }
    }

    let router: Router
    /// Whether each account is there; nil is one that never was.
    private var known: [UserID: Bool?] = [:]

    init(router: Router) { self.router = router }

    /// What is wrong with the accounts that a row names; they have been written before.
    mutating func problem(of row: TruthRow) throws -> Problem? {
        switch row {
        case .account, .formerAccount, .version, .tombstone: return nil
        // Handles stay reserved, and what was done under a key is remembered, when the account is gone.
        case .handle(_, let account): return try problem(of: account, mayBeDeleted: true)
        case .operation(let operation): return try problem(of: operation.account, mayBeDeleted: true)
        case .follow(let edge): return try problem(of: edge.follower) ?? problem(of: edge.followee)
        case .post(let post): return try problem(of: post.author)
        case .relation(let relation):
            if let problem = try problem(of: relation.actor) { return problem }
            return relation.kind.isTowardsPost ? nil : try problem(of: UserID(rawValue: relation.target.rawValue))
        }
    }

    private mutating func problem(of account: UserID, mayBeDeleted: Bool = false) throws -> Problem? {
        switch try presence(of: account) {
        case true: nil
        case false: mayBeDeleted ? nil : Problem(account: account, isDeleted: true)
        case nil: Problem(account: account, isDeleted: false)
        }
    }

    private mutating func presence(of account: UserID) throws -> Bool? {
        if let presence = known[account] { return presence }
        let presence = try router.read(account.slot) { reader in
            try reader.account(account) != nil ? true : reader.isFormer(account) ? false : nil
        }
        known[account] = .some(presence)
        return presence
    }
}

/// An error of an import.
package struct ImportError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case otherPlacement = "other_placement"
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
