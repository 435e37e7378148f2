// The user agents of a log, for the eye: which are held to be programs, and which people.

import Formats

/// Lists user agents.
enum Agents {
    static func run(_ words: [String]) throws {
        guard words.count == 1 else { throw Misuse() }
        let log = try LogBench.bytes(words[0])
        var agents = UserAgents()
        var counts: [String: Int] = [:]
        var bots: Set<String> = []
        var parser = AccessLogParser()
        log.withUnsafeBytes { bytes in
            parser.parse(bytes) { line in
                let name = line.userAgent.string
                counts[name, default: 0] += 1
                if agents.isBot(line.userAgent) { bots.insert(name) }
            } bad: { fault, _ in
                print("bad \(fault)")
            }
        }
        for (name, count) in counts.sorted(by: { ($0.value, $0.key) > ($1.value, $1.key) }) {
            print("\(bots.contains(name) ? "bot" : "person") \(count) \(name)")
        }
    }
}
