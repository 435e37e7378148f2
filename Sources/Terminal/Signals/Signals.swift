// Signals that ask the program to stop. A handler only takes a note; the work looks at the note where stopping is safe,
// cleans up, and raises the signal again, so that the shell sees what really happened (130, 143, 129).

import Glibc
import Synchronization

/// The signals that ask the program to stop, and the one that it ignores.
package enum Signals {
    /// The signal that came first, or 0.
    ///
    /// It is global because a handler can reach nothing else.
    private static let received = Atomic<Int32>(0)

    /// The signals that are noted.
    private static let stopping = [SIGINT, SIGTERM, SIGHUP]

    /// The signal that asked the program to stop, if one did.
    package static var interrupted: Int32? {
        let signal = received.load(ordering: .relaxed)
        return signal == 0 ? nil : signal
    }

    /// Notes INT, TERM and HUP from now on instead of ending the program.
    ///
    /// A second signal of the same kind ends it at once, as people who press ^C twice expect. A signal that the parent
    /// made the program ignore (`nohup`, a shell's background job) stays ignored. System calls are interrupted, not
    /// restarted, so that a wait for input ends too.
    package static func install() {
        // The storage exists from here on; a handler must not be the first to touch it.
        received.store(0, ordering: .relaxed)
        for signal in stopping { note(signal) }
    }

    /// Makes writing to a closed pipe an error (`EPIPE`) instead of the end of the program.
    package static func ignorePipe() {
        // Safety: `SIG_IGN` is no function of ours, the kernel takes it as a constant.
        _ = signal(SIGPIPE, SIG_IGN)
    }

    /// Ends the program by the signal itself, after cleaning up.
    package static func reraise(_ number: Int32) -> Never {
        // Safety: the set is initialised by `sigemptyset` before use, and all pointers live for their call only.
        _ = signal(number, SIG_DFL)
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, number)
        pthread_sigmask(SIG_UNBLOCK, &set, nil)
        raise(number)
        // Only a signal whose default is not to end the program gets here.
        _exit(128 &+ number)
    }

    /// Installs the handler that notes a signal, unless it is ignored.
    ///
    /// Corresponds to `sigaction`.
    private static func note(_ signal: Int32) {
        // Safety: the handler captures nothing and does one lock-free atomic exchange, which signal-safety(7) allows;
        // it returns to where the program was. The structures live for their calls only.
        var former = sigaction()
        guard sigaction(signal, nil, &former) == 0 else { return }
        // Safety: an optional C function and an integer have the same size; functions cannot be compared otherwise.
        let handler = unsafeBitCast(former.__sigaction_handler.sa_handler, to: Int.self)
        guard handler != unsafeBitCast(SIG_IGN, to: Int.self) else { return }
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { signal in
            _ = Signals.received.compareExchange(expected: 0, desired: signal, ordering: .relaxed)
        }
        action.sa_flags = Int32(bitPattern: UInt32(SA_RESETHAND))
        sigemptyset(&action.sa_mask)
        _ = sigaction(signal, &action, nil)
    }
}
