// A hash does more than find what is damaged: where a single bit was turned, there is only one bit that makes the row
// true again.

internal import GRDB

extension ProvenTable {
    /// The row that a damaged one was before one of its bits was turned; nil when no single bit makes it true.
    ///
    /// Cost: a hash of the row for each of its bits.
    ///
    /// - Parameter database: any, to read values as if they stood in a table.
    func mended(_ values: [StoredValue], _ database: Database) throws -> (row: Row, values: [StoredValue])? {
        guard values.reduce(0, { $0 + $1.bitCount }) <= Limits.mendedBits else { return nil }
        let marks = Array(repeating: "?", count: values.count).joined(separator: ", ")
        let select = try database.cachedStatement(sql: "SELECT \(marks)")
        select.bind(values)
        for (index, value) in values.enumerated() {
            for bit in 0..<value.bitCount {
                let flipped = value.flipped(bit)
                select.bind(flipped, at: Int32(index + 1))
                if let row = try select.first(proven), let row {
                    var mended = values
                    mended[index] = flipped
                    return (row, mended)
                }
            }
            select.bind(value, at: Int32(index + 1))
        }
        return nil
    }
}
