// Processes of this program, and how much of the processor they have used.

import Glibc
import SocialCore

/// A process of this program.
struct Child {
    /// How it ended.
    enum End: Equatable {
        case status(Int32)
        case signal(Int32)
    }

    private let process: pid_t
    private let clock: clockid_t

    /// Begins a process; what it says of errors goes to a file.
    init(_ words: [String], errors path: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 2, path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let all = ["fuzz"] + words
        // Safety: each copy is given back after the call, and the list ends with a null.
        var arguments: [UnsafeMutablePointer<CChar>?] = all.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0
        let number = posix_spawn(&process, "/proc/self/exe", &actions, nil, &arguments, environ)
        guard number == 0 else { throw StorageError(errno: number, while: "start a process") }
        self.process = process
        var clock: clockid_t = 0
        clock_getcpuclockid(process, &clock)
        self.clock = clock
    }

    /// Seconds of the processor that it has used.
    var seconds: Double {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else { return 0 }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Ends it.
    func kill() { Glibc.kill(process, SIGKILL) }

    /// How it ended; nil while it has not.
    func end(isWaiting: Bool) -> End? {
        var status: Int32 = 0
        while true {
            let found = waitpid(process, &status, isWaiting ? 0 : WNOHANG)
            if found == process { break }
            if found == 0 { return nil }
            if errno != EINTR { return .status(-1) }
        }
        return status & 0x7F == 0 ? .status(status >> 8 & 0xFF) : .signal(status & 0x7F)
    }

    /// Seconds of the processor that all ended processes have used.
    static var secondsOfAll: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        let times = [usage.ru_utime, usage.ru_stime]
        return times.reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}
