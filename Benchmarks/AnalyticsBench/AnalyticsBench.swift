// Counting accesses, in one process and on data directories that are made for it. Each figure is one JSON object a
// line.
//
//     analytics-bench count LOG DIR                 counts a log into a new directory: lines a second
//     analytics-bench make EVENTS RESOURCES DAYS DIR  counts made-up accesses: accesses a second, bytes an access
//     analytics-bench ask DIR                       how long answers take
//     analytics-bench viewers                       how far estimates of viewers are off, and their bytes

import Formats
import Glibc
import SocialCore

/// The program.
@main
enum AnalyticsBench {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            switch (words.first, words.count) {
            case ("count", 3): try Counting.log(words[1], into: words[2])
            case ("make", 5):
                guard let events = Int(words[1]), let resources = Int(words[2]), let days = Int(words[3]) else {
                    return usage()
                }
                try Counting.made(events, of: resources, days: days, into: words[4])
            case ("ask", 2): try Questions.run(words[1])
            case ("viewers", 1): Viewers.run()
            default: usage()
            }
        } catch {
            print("analytics-bench: \(error)")
            exit(70)
        }
    }

    private static func usage() {
        print("usage: analytics-bench count LOG DIR | make EVENTS RESOURCES DAYS DIR | ask DIR | viewers")
        exit(64)
    }

    /// Prints a figure.
    static func say(_ figure: String, _ values: [(String, JSONValue)]) {
        let members = [JSONValue.Member("figure", .string(figure))] + values.map { JSONValue.Member($0.0, $0.1) }
        print(JSONValue.object(members).text)
        fflush(nil)
    }

    /// How long a block takes, in seconds.
    static func seconds(_ body: () throws -> Void) rethrows -> Double {
        let time = try ContinuousClock().measure(body).components
        return Double(time.seconds) + Double(time.attoseconds) / 1e18
    }

    /// Processor time of this process, in seconds.
    static var processorSeconds: Double {
        var usage = rusage()
        getrusage(0, &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }

    /// A new network in a directory.
    static func network(_ directory: String) throws -> Network {
        try Network.create(directory, Network.Plan(), context: Context())
        return try Network(opening: directory, context: Context())
    }
}
