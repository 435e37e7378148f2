// What an event loop knows of its connections: who is open, what time it is, and who has taken too long.

internal import NIOCore
internal import SocialCore

/// A connection that is looked at now and then.
protocol SweptConnection: AnyObject {
    /// Ends what has taken too long.
    func sweep(_ now: NIODeadline)
    /// Says goodbye, and closes when nothing is under way.
    func drain()
    /// Closes at once.
    func abandon()
}

/// The connections of one event loop; touched on it only.
final class LoopState {
    private var connections: [ObjectIdentifier: any SweptConnection] = [:]
    /// The time as answers give it.
    private(set) var date = ""

    init() { tick() }

    /// Notes a connection.
    func add(_ connection: any SweptConnection) { connections[ObjectIdentifier(connection)] = connection }

    /// Forgets a connection.
    func remove(_ connection: any SweptConnection) { connections[ObjectIdentifier(connection)] = nil }

    /// How many are open.
    var count: Int { connections.count }

    /// Looks at all.
    func sweep() {
        tick()
        let now = NIODeadline.now()
        for connection in Array(connections.values) { connection.sweep(now) }
    }

    /// Ends all, as soon as nothing is under way there.
    func drain() { for connection in Array(connections.values) { connection.drain() } }

    /// Ends all at once.
    func abandon() { for connection in Array(connections.values) { connection.abandon() } }

    private func tick() { date = AnswerHead.date(TimeSource.system.now.milliseconds) }
}
