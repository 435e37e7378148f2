// The ordered record of everything that a program did to its files, with marks in between for what it had acknowledged.

package import SocialCore
internal import Synchronization

/// Records changes as they happen.
package final class DiskRecord: FileTap {
    /// A line of the record.
    package enum Entry: Sendable {
        /// A change.
        case change(FileChange)
        /// The program has said that a step is done.
        case acknowledged(Int)
    }

    private let held = Mutex<[Entry]>([])

    /// An empty record.
    package init() {}

    /// The record so far.
    package var entries: [Entry] { held.withLock { $0 } }

    package func willApply(_ change: FileChange) throws(StorageError) { held.withLock { $0.append(.change(change)) } }

    /// Marks that a step is done.
    package func acknowledge(_ step: Int) { held.withLock { $0.append(.acknowledged(step)) } }
}
