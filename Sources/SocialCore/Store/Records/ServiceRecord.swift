// Who offers what, as it said itself and last confirmed.

/// An instance of a service.
package struct ServiceRecord: Equatable, Sendable {
    /// The service, such as `worker` or `timeline`.
    package var name: String
    /// Tells the instance from others of the service.
    package var instance: String
    /// Where it can be reached; empty where it cannot.
    package var address: String
    /// What else others may want to know.
    package var details: String
    /// For how many milliseconds after a heartbeat it counts as alive.
    package var patienceMilliseconds: Int64
    /// When it came.
    package var registeredAt: Timestamp
    /// When it was last heard of.
    package var heartbeatAt: Timestamp

    /// An instance that is there now.
    package init(
        name: String, instance: String, address: String, details: String, patienceMilliseconds: Int64,
        at time: Timestamp
    ) {
        self.name = name
        self.instance = instance
        self.address = address
        self.details = details
        self.patienceMilliseconds = patienceMilliseconds
        registeredAt = time
        heartbeatAt = time
    }

    /// The slot to which a service belongs.
    package static func slot(of name: String) -> Slot { Slot(ofKey: "service/\(name)") }

    /// Whether it counts as alive at a time.
    ///
    /// A heartbeat from the future, which a clock that was set back leaves behind, counts as old.
    package func isAlive(at now: Timestamp) -> Bool {
        let age = now.milliseconds - heartbeatAt.milliseconds
        return abs(age) <= patienceMilliseconds
    }
}

/// How far a consumer of the logs that writes records has come in one of them.
package struct LogPositionRecord: Equatable, Sendable {
    /// The shard whose log it is.
    package var shard: Int
    /// Which life of the log.
    package var incarnation: UInt64
    /// The number of commits.
    package var n: Int64

    /// A place in a log.
    package init(shard: Int, incarnation: UInt64, n: Int64) {
        self.shard = shard
        self.incarnation = incarnation
        self.n = n
    }
}
