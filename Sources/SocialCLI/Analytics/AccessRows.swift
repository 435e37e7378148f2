// Accesses as NDJSON, an object a line: read in batches, each of which is counted as a whole or not at all.

internal import CommandSpec
internal import Formats
internal import SocialCore

/// The accesses of a file.
final class AccessRows {
    private static let names = ["resource", "kind", "viewer", "by", "at", "amount", "bot"]

    /// What was counted.
    struct Summary {
        /// How many accesses.
        var recorded = 0
        /// Whether any of them was not counted before.
        var isChanged = false
    }

    private let session: Session
    private let network: Network
    private let input: InputFile
    /// What rows leave out.
    private let template: CountedAccess
    private var accounts: [String: ViewerKey] = [:]

    init(_ session: Session, _ input: InputFile) throws {
        self.session = session
        self.input = input
        network = try session.network()
        // Every row names its own.
        template = try AccessRows.template(session, .post(.first))
    }

    /// An access to a resource as the options of a line describe it.
    static func template(_ session: Session, _ resource: AccessedResource) throws -> CountedAccess {
        let line = session.invocation
        var viewer = line[AnalyticsRecord.viewer].map { ViewerKey($0) }
        if viewer == nil, line[CommonOptions.by] != nil { viewer = ViewerKey(try session.actor().id) }
        let time = line[AnalyticsRecord.time].map { $0.resolved(at: session.now) } ?? session.now
        return CountedAccess(
            resource, line[AnalyticsRecord.kind], viewer: viewer, at: time,
            audience: line.isOn(AnalyticsRecord.bot) ? .bots : .people, amount: line[AnalyticsRecord.amount] ?? 0)
    }

    /// Counts all of them.
    func record(_ badRows: BadRows) throws -> Summary {
        var summary = Summary()
        var batch = 0
        session.context.observer?.begin("counting accesses", total: nil)
        defer { session.context.observer?.end() }
        let key = session.invocation[CommonOptions.idempotencyKey]
        try forEachBatch(badRows) { accesses in
            let key = key.map { batch == 0 ? $0 : "\($0) \(batch)" }
            let isNew = try network.analytics.record(accesses, idempotencyKey: key)
            summary.isChanged = summary.isChanged || isNew
            summary.recorded += accesses.count
            session.context.observer?.advance(by: accesses.count)
            batch += 1
        }
        return summary
    }

    /// Hands over the accesses, a batch at a time.
    func forEachBatch(_ badRows: BadRows, _ visit: ([CountedAccess]) throws -> Void) throws {
        let size = session.invocation[ImportOptions.batchSize] ?? Limits.accessBatch
        try badRows.naming {
            let lines = LineReader(limitBytes: Limits.accessLineBytes, source: try input.open())
            var reader = try FieldReader(.ndjson, lines, requiring: "resource")
            var batch: [CountedAccess] = []
            while true {
                do {
                    guard let record = try reader.next() else { break }
                    batch.append(try access(record))
                } catch let error as DataError { try badRows.take(error, reader.lastRecord) }
                if batch.count >= min(size, Limits.accessBatch) {
                    try visit(batch)
                    batch.removeAll(keepingCapacity: true)
                }
            }
            if !batch.isEmpty { try visit(batch) }
        }
    }

    /// The access of a row.
    ///
    /// - Throws: `DataError` when it is none, and whatever keeps an account from being looked up.
    private func access(_ record: FieldReader.Record) throws -> CountedAccess {
        if let field = record.fields.first(where: { !AccessRows.names.contains($0.name) }) {
            throw field.fault("there is no such field; there are \(AccessRows.names.joined(separator: ", "))")
        }
        guard let field = record["resource"], let name = try record.text("resource") else {
            throw DataError(.syntax, line: record.line, column: 1, "\"resource\" is missing")
        }
        guard let reference = ResourceReference(name) else { throw field.fault("\"\(name)\" is no resource") }
        var access = template
        access.resource = try found(field) { try session.resource(reference) }
        if let field = record["kind"], let name = try record.text("kind") {
            guard let kind = AccessKind(name) else { throw field.fault("\"\(name)\" is no word of a-z, 0-9 and -") }
            access.kind = kind
        }
        try setViewer(&access, record)
        if let milliseconds = try record.time("at") { access.time = Timestamp(milliseconds: milliseconds) }
        if let field = record["amount"] {
            guard case .integer(let amount) = field.value else { throw field.fault("it is no whole number") }
            access.amount = amount
        }
        if let field = record["bot"] {
            guard case .bool(let isBot) = field.value else { throw field.fault("it is neither true nor false") }
            access.audience = isBot ? .bots : .people
        }
        do { try network.analytics.check(access) } catch let error as AnalyticsError {
            throw DataError(.syntax, line: record.line, column: 1, error.message)
        }
        return access
    }

    private func setViewer(_ access: inout CountedAccess, _ record: FieldReader.Record) throws {
        let viewer = try record.text("viewer")
        if let viewer { access.viewer = ViewerKey(viewer) }
        guard let field = record["by"], let name = try record.text("by") else { return }
        guard viewer == nil else { throw field.fault("\"viewer\" is there too") }
        if let known = accounts[name] {
            access.viewer = known
            return
        }
        let handle: Handle
        do { handle = try Handle(name) } catch { throw field.fault("\(error)") }
        let key = ViewerKey(try found(field) { try network.accounts.named(handle).id })
        accounts[name] = key
        access.viewer = key
    }

    /// What a row names; that it does not exist is the row's fault.
    private func found<Found>(_ field: FieldReader.Field, _ find: () throws -> Found) throws -> Found {
        do { return try find() } catch let error as any RoomError {
            guard ExitTable.statuses[error.codeName] == ExitTable.notFound else { throw error }
            throw field.fault(error.message)
        }
    }
}
