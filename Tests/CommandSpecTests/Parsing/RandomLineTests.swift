// Lines made at random. What was meant is known when a line is made, so it can be compared with what was bound; and
// lines of nonsense must end in a result or an error, never in a trap. A failing test prints its seed.

import CommandSpec
import Testing

@Suite("Random lines")
struct RandomLineTests {
    /// The naive model: what a line was made to say.
    struct Meaning: Equatable {
        var limit = 20
        var tags: [String] = []
        var since: String?
        var isQuiet = false
        var verbosity = 0
        var data: String?
        var color = "auto"
        var text: String?
    }

    @Test("What was meant is what is bound", arguments: 0..<40)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<50 {
            let (words, meaning) = makeLine(&generator)
            guard case .run(let bound) = try Sample.specification.parse(words) else { throw NotAnInvocation() }
            let found = Meaning(
                limit: bound[FeedCommands.limit], tags: bound[FeedCommands.tags], since: bound[FeedCommands.since],
                isQuiet: bound.isOn(Sample.quiet), verbosity: bound.count(of: Sample.verbose),
                data: bound[Sample.data], color: bound[Sample.color])
            #expect(found == meaning, "seed \(seed): \(words)")
            #expect(try bound[FeedCommands.reader].name == "ada", "seed \(seed): \(words)")
        }
    }

    @Test("No line traps, every error can be shown, and its suggestions are lines of words", arguments: 0..<40)
    func nonsense(seed: UInt64) {
        let pieces = [
            "feed", "show", "post", "create", "help", "fed", "shwo", "ada", "", "-", "--", "---", "-h", "-V", "-n",
            "-n5",
            "--limit", "--limit=", "--limit=x", "--=", "--no-", "--no-unread", "-qvx", "-\u{301}", "é", "\u{200B}",
            "a\nb", "-5", "-0", "--color=", "🇦🇹", "--tag=\u{1B}[2J", "\0", "=", "-=", "--json", "--format", "jsno",
        ]
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let words = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }
            _ = Sample.specification.globals(in: words)
            guard let error = failure(words) else { continue }
            let shown = error.rendered(program: "app")
            #expect(shown.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 }, "seed \(seed): \(words)")
            #expect(!error.message.isEmpty && !error.message.hasSuffix("."), "seed \(seed): \(words)")
            #expect(error.suggestions.count <= 3 && !error.suggestions.contains([]), "seed \(seed): \(words)")
            #expect(failure(words) == error, "seed \(seed): not deterministic: \(words)")
        }
    }

    @Test("Configuration text of any kind traps nothing", arguments: 0..<20)
    func nonsenseFile(seed: UInt64) {
        let pieces = [
            "feed", "show", " ", "\n", "\t", "\r\n", "#", "--limit", "=", "5", "-n", "--", "-", "é", "\0", "-q",
        ]
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<100 {
            let text = (0..<Int.random(in: 0...9, using: &generator)).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }.joined()
            let error = failure(["feed", "show", "ada"], config: text)
            #expect(error.map { !$0.rendered(program: "app").isEmpty } ?? true, "seed \(seed): \(text)")
        }
    }

    private func makeLine(_ generator: inout SeededGenerator) -> ([String], Meaning) {
        let values = ["x", "-", "--", "", "-q", "--limit", "a b", "a=b", "é", "-5", "help"]
        var meaning = Meaning()
        var options: [[String]] = []
        var globals: [[String]] = []
        for _ in 0..<Int.random(in: 0...8, using: &generator) {
            let value = values.randomElement(using: &generator) ?? ""
            let isJoined = Bool.random(using: &generator)
            switch Int.random(in: 0..<7, using: &generator) {
            case 0:
                let limit = Int.random(in: 1...1000, using: &generator)
                meaning.limit = limit
                options.append(isJoined ? ["-n\(limit)"] : ["--limit", "\(limit)"])
            case 1:
                meaning.tags.append(value)
                // A letter with nothing behind it takes the next word, so an empty value cannot be joined to it.
                options.append(isJoined && !value.isEmpty ? ["-t" + value] : ["--tag", value])
            case 2:
                meaning.since = value
                options.append(isJoined ? ["--since=" + value] : ["--since", value])
            case 3:
                meaning.isQuiet = true
                globals.append([isJoined ? "-q" : "--quiet"])
            case 4:
                meaning.verbosity += isJoined ? 2 : 1
                globals.append([isJoined ? "-vv" : "--verbose"])
            case 5 where !value.isEmpty:
                meaning.data = value
                globals.append(isJoined ? ["--data=" + value] : ["--data", value])
            default:
                meaning.color = isJoined ? "never" : "always"
                globals.append([isJoined ? "--color=never" : "--color"])
            }
        }
        // The order within each list is kept, since the last value wins; where the lists go is free.
        let place = Int.random(in: 0...2, using: &generator)
        var words = place == 0 ? globals.flatMap { $0 } : []
        words += ["feed"] + (place == 1 ? globals.flatMap { $0 } : []) + ["show"]
        let operandFirst = Bool.random(using: &generator)
        if operandFirst { words.append("ada") }
        words += options.flatMap { $0 } + (place == 2 ? globals.flatMap { $0 } : [])
        if !operandFirst { words += Bool.random(using: &generator) ? ["ada"] : ["--", "ada"] }
        return (words, meaning)
    }
}
