// The calls into the C library for streams and terminals, all of them, so that what is unsafe can be read on one page.

import Glibc

/// Thin wrappers of system calls.
enum SystemCalls {
    /// How a write went.
    enum WriteResult: Equatable {
        case wrote(Int)
        case interrupted
        case wouldBlock
        case closed
        case failed(Int32)
    }

    /// Writes `bytes` from an offset on.
    ///
    /// Corresponds to `write`.
    static func write(_ bytes: [UInt8], from offset: Int, to descriptor: Int32) -> WriteResult {
        // Safety: the slice is checked by `dropFirst`; the pointer is used only within the closure, where the array
        // lives, and the count is the buffer's own.
        let count = bytes.dropFirst(offset).withUnsafeBytes { buffer in
            Glibc.write(descriptor, buffer.baseAddress, buffer.count)
        }
        if count >= 0 { return .wrote(count) }
        switch errno {
        case EINTR: return .interrupted
        case EAGAIN: return .wouldBlock
        case EPIPE: return .closed
        default: return .failed(errno)
        }
    }

    /// Waits until a descriptor that another process made non-blocking takes bytes again.
    ///
    /// Corresponds to `poll`.
    static func waitUntilWritable(_ descriptor: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        // Safety: one structure is lent for the call, and the count says one. What the call finds does not matter: the
        // next write reports it.
        _ = poll(&request, 1, -1)
    }

    /// Whether the descriptor is a terminal.
    ///
    /// Corresponds to `isatty`.
    static func isTerminal(_ descriptor: Int32) -> Bool {
        isatty(descriptor) == 1
    }

    /// The width of the terminal's window; nil for what is no terminal.
    ///
    /// Corresponds to `ioctl` with `TIOCGWINSZ`.
    static func windowColumns(_ descriptor: Int32) -> Int? {
        var size = winsize()
        // Safety: this request writes one `winsize` (ioctl_tty(2)), which is what the pointer leads to.
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// The text of an error number.
    ///
    /// Corresponds to `strerror_r` of POSIX.
    static func message(_ errno: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        // Safety: the call writes at most the count that it is given, within the array that is lent to it.
        guard strerror_r(errno, &buffer, buffer.count) == 0 else { return "error \(errno)" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
