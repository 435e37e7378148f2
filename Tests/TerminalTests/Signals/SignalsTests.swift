// Signals in processes of their own, because a signal is for the whole process.

import Glibc
import Terminal
import Testing

/// Raises a signal on this thread.
///
/// The threads that run tests block signals, as a program's main thread does not.
private func deliver(_ number: Int32) {
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, number)
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    raise(number)
}

@Suite("A signal")
struct SignalsTests {
    @Test("is noted, and the first one counts")
    func noted() async {
        await #expect(processExitsWith: .exitCode(7)) {
            Signals.install()
            guard Signals.interrupted == nil else { exit(1) }
            deliver(SIGTERM)
            deliver(SIGHUP)
            exit(Signals.interrupted == SIGTERM ? 7 : 2)
        }
    }

    @Test("is raised again, so that the shell sees it")
    func reraised() async {
        await #expect(processExitsWith: .signal(SIGTERM)) {
            Signals.install()
            deliver(SIGTERM)
            Signals.reraise(Signals.interrupted ?? SIGINT)
        }
        await #expect(processExitsWith: .signal(SIGINT)) {
            Signals.install()
            Signals.reraise(SIGINT)
        }
    }

    @Test("ends the program when it comes a second time")
    func second() async {
        await #expect(processExitsWith: .signal(SIGINT)) {
            Signals.install()
            deliver(SIGINT)
            deliver(SIGINT)
            exit(0)
        }
    }

    @Test("stays ignored when the parent ignores it, as nohup does")
    func ignored() async {
        await #expect(processExitsWith: .exitCode(0)) {
            _ = signal(SIGHUP, SIG_IGN)
            Signals.install()
            deliver(SIGHUP)
            deliver(SIGHUP)
            exit(Signals.interrupted == nil ? 0 : 1)
        }
    }

    @Test("about a closed pipe is ignored")
    func pipe() async {
        await #expect(processExitsWith: .exitCode(0)) {
            Signals.ignorePipe()
            deliver(SIGPIPE)
            exit(0)
        }
    }
}
