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
    /// - Parameter open: begins to read the export; called twice when times are to be moved.
    /// - Throws: `DataError` with line and column; what was stored before it stays, as the message says.
    package func run(_ open: () throws -> LineReader) throws -> Summary {
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
                .rowDiffers, "line \(batch.line): \(error.message); \(batch.progress)",
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
        var accounts = KnownAccounts(router: router)
        while var row = try decoder.next() {
            if let shift { row = try row.shifted(byMilliseconds: shift) }
            guard row.latestTime <= latest else {
                throw DataError(
                    .outOfRange, line: decoder.line, column: 1,
                    "the row lies in the future (move it with --shift-to-now)")
            }
            if let unknown = try accounts.unknown(in: row) {
                throw DataError(.syntax, line: decoder.line, column: 1, "there is no account \(unknown)")
            }
            try batch.add(row, line: decoder.line)
            if batch.count >= batchRows { try batch.flush() }
        }
        if let expected = decoder.rows, Int(expected) != batch.summary.rows {
            throw DataError(
                .syntax, line: decoder.line + 1, column: 1,
                "the export is cut off: it has \(batch.summary.rows) rows and should have \(expected)")
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

    /// Lets a row wait to be written.
    mutating func add(_ row: TruthRow, line: Int) throws {
        let isAccount =
            switch row {
            case .account, .formerAccount: true
            default: false
            }
        if hasAccounts, !isAccount { try flush() }
        hasAccounts = isAccount
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

/// The accounts that there are, as far as an import has come across them.
private struct KnownAccounts {
    let router: Router
    private var known: Set<UserID> = []

    init(router: Router) { self.router = router }

    /// An account that a row needs and that has never been.
    mutating func unknown(in row: TruthRow) throws -> UserID? {
        switch row {
        case .account(let account): return note(account.id)
        case .formerAccount(let id): return note(id)
        case .handle(_, let account): return try missing(account)
        case .follow(let edge): return try missing(edge.follower) ?? missing(edge.followee)
        case .post(let post): return try missing(post.author)
        case .relation(let relation):
            let target = relation.kind.isTowardsPost ? nil : UserID(rawValue: relation.target.rawValue)
            return try missing(relation.actor) ?? target.flatMap { try missing($0) }
        case .operation(let operation): return try missing(operation.account)
        case .version, .tombstone: return nil
        }
    }

    private mutating func note(_ id: UserID) -> UserID? {
        known.insert(id)
        return nil
    }

    private mutating func missing(_ id: UserID) throws -> UserID? {
        if known.contains(id) { return nil }
        let isThere = try router.read(id.slot) { try $0.account(id) != nil || $0.isFormer(id) }
        return isThere ? note(id) : id
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
