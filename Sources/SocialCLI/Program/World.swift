// What a run of the program takes from outside: arguments, environment, streams and terminal. Tests make their own, so
// that command lines run in process.

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
    /// The directory in which the program was called.
    package var workingDirectory: String
    /// What the streams are connected to.
    package var terminal: TerminalFacts
    /// The clock, chance and patience, before `--now`, `--seed` and `--lock-wait`.
    package var context: Context

    /// What the streams are connected to.
    package struct TerminalFacts: Sendable {
        /// Whether the output goes to a terminal.
        package var isOutput = false
        /// Whether the errors go to a terminal.
        package var isErrors = false
        /// The width of the terminal in cells; nil off a terminal.
        package var columns: Int?

        /// No terminal.
        package init() {}
    }

    /// The surroundings of one run.
    package init(
        environment: @escaping (String) -> String? = { _ in nil }, output: any OutputStream, errors: any OutputStream,
        readInput: @escaping (inout [UInt8]) throws -> Void = { _ in },
        inputWouldWait: @escaping () -> Bool = { false },
        workingDirectory: String = ".", terminal: TerminalFacts = TerminalFacts(), context: Context = Context()
    ) {
        self.environment = environment
        self.output = output
        self.errors = errors
        self.readInput = readInput
        self.inputWouldWait = inputWouldWait
        self.workingDirectory = workingDirectory
        self.terminal = terminal
        self.context = context
    }
}
