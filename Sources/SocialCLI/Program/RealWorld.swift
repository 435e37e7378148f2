// The real surroundings of a run: the process's arguments, environment, streams and signals.

internal import CHeap
internal import Formats
internal import Glibc
internal import SocialCore
internal import Terminal

/// Runs the program in the real world.
package enum RealWorld {
    /// Runs the command line of this process.
    ///
    /// Ends the process with the exit status, or by the signal that interrupted it. What is open is left to the kernel:
    /// closing it would cost time and change nothing.
    ///
    /// - Parameter serve: the server.
    package static func run(serve: @escaping (ServeOptions, World) throws -> Void) -> Never {
        social_heap_warm()
        let shared = SharedNetwork()
        // Safety: the extra reference is never given back, so that the object outlives this function.
        _ = Unmanaged.passRetained(shared)
        let status = run(shared, serve)
        if let signal = Signals.interrupted { Signals.reraise(signal) }
        exit(status)
    }

    private static func run(
        _ shared: SharedNetwork, _ serve: @escaping (ServeOptions, World) throws -> Void
    ) -> Int32 {
        occupyStandardDescriptors()
        Signals.ignorePipe()
        var world = World(
            environment: variable, output: DescriptorOutput(1), errors: DescriptorOutput(2, capacityBytes: 0),
            readInput: readInput, inputWouldWait: inputWouldWait, pause: pause, workingDirectory: workingDirectory())
        world.serve = serve
        world.terminal.isInput = Device.isTerminal(0)
        world.terminal.isOutput = Device.isTerminal(1)
        world.terminal.isErrors = Device.isTerminal(2)
        if world.terminal.isOutput { world.terminal.columns = Device.columns(1, environment: variable) }
        if world.terminal.isErrors { world.terminal.errorColumns = Device.columns(2, environment: variable) }
        let (words, failure) = arguments()
        let status =
            failure.map { SocialProgram.report($0, words, world) }
            ?? SocialProgram.run(words, in: world, shared: shared)
        return status
    }

    /// Fills the standard descriptors that the caller has closed, the wrong way round, so that using them still fails.
    ///
    /// Otherwise the next file that is opened would be the standard output, and what is printed would end up in it.
    private static func occupyStandardDescriptors() {
        for descriptor in Int32(0)...2 where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is given: the lower ones are open by now.
            _ = open("/dev/null", descriptor == 0 ? O_WRONLY : O_RDONLY)
        }
    }

    /// The words after the program's name, up to the first that is no UTF-8: the standard library would repair it, and
    /// so change it.
    private static func arguments() -> (words: [String], failure: Failure?) {
        var words: [String] = []
        for index in 1..<max(1, Int(CommandLine.argc)) {
            // Safety: argv has argc entries, each a NUL-terminated string that lives as long as the process.
            guard let word = CommandLine.unsafeArgv[index] else { continue }
            guard let text = String(validatingCString: word) else {
                return (words, invalid("argument \(index)", word))
            }
            words.append(text)
        }
        return (words, nil)
    }

    private static func invalid(_ name: String, _ word: UnsafePointer<CChar>) -> Failure {
        // Safety: the word ends with a NUL, and lives as long as the process.
        let bytes = UnsafeBufferPointer(start: word, count: strlen(word)).map { UInt8(bitPattern: $0) }
        let offset = TextEncoding.firstInvalidOffset(in: bytes.span) ?? 0
        return Failure("invalid_utf8", "\(name): invalid UTF-8 at byte \(offset)")
    }

    /// A variable; one of others that is no UTF-8 is none, and one of ours ends the process before it does anything:
    /// with its value repaired, another directory could be meant.
    private static func variable(_ name: String) -> String? {
        // Safety: getenv returns NULL or a NUL-terminated string; this program never changes its environment.
        guard let value = getenv(name) else { return nil }
        if let text = String(validatingCString: value) { return text }
        guard name.hasPrefix("SOCIAL_") else { return nil }
        let failure = invalid("environment variable \(name)", value)
        try? failure.report(
            to: DescriptorOutput(2, capacityBytes: 0), asJSON: false, quiet: false, usesColor: false)
        exit(failure.exit)
    }

    private static func workingDirectory() -> String {
        guard let path = getcwd(nil, 0) else { return "." }
        defer { free(path) }
        return String(cString: path)
    }

    private static func readInput(_ buffer: inout [UInt8]) throws {
        let size = 64 * 1_024
        var failure: Int32 = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: size) { place, count in
            // Safety: read fills at most `size` bytes of the place, which has as many.
            let got = read(0, place.baseAddress, size)
            count = max(0, got)
            if got < 0 { failure = errno }
        }
        if failure == EINTR {
            if Signals.interrupted != nil { return }
            return try readInput(&buffer)
        }
        guard failure == 0 else { throw StorageError(errno: failure, while: "read the standard input") }
        buffer += chunk
    }

    private static func inputWouldWait() -> Bool {
        var state = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
        return poll(&state, 1, 0) == 0
    }

    /// A reader who leaves ends the sleep, as does a signal; what comes from descriptors ends it too, and is no end.
    private static func pause(_ milliseconds: Int64, _ descriptors: [Int32]) -> Bool {
        // Of an output for which nothing is asked, only its end is reported.
        var states = [pollfd(fd: 1, events: 0, revents: 0)]
        states += descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        return poll(&states, nfds_t(states.count), Int32(clamping: milliseconds)) <= 0 || states[0].revents == 0
    }
}
