// Access logs in one process: how fast they are read.
//
//     log-bench parse [--times N] [--format FORMAT] FILE  lines a second in memory, N copies, and counts by status
//     log-bench count [--times N] FILE                    the same with paths made normal and bots told apart
//     log-bench agents FILE                               the user agents, bots first

import Formats
import Glibc

/// The program.
@main
enum LogBench {
    static func main() {
        var words = Array(CommandLine.arguments.dropFirst())
        let subject = words.isEmpty ? "" : words.removeFirst()
        do {
            switch subject {
            case "parse": try Parsing.run(&words, isCounting: false)
            case "count": try Parsing.run(&words, isCounting: true)
            case "agents": try Agents.run(words)
            default: throw Misuse()
            }
        } catch {
            print("log-bench: \(error)")
            exit(error is Misuse ? 64 : 1)
        }
    }

    /// Takes an option and its value out of the words.
    static func option(_ name: String, in words: inout [String]) throws -> String? {
        guard let place = words.firstIndex(of: name) else { return nil }
        guard place + 1 < words.count else { throw Misuse() }
        defer { words.removeSubrange(place...place + 1) }
        return words[place + 1]
    }

    /// The bytes of a file.
    static func bytes(_ path: String) throws -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw Failure(path, errno) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = fread(&piece, 1, piece.count, file)
            if count == 0 { break }
            bytes += piece[..<count]
        }
        guard ferror(file) == 0 else { throw Failure(path, errno) }
        return bytes
    }

    /// Prints a figure.
    static func say(_ figure: String, _ values: [(String, Double)]) {
        let members = values.map { JSONValue.Member($0.0, .number($0.1)) }
        print(JSONValue.object([JSONValue.Member("figure", .string(figure))] + members).text)
    }
}

/// Words that the program does not understand.
struct Misuse: Error, CustomStringConvertible {
    var description: String { "usage: log-bench parse|count|agents …" }
}

/// What the system refused.
struct Failure: Error, CustomStringConvertible {
    private let path: String
    private let number: Int32

    init(_ path: String, _ number: Int32) { (self.path, self.number) = (path, number) }

    var description: String { "\(path): \(String(cString: strerror(number)))" }
}
