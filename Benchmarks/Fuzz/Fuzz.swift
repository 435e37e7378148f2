// Every parser reads damaged inputs by the million; it belongs under AddressSanitizer (`make fuzz`). Whatever comes,
// there must be an answer or an error, within two seconds and in bounded memory.
//
//     fuzz run [--runs N] [--seed N] [--batch N] [--findings FOLDER] [PARSER…]   damages inputs, and prints a table
//     fuzz repeat PARSER SEED NUMBER                                             reads one of those inputs again
//     fuzz read PARSER FILE                                                      reads a file
//     fuzz list                                                                  the names of the parsers

import FuzzKit
import Glibc
import SocialCore

/// The program.
@main
enum Fuzz {
    static func main() {
        var words = Array(CommandLine.arguments.dropFirst())
        let subject = words.isEmpty ? "" : words.removeFirst()
        do {
            switch subject {
            case "run": try Campaign(&words).run()
            case "worker": try Worker(words).run()
            case "repeat":
                guard words.count == 3, let seed = UInt64(words[1]), let number = Int(words[2]) else { throw Misuse() }
                let run = try FuzzRun(try parser(words[0]), seed: seed)
                say(try run.look(at: run.input(number)) ? "taken" : "refused")
            case "read":
                guard words.count == 2 else { throw Misuse() }
                let run = try FuzzRun(try parser(words[0]), seed: 0)
                say(try run.look(at: try FileSystem().contents(of: words[1])) ? "taken" : "refused")
            case "list": for subject in FuzzSubject.all { say(subject.name) }
            default: throw Misuse()
            }
        } catch {
            complain("fuzz: \(error)")
            exit(error is Misuse ? 64 : 1)
        }
    }

    /// The parser of a name.
    static func parser(_ name: String) throws -> FuzzSubject {
        guard let subject = FuzzSubject.named(name) else { throw Misuse() }
        return subject
    }

    /// Prints a line to the standard error.
    static func complain(_ line: String) {
        let bytes = Array("\(line)\n".utf8)
        // Safety: the bytes are there for the call.
        _ = write(2, bytes, bytes.count)
    }

    /// Prints a line at once.
    static func say(_ line: String) {
        print(line)
        fflush(nil)
    }
}

/// Words that the program does not understand.
struct Misuse: Error, CustomStringConvertible {
    var description: String { "usage: fuzz run|repeat|read|list … (see Benchmarks/Fuzz/Fuzz.swift)" }
}
