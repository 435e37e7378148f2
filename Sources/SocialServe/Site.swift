// What all threads of a server share.

internal import SocialCLI
internal import SocialCore
internal import Synchronization

/// The shared half of a server.
final class Site: Sendable {
    let options: ServeOptions
    let metrics = Metrics()
    let accesses: AccessCollector
    let actors = Actors()
    let limiter: RateLimiter?
    private let stopping = Atomic<Bool>(false)

    init(_ options: ServeOptions) {
        self.options = options
        accesses = AccessCollector(metrics)
        limiter = options.rate.map { RateLimiter(rate: $0) }
    }

    /// Whether the server takes nothing more.
    var isStopping: Bool { stopping.load(ordering: .relaxed) }

    /// Whether a service runs here.
    func runs(_ service: ServeService) -> Bool { options.services?.contains(service) ?? true }

    /// Whether changes are taken where everything else is.
    var takesChanges: Bool { options.writeAddress == nil }

    /// Takes nothing more.
    func stop() { stopping.store(true, ordering: .relaxed) }
}
