// Pictures and films measured in one process: each subject prints a line a file or one JSON object a figure, and
// `Benchmarks/pictures.py` and `uploads.py` put them beside their peers.
//
//     media-bench decode [--fit SIDE|--stored] [--raw] FILE…   path, width, height and digest of pixels, or the pixels
//     media-bench hash [--variants] FILE…                      path and hash, or the hashes of all turned pictures
//     media-bench strip [--into FOLDER] FILE…                  files a second in memory, or the stripped files
//     media-bench encode QUALITY OUTPUT FILE                   the picture as JPEG
//     media-bench objects FOLDER COUNT BYTES                   puts and reads of objects beside plain files
//     media-bench tracks [--samples] FILE…                     the tracks of films, or their samples
//     media-bench package [--seconds N] [--single] FILE FOLDER the film as CMAF, a file a segment or a file a track

import Formats
import Glibc

/// The program.
@main
enum MediaBench {
    static func main() {
        var words = Array(CommandLine.arguments.dropFirst())
        let subject = words.isEmpty ? "" : words.removeFirst()
        do {
            switch subject {
            case "decode": try Decoding.run(words)
            case "hash": try Hashing.run(words)
            case "strip": try Stripping.run(words)
            case "encode": try Encoding.run(words)
            case "objects": try Objects.run(words)
            case "tracks": try Films.list(words)
            case "package": try Films.package(words)
            default: throw Misuse()
            }
        } catch {
            print("media-bench: \(error)")
            exit(error is Misuse ? 64 : 1)
        }
    }

    /// Takes a flag out of the words; whether it was there.
    static func flag(_ name: String, in words: inout [String]) -> Bool {
        guard let place = words.firstIndex(of: name) else { return false }
        words.remove(at: place)
        return true
    }

    /// Takes an option and its value out of the words.
    static func option(_ name: String, in words: inout [String]) throws -> String? {
        guard let place = words.firstIndex(of: name) else { return nil }
        guard place + 1 < words.count else { throw Misuse() }
        defer { words.removeSubrange(place...place + 1) }
        return words[place + 1]
    }

    /// Prints a figure.
    static func say(_ figure: String, _ values: [(String, Double)]) {
        let members = values.map { JSONValue.Member($0.0, .number($0.1)) }
        print(JSONValue.object([JSONValue.Member("figure", .string(figure))] + members).text)
    }
}

/// Words that the program does not understand.
struct Misuse: Error, CustomStringConvertible {
    var description: String { "usage: media-bench decode|hash|strip|encode|objects|tracks|package …" }
}
