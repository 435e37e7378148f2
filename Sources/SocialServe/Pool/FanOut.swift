// The service `fanout`: a worker in the server, which brings cached feeds, indexes and inboxes up to date, makes
// thumbnails, cuts films, and tells those who are not there of popular authors. It shares this work with all others on
// the directory, in other servers and in `queue work`.

internal import Glibc
internal import SocialCLI
internal import SocialCore

/// A worker beside the answers.
final class FanOut {
    /// How long it rests between two looks.
    private static let restMicroseconds: UInt32 = 20_000
    /// How long it leaves the work to others after it has failed.
    private static let pauseMicroseconds: UInt32 = 1_000_000

    private let thread: WorkerThread

    /// Begins to work, until the site stops.
    ///
    /// - Throws: `ioError` when a thread cannot be started.
    init(_ site: Site) throws {
        thread = try WorkerThread(isPatient: true) {
            while !site.isStopping {
                // A full disk, say, may have been emptied a moment later.
                do { try FanOut.work(site) } catch { usleep(FanOut.pauseMicroseconds) }
            }
        }
    }

    private static func work(_ site: Site) throws {
        let (directory, context) = (site.options.directory, site.options.context)
        let worker = Worker(try Network(opening: directory, context: context), Worker.Plan()) {
            try Network(opening: directory, context: context)
        }
        try worker.start()
        defer { worker.stop() }
        while !site.isStopping {
            let outcomes = try worker.step()
            site.metrics.tasks.add(outcomes.count)
            if outcomes.isEmpty { usleep(FanOut.restMicroseconds) }
        }
    }

    /// Waits until it has ended, after the site was stopped.
    func join() { thread.join() }
}
