// A listener over long polling, as BOSH describes it (XEP-0124, sections 7 to 14), in JSON: the client always has one
// request with the server, which is answered when something happens. Requests are numbered, so that an answer that was
// lost on the way is given again.

internal import Formats
internal import SocialCLI
internal import SocialCore
internal import Synchronization

/// The session of one listener.
final class PollSession: LiveSink {
    /// How many messages wait for a listener at most; one who does not come for them goes on by the cursor later.
    private static let waitingMessages = 1_000
    /// How many answers are kept, in case one was lost: as many as a client may have requests.
    private static let keptAnswers = 2

    private struct Held {
        let rid: Int64
        let reply: Writer.Reply
        let untilNanoseconds: UInt64
    }

    private struct State {
        /// The number of the next request.
        var next: Int64
        /// Where the answer to the first request goes, until the hub says where the session begins.
        var opening: Writer.Reply?
        var held: Held?
        var messages: [LiveMessage] = []
        var answered: [(rid: Int64, answer: Answer)] = []
        var lastNanoseconds = MonotonicClock.nanoseconds
        var isOver = false
    }

    let sid: String
    let actor: Actor
    private let waitSeconds: Int
    private let state: Mutex<State>
    private let number = Mutex<Int?>(nil)

    /// A session.
    ///
    /// - Parameter opening: takes the answer to the first request, when it is known where the session begins.
    init(sid: String, actor: Actor, rid: Int64, waitSeconds: Int, opening: @escaping Writer.Reply) {
        self.sid = sid
        self.actor = actor
        self.waitSeconds = waitSeconds
        state = Mutex(State(next: rid + 1, opening: opening))
    }

    /// By what the hub knows it.
    var subscription: Int? {
        get { number.withLock { $0 } }
        set { number.withLock { $0 = newValue } }
    }

    // MARK: The hub's side

    func deliver(_ message: LiveMessage) {
        let opening = state.withLock { $0.opening.take() }
        if let opening { return opening(beginning(message)) }
        answer { state in
            guard state.messages.count < PollSession.waitingMessages else {
                // Its place in the log is lost with what does not fit; so it has to begin again at its cursor.
                state.isOver = true
                return
            }
            state.messages.append(message)
        }
    }

    /// The answer to the first request: where the session begins, or why it does not.
    private func beginning(_ message: LiveMessage) -> Answer {
        var json = JSONWriter()
        guard let cursor = message.beginning else {
            json.raw(message.text)
            json.endLine()
            return .json(json.bytes, status: Status(400))
        }
        json.value([
            "sid": .string(sid), "wait": .integer(Int64(waitSeconds)), "requests": .integer(Int64(Self.keptAnswers)),
            "inactivity": .integer(ServeLimits.silentSeconds), "handle": .string(actor.handle),
            "cursor": .string(cursor),
        ])
        json.endLine()
        return .json(json.bytes)
    }

    var isBacklogged: Bool { state.withLock { $0.messages.count > PollSession.waitingMessages / 4 } }

    func end(_ reason: String) {
        let opening = state.withLock { $0.opening.take() }
        opening?(Answer(ServeError(.overloaded, reason, hint: "try again in a moment")))
        answer { state in
            state.messages.append(.bye(reason))
            state.isOver = true
        }
    }

    /// Changes the state, and answers the request that is held if there is something to say.
    private func answer(_ change: (inout State) -> Void) {
        let send = state.withLock { state -> (Writer.Reply, Answer)? in
            change(&state)
            guard let held = state.held, !state.messages.isEmpty || state.isOver else { return nil }
            return PollSession.release(held, &state)
        }
        if let send { send.0(send.1) }
    }

    /// The answer to a held request, which is kept for when it is asked for again.
    private static func release(_ held: Held, _ state: inout State) -> (Writer.Reply, Answer) {
        state.held = nil
        state.lastNanoseconds = MonotonicClock.nanoseconds
        var json = JSONWriter()
        json.beginObject()
        json.key("rid")
        json.integer(held.rid)
        json.key("messages")
        json.beginArray()
        for message in state.messages { json.raw(message.text) }
        json.endArray()
        json.endObject()
        json.endLine()
        state.messages = []
        let answer = Answer.json(json.bytes)
        state.answered.append((held.rid, answer))
        if state.answered.count > keptAnswers { state.answered.removeFirst() }
        return (held.reply, answer)
    }

    // MARK: The client's side

