// The one thread that reads the logs for all who listen: each commit once, and only those readers are looked at in
// whose feeds it shows. Who comes back with a cursor is brought up to date first, a little at a time, and then hears
// what the others hear.

internal import Formats
internal import NIOCore
internal import SocialCLI
internal import SocialCore
internal import Synchronization

/// Tells listeners what is new.
final class Hub: Sendable {
    /// What the thread is asked to do.
    enum Request: Sendable {
        case subscribe(number: Int, Actor, after: String?, any LiveSink)
        case unsubscribe(number: Int)
        case acknowledge(UserID, cursor: String)
    }

    private let queue = BoundedQueue<Request>(capacity: 1 << 20)
    private let thread: Mutex<WorkerThread?>
    private let numbers = Atomic<Int>(0)

    /// Begins the thread.
    ///
    /// - Throws: `ioError` when it cannot be started.
    init(_ site: Site) throws {
        let queue = queue
        thread = Mutex(try WorkerThread { HubThread(site, queue).run() })
    }

    /// Lets somebody listen.
    ///
    /// - Returns: by what the listener can be taken away again.
    func subscribe(_ actor: Actor, after cursor: String?, _ sink: any LiveSink) -> Int {
        let number = numbers.wrappingAdd(1, ordering: .relaxed).newValue
        if !queue.add(.subscribe(number: number, actor, after: cursor, sink)) { sink.end("the server is busy") }
        return number
    }

    /// Takes a listener away.
    func unsubscribe(_ number: Int) { _ = queue.add(.unsubscribe(number: number)) }

    /// Keeps how far an account has been shown what is new.
    func acknowledge(_ account: UserID, cursor: String) { _ = queue.add(.acknowledge(account, cursor: cursor)) }

    /// Ends the thread.
    func stop() {
        queue.close()
        thread.withLock { $0 }?.join()
    }
}

/// What the thread of the hub works with.
private final class HubThread {
    /// How long a look at the logs may be late.
    private static let lookNanoseconds: UInt64 = 10_000_000
    /// How long it may take until an acknowledgement is kept.
    private static let keepNanoseconds: UInt64 = 2_000_000_000
    /// How many posts a listener who comes back gets at a time.
    private static let catchUpPosts = 50

    private let site: Site
    private let queue: BoundedQueue<Hub.Request>
    private let service: CommandService
    private var listeners = Listeners()
    private var tail: LogTail?
    private var acknowledged: [UserID: String] = [:]
    private var lastKept = MonotonicClock.nanoseconds

    init(_ site: Site, _ queue: BoundedQueue<Hub.Request>) {
        self.site = site
        self.queue = queue
        service = CommandService(site.options.directory, context: site.options.context)
    }

    func run() {
        while true {
            let isIdle = listeners.isEmpty && acknowledged.isEmpty
            switch queue.take(untilNanoseconds: isIdle ? nil : MonotonicClock.nanoseconds + HubThread.lookNanoseconds) {
            case .item(let request):
                handle(request)
                // Many come at once; the logs are looked at between them, but not after each.
                var count = 0
                while count < 256, case .item(let request) = queue.take(untilNanoseconds: 0) {
                    handle(request)
                    count += 1
                }
            case .nothing: break
            case .closed:
                keepAcknowledgements()
                return
            }
            look()
        }
    }

    // MARK: Requests

    private func handle(_ request: Hub.Request) {
        switch request {
        case .subscribe(let number, let actor, let cursor, let sink):
            do { try subscribe(number, actor, cursor, sink) } catch {
                sink.deliver(.result(.null, Answer(error)))
                sink.end("it cannot go on from there")
            }
        case .unsubscribe(let number):
            listeners.remove(number)
            if listeners.isEmpty { tail = nil }
        case .acknowledge(let account, let cursor):
            // Whatever else it were, going on from it would fail.
            if FeedTail.Position(cursor) != nil { acknowledged[account] = cursor }
        }
    }

    private func subscribe(_ number: Int, _ actor: Actor, _ cursor: String?, _ sink: any LiveSink) throws {
        let network = try service.network()
        var tail = try tail ?? LogTail(network.logHeads, after: network.logHeads.vector())
        // Up to here the others have heard everything.
        try tell(try tail.next())
        self.tail = tail
        let kept = try cursor ?? self.kept(actor.id, network)
        var feed: FeedTail?
        if let kept {
            guard let position = FeedTail.Position(kept) else {
                throw ServeError(.badParameter, "\"\(kept.prefix(80))\" is no cursor")
            }
            do { feed = try network.feeds.tail(of: actor.id, after: position) } catch let error as EventsError {
                // What was kept long ago may be too old to go on from; then it begins anew.
                if cursor != nil { throw error }
            }
        }
        let authors = try network.graph.feedAuthors(of: actor.id)
        listeners.add(number, actor.id, authors, sink, feed)
        sink.deliver(.welcome(actor.handle, cursor: feed == nil ? "\(tail.offsets)" : kept ?? ""))
    }

