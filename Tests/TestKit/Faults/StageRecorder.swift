// The stages that a command goes through: what the truth is after each commit of a shard. A command that is interrupted
// may leave any of them behind, and nothing else.

package import SocialCore
internal import Synchronization

/// Looks at the truth whenever a commit has been announced.
package final class StageRecorder: FileTap {
    private let directory: String
    private let context: Context
    private let next: (any FileTap)?
    private let held = Mutex<[Truth]>([])

    /// A recorder for a directory.
    ///
    /// - Parameters:
    ///   - context: the surroundings of its looks, without a tap.
    ///   - next: sees every change too.
    package init(directory: String, context: Context, next: (any FileTap)? = nil) {
        self.directory = directory
        self.context = context
        self.next = next
    }

    /// The stages since they were taken last.
    package func take() -> [Truth] {
        held.withLock { stages in
            defer { stages = [] }
            return stages
        }
    }

    package func willApply(_ change: FileChange) throws(StorageError) {
        try next?.willApply(change)
        // The number of commits is what is stored last of an announcement, after the commit.
        guard case .store("\(directory)/heads", let offset, _) = change, offset % 64 == 24 else { return }
        do {
            let truth = try Truth(of: try Network(opening: directory, context: context))
            held.withLock { if $0.last != truth { $0.append(truth) } }
        } catch let error as StoreError where error.code == .slotMoved {
            // In the middle of a move of slots nobody can look, and nothing is changed by it.
        } catch { throw StorageError(.ioError, "a stage cannot be looked at: \(error)") }
    }
}
