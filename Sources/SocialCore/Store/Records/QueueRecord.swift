// What a topic holds: messages, and for each consumer what has become of them.

/// A topic of messages.
package struct TopicRecord: Equatable, Sendable {
    /// A hash of its name.
    package var id: Int64
    /// Its name.
    package var name: String
    /// How many messages have been pushed, which is the number of the last.
    package var last: Int64

    /// A topic without messages.
    package init(name: String) {
        self.name = name
        id = TopicRecord.identity(of: name)
        last = 0
    }

    /// A topic as it was read.
    init(id: Int64, name: String, last: Int64) {
        self.id = id
        self.name = name
        self.last = last
    }

    /// The id of a topic of a name.
    static func identity(of name: String) -> Int64 {
        Int64(bitPattern: ReplicaCheck.sum(of: Array(name.utf8)) >> 1)
    }

    /// The slot to which a topic of a name belongs.
    package static func slot(of name: String) -> Slot { Slot(ofKey: "topic/\(name)") }
}

/// A message of a topic.
package struct MessageRecord: Equatable, Sendable {
    /// Its number in the topic, from 1 on.
    package var n: Int64 = 0
    /// 0 to 9; larger ones come first.
    package var priority: Int
    /// Which worker gets it, where slots are dealt to workers.
    package var part: Slot
    /// When it was pushed.
    package var pushedAt: Timestamp
    /// Before when nobody gets it.
    package var dueAt: Timestamp
    /// How often it is tried at most.
    package var attempts: Int
    /// Who is told what becomes of it; nil for nobody.
    package var account: UserID?
    /// What it says.
    package var payload: [UInt8]

    /// A message that is to be pushed.
    package init(
        _ payload: [UInt8], priority: Int, part: Slot, pushedAt: Timestamp, dueAt: Timestamp, attempts: Int,
        account: UserID? = nil
    ) {
        self.payload = payload
        self.priority = priority
        self.part = part
        self.pushedAt = pushedAt
        self.dueAt = dueAt
        self.attempts = attempts
        self.account = account
    }
}

/// What a message waits for.
package enum DeliveryState: Int64, CaseIterable, Sendable {
    // The raw values are stored.
    /// Somebody may take it.
    case ready = 0
    /// Its time has not come.
    case delayed = 1
    /// Somebody works on it.
    case leased = 2
    /// It was tried too often.
    case dead = 3
}

/// What has become of a message for one consumer.
package struct DeliveryRecord: Equatable, Sendable {
    /// The message's number.
    package var n: Int64
    /// The consumer's number.
    package var consumer: Int64
    /// What it waits for.
    package var state: DeliveryState
    /// The order among those of its state: the end of the delay or the lease in milliseconds, or priority and number.
    package var rank: Int64
    /// Which worker gets it.
    package var part: Slot
    /// How often it was taken.
    package var attempts: Int
    /// What whoever has taken it last knows it by; 0 for nobody, and `untold` where it is dead.
    package var lease: Int64
    /// Who has taken it last.
    package var worker: String
    /// Why it failed last.
    package var failure: String

    /// What becomes of a new message.
    init(_ message: MessageRecord, consumer: Int64, now: Timestamp) {
        n = message.n
        self.consumer = consumer
        state = message.dueAt > now ? .delayed : .ready
        rank = message.dueAt > now ? message.dueAt.milliseconds : DeliveryRecord.rank(message.priority, message.n)
        part = message.part
        attempts = 0
        lease = 0
        worker = ""
        failure = ""
    }

    /// What has become of a message as it was read.
    init(
        n: Int64, consumer: Int64, state: DeliveryState, rank: Int64, part: Slot, attempts: Int, lease: Int64,
        worker: String, failure: String
    ) {
        self.n = n
        self.consumer = consumer
        self.state = state
        self.rank = rank
        self.part = part
        self.attempts = attempts
        self.lease = lease
        self.worker = worker
        self.failure = failure
    }

    /// The lease of a dead message of which its account has not been told.
    static let untold: Int64 = 1

    /// The rank of what is ready: higher priorities first, then in the order in which it was pushed.
    static func rank(_ priority: Int, _ n: Int64) -> Int64 { Int64(9 - priority) << 56 | n }

    /// As another network is told of it: whoever has taken it works for this one, so it is ready there.
    ///
    /// Whoever is to be told of a dead message is told again, under a name that a repetition does not double.
    func carried(_ message: MessageRecord) -> DeliveryRecord {
        var carried = self
        if state == .leased { carried.state = .ready }
        if carried.state != .delayed { carried.rank = DeliveryRecord.rank(message.priority, message.n) }
        carried.lease = state == .dead && message.account != nil ? DeliveryRecord.untold : 0
        return carried
    }

    /// When the delay or the lease ends.
    package var until: Timestamp? {
        state == .delayed || state == .leased ? Timestamp(milliseconds: rank) : nil
    }
}

/// Somebody who gets every message of a topic, whoever else gets it too.
package struct ConsumerRecord: Equatable, Sendable {
    /// Its number in the topic.
    package var number: Int64
    /// Its name.
    package var name: String
    /// How many messages it has settled.
    package var done: Int64
}
