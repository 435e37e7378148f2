// One kernel lock a database file: held for every write transaction and every checkpoint, because SQLite before 3.51.3
// can lose commits when two connections write and checkpoint at the same instant. The kernel frees it when a process
// dies, so it is never stale.

internal import Glibc

/// A `flock` on a file of its own; held from `acquire` to `release`.
package final class FileLock {
    /// The lock file.
    package let path: String
    private let mode: mode_t
    private var descriptor: Int32 = -1
    /// Whether this object holds the lock.
    package private(set) var isHeld = false

    /// A lock on a file, which is made when it is first acquired.
    package init(path: String, shared: Bool = false) {
        self.path = path
        mode = shared ? 0o660 : 0o600
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Takes the lock, waiting as long as allowed.
    ///
    /// - Throws: `busy` when another process still holds it.
    package func acquire(waitingMilliseconds: Int64) throws(StorageError) {
        guard
            try Patience.wait(milliseconds: waitingMilliseconds, until: { () throws(StorageError) in try tryAcquire() })
        else {
            throw StorageError(
                .busy, "another process holds \"\(path)\"", hint: "try again, or wait longer with --lock-wait")
        }
    }

    /// Takes the lock together with others who only want that nobody takes it for himself.
    package func acquireTogether(waitingMilliseconds: Int64) throws(StorageError) {
        let isHeld = try Patience.wait(milliseconds: waitingMilliseconds) { () throws(StorageError) in
            try tryAcquire(LOCK_SH)
        }
        guard isHeld else {
            throw StorageError(
                .busy, "another process holds \"\(path)\"", hint: "try again, or wait longer with --lock-wait")
        }
    }

    /// Takes the lock if it is free.
    package func tryAcquire() throws(StorageError) -> Bool { try tryAcquire(LOCK_EX) }

    private func tryAcquire(_ operation: Int32) throws(StorageError) -> Bool {
        if isHeld { return true }
        if descriptor < 0 {
            let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW
            descriptor = try FileSystem.open(path, flags, mode: mode, while: "lock \"\(path)\"")
        }
        while flock(descriptor, operation | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return false }
            if errno != EINTR { throw StorageError(errno: errno, while: "lock \"\(path)\"") }
        }
        isHeld = true
        return true
    }

    /// Gives the lock back.
    package func release() {
        guard isHeld else { return }
        flock(descriptor, LOCK_UN)
        isHeld = false
    }
}

/// Waits for others, as long as is allowed.
package enum Patience {
    /// Tries something again and again, with growing pauses: false when it has not come about in time.
    package static func wait<Failure: Error>(
        milliseconds: Int64, longestPauseMicroseconds: Int64 = 2_000, until isDone: () throws(Failure) -> Bool
    ) throws(Failure) -> Bool {
        var pauseMicroseconds: Int64 = 100
        var waitedMicroseconds: Int64 = 0
        while !(try isDone()) {
            guard waitedMicroseconds < milliseconds * 1_000 else { return false }
            usleep(UInt32(pauseMicroseconds))
            waitedMicroseconds += pauseMicroseconds
            pauseMicroseconds = min(pauseMicroseconds * 2, longestPauseMicroseconds)
        }
        return true
    }
}
