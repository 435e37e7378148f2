// The limits of the server that are not options.

internal import SocialCLI

/// What a server takes at most.
enum ServeLimits {
    /// Bytes of the head of a request.
    static let headBytes = 16 << 10
    /// Fields of a head.
    static let headFields = 100
    /// Bytes of a body, except for uploads.
    static let jsonBytes = 1 << 20
    /// Bytes of a message over WebSocket.
    static let messageBytes = 64 << 10
    /// Bytes that wait for a listener who does not read.
    static let unsentBytes = 256 << 10
    /// Between two signs of life that the server asks for, in seconds.
    static let pingSeconds: Int64 = 30
    /// How long a listener may be silent, in seconds.
    static let silentSeconds: Int64 = 75
    /// How long a long poll is held at most, in seconds.
    static let pollSeconds = 60
    /// Posts newer than a cursor are counted up to so many.
    static let countedPosts = 1_000
}
