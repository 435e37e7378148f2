// Words that mean something to SQL, to a full-text query, to a shell or to a path, in each place where a word can
// stand: they are only words.

import CommandSpec
import Foundation
import SocialCLI
import SocialCore
import TestKit
import Testing

@Suite("Syntax of others in every word")
struct SyntaxTests {
    /// What would end a string, begin a comment, an operator, another statement or another command.
    private static let hostile = [
        "x'; DELETE FROM post; --", "NEAR(a b, 2) AND text:* ^\" OR 1=1 /*",
        "$(touch x)`id`|&;../../../etc/passwd%_?1 :a",
    ]

    /// What a network holds, as its digest and its lists tell.
    private func state(_ world: CommandWorld) -> String { world.run("digest").text }

    @Test("Each word of each command can be any of them, and nothing breaks", arguments: hostile)
    func words(_ word: String) throws {
        let world = try CommandWorld()
        CommandLines.prepare(world, for: "upload analytics")
        let lines = CommandLines.all(in: world)
        let changing = ["init", "demo", "serve", "backup create", "backup restore", "replica add"]
        for name in lines.keys.sorted() where !changing.contains(name) {
            guard let line = lines[name] else { continue }
            let words = line.words.split(separator: " ").map(String.init)
            for place in words.indices where !words[place].hasPrefix("--") {
                var hostile = words
                hostile[place] = word
                let command = ["--dry-run"] + name.split(separator: " ").map(String.init)
                let outcome = world.run(command + hostile, input: Array(line.input.utf8))
                #expect(![70, 74].contains(outcome.status), "\(name) \(hostile): \(outcome.errorText)")
                for said in ["SQL", "sqlite", "syntax error", "no such column", "fts5", "unrecognized token"] {
                    #expect(!outcome.errorText.contains(said), "\(name) \(hostile): \(outcome.errorText)")
                }
            }
        }
        #expect(world.run("verify").status == 0)
    }

    @Test("What was written with them is found again as it was written", arguments: hostile)
    func found(_ word: String) throws {
        let world = try CommandWorld()
        world.prepare()
        let before = world.run("post list --format ids").text
        let post = ["post", "create", word, "--by", "ana", "--idempotency-key", word, "--json"]
        #expect(world.run(post).status == 0)
        #expect(world.run(post).text.contains("\"changed\":false"))
        #expect(world.run(["user", "update", "ana", "--name", word, "--set", "x=\(word)"]).status == 0)
        #expect(world.run(["queue", "push", "mail", word]).status == 0)
        #expect(world.run(["analytics", "record", "/\(word)"]).status == 0)
        for line in [
            ["post", "list", "--fields", "text", "--limit", "1"], ["user", "show", "ana", "--fields", "name"],
            ["queue", "list", "mail", "--fields", "payload"],
        ] {
            let text = world.run(line + ["--format", "ndjson"]).text
            let object = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
            #expect(object.values.first == word, "\(line)")
        }
        #expect(world.run("post list --format ids").text.hasSuffix(before))
        #expect(world.run("verify").status == 0)
    }

    @Test("No search is an error of the engine, whatever is asked")
    func queries() throws {
        let world = try CommandWorld()
        world.prepare()
        let chance = Chance("syntax of queries")
        let parts = [
            "\"", "'", "(", ")", "*", "^", ":", "-", "+", "AND", "OR", "NOT", "NEAR", "/2", "{", "}", ",", "from:",
            "since:", "has:", "#", "@", "hello", "\\", ";", "--", "\u{1F600}", "%", "\t",
        ]
        for _ in 0..<TestRun.times(80) {
            var query = ""
            for _ in 0...chance.below(8) {
                query += parts[chance.below(parts.count)] + (chance.isOne(in: 2) ? " " : "")
            }
            let outcome = world.run(["search", "posts", "--json", "--", query])
            #expect([0, 64, 65, 67].contains(outcome.status), "\(query): \(outcome.errorText)")
        }
    }

    @Test("Input that is no text, or holds a NUL, is refused, and nothing of it is stored")
    func bytes() throws {
        let world = try CommandWorld()
        world.prepare()
        let before = state(world)
        let inputs: [[UInt8]] = [
            [0x61, 0xFF, 0x62], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0x61, 0], [0xF4, 0x90, 0x80, 0x80],
        ]
        for input in inputs {
            for line in [
                "post create - --by ana", "post import - --from text --by ana", "user import - --from csv",
                "follow import -", "batch -", "import -", "post import - --from csv --by ana",
            ] {
                let outcome = world.run(line.split(separator: " ").map(String.init), input: Array("a".utf8) + input)
                #expect([64, 65].contains(outcome.status), "\(line) \(input): \(outcome.text)")
            }
        }
        for words in [
            ["post", "create", "a\0b", "--by", "ana"], ["user", "update", "ana", "--name", "a\0b"],
            ["user", "create", "a\0b"], ["upload", "put", "a\0b", "--by", "ana"], ["--data", "a\0b", "status"],
            ["queue", "push", "a\0b", "x"], ["user", "token", "ana", "--name", "a\0b"],
        ] { #expect([64, 65, 66].contains(world.run(words).status), "\(words)") }
        #expect(state(world) == before)
    }
}
