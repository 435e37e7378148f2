// How far a log has been counted. The position of a source is committed together with the counts that come from it, so
// nothing is counted twice or left out, whatever interrupts.

/// A log that is counted, known by its bytes: where it lies and what it is called may change.
package struct SourceRecord: Equatable, Sendable {
    /// Its number in its shard; 0 before it is stored.
    package var id: Int64 = 0
    /// A hash of its first bytes.
    package var head: UInt64
    /// How many bytes that covers.
    package var headBytes: Int
    /// The bytes that have been counted, from its beginning.
    package var offset: Int
    /// A hash of the last of them.
    package var tail: UInt64
    /// How many bytes that covers.
    package var tailBytes: Int
    /// Lines that have been read.
    package var lines = 0
    /// Accesses that have been counted.
    package var events = 0
    /// Lines that were no accesses.
    package var rejected = 0
    /// The device on which it was found last.
    package var device: UInt64 = 0
    /// The inode of the file.
    package var inode: UInt64 = 0
    /// The path under which it was read last.
    package var name: String
    /// When it was first read.
    package var firstAt: Timestamp
    /// When it was last read.
    package var lastAt: Timestamp

    /// A log of which nothing has been counted.
    package init(name: String, at time: Timestamp) {
        self.name = name
        head = 0
        headBytes = 0
        offset = 0
        tail = 0
        tailBytes = 0
        firstAt = time
        lastAt = time
    }
}
