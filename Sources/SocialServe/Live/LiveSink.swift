// Where messages to one listener go.

internal import SocialCore

/// A listener, as the hub sees it.
protocol LiveSink: AnyObject, Sendable {
    /// Takes a message; on any thread.
    func deliver(_ message: LiveMessage)
    /// Whether it has been given more than it has read.
    var isBacklogged: Bool { get }
    /// Says goodbye and ends.
    func end(_ reason: String)
}