    /// Takes a request: it is answered when there is something to say, or when another comes.
    ///
    /// - Returns: false for one that was answered before, or that came twice: what it brings was taken already.
    /// - Throws: `itemNotFound` for a number that cannot come now; the session ends.
    func hold(rid: Int64, _ reply: @escaping Writer.Reply) throws -> Bool {
        var replies: [(Writer.Reply, Answer)] = []
        defer { for (reply, answer) in replies { reply(answer) } }
        return try state.withLock { state in
            if let known = state.answered.first(where: { $0.rid == rid }) {
                replies.append((reply, known.answer))
                return false
            }
            if let held = state.held, held.rid == rid {
                // The connection of the first is lost: this one takes its place.
                state.held = Held(rid: rid, reply: reply, untilNanoseconds: held.untilNanoseconds)
                return false
            }
            guard rid == state.next, !state.isOver || !state.messages.isEmpty else {
                state.isOver = true
                if let held = state.held { replies.append(PollSession.release(held, &state)) }
                throw ServeError(.itemNotFound, "there is no such session, or the request is out of turn")
            }
            state.next += 1
            if let held = state.held { replies.append(PollSession.release(held, &state)) }
            state.lastNanoseconds = MonotonicClock.nanoseconds
            let until = MonotonicClock.nanoseconds + UInt64(waitSeconds) * 1_000_000_000
            let held = Held(rid: rid, reply: reply, untilNanoseconds: until)
            state.held = held
            if !state.messages.isEmpty { replies.append(PollSession.release(held, &state)) }
            return true
        }
    }

    /// Ends it because its client wants that.
    func terminate() { answer { $0.isOver = true } }

    /// Answers what was held long enough.
    ///
    /// - Returns: false when the session is over: ended, or nobody has come for long.
    func sweep(_ now: UInt64) -> Bool {
        let (send, isAlive) = state.withLock { state -> ((Writer.Reply, Answer)?, Bool) in
            if let held = state.held, held.untilNanoseconds <= now {
                return (PollSession.release(held, &state), !state.isOver)
            }
            let isGone =
                state.held == nil && now > state.lastNanoseconds
                && now - state.lastNanoseconds > UInt64(ServeLimits.silentSeconds) * 1_000_000_000
            return (nil, !isGone && !(state.isOver && state.messages.isEmpty))
        }
        if let send { send.0(send.1) }
        return isAlive
    }
}

/// The sessions of all who poll.
final class PollSessions: Sendable {
    private let sessions = Mutex<[String: PollSession]>([:])
    private let metrics: Metrics
    private let hub: Hub
    private let capacity: Int

    init(_ hub: Hub, _ site: Site) {
        self.hub = hub
        metrics = site.metrics
        capacity = site.options.connections
    }

    /// Begins a session.
    ///
    /// - Throws: `overloaded` when there are too many.
    func begin(
        _ actor: Actor, rid: Int64, waitSeconds: Int, after cursor: String?, random: RandomSource,
        _ reply: @escaping Writer.Reply
    ) throws {
        let bytes = withUnsafeBytes(of: (random.next(), random.next())) { Array($0) }
        let session = PollSession(
            sid: Base64.encode(bytes, .url), actor: actor, rid: rid, waitSeconds: waitSeconds, opening: reply)
        let isTaken = sessions.withLock { sessions in
            guard sessions.count < capacity else { return false }
            sessions[session.sid] = session
            return true
        }
        guard isTaken else { throw ServeError(.overloaded, "there are too many listeners") }
        metrics.polls.add()
        session.subscription = hub.subscribe(actor, after: cursor, session)
    }

    /// A session that goes on; nil when there is none.
    func session(_ sid: String) -> PollSession? { sessions.withLock { $0[sid] } }

    /// Answers what was held long enough, and ends what is over.
    func sweep() {
        let now = MonotonicClock.nanoseconds
        for session in sessions.withLock({ Array($0.values) }) where !session.sweep(now) { remove(session) }
    }

    /// Ends a session.
    func remove(_ session: PollSession) {
        guard sessions.withLock({ $0.removeValue(forKey: session.sid) }) != nil else { return }
        metrics.polls.add(-1)
        if let number = session.subscription { hub.unsubscribe(number) }
    }

    /// Says goodbye to all.
    func end(_ reason: String) { for session in sessions.withLock({ Array($0.values) }) { session.end(reason) } }
}
