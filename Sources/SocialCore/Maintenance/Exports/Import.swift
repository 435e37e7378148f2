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

    /// What takes rows, one after another in the order of an export.
    var batch: ImportBatch {
        let records = RecordsBatch(existing: existing, records: records, analytics: analytics, context: context)
        return ImportBatch(existing: existing, router: router, context: context, records: records)
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
            var batch = batch
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
        _ decoder: inout ExportDecoder, shift: Int64?, into batch: inout ImportBatch, _ badRows: BadRows
    ) throws {
        let latest = context.clock.now.advanced(byMilliseconds: Limits.clockLeadMilliseconds)
        var references = ImportReferences(router: router)
        // Several shards share the rows, and each of their transactions has its price.
        let limit = batchRows * min(4, router.shards.count)
        var window = ImportWindow(badRows)
        while try window.fill(
            &decoder, limit: min(ImportWindow.rows, max(1, limit - batch.count - batch.records.count)),
            { try stored($0, movedBy: shift, latest, line: $1) })
        {
            if let first = window.rows.first(where: { _ in true }) { try batch.prepare(for: first) }
            try references.look(for: window.rows)
            for item in window.items {
                do {
                    try take(try item.row.get(), line: item.line, &references, into: &batch)
                } catch let error as DataError { try badRows.take(error, item.text[...]) }
                batch.summary.rows += 1
            }
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

extension Import {
    /// A row as it is to be stored.
    private func stored(
        _ row: ExportRow, movedBy shift: Int64?, _ latest: Timestamp, line: Int
    ) throws -> ExportRow {
        var row = row
        if let shift, case .truth(let truth) = row { row = .truth(try truth.shifted(byMilliseconds: shift)) }
        guard row.latestTime <= latest else {
            throw DataError(
                .outOfRange, line: line, column: 1, "the row lies in the future (move it with --shift-to-now)")
        }
        return row
    }

    private func take(
        _ row: ExportRow, line: Int, _ references: inout ImportReferences, into batch: inout ImportBatch
    ) throws {
        guard let problem = try references.problem(of: row) else { return try batch.add(row, line: line) }
        // What was deleted or left out takes along what the export has of it.
        guard existing == .ignore, problem.isIgnorable else {
            if problem.isTaken { throw StoreError(.handleTaken, "line \(line): \(problem.message)") }
            throw DataError(.syntax, line: line, column: 1, problem.message)
        }
        batch.summary.ignored += 1
    }
}

extension DataError {
    /// The same error with a few more words.
    fileprivate func adding(_ words: String) -> DataError {
        DataError(code, line: line, column: column, "\(message); \(words)")
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
