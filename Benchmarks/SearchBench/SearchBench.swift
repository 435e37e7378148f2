// The parts of search that need no store, measured on public collections: the quality of ranking and of spelling, the
// speed of the text stages. Each figure is one JSON object a line.
//
//     search-bench text FILE              terms of a file of posts, one a line: speed
//     search-bench index FILE QUERIES     an index of such a file, and queries of a file, one a line: speed
//     search-bench alike COUNT FOLDER     look-alikes among so many uploads, kept in a folder: speed
//     search-bench stems FILE             the stem of each word of a file, to compare with other stemmers
//     search-bench cranfield FOLDER       MAP and nDCG@10 on Cranfield over a grid of settings
//     search-bench spelling PAIRS WORDS FREQUENCIES    top-1 on a list of misspellings: quality and speed

import Formats
import Glibc
import SocialCore

/// The program.
@main
enum SearchBench {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        switch (words.first, words.count) {
        case ("text", 2): TextSpeed.run(lines(words[1]))
        case ("index", 3):
            do { try IndexSpeed.run(lines(words[1]), queries: lines(words[2])) } catch {
                print("search-bench: \(error)")
                exit(70)
            }
        case ("alike", 3):
            do { try LookAlikes.run(Int(words[1]) ?? 100_000, folder: words[2]) } catch {
                print("search-bench: \(error)")
                exit(70)
            }
        case ("stems", 2): for word in lines(words[1]) { print(EnglishStemmer.stem(word)) }
        case ("cranfield", 2): Cranfield.run(folder: words[1])
        case ("spelling", 4): Misspellings.run(pairs: words[1], words: words[2], frequencies: words[3])
        default:
            print("usage: search-bench text|index|alike|stems|cranfield|spelling FILE...")
            exit(64)
        }
    }

    /// The lines of a file; a file that cannot be read ends the program.
    static func lines(_ path: String) -> [String] {
        guard let file = fopen(path, "r") else {
            print("search-bench: cannot read \(path)")
            exit(66)
        }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map {
            String(decoding: $0.last == 0x0D ? $0.dropLast() : $0, as: UTF8.self)
        }
    }

    /// Prints a figure.
    static func say(_ figure: String, _ values: [(String, JSONValue)]) {
        let members = [JSONValue.Member("figure", .string(figure))] + values.map { JSONValue.Member($0.0, $0.1) }
        print(JSONValue.object(members).text)
        fflush(nil)
    }

    /// Seconds of the fastest of some rounds.
    static func seconds(rounds: Int = 5, _ body: () -> Void) -> Double {
        var least = Duration.seconds(3_600)
        for _ in 0..<rounds { least = min(least, ContinuousClock().measure { body() }) }
        return Double(least.components.seconds) + Double(least.components.attoseconds) / 1e18
    }
}

extension JSONValue {
    /// A number with four digits after the point.
    static func rounded(_ number: Double) -> JSONValue { .number((number * 10_000).rounded() / 10_000) }
}
