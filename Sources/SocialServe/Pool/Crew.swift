// The threads of a server: those that read, those that write, those that store uploads, those that make pictures
// smaller and one that keeps counts and says that the server is there, each with a queue of its own, so that none waits
// for work of another kind; and a few for plain files.

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import SocialCLI
internal import SocialCore
internal import Synchronization

/// The threads of a server.
final class Crew: Sendable {
    private static let readerQueue = 4_096
    private static let writerQueue = 4_096
    private static let uploadQueue = 64
    private static let makerQueue = 256
    private static let keeperQueue = 16

    let site: Site
    let readers: NetworkPool<Reader>
    let writers: NetworkPool<Writer>
    let uploads: NetworkPool<Writer>
    let makers: NetworkPool<Reader>
    private let keeper: NetworkPool<Writer>
    /// Threads that read and write files piece by piece.
    let files: NIOThreadPool
    /// Those who wait for an answer to what is asked for already, and not begun.
    private let waiting = Mutex<[String: [Waiting]]>([:])

    private struct Waiting {
        let viewer: ViewerKey
        let reply: Writer.Reply
    }

    init(_ site: Site) throws {
        self.site = site
        readers = try NetworkPool(threads: site.options.readers, capacity: Crew.readerQueue) { _ in Reader(site) }
        writers = try NetworkPool(threads: site.options.writers, capacity: Crew.writerQueue) { _ in Writer(site) }
        uploads = try NetworkPool(threads: 1, capacity: Crew.uploadQueue) { _ in Writer(site) }
        makers = try NetworkPool(threads: 1, capacity: Crew.makerQueue, isPatient: true) { _ in Reader(site) }
        keeper = try NetworkPool(threads: 1, capacity: Crew.keeperQueue, isPatient: true) { _ in Writer(site) }
        files = NIOThreadPool(numberOfThreads: 2)
        files.start()
    }

    /// Ends what is begun, and all threads.
    ///
    /// - Parameter directory: where it is said that this server is no longer there.
    func stop(_ directory: ServiceDirectory) {
        readers.stop()
        makers.stop()
        writers.stop()
        uploads.stop()
        // What was shown until now is counted.
        countAccesses()
        _ = keeper.submit { writer in if let network = try? writer.service.network() { directory.end(network) } }
        keeper.stop()
        try? files.syncShutdownGracefully()
    }

    /// Counts what was shown.
    func countAccesses() {
        let accesses = site.accesses
        if accesses.isEmpty { return }
        _ = keeper.submit { writer in accesses.record(writer.service.network) }
    }

    /// Says that this server is there, and looks who else is.
    func refresh(_ directory: ServiceDirectory) {
        _ = keeper.submit { writer in if let network = try? writer.service.network() { directory.refresh(network) } }
    }

    // MARK: Work

    /// Has something read.
    ///
    /// What is asked for while the same still waits is answered with it.
    ///
    /// - Parameter isMade: whether it may first have to be made, as small pictures are.
    func read(
        _ request: Request, isMade: Bool = false, _ work: @escaping @Sendable (Request, Reader) throws -> Answer,
        _ reply: @escaping Writer.Reply
    ) {
        let key = Crew.coalescingKey(request)
        let own = Waiting(viewer: Viewer.anonymous(request), reply: reply)
        if let key {
            let isFirst = waiting.withLock { waiting in
                defer { waiting[key, default: []].append(own) }
                return waiting[key] == nil
            }
            if !isFirst { return site.metrics.coalesced.add() }
        }
        let isTaken = (isMade ? makers : readers).submit { [self] reader in
            // From here on others may ask for what has changed since.
            let all = key.map(claim) ?? [own]
            var request = request
            request.alike = all.dropFirst().map(\.viewer)
            let answer = Crew.answer { try work(request, reader) }
            for waiting in all { waiting.reply(answer) }
        }
        if isTaken { return }
        let refusal = Crew.overloaded(site)
        for waiting in key.map(claim) ?? [own] { waiting.reply(refusal) }
    }

    /// Has something written.
    func write(
        _ request: Request, isUpload: Bool = false,
        _ work: @escaping @Sendable (Request, Writer, @escaping Writer.Reply) throws -> Void,
        _ reply: @escaping Writer.Reply
    ) {
        let isTaken = (isUpload ? uploads : writers).submit { writer in
            do { try work(request, writer, reply) } catch { reply(Answer(error)) }
        }
        if !isTaken { reply(Crew.overloaded(site)) }
    }

    /// Those who wait for something, once it is begun.
    private func claim(_ key: String) -> [Waiting] { waiting.withLock { $0.removeValue(forKey: key) ?? [] } }

    /// By what requests are alike; nil for those that are not shared.
    private static func coalescingKey(_ request: Request) -> String? {
        guard request.method == .GET, request.header("range") == nil else { return nil }
        return "\(request.key) \(request.header("if-none-match") ?? "") \(Answer.takesGzip(request) ? "gzip" : "")"
    }

    private static func answer(_ work: () throws -> Answer) -> Answer {
        do { return try work() } catch { return Answer(error) }
    }

    private static func overloaded(_ site: Site) -> Answer {
        site.metrics.shed.add()
        return Answer(ServeError(.overloaded, "too many requests wait already", hint: "try again in a moment"))
    }
}
