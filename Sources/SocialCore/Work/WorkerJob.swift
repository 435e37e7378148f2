// One thread that takes tasks and does them, one after the other, with the network opened for it alone.

internal import Glibc

/// Takes tasks and does them.
struct WorkerJob {
    let network: Network
    let plan: Worker.Plan
    let board: WorkBoard

    /// How long it sleeps when there is nothing to do.
    private static let restMicroseconds: UInt32 = 20_000

    func run() throws {
        while !board.isStopping {
            var hasWorked = false
            for topic in plan.topics where !board.isStopping {
                let dealing = board.dealing
                let taken = try network.queue.pull(
                    topic, consumer: plan.consumer, leaseMilliseconds: plan.leaseMilliseconds, worker: instance
                ) { dealing.owner(of: $0) == instance }
                for message in taken {
                    hasWorked = true
                    board.begin(topic, message.lease)
                    board.end(message.lease, try work(on: message, of: topic))
                }
            }
            if !hasWorked {
                board.noteIdleLook()
                usleep(WorkerJob.restMicroseconds)
            }
        }
        try network.finish()
    }

    private var instance: String { board.instance }

    /// Does a task and settles it.
    private func work(on message: LeasedMessage, of topic: String) throws -> Worker.Outcome {
        let start = MonotonicClock.milliseconds
        func outcome(_ end: Worker.Outcome.End, _ text: String) -> Worker.Outcome {
            Worker.Outcome(
                topic: topic, n: message.message.n, attempt: message.attempt, end: end, text: text,
                milliseconds: MonotonicClock.milliseconds - start)
        }
        do {
            let text: String
            do { text = try perform(message, of: topic) } catch {
                let failure = (error as? any RoomError)?.message ?? "\(error)"
                let end = try network.queue.giveBack(
                    message.lease, in: topic, failure: failure, isFinal: WorkerJob.isFinal(error))
                return outcome(end == .dead ? .dead : .retry, failure)
            }
            _ = try network.queue.acknowledge([message.lease], in: topic, result: text)
            return outcome(.done, text)
        } catch let error as QueueError where error.code == .leaseLost || error.code == .noSuchTopic {
            // Somebody else has it by now, or it was forgotten.
            return outcome(.lost, error.message)
        }
    }

    /// Whether trying again cannot help.
    private static func isFinal(_ error: any Error) -> Bool {
        switch error {
        case let error as FilmError: error.code == .badFilm
        case let error as MediaError: error.code == .notMedia || error.code == .noSuchMedia
        case let error as StoreError: error.code == .noSuchMedia
        default: false
        }
    }

    private func perform(_ message: LeasedMessage, of topic: String) throws -> String {
        if let command = plan.command { return try run(command, message, of: topic) }
        switch topic {
        case WorkTopic.waves: return try PushWaves(network: network).perform(message)
        case WorkTopic.thumbnails:
            let record = try upload(message)
            for size in Pictures.Size.allCases where size != .original {
                _ = try network.pictures.rendition(of: record, size)
            }
            return "thumbnails of \(record.content.name)"
        default:
            let record = try upload(message)
            var request = CutRequest(plan: .standard, form: Film.Form())
            request.rungs = plan.rungs
            let outcome = try network.films.cut(record, as: request)
            try network.notifications.noteReady(outcome.record)
            return "\(outcome.film.cuts.count) segments of \(record.content.name)"
        }
    }

    private func upload(_ message: LeasedMessage) throws -> MediaRecord {
        let word = String(decoding: message.message.payload, as: UTF8.self)
        guard let id = MediaID(decimal: word) else {
            throw MediaError(.noSuchMedia, "\"\(word)\" is no id of an upload")
        }
        return try network.media.named(id)
    }

    /// Runs a command of the shell with the message as its input.
    private func run(_ command: String, _ message: LeasedMessage, of topic: String) throws -> String {
        guard let shell = ExternalProgram("sh", searching: "/bin:/usr/bin") else {
            throw ToolError(.noTool, "there is no shell")
        }
        let (status, words) = try shell.run(
            ["-c", command], input: message.message.payload,
            environment: [
                ("SOCIAL_TOPIC", topic), ("SOCIAL_MESSAGE", "\(message.message.n)"),
                ("SOCIAL_ATTEMPT", "\(message.attempt)"), ("SOCIAL_LEASE", "\(message.lease)"),
                ("SOCIAL_DATA", network.directory), ("SOCIAL_KEY", "\(topic)/\(message.message.n)"),
            ], timeoutMilliseconds: plan.timeoutMilliseconds)
        let last = words.split(separator: "\n").last.map { ": \($0)" } ?? ""
        guard status == 0 else { throw ToolError(.toolFailed, "the command ended with \(status)\(last)") }
        return "done\(last)"
    }
}
