// Output to a file descriptor through one buffer. A list of a million rows costs a system call for every 64 KiB, and
// an interrupted or partial write is carried on where it stopped.

/// Writes to a file descriptor, which it does not own.
package final class DescriptorOutput: OutputStream {
    /// Whether anyone still reads.
    package private(set) var state = OutputState.open

    private let descriptor: Int32
    private let capacityBytes: Int
    private var buffer: [UInt8] = []
    private var isOut = false

    /// Makes a stream; with a capacity of 0 every write goes out at once, as standard error needs it.
    package init(_ descriptor: Int32, capacityBytes: Int = 64 << 10) {
        self.descriptor = descriptor
        self.capacityBytes = capacityBytes
    }

    /// Keeps the bytes until there are enough of them, then writes them out.
    @discardableResult
    package func write(_ bytes: [UInt8]) throws(OutputError) -> OutputState {
        guard state == .open else { return state }
        if buffer.count + bytes.count > capacityBytes { try flush() }
        if bytes.count >= capacityBytes {
            try writeOut(bytes)
        } else {
            if buffer.isEmpty { buffer.reserveCapacity(capacityBytes) }
            buffer.append(contentsOf: bytes)
        }
        return state
    }

    /// Writes out what has been kept.
    ///
    /// After an error it is gone, so that it cannot come twice.
    @discardableResult
    package func flush() throws(OutputError) -> OutputState {
        guard !buffer.isEmpty else { return state }
        defer { buffer.removeAll(keepingCapacity: true) }
        try writeOut(buffer)
        return state
    }

    /// Drops what has been kept, unless something was written out before.
    package func retract() -> Bool {
        if isOut { return false }
        buffer.removeAll(keepingCapacity: true)
        return true
    }

    private func writeOut(_ bytes: [UInt8]) throws(OutputError) {
        isOut = true
        var written = 0
        while state == .open, written < bytes.count {
            switch SystemCalls.write(bytes, from: written, to: descriptor) {
            case .wrote(let count): written += count
            case .interrupted: continue
            case .wouldBlock: SystemCalls.waitUntilWritable(descriptor)
            case .closed: state = .closed
            case .failed(let errno): throw OutputError(errno: errno)
            }
        }
    }
}
