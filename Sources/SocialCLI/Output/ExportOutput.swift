// Prints rows of truth in the format of an export.

internal import Formats
internal import SocialCore
internal import Terminal

extension Session {
    /// Prints an export; stops quietly when its reader goes away.
    ///
    /// - Parameters:
    ///   - rows: how many rows follow, when that is known.
    ///   - body: hands each row to its closure.
    func printExport(
        _ placement: Placement, rows: Int64? = nil, _ body: ((TruthRow) throws -> Void) throws -> Void
    ) throws {
        var encoder = ExportEncoder()
        func flush() throws {
            let state = try world.output.write(encoder.bytes)
            encoder.bytes.removeAll(keepingCapacity: true)
            if state == .closed { throw ReaderIsGone() }
        }
        do {
            encoder.header(placement, rows: rows)
            try body { row in
                encoder.row(row)
                if encoder.needsFlush { try flush() }
            }
            try flush()
        } catch is ReaderIsGone {}
    }
}

/// Nobody reads the output any more.
private struct ReaderIsGone: Error {}
