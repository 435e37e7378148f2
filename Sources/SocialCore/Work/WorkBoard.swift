// What the threads of a worker tell each other.

internal import Synchronization

/// The state that the threads of a worker share.
final class WorkBoard: Sendable {
    private struct State {
        var dealing = SlotDealing([])
        var leases: [(topic: String, lease: Lease)] = []
        var outcomes: [Worker.Outcome] = []
        var failure: (any Error)?
        var isStopping = false
        var areViewsIdle = true
        /// How many jobs have found nothing since anybody found something.
        var idleLooks = 0
    }

    let instance: String
    private let state = Mutex(State())

    init(instance: String) { self.instance = instance }

    // MARK: Slots

    func deal(_ dealing: SlotDealing) { state.withLock { $0.dealing = dealing } }

    /// Whether it is for this worker to look after a slot.
    func has(_ slot: Slot) -> Bool { state.withLock { $0.dealing.owner(of: slot) == instance } }

    /// Which slots are this worker's at present.
    var dealing: SlotDealing { state.withLock(\.dealing) }

    // MARK: Tasks

    /// What is being worked on.
    var leases: [(topic: String, lease: Lease)] { state.withLock(\.leases) }

    func begin(_ topic: String, _ lease: Lease) {
        state.withLock {
            $0.leases.append((topic, lease))
            $0.idleLooks = 0
        }
    }

    func end(_ lease: Lease, _ outcome: Worker.Outcome) {
        state.withLock {
            $0.leases.removeAll { $0.lease == lease }
            $0.outcomes.append(outcome)
        }
    }

    func takeOutcomes() -> [Worker.Outcome] {
        state.withLock { state in
            defer { state.outcomes = [] }
            return state.outcomes
        }
    }

    // MARK: Idleness

    func noteIdleLook() { state.withLock { $0.idleLooks += 1 } }

    func note(isIdle: Bool) {
        state.withLock {
            $0.areViewsIdle = isIdle
            if !isIdle { $0.idleLooks = 0 }
        }
    }

    /// Whether each job has looked twice since there was anything to do.
    func isIdle(jobs: Int) -> Bool {
        state.withLock { $0.leases.isEmpty && $0.outcomes.isEmpty && $0.areViewsIdle && $0.idleLooks >= 2 * jobs }
    }

    // MARK: Ending

    var isStopping: Bool { state.withLock(\.isStopping) }

    func stop() { state.withLock { $0.isStopping = true } }

    var failure: (any Error)? { state.withLock(\.failure) }

    func fail(_ error: any Error) { state.withLock { $0.failure = $0.failure ?? error } }
}
