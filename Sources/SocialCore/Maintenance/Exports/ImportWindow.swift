// Some rows of an export that are read before anything is asked about them, so that everything they name can be asked
// for at once.

internal import Formats

/// Rows that can be written together.
struct ImportWindow {
    /// How many rows are read before anything is asked.
    static let rows = 4_000

    /// A row, or what is wrong with it.
    struct Item {
        let row: Result<ExportRow, DataError>
        let line: Int
        /// The bytes of its line; empty where nobody wants them.
        let text: [UInt8]
    }

    /// The rows in hand.
    private(set) var items: [Item] = []
    /// A row that has to wait until those before it are written.
    private var held: Item?
    private var isAtEnd = false
    private let badRows: BadRows

    /// Nothing yet.
    init(_ badRows: BadRows) { self.badRows = badRows }

    /// The rows that can be used.
    var rows: some Sequence<ExportRow> { items.lazy.compactMap { try? $0.row.get() } }

    /// Reads the next rows, of one stage of an import; false at the end.
    ///
    /// - Parameter change: makes of a row what is to be stored.
    mutating func fill(
        _ decoder: inout ExportDecoder, limit: Int, _ change: (ExportRow, Int) throws -> ExportRow
    ) throws -> Bool {
        items.removeAll(keepingCapacity: true)
        var stage: ImportBatch.Stage?
        while items.count < limit, let item = try next(&decoder, change) {
            if case .success(let row) = item.row {
                let own = ImportBatch.Stage(row)
                guard own == stage ?? own else {
                    held = item
                    break
                }
                stage = own
            }
            items.append(item)
        }
        return !items.isEmpty
    }

    private mutating func next(
        _ decoder: inout ExportDecoder, _ change: (ExportRow, Int) throws -> ExportRow
    ) throws -> Item? {
        if let held {
            self.held = nil
            return held
        }
        if isAtEnd { return nil }
        var row: Result<ExportRow, DataError>
        do {
            guard let read = try decoder.next() else {
                isAtEnd = true
                return nil
            }
            row = .success(try change(read, decoder.line))
        } catch let error as DataError {
            // Where one bad row ends it all, nothing behind it counts.
            isAtEnd = error.endsReading || badRows.policy == .stop
            row = .failure(error)
        }
        return Item(row: row, line: decoder.line, text: badRows.policy == .stop ? [] : Array(decoder.lastRow))
    }
}
