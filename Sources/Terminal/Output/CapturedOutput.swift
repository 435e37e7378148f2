// Output kept in memory, for tests and for whoever needs the text itself. It can also play a reader who leaves early
// and a disk that fills up, at an exact byte.

/// Keeps what is written.
package final class CapturedOutput: OutputStream {
    /// How the stream ends before its time.
    package enum Failure: Sendable {
        /// The reader goes away.
        case closed
        /// Writing fails with this error number.
        case errno(Int32)
    }

    /// What has been written.
    package private(set) var bytes: [UInt8] = []
    /// Whether anyone still reads.
    package private(set) var state = OutputState.open

    private let limitBytes: Int
    private let failure: Failure

    /// Makes a stream that takes everything.
    package convenience init() {
        self.init(limitBytes: .max, then: .closed)
    }

    /// Makes a stream that takes `limitBytes` and then fails.
    package init(limitBytes: Int, then failure: Failure) {
        self.limitBytes = limitBytes
        self.failure = failure
    }

    /// What has been written, as text.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Keeps the bytes as far as the limit allows.
    @discardableResult
    package func write(_ bytes: [UInt8]) throws(OutputError) -> OutputState {
        guard state == .open else { return state }
        let room = limitBytes - self.bytes.count
        self.bytes.append(contentsOf: bytes.prefix(room))
        guard bytes.count > room else { return state }
        switch failure {
        case .closed: state = .closed
        case .errno(let errno): throw OutputError(errno: errno)
        }
        return state
    }

    /// Does nothing: nothing is held back.
    @discardableResult
    package func flush() throws(OutputError) -> OutputState { state }

    /// Forgets everything.
    package func retract() -> Bool {
        bytes = []
        return true
    }
}
