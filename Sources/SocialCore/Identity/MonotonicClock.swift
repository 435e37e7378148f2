// A clock that never jumps, for how long something takes and when to look again. What is stored uses the clock of the
// context.

internal import Glibc

/// The time since some moment before this process.
package enum MonotonicClock {
    /// Now, to the nanosecond.
    package static var nanoseconds: UInt64 { read(CLOCK_MONOTONIC) }

    /// Now, to the millisecond.
    package static var milliseconds: Int64 { Int64(nanoseconds / 1_000_000) }

    /// Now, to a few milliseconds, for a tenth of the cost.
    package static var coarseNanoseconds: UInt64 { read(CLOCK_MONOTONIC_COARSE) }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        // Safety: the pointer is to a local that lives for the call.
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
