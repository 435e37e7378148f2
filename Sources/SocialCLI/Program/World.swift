// What a run of the program takes from outside: arguments, environment, streams and terminal. Tests make their own, so
// that command lines run in process.

internal import CommandSpec
package import SocialCore
package import Terminal

/// The surroundings of one run.
package struct World {
    /// Looks up an environment variable.
    package var environment: (String) -> String?
    /// Data goes here.
    package var output: any OutputStream
    /// Everything else goes here.
    package var errors: any OutputStream
    /// Reads some of the standard input into a buffer: nothing at its end.
    package var readInput: (inout [UInt8]) throws -> Void
    /// Whether reading the input now would have to wait.
    package var inputWouldWait: () -> Bool
    /// Sleeps for so many milliseconds; false, at once, when nobody reads the output any more.
    package var pause: (Int64, [Int32]) -> Bool
    /// The directory in which the program was called.
    package var workingDirectory: String
    /// What the streams are connected to.
    package var terminal: TerminalFacts
    /// The clock, chance and patience, before `--now`, `--seed` and `--lock-wait`.
    package var context: Context
    /// Serves the network until it is to stop; nil where the server is not built in.
    package var serve: ((ServeOptions, World) throws -> Void)?
    /// Takes the accesses that verbs would count; nil: they are counted at once.
    package var accesses: (([CountedAccess]) -> Void)?
    /// The time since the program began, as far as people are to see it.
    package var stopwatch = ProgressBar.monotonicClock()

    /// What the streams are connected to.
    package struct TerminalFacts: Sendable {
        /// Whether the input comes from a terminal.
        package var isInput = false
        /// Whether the output goes to a terminal.
        package var isOutput = false
        /// Whether the errors go to a terminal.
        package var isErrors = false
        /// The width of the output's terminal in cells; nil off a terminal.
        package var columns: Int?
        /// The width of the errors' terminal in cells; nil off a terminal.
        package var errorColumns: Int?

        /// No terminal.
        package init() {}
    }

    /// The bytes of a file, or of the standard input for `-`.
    func bytes(of file: FileOrDash) throws -> [UInt8] {
        switch file {
        case .file(let path): return try FileSystem().contents(of: path)
        case .dash:
            var bytes: [UInt8] = []
            while true {
                let count = bytes.count
                try readInput(&bytes)
                if bytes.count == count { return bytes }
            }
        }
    }

    /// The surroundings of one run.
    package init(
        environment: @escaping (String) -> String? = { _ in nil }, output: any OutputStream, errors: any OutputStream,
        readInput: @escaping (inout [UInt8]) throws -> Void = { _ in },
        inputWouldWait: @escaping () -> Bool = { false }, pause: @escaping (Int64, [Int32]) -> Bool = { _, _ in true },
        workingDirectory: String = ".", terminal: TerminalFacts = TerminalFacts(), context: Context = Context()
    ) {
        self.environment = environment
        self.output = output
        self.errors = errors
        self.readInput = readInput
        self.inputWouldWait = inputWouldWait
        self.pause = pause
        self.workingDirectory = workingDirectory
        self.terminal = terminal
        self.context = context
    }
}

extension FileOrDash {
    /// The name under which errors speak of the file.
    var name: String {
        switch self {
        case .dash: "standard input"
        case .file(let path): path
        }
    }
}
