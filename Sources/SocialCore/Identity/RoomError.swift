// The shape of every error: each room has one error type with a closed set of codes, and one table in the command line
// maps the codes to exit statuses.

/// An error of a room: what happened, and what to do.
package protocol RoomError: Error, CustomStringConvertible {
    /// The closed set of codes; the raw values are stable names that scripts may test.
    associatedtype Code: RawRepresentable<String> & CaseIterable & Sendable
    /// Which of the room's failures this is.
    var code: Code { get }
    /// What happened, with the thing in quotes.
    var message: String { get }
    /// What the user can do about it.
    var hint: String? { get }
}

extension RoomError {
    /// Most errors say all in their message.
    package var hint: String? { nil }
    /// The message.
    package var description: String { message }
}
