// A place to run command lines in, within the process of the tests: a temporary directory, a clock that goes on by a
// second a command, a seed, and streams that remember. Nothing of the real surroundings gets in.

import Foundation
package import SocialCLI
package import SocialCore
package import Terminal

/// Runs command lines of `social` in a directory of their own.
package final class CommandWorld {
    /// What a command line left behind.
    package struct Outcome: Equatable {
        /// What it wrote to the standard output.
        package var output: [UInt8]
        /// What it wrote to the standard error.
        package var errors: [UInt8]
        /// Its exit status.
        package var status: Int32

        /// The output as text.
        package var text: String { String(decoding: output, as: UTF8.self) }
        /// The errors as text.
        package var errorText: String { String(decoding: errors, as: UTF8.self) }
    }

    /// The temporary directory; command lines are called in it.
    package let directory: String
    /// The variables that command lines see, beside the clock and the seed.
    package var environment: [String: String] = [:]
    /// Whether the streams are a terminal.
    package var isTerminal = false
    /// The width of the terminal.
    package var columns: Int?
    /// How many command lines have run.
    package private(set) var count = 0

    /// The time of the first command: 2026-01-02T03:04:05Z.
    package static let start = Timestamp(milliseconds: 1_767_323_045_000)

    /// Makes the directory.
    package init() throws {
        directory = try TemporaryDirectory.make()
    }

    /// Makes a world like another one, with all that lies in its directory; its clock goes on from there.
    package convenience init(copying world: CommandWorld) throws {
        try self.init()
        for name in try FileSystem().names(in: world.directory) {
            try TemporaryDirectory.copy(world.path(name), to: path(name))
        }
        count = world.count
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Where a file of that name lies in the directory.
    package func path(_ name: String) -> String { "\(directory)/\(name)" }

    /// The surroundings of the next command line; each call lets a second pass.
    package func world(
        output: any Terminal.OutputStream, errors: any Terminal.OutputStream, input: [UInt8] = []
    ) -> World {
        count += 1
        let now = Self.start.advanced(byMilliseconds: Int64(count - 1) * 1_000)
        let variables = environment
        var rest: [UInt8]? = input
        var world = World(
            environment: { variables[$0] }, output: output, errors: errors,
            readInput: { buffer in
                if let bytes = rest.take() { buffer.append(contentsOf: bytes) }
            },
            workingDirectory: directory,
            context: Context(
                clock: .fixed(now), random: .seeded(SeededGenerator(seed: UInt64(count))), lockWaitMilliseconds: 5_000))
        world.stopwatch = { .zero }
        world.context.environment = { variables[$0] }
        // No waiting, but time for the threads that are waited for.
        world.pause = { _, _ in
            usleep(500)
            return true
        }
        // Nothing is listened on here: other tests serve.
        world.serve = { options, world in _ = try world.output.write("listening on http://\(options.address)\n") }
        world.terminal.isInput = isTerminal
        world.terminal.isOutput = isTerminal
        world.terminal.isErrors = isTerminal
        world.terminal.columns = columns
        world.terminal.errorColumns = columns
        return world
    }

    /// Runs a command line.
    @discardableResult
    package func run(_ words: [String], input: [UInt8] = []) -> Outcome {
        let output = CapturedOutput()
        let errors = CapturedOutput()
        let status = SocialProgram.run(words, in: world(output: output, errors: errors, input: input))
        return Outcome(output: output.bytes, errors: errors.bytes, status: status)
    }

    /// Runs a command line of plain words.
    @discardableResult
    package func run(_ line: String, input: String = "") -> Outcome {
        run(line.split(separator: " ").map(String.init), input: Array(input.utf8))
    }

    /// Makes a data directory with the accounts ana and bob, who follow each other, and a post of each.
    package func prepare() {
        run("init \(path(".social"))")
        for name in ["ana", "bob"] { run("user create \(name)") }
        run("follow add ana bob")
        run("follow add bob ana")
        run("post create hello --by ana")
        run("post create hi --by bob")
    }
}
