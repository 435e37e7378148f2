// What strangers have written, wherever a person sees it: lists, sheets, charts, notes, questions, errors and what a
// shell offers. None of it drives the terminal, turns a line around or hides.

import Foundation
import SocialCLI
import SocialCore
import Terminal
import TestKit
import Testing

@Suite("Strangers' text before people", .serialized)
struct HumanViewTests {
    /// What must never reach a terminal, written out independently of the tables that the code uses.
    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        // What is printed is mostly plain.
        if scalar.value >= 0x20, scalar.value < 0x7F { return false }
        return switch scalar.value {
        case 0...0x1F, 0x7F...0x9F, 0xAD, 0x34F, 0x61C, 0x180E: true
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFE00...0xFE0F, 0xFEFF, 0xFFF9...0xFFFB: true
        case 0x115F, 0x1160, 0x3164, 0xFFA0, 0xE000...0xF8FF, 0xE0000...0x10FFFF: true
        default: scalar.value & 0xFFFE == 0xFFFE
        }
    }

    /// Each dangerous scalar that a text may hold, of the private and unassigned ones some, between letters.
    private static let text: String = {
        var text = "=cmd "
        for value in UInt32(1)...0x10_FFFF {
            guard let scalar = Unicode.Scalar(value), isDangerous(scalar) else { continue }
            let isOneOfMany = (0xE000...0xF8FF).contains(value) || value >= 0xE0000
            if !isOneOfMany || value % 0x1_003 == 0 || (0xE0001...0xE0021).contains(value) {
                text.unicodeScalars.append(contentsOf: ["a", scalar])
            }
        }
        return text + "z"
    }()

    /// A shorter one, with those that drive a terminal, for what has little room.
    private static let name = "n\u{1B}[31m\u{9B}2J\u{7F}\r\u{202E}\u{2066}\u{200B}\u{E0001}n"
    /// A name of which nothing is a control character of ASCII.
    private static let word = "w\u{9B}2J\u{202E}\u{2066}\u{200B}\u{E0001}w"

    /// A world in which everything that can be written is.
    private static func prepared() throws -> CommandWorld {
        let world = try CommandWorld()
        world.prepare()
        let picture = world.path("\(name).png")
        let bytes = try FileSystem().contents(of: Repository.path("fixtures/pictures/cat.png"))
        try TemporaryDirectory.write(bytes, to: picture)
        let log = "192.0.2.7 - - [01/Jan/2026:10:00:00 +0000] \"GET /\(word) HTTP/1.1\" 200 512 \"-\" \"\(word)\"\n"
        let lines: [(words: [String], input: String)] = [
            (["user", "update", "ana", "--name", text, "--bio", text, "--set", "\(word)=\(text)"], ""),
            (["post", "create", "sea @bob \(text)", "--by", "ana"], ""),
            (["post", "create", "#\(word) \(text)", "--by", "bob", "--expires", "48h"], ""),
            (["upload", "put", picture, "--by", "ana", "--alt", text, "--caption", text], ""),
            (["user", "token", "ana", "--name", word], ""),
            (["queue", "push", "mail", "--attempts", "1", text], ""),
            (
                [
                    "queue", "work", "mail", "--once", "--exec",
                    "printf 'late \\033[31m\\302\\2332J\\342\\200\\256' >&2; exit 1",
                ], ""
            ),
            (["service", "register", "search", "one", "--address", word, "--timeout", "30d"], ""),
            (["analytics", "record", "/\(word)", "--count", "3"], ""),
            (["analytics", "record", "search/\(word)"], ""),
            (["analytics", "import", "-"], log),
            (["backup", "create", world.path("b\(name)")], ""),
        ]
        for line in lines {
            let outcome = world.run(line.words, input: Array(line.input.utf8))
            #expect(outcome.status == 0, "\(line.words.prefix(3)): \(outcome.errorText)")
        }
        let post = id(world, "ana")
        for words in [
            ["post", "like", post, "--by", "bob"], ["post", "repost", post, "--by", "bob"],
            ["post", "create", "@ana \(text)", "--by", "bob", "--reply-to", post],
        ] { #expect(world.run(words).status == 0, "\(words.prefix(2))") }
        return world
    }

    private static func id(_ world: CommandWorld, _ author: String) -> String {
        world.run("post list --by \(author) --limit 1 --format ids").text.split(separator: "\n").joined()
    }

    /// What of an outcome a terminal must not get.
    private static func leaks(_ outcome: CommandWorld.Outcome) -> [Unicode.Scalar] {
        (outcome.text + outcome.errorText).unicodeScalars.filter { $0 != "\n" && isDangerous($0) }
    }

    @Test("in lists, sheets, streams and charts, highlighted or not, and in every width")
    func views() throws {
        let world = try Self.prepared()
        let post = Self.id(world, "ana")
        let upload = world.run("upload list --format ids").text.split(separator: "\n").joined()
        let texts: [[String]] = [
            ["post", "list"], ["post", "show", post], ["post", "thread", post], ["post", "list", "--stories"],
            ["feed", "show", "bob"], ["feed", "watch", "bob", "--after", "1", "--timeout", "0s"],
            ["search", "posts", "sea"], ["search", "posts", "\"aa\" OR sea"],
            ["search", "explain", "sea"], ["search", "users", "ana"],
            ["search", "media", "--type", "image"], ["user", "list"], ["user", "show", "ana"],
            ["upload", "list"], ["upload", "show", upload], ["queue", "list", "mail"],
            ["queue", "list", "mail", "--state", "dead", "--fields", "failure"],
            ["user", "token", "ana", "--list"], ["service", "list"], ["service", "resolve", "search"],
            ["analytics", "top"], ["analytics", "top", "--chart"], ["analytics", "count", "/\(Self.word)"],
            ["analytics", "series", "/\(Self.word)", "--since", "24h", "--chart"],
            ["__complete", "social user show a"], ["__complete", "social post show "],
        ]
        world.isTerminal = true
        for columns in [nil, 40] {
            world.columns = columns
            for words in texts {
                var outcome = world.run(words + (words[0] == "__complete" ? [] : ["--color", "never"]))
                // What a shell is offered has its explanation behind a tab.
                if words[0] == "__complete" { outcome.output.removeAll { $0 == UInt8(ascii: "\t") } }
                #expect(outcome.status == 0, "\(words): \(outcome.errorText)")
                #expect(Self.leaks(outcome) == [], "\(words)")
                let shown = outcome.text + outcome.errorText
                if columns == nil { #expect(shown.contains("\\u{"), "\(words) does not show the text: \(shown)") }
            }
        }
    }

    @Test("in what every other command prints on a terminal")
    func others() throws {
        let world = try Self.prepared()
        world.isTerminal = true
        let backups = world.path("b\(Self.name)")
        for line in [
            "status", "verify", "digest", "config list", "feed status", "feed verify", "feed explain bob 1",
            "search status", "search rebuild", "search tags", "shard list", "shard hottest --accounts",
            "shard locate --handle ana", "queue status", "queue list mail", "analytics status --deep",
            "follow list ana", "follow suggest ana", "analytics series", "notification preferences ana",
            "replica status", "upload verify", "upload similar \(Repository.path("fixtures/pictures/cat.png"))",
            "upload gc", "user update ana --location x", "post import - --from text --by ana --verbose", "version",
            "help",
        ] {
            let words = line.split(separator: " ").map(String.init) + ["--color", "never"]
            #expect(Self.leaks(world.run(words, input: Array(Self.text.utf8))) == [], "\(line)")
        }
        let restored = world.path("r\(Self.name)")
        for words in [
            ["backup", "list", backups, "-v"], ["backup", "verify", backups],
            ["backup", "restore", backups, restored, "-v"],
            ["analytics", "uniques", "/\(Self.word)"], ["notification", "list", "ana"],
            ["notification", "list", "ana", "--ungrouped"],
        ] {
            #expect(Self.leaks(world.run(words + ["--color", "never"])) == [], "\(words)")
        }
    }

    @Test("in errors and questions: words, paths, rows, queries and configuration")
    func errors() throws {
        let world = try Self.prepared()
        world.isTerminal = true
        let (text, name) = (Self.text, Self.name)
        let strange = world.path("none\(name)")
        let config = world.path("config\(name)")
        try TemporaryDirectory.write(Array("--\(name) \(text)\n".utf8), to: config)
        let lines: [[String]] = [
            [text], ["post", name], ["post", "show", text], ["post", "list", "--\(name)"],
            ["post", "list", "--by", text],
            ["post", "list", "--fields", name], ["user", "show", name], ["post", "list", "--since", text],
            ["post", "list", "--after", text], ["search", "posts", "(\(text)"], ["search", "posts", "from:\(text)"],
            ["search", "media", "--like", strange], ["upload", "put", strange, "--by", "ana"],
            ["upload", "show", "ana/\(name)"], ["upload", "delete", "ana/\(name).png"],
            ["--data", strange, "status"], ["--data", strange, "post", "list", "--verbose"],
            ["--config", config, "status"], ["--config", strange, "status"], ["config", "set", "feed.capacity", text],
            ["config", "get", name], ["post", "import", strange, "--by", "ana"], ["init", "/proc/\(name)"],
            ["init", strange, "--replicas", "2", "--replica-dirs", "/proc/\(name)"], ["help", name],
            ["help", "post", name],
            ["queue", "list", name], ["queue", "ack", "mail", name], ["service", "resolve", name],
            ["analytics", "count", "user/\(name)"], ["analytics", "import", strange],
            ["analytics", "top", "--map", "(\(name)"], ["video-segment", "cut", strange, "-o", strange],
            ["video-segment", "show", strange], ["video-segment", "verify", strange],
            ["video-segment", "simulate", strange, "--bandwidth", text], ["backup", "list", strange],
            ["backup", "restore", strange, strange], ["replica", "add", "/proc/\(name)"],
            ["post", "create", "x", "--by", "ana", "--media", "ana/\(name)"], ["serve", "--listen", name],
            ["completion", name], ["import", strange], ["user", "import", strange], ["follow", "import", strange],
        ]
        for words in lines {
            let outcome = world.run(words + ["--color", "never"])
            #expect(outcome.status != 0, "\(words)")
            #expect(Self.leaks(outcome) == [], "\(words): \(outcome.errorText)")
        }
        let rows: [(String, String)] = [
            ("post import - --by ana --from ndjson --on-error report", "{\"text\":\"\(name)\"\n{\"\(name)\":1}\n"),
            ("user import - --from csv --on-error report", "handle\n\(name)\n"), ("follow import -", "\(name) b\n"),
            ("import -", "{\"type\":\"\(Self.word)\"}\n"), ("batch -", "[\"\(Self.word)\"]\n\(name)\n"),
            ("analytics record -", "{\"resource\":\"\(name)\"}\n"),
            ("analytics import - --on-error report", "\(name)\n"),
        ]
        for (line, input) in rows {
            let words = line.split(separator: " ").map(String.init)
            let outcome = world.run(words + ["--color", "never"], input: Array(input.utf8))
            #expect(outcome.status != 0 && Self.leaks(outcome) == [], "\(line): \(outcome.text) \(outcome.errorText)")
        }
        // Asked before something is destroyed.
        let asked = world.run(["upload", "delete", "ana/\(name).png", "--color", "never"], input: Array("n\n".utf8))
        #expect(asked.status != 0 && Self.leaks(asked) == [], "\(asked.errorText)")
    }

    @Test("for each of the 1,112,064 scalars in a list and in an error, while JSON says what was written")
    func allScalars() throws {
        let world = try CommandWorld()
        world.prepare()
        // Posts hold no NUL.
        let scalars = (UInt32(1)...0x10_FFFF).compactMap(Unicode.Scalar.init)
        #expect(scalars.count + 1 == 1_112_064)
        var texts: [String] = []
        for start in stride(from: 0, to: scalars.count, by: 9_000) {
            var text = "x"
            text.unicodeScalars.append(contentsOf: scalars[start..<min(scalars.count, start + 9_000)])
            texts.append(text)
        }
        var input = Array("text,author\r\n".utf8)
        for text in texts { input += Array("\"\(text.replacing("\"", with: "\"\""))\",ana\r\n".utf8) }
        let made = world.run(["post", "import", "-", "--from", "csv"], input: input)
        #expect(made.status == 0, "\(made.errorText.prefix(300))")
        let listed = world.run("post list --by ana --all --fields text --format ndjson").output
        let words = listed.split(separator: UInt8(ascii: "\n")).dropLast()
        let decoder = JSONDecoder()
        let found = try words.map { try decoder.decode([String: String].self, from: Data($0))["text"] ?? "" }
        #expect(found.reversed().elementsEqual(texts) { $0.utf8.elementsEqual($1.utf8) })
        world.isTerminal = true
        let shown = world.run("post list --by ana --all --fields text --color never")
        #expect(Self.leaks(shown) == [])
        #expect(shown.output.count > 4_000_000)
        for text in texts where text.utf8.count < 100_000 {
            let error = world.run(["--data", world.path("none/\(text)"), "status", "--color", "never"])
            #expect(error.status != 0 && Self.leaks(error) == [])
        }
    }
}
