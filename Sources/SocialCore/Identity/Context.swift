// Everything that the core takes from the world outside: the clock, chance, the boot and the patience for locks.
// Nothing else is read from global state, so any run can be repeated.

internal import Glibc

/// The clock, chance, boot and patience of one run.
package struct Context: Sendable {
    /// What time it is.
    package var clock: TimeSource
    /// Where chance comes from.
    package var random: RandomSource
    /// How long a command waits for another process's lock, in milliseconds.
    package var lockWaitMilliseconds: Int64
    /// Whether this process will go on writing, as `batch` does: it then empties write-ahead logs less often, and once
    /// more when it ends.
    package var isLongRunning = false
    /// Whether nothing that this run does is to last: `--dry-run`.
    package var isDryRun = false
    /// Whether something may be read although too few replicas can be asked: `--read-consistency available`.
    package var readsAvailable = false
    /// How far behind a standby of a server may be that is read, in milliseconds; nil where only primaries are:
    /// `--read-from standby`.
    package var standbyStaleness: Int64?
    /// Whoever wants to know what is going on; nil for nobody.
    package var observer: (any RunObserver)?
    /// Which boot of the machine this is.
    package var boot: BootSource
    /// Sees and can refuse every change of a file; nil outside tests.
    package var fileTap: (any FileTap)?
    /// Looks up variables of the environment.
    package var environment: EnvironmentLookup = ProcessEnvironment.lookup

    /// A context; the defaults are the real world's.
    package init(
        clock: TimeSource = .system, random: RandomSource = .system, lockWaitMilliseconds: Int64 = 10_000,
        boot: BootSource = .system, fileTap: (any FileTap)? = nil
    ) {
        self.clock = clock
        self.random = random
        self.lockWaitMilliseconds = lockWaitMilliseconds
        self.boot = boot
        self.fileTap = fileTap
    }
}

/// Where the time comes from: the system's clock, or a fixed time (`--now`).
package enum TimeSource: Sendable {
    case system
    case fixed(Timestamp)

    /// The present time.
    package var now: Timestamp {
        switch self {
        case .fixed(let time): return time
        case .system:
            var time = timespec()
            // Safety: the pointer is to a local that lives for the call.
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
        }
    }
}

/// Where chance comes from: the system, or a seed (`--seed`) that makes every run alike.
package enum RandomSource: Sendable {
    case system
    case seeded(SeededGenerator)

    /// The next 64 random bits.
    package func next() -> UInt64 {
        switch self {
        case .system:
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        case .seeded(let generator): return generator.next()
        }
    }
}