    /// How far an account was shown what is new.
    private func kept(_ account: UserID, _ network: Network) throws -> String? {
        if let cursor = acknowledged[account] { return cursor }
        return try network.attributes.value(.readMark, "live", of: account).map {
            String(decoding: $0.value, as: UTF8.self)
        }
    }

    private func keepAcknowledgements() {
        lastKept = MonotonicClock.nanoseconds
        let marks = acknowledged
        acknowledged = [:]
        guard let network = try? service.network() else { return }
        for (account, cursor) in marks.sorted(by: { $0.key < $1.key }) {
            _ = try? network.attributes.set(.readMark, "live", of: account, to: Array(cursor.utf8))
        }
    }

    // MARK: News

    private func look() {
        if !acknowledged.isEmpty, MonotonicClock.nanoseconds - lastKept > HubThread.keepNanoseconds {
            keepAcknowledgements()
        }
        guard var tail, !listeners.isEmpty else { return }
        do {
            try tell(try tail.next())
            self.tail = tail
            try catchUp()
        } catch {
            // The log does not go on from here, or cannot be read: whoever listens comes back by the cursor.
            for sink in listeners.removeAll() { sink.end("the server has lost its place") }
            self.tail = nil
        }
    }

    /// Tells those whom it concerns what was committed.
    private func tell(_ commits: [LogTail.Commit]) throws {
        guard !commits.isEmpty, let before = tail?.offsets else { return }
        let network = try service.network()
        var offsets = before
        for commit in commits {
            let start = offsets
            offsets[commit.shard] = commit.position
            var posts: [(author: UserID, post: PostID)] = []
            for entry in commit.entries {
                if case .posted(let author, let post) = entry { posts.append((author, post)) }
                for reader in Listeners.changed(by: entry) where listeners.has(reader) {
                    listeners.set(reader, authors: try network.graph.feedAuthors(of: reader))
                }
            }
            posts.sort { $0.post < $1.post }
            for (index, new) in posts.enumerated() {
                let readers = listeners.readers(of: new.author)
                if readers.isEmpty { continue }
                let isLast = index == posts.count - 1
                let position = FeedTail.Position.log(
                    isLast ? offsets : start,
                    passed: isLast ? nil : FeedTail.Passed(shard: commit.shard, count: index + 1))
                try tell(new.post, to: readers, cursor: "\(position)", network)
            }
            try notify(commit, cursor: "\(offsets)", network)
        }
        listeners.forgetCaughtUp(by: offsets)
    }

    private func tell(_ post: PostID, to readers: [UserID], cursor: String, _ network: Network) throws {
        var message: LiveMessage?
        for reader in readers {
            guard let item = try network.feeds.hydrate([post], for: reader).first else { continue }
            let known = try message ?? HubThread.message(item, cursor: cursor, network)
            message = known
            let sinks = listeners.sinks(of: reader, for: post)
            site.metrics.pushed.add(sinks.count)
            for sink in sinks { sink.deliver(known) }
        }
    }

    /// Tells those who listen what others have done that concerns them.
    ///
    /// Who comes back asks how many notifications are unread, and is not told each again.
    private func notify(_ commit: LogTail.Commit, cursor: String, _ network: Network) throws {
        let notifications = network.notifications
        let matcher = notifications.matcher { [listeners] in listeners.readers(of: $0) }
        for match in try matcher.matches(commit) where listeners.has(match.reader) {
            guard let notification = try notifications.notification(match) else { continue }
            var encoder = try RecordEncoder(.ndjson, columns: NotificationOutput.fields.map(\.column))
            encoder.record(NotificationOutput.cells(notification))
            let message = LiveMessage.news("notification", cursor: cursor, item: Array(encoder.bytes.dropLast()))
            let sinks = listeners.sinks(of: match.reader)
            site.metrics.pushed.add(sinks.count)
            for sink in sinks { sink.deliver(message) }
        }
    }

    private static func message(_ item: PostItem, cursor: String, _ network: Network) throws -> LiveMessage {
        let columns = PostOutput.fields.map(\.column) + [Column("cursor")]
        var encoder = try RecordEncoder(.ndjson, columns: columns)
        for cells in try PostOutput.rows([item], network) { encoder.record(cells + [.text("\(item.id)")]) }
        return .news("post", cursor: cursor, item: Array(encoder.bytes.dropLast()))
    }

    /// Tells those who came back a little more of what they have missed.
    private func catchUp() throws {
        guard listeners.isCatchingUp else { return }
        let network = try service.network()
        for number in listeners.catchingUp {
            guard var late = listeners.late(number), !late.sink.isBacklogged else { continue }
            if late.pending.isEmpty { late.pending = try late.feed.next()[...] }
            if late.pending.isEmpty {
                // What is committed from here on comes as it comes; what came meanwhile is not told twice.
                listeners.isCaughtUp(number, at: try network.logHeads.vector())
                continue
            }
            for item in late.pending.prefix(HubThread.catchUpPosts) {
                late.sink.deliver(try HubThread.message(item.content, cursor: "\(item.position)", network))
                late.told.insert(item.content.id)
                site.metrics.pushed.add()
            }
            late.pending = late.pending.dropFirst(HubThread.catchUpPosts)
            listeners.set(number, late)
        }
    }
}
