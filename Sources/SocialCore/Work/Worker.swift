// Who does it? A worker registers, confirms that it is alive, and works on what belongs to the slots that it is dealt:
// views that follow the logs, tasks that the logs cause, and tasks that anybody has pushed. A worker that dies is
// noticed when its patience is over; then its slots are dealt to the others, and what it had taken comes again.

internal import Glibc

/// One process that works.
package final class Worker {
    /// What a worker works on, and how.
    package struct Plan: Sendable {
        /// The topic; nil for the program's own work.
        package var topic: String?
        /// The consumer for which messages are taken; those who take for the same one share them.
        package var consumer = "workers"
        /// What is run for each message; nil for the program's own work.
        package var command: String?
        /// How many tasks are worked on at once.
        package var jobs = 1
        /// How long a task is others' business after this worker was last heard of.
        package var leaseMilliseconds: Int64 = 30_000
        /// How long this worker counts as alive after a heartbeat.
        package var patienceMilliseconds: Int64 = 10_000
        /// How long a task may take.
        package var timeoutMilliseconds: Int64 = 3_600_000
        /// The qualities into which films are encoded besides their own.
        package var rungs: [Rung] = []

        /// The program's own work, one task after the other.
        package init() {}

        /// The topics whose messages are worked on.
        var topics: [String] { topic.map { [$0] } ?? WorkTopic.own }
        /// The service as which those register who share the work.
        package var service: String { topic.map { "worker.\($0).\(consumer)" } ?? "worker" }
    }

    /// What has become of a task.
    package struct Outcome: Equatable, Sendable {
        /// How a task ended.
        package enum End: String, Sendable {
            case done, retry, dead, lost
        }

        /// The topic.
        package var topic: String
        /// The message.
        package var n: Int64
        /// Which attempt it was.
        package var attempt: Int
        /// How it ended.
        package var end: End
        /// What was done, or why it failed.
        package var text: String
        /// How long it took.
        package var milliseconds: Int64
    }

    private let network: Network
    private let plan: Plan
    private let board: WorkBoard
    private let openNetwork: @Sendable () throws -> Network
    private var jobs: [WorkerThread] = []
    private var nextHeartbeat: Int64 = 0
    private var nextExtension: Int64 = 0
    private var nextPruning: Int64 = 0
    private var published = OffsetVector()

    /// The name of this worker.
    package let instance: String

    /// A worker on a network.
    ///
    /// - Parameter open: opens the same network once more, for a thread of its own.
    package init(_ network: Network, _ plan: Plan, opening open: @escaping @Sendable () throws -> Network) {
        self.network = network
        self.plan = plan
        openNetwork = open
        let instance =
            "\(Worker.hostName).\(getpid()).\(String(network.context.random.next() & 0xFFFF_FFFF, radix: 36))"
        self.instance = instance
        board = WorkBoard(instance: instance)
    }

    private static var hostName: String {
        var name = utsname()
        uname(&name)
        return withUnsafeBytes(of: &name.nodename) { bytes in
            let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            return text.isEmpty ? "host" : text
        }
    }

    // MARK: Working

    /// Registers, and begins to work on tasks.
    package func start() throws {
        try beat()
        for _ in 0..<plan.jobs {
            let (board, plan, open) = (board, plan, openNetwork)
            jobs.append(
                try WorkerThread {
                    do { try WorkerJob(network: open(), plan: plan, board: board).run() } catch { board.fail(error) }
                })
        }
    }

    /// Goes on for a moment: says that it is alive, brings views up to date, and hears what became of tasks.
    ///
    /// - Returns: what has ended since the last call.
    /// - Throws: what has stopped a job.
    package func step() throws -> [Outcome] {
        let now = MonotonicClock.milliseconds
        if now >= nextHeartbeat { try beat() }
        if now >= nextExtension { extendLeases() }
        if plan.topic == nil { try workOnViews(now) }
        if let failure = board.failure { throw failure }
        return board.takeOutcomes()
    }

    /// Whether nothing was found to do when everybody looked last.
    package var isIdle: Bool { board.isIdle(jobs: plan.jobs) }

    /// Ends: what is being worked on is finished, then others get the slots.
    package func stop() {
        board.stop()
        for job in jobs { job.join() }
        jobs = []
        _ = try? network.services.deregister(plan.service, instance)
    }

    /// What ended since the last step, when it has stopped.
    package func rest() -> [Outcome] { board.takeOutcomes() }

    private func beat() throws {
        let services = network.services
        if try services.heartbeat(plan.service, instance) == nil {
            try services.register(plan.service, instance, patienceMilliseconds: plan.patienceMilliseconds)
        }
        board.deal(try services.dealing(of: plan.service))
        nextHeartbeat = MonotonicClock.milliseconds + plan.patienceMilliseconds / 4
    }

    /// Keeps what is being worked on from coming to others.
    private func extendLeases() {
        for (topic, lease) in board.leases {
            // Whoever has lost a task finds out when it settles it.
            try? network.queue.extend([lease], in: topic, byMilliseconds: plan.leaseMilliseconds)
        }
        nextExtension = MonotonicClock.milliseconds + plan.leaseMilliseconds / 3
    }

    /// Fan-out, indexes, notifications and counts.
    private func workOnViews(_ now: Int64) throws {
        let heads = try network.logHeads.vector()
        let isMine = { [board] (shard: Int) in board.has(Slot(ofKey: "shard/\(shard)")) }
        if heads != published {
            let summary = try network.feeds.publish(only: isMine)
            try network.search.bringUp(only: isMine)
            if board.has(Slot(ofKey: "notifications")) { try network.notifications.bringUpToDate() }
            let made = try LogTasks(network: network).advance(board.has)
            published = heads
            board.note(isIdle: summary.entries == 0 && made == 0)
        } else {
            board.note(isIdle: true)
        }
        if now >= nextPruning, board.has(Slot(ofKey: "rollups")) {
            _ = try network.analytics.prune(.standard)
            nextPruning = now + 3_600_000
        }
    }
}
