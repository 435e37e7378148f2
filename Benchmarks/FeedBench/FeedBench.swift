// The feed engine measured in one process: each scenario takes a data directory that `social` has made, does one kind of
// work on it through the core, checks what came of it, and prints one JSON object a figure. `Benchmarks/feed.py` makes
// the directories, runs the peers beside, and puts the figures into a table.
//
//     feed-bench SCENARIO DIRECTORY [--name value …]

import Formats
import Glibc
import SocialCore

/// The program.
@main
enum FeedBench {
    /// The scenarios by name.
    static let scenarios: [(name: String, run: @Sendable (Run) throws -> Void)] = [
        ("fanout", FanOut.run), ("page", PageReads.run), ("pull", PullReads.run), ("regenerate", Regenerating.run),
        ("depth", DeepReads.run), ("mix", Mix.run), ("million", Million.run),
    ]

    static func main() {
        var words = Array(CommandLine.arguments.dropFirst())
        guard words.count >= 2, let scenario = scenarios.first(where: { $0.name == words[0] }) else {
            let names = scenarios.map(\.name).joined(separator: "|")
            print("usage: feed-bench \(names) DIRECTORY [--name value ...]")
            exit(64)
        }
        words.removeFirst()
        let directory = words.removeFirst()
        do {
            let run = Run(directory: directory, options: words)
            try scenario.run(run)
            run.say("peak memory", [("mebibytes", .count(Run.peakKibibytes / 1_024))])
        } catch {
            print("feed-bench: \(error)")
            exit(1)
        }
    }
}
