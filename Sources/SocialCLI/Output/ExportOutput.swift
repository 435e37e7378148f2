// Prints rows of truth in the format of an export.

internal import Formats
internal import SocialCore
internal import Terminal

/// Writes an export to the standard output.
final class ExportPrinter {
    private var encoder = ExportEncoder()
    private var records: Int64 = 0
    private let output: any OutputStream

    fileprivate init(_ output: any OutputStream) { self.output = output }

    /// Prints the header.
    ///
    /// - Parameters:
    ///   - rows: how many rows follow, when that is known.
    ///   - hasRecords: whether records follow them.
    func header(_ placement: Placement, rows: Int64? = nil, hasRecords: Bool = false) {
        encoder.header(placement, rows: rows, hasRecords: hasRecords)
    }

    /// Prints a row.
    func row(_ row: TruthRow) throws {
        encoder.row(row)
        if encoder.needsFlush { try flush() }
    }

    /// Prints a record.
    func record(_ record: RecordRow) throws {
        encoder.record(record)
        records += 1
        if encoder.needsFlush { try flush() }
    }

    /// Prints the last line behind records.
    func end() { encoder.end(records: records) }

    /// Prints the first line of what is held about a person.
    func person(_ account: AccountRecord) { encoder.person(account) }

    /// Prints something that is held about a person.
    func item(_ item: PersonalItem) throws {
        encoder.item(item)
        if encoder.needsFlush { try flush() }
    }

    fileprivate func flush() throws {
        let state = try output.write(encoder.bytes)
        encoder.bytes.removeAll(keepingCapacity: true)
        if state == .closed { throw ReaderIsGone() }
    }
}

/// Nobody reads the output any more.
struct ReaderIsGone: Error {}

extension Session {
    /// Prints an export; stops quietly when its reader goes away.
    func printExport(_ body: (ExportPrinter) throws -> Void) throws {
        let printer = ExportPrinter(world.output)
        do {
            try body(printer)
            try printer.flush()
        } catch is ReaderIsGone {}
    }
}
