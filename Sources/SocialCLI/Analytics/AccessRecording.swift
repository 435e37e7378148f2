// `--record`: verbs that show something count that it was shown. The answer comes first: what cannot be counted does
// not spoil it, and only the exit status and the standard error tell.

internal import CommandSpec
internal import SocialCore
internal import Terminal

/// Counts what a verb shows.
struct AccessRecording {
    /// What asks for it.
    static let option = Switch(
        "record", configurable: false, help: "Count this as an access, for \"social analytics\"")

    private let session: Session
    private let viewer: ViewerKey?
    private var accesses: [CountedAccess] = []
    private var hasFailed = false

    /// Nil unless the line asks for it.
    ///
    /// - Parameter viewer: who looks, as far as that is known.
    init?(_ session: Session, viewer: @autoclosure () throws -> UserID?) rethrows {
        guard session.invocation.isOn(AccessRecording.option) else { return nil }
        self.session = session
        self.viewer = try viewer().map { ViewerKey($0) }
    }

    /// Counts an access, at the latest when all is shown.
    mutating func add(_ resource: AccessedResource?, _ kind: AccessKind, amount: Int = 0) {
        guard let resource, !hasFailed else { return }
        accesses.append(CountedAccess(resource, kind, viewer: viewer, at: session.now, amount: Int64(amount)))
        if accesses.count == Limits.accessBatch { record() }
    }

    /// Counts what is left.
    mutating func finish() {
        if !accesses.isEmpty, !hasFailed { record() }
    }

    private mutating func record() {
        defer { accesses.removeAll(keepingCapacity: true) }
        if let take = session.world.accesses { return take(accesses) }
        do { try session.network().analytics.record(accesses) } catch {
            hasFailed = true
            let failure = Failure(error)
            session.exit = failure.exit
            // Whoever cannot be told sees the exit status.
            try? session.note("not counted: \(failure.message)")
        }
    }
}

extension Session {
    /// The account of `--by`, where there is one.
    func viewer() throws -> UserID? { invocation[CommonOptions.by] == nil ? nil : try actor().id }
}
