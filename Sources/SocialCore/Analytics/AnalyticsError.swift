// What can be wrong with counting.

/// An error of the analytics room.
package struct AnalyticsError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        /// A kind of access, a resource or a time that cannot be counted.
        case badAccess = "bad_access"
        /// The same idempotency key was used for something else.
        case keyReused = "key_reused"
        /// Another process counts the same log.
        case sourceBusy = "source_busy"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    /// An error with a code and a message.
    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
