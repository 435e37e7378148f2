// What can go wrong with messages.

/// An error of the queue.
package struct QueueError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case noSuchTopic = "no_such_topic"
        case noSuchConsumer = "no_such_consumer"
        case noSuchMessage = "no_such_message"
        case badTopic = "bad_topic"
        case badMessage = "bad_message"
        case keyReused = "key_reused"
        /// Somebody else has taken the message since, or it was settled.
        case leaseLost = "lease_lost"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
