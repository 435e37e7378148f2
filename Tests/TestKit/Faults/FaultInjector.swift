// Refuses changes: the n-th one, all of a kind from the n-th on, or everything from the n-th on as if the process had
// been killed there.

package import SocialCore
internal import Synchronization

/// Counts changes and refuses some.
package final class FaultInjector: FileTap {
    /// What goes wrong.
    package enum Fault: String, CaseIterable, Sendable {
        /// One call fails with EIO, and the ones after it succeed: the hardest case, because a sync that is tried again
        /// says that all is well.
        case inputOutput
        /// From one call on nothing new fits on the disk; what needs no space goes on.
        case diskFull
        /// From one change on nothing happens any more, mapped stores included.
        case killed
    }

    private struct State {
        var count = 0
        var hasFired = false
    }

    private let fault: Fault
    private let position: Int
    private let state = Mutex(State())

    /// Lets something go wrong at the n-th change, from 1 on.
    package init(_ fault: Fault, at position: Int) {
        self.fault = fault
        self.position = position
    }

    /// How many changes there were.
    package var count: Int { state.withLock { $0.count } }

    /// Whether anything was refused.
    package var hasFired: Bool { state.withLock { $0.hasFired } }

    package func willApply(_ change: FileChange) throws(StorageError) {
        guard isCounted(change) else { return }
        let isRefused = state.withLock { state in
            state.count += 1
            let isRefused = fault == .inputOutput ? state.count == position : state.count >= position
            if isRefused { state.hasFired = true }
            return isRefused
        }
        guard isRefused else { return }
        switch fault {
        case .inputOutput: throw StorageError(.ioError, "injected: input/output error")
        case .diskFull: throw StorageError(.diskFull, "injected: no space left on device")
        case .killed: throw StorageError(.ioError, "injected: killed")
        }
    }

    private func isCounted(_ change: FileChange) -> Bool {
        switch (fault, change) {
        case (.killed, _): true
        // A store into a mapping is no call and cannot fail.
        case (_, .store): false
        case (.inputOutput, _): true
        case (.diskFull, .write), (.diskFull, .makeDirectory): true
        case (.diskFull, .resize(_, let size)): size > 0
        case (.diskFull, _): false
        }
    }
}
