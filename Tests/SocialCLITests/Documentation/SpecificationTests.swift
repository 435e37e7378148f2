// The declarations of all commands: sound in themselves, the same in every form of help, and true of what is printed.

import CommandSpec
import Formats
import SocialCLI
import TestKit
import Testing

@Suite("The specification")
struct SpecificationTests {
    private let specification = SocialSpecification.specification
    private var visible: [Command] { specification.commands.filter { !$0.isHidden } }

    @Test("the declarations have no problems")
    func problems() {
        #expect(specification.problems() == [])
    }

    @Test("every command runs something, and says what it prints")
    func completeness() {
        // What help and version print is no record, demo prints what other commands print, and an export has rows of
        // many kinds.
        let others: Set<String> = ["help", "version", "demo", "completion", "export", "fixture generate"]
        for command in visible where !others.contains(command.name) {
            #expect(command.handler != nil, "\(command.name)")
            #expect(!command.fields.isEmpty, "\(command.name)")
        }
    }

    @Test("help, --help and -h say the same at every level")
    func forms() throws {
        let world = try CommandWorld()
        func texts(_ lines: [[String]]) -> Set<String> {
            Set(
                lines.map { words in
                    let outcome = world.run(words)
                    #expect(outcome.status == 0, "\(words)")
                    #expect(outcome.errors == [], "\(words)")
                    return outcome.text
                })
        }
        #expect(texts([[], ["help"], ["--help"], ["-h"], ["-qh"]]).count == 1)
        for noun in specification.nouns.map(\.name) {
            #expect(
                texts([["help", noun], [noun, "help"], [noun, "--help"], [noun, "-h"], ["-h", noun]]).count == 1)
        }
        for command in specification.commands where command.name != "help" {
            let path = command.path
            var lines = [["help"] + path, path + ["--help"], path + ["-h"], path + ["--nonsense", "-h"]]
            if path.count == 2 { lines.append([path[0], "help", path[1]]) }
            #expect(texts(lines).count == 1, "\(command.name)")
        }
    }

    @Test("help --json is JSON at every level, and knows every command")
    func document() throws {
        let world = try CommandWorld()
        func document(_ words: [String]) throws -> JSONValue {
            let outcome = world.run(words)
            #expect(outcome.status == 0, "\(words)")
            return try JSONReader.parse(outcome.output)
        }
        let all = try document(["help", "--json"])
        #expect(try document(["--json"]) == all)
        #expect(try document(["--help", "--format", "ndjson"]) == all)
        let paths = all["commands"]?.array?.compactMap { $0["path"]?.array?.compactMap(\.string) }
        #expect(paths == visible.map(\.path))
        #expect(all["guides"]?.array?.compactMap { $0["name"]?.string } == specification.guides.map(\.name))
        for command in visible {
            let one = try document(["help", "--json"] + command.path)
            let fields = one["commands"]?.array?.first?["fields"]?.array?.compactMap { $0["name"]?.string }
            #expect(fields == command.fields.map(\.name), "\(command.name)")
        }
        for noun in specification.nouns { _ = try document([noun.name, "--help", "--json"]) }
        #expect(try document(["version", "--json"])["version"]?.string == SocialSpecification.version)
    }

    @Test("every command prints the fields that it declares, in their order")
    func fields() throws {
        let world = try CommandWorld()
        world.prepare()
        for line in ["user create eve", "user create fay", "follow add bob eve", "follow add eve fay"] {
            world.run(line)
        }
        let id = world.run("post list --by bob --format ids").text.split(separator: "\n").joined()
        let other = world.run("post list --by ana --format ids").text.split(separator: "\n").joined()
        let lines: [String: (words: String, input: String)] = [
            "user create": ("cleo", ""), "user show": ("ana", ""), "user list": ("", ""), "user sign-in": ("ana", ""),
            "user update": ("ana --bio b --set x=1", ""), "user rename": ("cleo cleopatra", ""),
            "user delete": ("cleopatra", ""), "follow suggest": ("bob", ""), "follow block": ("ana eve", ""),
            "follow unblock": ("ana eve", ""), "follow mute": ("ana eve", ""), "follow unmute": ("ana eve", ""),
            "post edit": ("\(id) new --by bob", ""), "post thread": (id, ""), "post like": ("\(id) --by bob", ""),
            "post unlike": ("\(id) --by bob", ""), "post repost": ("\(id) --by bob", ""),
            "follow add": ("ana bob", ""), "follow remove": ("ana bob", ""), "follow list": ("bob", ""),
            "follow check": ("bob ana", ""), "follow import": ("- --prefix u --create-users", "1 2\n"),
            "post create": ("hi --by ana", ""), "post show": (id, ""), "post list": ("", ""),
            "post delete": (other, ""), "post import": ("- --from text --by bob", "a\n"),
            "feed show": ("bob", ""), "feed regenerate": ("", ""), "feed status": ("", ""),
            "config list": ("", ""), "config get": ("feed.capacity", ""), "config set": ("feed.capacity 50", ""),
            "init": (world.path("new"), ""), "status": ("", ""), "digest": ("", ""),
            "import": ("-", "{\"type\":\"social\",\"version\":1,\"shard_by\":\"user\"}\n"),
        ]
        // A batch prints a result or an error a line; the verifications print what they find, which is nothing here.
        let others: Set<String> = [
            "batch", "verify", "feed verify", "demo", "help", "version", "completion", "export", "fixture generate",
        ]
        for command in visible where !others.contains(command.name) {
            let line = try #require(lines[command.name], "no line for \(command.name)")
            let outcome = world.run("--json \(command.name) \(line.words)", input: line.input)
            #expect(outcome.status == 0, "\(command.name): \(outcome.errorText)")
            let value = try JSONReader.parse(outcome.output)
            let record = value.array?.first ?? value
            #expect(record.object?.map(\.key) == command.fields.map(\.name), "\(command.name)")
            for field in command.fields { check(record[field.name] ?? .null, field, command.name) }
        }
        for line in ["--json verify", "--json feed verify -q"] { #expect(world.run(line).text == "[]\n") }
    }

    /// Whether a value is of the kind that its field declares.
    private func check(_ value: JSONValue, _ field: Field, _ owner: String) {
        let isRight =
            switch (field.kind, value) {
            case (_, .null): field.isNullable
            case (.string, .string), (.integer, .integer), (.number, .number), (.boolean, .bool): true
            case (.array, .array), (.object, .object): true
            case (.time, .string(let text)): (try? RFC3339.parse(text)).map(RFC3339.format) == text
            default: false
            }
        #expect(isRight, "\(owner): \(field.name) is declared as \(field.typeText)")
    }
}
