// Start-up is free of work: a line builds the commands of its own noun and no others, and builds them once.

import CommandSpec
import Synchronization
import Testing

@Suite("Laziness")
struct LazinessTests {
    final class Log: Sendable {
        let built = Mutex<[String]>([])

        func note(_ name: String) { built.withLock { $0.append(name) } }
    }

    @Test("A line builds the commands of its own noun, once")
    func ownNounOnly() throws {
        let log = Log()
        let specification = Specification(
            program: "app", version: "1", abstract: "Nothing",
            nouns: ["user", "feed"].map { name in
                Noun(name, "Something") {
                    log.note(name)
                    return [Command([name, "show"], "Show it")]
                }
            },
            verbs: {
                log.note("verbs")
                return [Command(["init"], "Begin")]
            })
        for _ in 0..<3 {
            _ = try specification.parse(["feed", "show"])
            _ = specification.globals(in: ["feed", "show"])
        }
        #expect(log.built.withLock { $0 } == ["feed"])
        _ = try specification.parse(["init"])
        #expect(log.built.withLock { $0 } == ["feed", "verbs"])
    }
}
