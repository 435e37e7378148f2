// A shard as the one who moves its slots sees it: with the rows of slots that come and go, whatever the map says.

internal import GRDB

extension SQLiteStore {
    /// Reads a snapshot with all rows in it.
    func readAll<Result>(_ body: (SQLTransaction) throws -> Result) throws -> Result {
        try readSnapshot(asMover: true, body)
    }

    /// Runs a transaction on all rows.
    func writeAll<Result>(_ body: (SQLTransaction) throws -> Result) throws -> Result {
        try writeTransaction(asMover: true, body)
    }
}
