// Where output goes: a file descriptor, or memory in a test. A closed pipe is no error here but an answer, because
// what to do about it depends on the command: one that reads stops, one that changes things finishes its work.

/// Takes the bytes of a standard stream.
package protocol OutputStream: AnyObject {
    /// Whether anyone still reads.
    var state: OutputState { get }

    /// Writes bytes, perhaps later; drops them once the stream is closed.
    @discardableResult
    func write(_ bytes: [UInt8]) throws(OutputError) -> OutputState

    /// Writes what has been held back; call it before the end, nothing else does.
    @discardableResult
    func flush() throws(OutputError) -> OutputState

    /// Drops what has been written; false when some of it is out already.
    func retract() -> Bool
}

extension OutputStream {
    /// Writes a text as UTF-8.
    @discardableResult
    package func write(_ text: String) throws(OutputError) -> OutputState {
        try write(Array(text.utf8))
    }
}

/// Whether a stream has a reader.
package enum OutputState: Sendable {
    /// Writing makes sense.
    case open
    /// The reader has gone (`EPIPE`); further bytes are dropped.
    case closed
}

/// Writing failed, and not because the reader has gone.
package struct OutputError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The number that the system gave, such as `ENOSPC`.
    package let errno: Int32

    /// Makes an error.
    package init(errno: Int32) {
        self.errno = errno
    }

    /// What happened, in the words of the system.
    package var description: String { "cannot write the output: \(SystemCalls.message(errno).lowercased())" }
}
