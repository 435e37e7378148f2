// The records of one shard, wherever they are kept.

/// Records that are read on snapshots and changed in durable transactions.
package protocol RecordsSource: AnyObject {
    /// Whether anything can have been recorded.
    var exists: Bool { get }
    /// How many bytes they take; 0 where nobody can tell.
    var sizeBytes: Int { get }
    /// Runs reads on one snapshot; nil when nothing has been recorded.
    func read<Result>(_ body: (RecordsTransaction) throws -> Result) throws -> Result?
    /// Runs changes in one durable transaction; throwing rolls all of them back, and so does a dry run.
    func write<Result>(_ body: (RecordsTransaction) throws -> Result) throws -> Result
    /// Gives the room back that removed rows have left, where nobody reads.
    func compact() throws
    /// Tidies up at the end of a process that went on for long.
    func finish() throws
}
