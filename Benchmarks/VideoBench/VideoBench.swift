// The parts of video that need no store, measured on public data. Each figure is one JSON object a line.
//
//     video-bench simulate FILM FOLDER [SECONDS]    every rule of playing over all traces of a folder: score and speed

import Formats
import Glibc
import SocialCore

/// The program.
@main
enum VideoBench {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            switch (words.first, words.count) {
            case ("simulate", 3...4):
                try Playing.run(film: words[1], folder: words[2], seconds: words.count == 4 ? Double(words[3]) : nil)
            default:
                print("usage: video-bench simulate FILM FOLDER [SECONDS]")
                exit(64)
            }
        } catch {
            print("video-bench: \(error)")
            exit(70)
        }
    }

    /// Prints a figure.
    static func say(_ figure: String, _ values: [(String, JSONValue)]) {
        let members = [JSONValue.Member("figure", .string(figure))] + values.map { JSONValue.Member($0.0, $0.1) }
        print(JSONValue.object(members).text)
        fflush(nil)
    }
}
