// Ids and shards measured in one process, beside their peers: each scenario prints one JSON object a figure, and
// `Benchmarks/shards.py` puts them into a table.
//
//     shard-bench ids|keys|moves|loads [COUNT]

import Formats
import Glibc
import SocialCore

/// The program.
@main
enum ShardBench {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        let count = words.dropFirst().first.flatMap { Int($0) }
        do {
            switch words.first {
            case "ids": try Minters.run(count ?? 50_000_000)
            case "keys": KeyLookups.run(count ?? 1_000_000)
            case "moves": Moves.run(count ?? 1_000_000)
            case "loads": try LoadCounting.run(count ?? 10_000_000)
            default:
                print("usage: shard-bench ids|keys|moves|loads [COUNT]")
                exit(64)
            }
        } catch {
            print("shard-bench: \(error)")
            exit(1)
        }
    }

    /// Prints a figure.
    static func say(_ figure: String, _ values: [(String, JSONValue)]) {
        let members = [JSONValue.Member("figure", .string(figure))] + values.map { JSONValue.Member($0.0, $0.1) }
        print(JSONValue.object(members).text)
        fflush(nil)
    }

    /// The least time of some rounds, in nanoseconds for each of so many.
    static func nanoseconds(each count: Int, rounds: Int = 5, _ body: () throws -> Void) rethrows -> Double {
        var least = Duration.seconds(3_600)
        for _ in 0..<rounds { least = min(least, try ContinuousClock().measure { try body() }) }
        return (Double(least.components.attoseconds) / 1e9 + Double(least.components.seconds) * 1e9) / Double(count)
    }

    /// Keys that have been mixed well, the same in every run.
    static func keys(_ count: Int) -> [UInt64] { (0..<max(1, count)).map { Mixing.finalize(UInt64($0)) } }
}

extension JSONValue {
    /// A number with one digit after the point.
    static func tenths(_ number: Double) -> JSONValue { .number((number * 10).rounded() / 10) }

    /// How many.
    static func count(_ number: Int) -> JSONValue { .integer(Int64(number)) }
}
