// Command lines that are run within the tests, with whatever clock, chance and tap a test wants them to have: through
// the real parser and the real verbs, down to the bytes of the files.

internal import Formats
internal import SocialCLI
package import SocialCore
internal import Terminal

/// Runs command lines on a data directory.
package enum LineRun {
    /// What a command line left behind.
    package struct Outcome: Sendable {
        /// Its exit status.
        package var status: Int32
        /// What it printed.
        package var output: String
        /// What it complained about.
        package var errors: String

        /// The code of the error that it printed; empty when there is none.
        package var code: String { errors.firstValue(of: "code") }

        /// The values of a string field in the printed objects.
        package func values(of field: String) -> [String] { output.printedValues(of: field) }
    }

    /// Runs a command line, which prints JSON.
    ///
    /// - Parameter words: in them `{}` is the folder in which the data directory lies.
    package static func run(
        _ words: [String], input: String = "", in directory: String, context: Context
    ) -> Outcome {
        let (output, errors) = (CapturedOutput(), CapturedOutput())
        var rest: [UInt8]? = Array(input.utf8)
        let variables = ["SOCIAL_DATA": directory, "SOCIAL_FORMAT": "json", "SOCIAL_TOOLS": "/nonexistent"]
        var world = World(
            environment: { variables[$0] }, output: output, errors: errors,
            readInput: { buffer in
                if let bytes = rest.take() { buffer.append(contentsOf: bytes) }
            },
            workingDirectory: FileSystem.parent(of: directory), context: context)
        world.stopwatch = { .zero }
        let status = SocialProgram.run(expand(words, for: directory), in: world)
        return Outcome(
            status: status, output: String(decoding: output.bytes, as: UTF8.self),
            errors: String(decoding: errors.bytes, as: UTF8.self))
    }

    /// Words in which `{}` has become the folder of the data directory.
    package static func expand(_ words: [String], for directory: String) -> [String] {
        words.map { $0.replacing("{}", with: FileSystem.parent(of: directory)) }
    }

    /// Prepares a directory: runs command lines, which must succeed; `rm PATH` removes something.
    package static func prepare(_ lines: [[String]], in directory: String, context: Context) throws {
        for words in lines {
            if words.first == "rm" {
                for path in expand(words, for: directory).dropFirst() { Folder.removeAll(path) }
                continue
            }
            let outcome = run(words, in: directory, context: context)
            guard outcome.status == 0 else { throw StorageError(.ioError, "\(words): \(outcome.errors)") }
        }
    }
}

extension String {
    /// The values of a string field in printed objects.
    package func printedValues(of field: String) -> [String] {
        var values: [String] = []
        var rest = self[...]
        while let range = rest.firstRange(of: "\"\(field)\":\"") {
            rest = rest[range.upperBound...]
            values.append(String(rest.prefix { $0 != "\"" }))
        }
        return values
    }

    /// The first of the values of a string field; empty when there is none.
    func firstValue(of field: String) -> String { printedValues(of: field).first ?? "" }
}
