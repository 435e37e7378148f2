// The built program as real processes: started, fed, waited for and killed.

internal import Glibc
internal import SocialCore

/// The program next to the test bundle.
package enum Program {
    /// Where the program lies.
    package static let path: String = {
        var buffer = [CChar](repeating: 0, count: 4_096)
        // Safety: readlink fills at most the buffer's length less one, and a NUL stays at the end.
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        let bundle = String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return "\(FileSystem.parent(of: bundle))/social"
    }()

    /// Whether the program has been built, and strace is installed.
    package static var canTrace: Bool { FileSystem().exists(path) && FileSystem().exists(strace) }

    /// The tracer that kills at a system call.
    package static let strace = "/usr/bin/strace"

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - data: the data directory.
    ///   - input: what it reads from its standard input.
    ///   - tracer: a command that runs it, such as strace with its options.
    ///   - environment: more of its environment, as `NAME=VALUE`.
    package static func start(
        _ arguments: [String], data: String, input: String = "", tracer: [String] = [], environment more: [String] = []
    ) throws -> RunningProgram {
        let files = try Folder()
        try Folder.write("\(files.path)/in", Array(input.utf8))
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "\(files.path)/in", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "\(files.path)/out", O_WRONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, "\(files.path)/err", O_WRONLY | O_CREAT, 0o600)
        let words = tracer + [path] + arguments
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        let variables = ["PATH=/usr/bin:/bin", "SOCIAL_DATA=\(data)", "SOCIAL_FORMAT=json"] + more
        var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { for word in argv + environment { free(word) } }
        var process: pid_t = 0
        // Safety: both arrays end with NULL and live for the call.
        let code = posix_spawn(&process, words[0], &actions, nil, &argv, &environment)
        guard code == 0 else { throw StorageError(errno: code, while: "start \"\(words[0])\"") }
        return RunningProgram(process: process, files: files)
    }

    /// Runs the program to its end.
    package static func run(
        _ arguments: [String], data: String, input: String = "", tracer: [String] = [], environment: [String] = []
    ) throws -> ProgramResult {
        try start(arguments, data: data, input: input, tracer: tracer, environment: environment).wait()
    }
}

/// How a process ended.
package struct ProgramResult: Sendable {
    /// The exit status; nil when a signal ended it.
    package var exit: Int32?
    /// What it printed.
    package var output: String
    /// What it complained about.
    package var errors: String

    /// The values of a string field in the printed objects.
    package func values(of field: String) -> [String] { output.printedValues(of: field) }
}

/// A process that has been started.
package final class RunningProgram {
    private let process: pid_t
    private let files: Folder
    private var result: ProgramResult?

    init(process: pid_t, files: Folder) {
        self.process = process
        self.files = files
    }

    /// Kills this process; nothing of it runs any further.
    package func kill() { Glibc.kill(process, SIGKILL) }

    /// Waits for the end.
    package func wait() throws -> ProgramResult { try collect(0) ?? ProgramResult(exit: nil, output: "", errors: "") }

    /// How it ended, nil while it runs.
    package func poll() throws -> ProgramResult? { try collect(WNOHANG) }

    private func collect(_ options: Int32) throws -> ProgramResult? {
        if let result { return result }
        var status: Int32 = 0
        var ended: pid_t
        repeat { ended = waitpid(process, &status, options) } while ended < 0 && errno == EINTR
        guard ended == process else { return nil }
        func text(_ name: String) throws -> String {
            String(decoding: try FileSystem().contents(of: "\(files.path)/\(name)"), as: UTF8.self)
        }
        let made = ProgramResult(
            exit: status & 0x7F == 0 ? (status >> 8) & 0xFF : nil, output: try text("out"), errors: try text("err"))
        result = made
        return made
    }
}
