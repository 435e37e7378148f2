// Which other programs help? The façade of the room: what is not ours to do, such as decoding films, is done by
// programs that may be installed. They are looked for when they are needed and not before, and each run has its limits.

internal import CStorage
internal import Dispatch
internal import Glibc
internal import Subprocess
internal import Synchronization
internal import SystemPackage

/// A program that is installed.
package struct ExternalProgram: Sendable {
    /// Its name.
    package let name: String
    private let path: String

    /// The program of a name in the directories of `SOCIAL_TOOLS`, otherwise of `PATH`; nil when it is not installed.
    package init?(
        _ name: String,
        searching path: String? = (getenv("SOCIAL_TOOLS") ?? getenv("PATH")).map { String(cString: $0) }
    ) {
        for folder in (path ?? "").split(separator: ":") {
            let candidate = "\(folder)/\(name)"
            if access(candidate, X_OK) == 0, !FileSystem().isDirectory(candidate) {
                self.name = name
                self.path = candidate
                return
            }
        }
        return nil
    }

    /// Runs it without input, to its end.
    ///
    /// - Parameters:
    ///   - limitBytes: how much it may print.
    ///   - timeoutMilliseconds: after how long it is ended.
    /// - Returns: what it has printed.
    /// - Throws: `toolFailed` with its last words.
    package func run(
        _ arguments: [String], limitBytes: Int, timeoutMilliseconds: Int64 = 60_000
    ) throws(ToolError) -> [UInt8] {
        try finish {
            try await limited(timeoutMilliseconds) {
                let result = try await Subprocess.run(
                    .path(FilePath(path)), arguments: .init(arguments), input: .none, output: .bytes(limit: limitBytes),
                    error: .string(limit: Self.lastWordsBytes))
                return Outcome(
                    isSuccess: result.terminationStatus.isSuccess, output: result.standardOutput,
                    words: result.standardError)
            }
        }
    }

    /// Runs it without input, to its end, and hears what it prints meanwhile.
    ///
    /// - Parameters:
    ///   - timeoutMilliseconds: after how long it is ended; nil for never.
    ///   - hear: gets each line when it is printed, on any thread.
    /// - Throws: `toolFailed` with its last words.
    package func run(
        _ arguments: [String], timeoutMilliseconds: Int64? = nil, hearing hear: @escaping @Sendable (String) -> Void
    ) throws(ToolError) {
        _ = try finish {
            try await limited(timeoutMilliseconds) {
                let result = try await Subprocess.run(
                    .path(FilePath(path)), arguments: .init(arguments), input: .none, output: .sequence,
                    error: .string(limit: Self.lastWordsBytes)
                ) { execution in
                    for try await line in execution.standardOutput.strings() { hear(line) }
                }
                return Outcome(
                    isSuccess: result.terminationStatus.isSuccess, output: [], words: result.standardError)
            }
        }
    }

    /// Runs it with some input, to its end; what it prints goes where this program's output goes.
    ///
    /// - Parameters:
    ///   - input: what it reads from its standard input.
    ///   - environment: variables that it has besides those of this program.
    ///   - timeoutMilliseconds: after how long it is ended.
    /// - Returns: its exit status, and its last words; a signal's number and 128 where one has ended it.
    /// - Throws: `toolFailed` when it cannot be run, or takes too long.
    package func run(
        _ arguments: [String], input: [UInt8], environment: [(name: String, value: String)],
        timeoutMilliseconds: Int64
    ) throws(ToolError) -> (status: Int32, words: String) {
        let variables = environment.map { (Environment.Key(stringLiteral: $0.name), $0.value) }
        // A file, not a pipe: a program may end without having read it.
        let file = try ExternalProgram.memory(input)
        let status = Mutex<Int32>(0)
        let words = try finish {
            try await limited(timeoutMilliseconds) {
                let result = try await Subprocess.run(
                    .path(FilePath(path)), arguments: .init(arguments),
                    environment: .inherit.updating(
                        Dictionary(uniqueKeysWithValues: variables.map { ($0.0, $0.1 as String?) })),
                    input: .fileDescriptor(file, closeAfterSpawningProcess: true),
                    output: .fileDescriptor(.standardError, closeAfterSpawningProcess: false),
                    error: .string(limit: Self.lastWordsBytes))
                switch result.terminationStatus {
                case .exited(let code): status.withLock { $0 = code }
                case .signaled(let signal): status.withLock { $0 = 128 + signal }
                }
                return Outcome(isSuccess: true, output: Array(result.standardError.utf8), words: "")
            }
        }
        return (status.withLock { $0 }, String(decoding: words, as: UTF8.self))
    }

    /// A file in memory with some bytes, to be read from its beginning.
    private static func memory(_ bytes: [UInt8]) throws(ToolError) -> FileDescriptor {
        // Safety: the buffer lives for the calls.
        let descriptor = social_memory_file()
        var written = 0
        while descriptor >= 0, written < bytes.count {
            let count = bytes.withUnsafeBytes {
                write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count <= 0 { break }
            written += count
        }
        guard descriptor >= 0, written == bytes.count, lseek(descriptor, 0, SEEK_SET) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            throw ToolError(.toolFailed, "there is no memory for the input of a program")
        }
        return FileDescriptor(rawValue: descriptor)
    }

    /// How much is kept of what a program says to its error output.
    private static let lastWordsBytes = 1 << 20

    private struct Outcome: Sendable {
        var isSuccess: Bool
        var output: [UInt8]
        var words: String
    }

    /// Waits for a run, and takes what it has printed.
    private func finish(_ run: @escaping @Sendable () async throws -> Outcome) throws(ToolError) -> [UInt8] {
        let outcome = Mutex<Result<Outcome, any Error>?>(nil)
        let isDone = DispatchSemaphore(value: 0)
        withExtendedLifetime(self) {
            // Safety: this function waits until the task has written its result.
            withUnsafePointer(to: outcome) { place in
                nonisolated(unsafe) let place = place
                Task.detached {
                    let result: Result<Outcome, any Error>
                    do { result = .success(try await run()) } catch { result = .failure(error) }
                    place.pointee.withLock { $0 = result }
                    isDone.signal()
                }
                isDone.wait()
            }
        }
        switch outcome.withLock({ $0 }) {
        case .success(let outcome)? where outcome.isSuccess: return outcome.output
        case .success(let outcome)?:
            let words = outcome.words.split(separator: "\n").last.map { ": \($0)" } ?? ""
            throw ToolError(.toolFailed, "\"\(name)\" failed\(words)")
        case .failure(let error)?: throw ToolError(.toolFailed, "\"\(name)\" failed: \(error)")
        case nil: throw ToolError(.toolFailed, "\"\(name)\" did not end")
        }
    }

    private func limited(
        _ timeoutMilliseconds: Int64?, _ run: @escaping @Sendable () async throws -> Outcome
    ) async throws -> Outcome {
        guard let timeoutMilliseconds else { return try await run() }
        return try await withThrowingTaskGroup(of: Outcome?.self) { group in
            group.addTask { try await run() }
            group.addTask {
                try await Task.sleep(for: .milliseconds(timeoutMilliseconds))
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let outcome = first else {
                throw ToolError(.toolFailed, "it took longer than \(timeoutMilliseconds / 1_000) seconds")
            }
            return outcome
        }
    }
}

/// An error of the tools room.
package struct ToolError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        /// A program that is needed is not installed.
        case noTool = "no_tool"
        /// A program has failed.
        case toolFailed = "tool_failed"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    /// An error of a tool.
    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}
