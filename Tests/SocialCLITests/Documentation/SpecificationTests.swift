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
        // What help and version print is no record, demo prints what other commands print, an export has rows of many
        // kinds, an upload consists of bytes, and a server prints where it listens.
        let others: Set<String> = [
            "help", "version", "demo", "completion", "export", "user export", "fixture generate", "upload get",
            "serve",
        ]
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

    /// The commands that print records whatever there is.
    ///
    /// A batch prints a result or an error a line; the verifications print what they find, which is nothing here.
    private static let printing: [String] = {
        let others: Set<String> = [
            "batch", "verify", "feed verify", "shard verify", "upload verify", "upload get",
            "video-segment verify", "backup verify",
            "demo", "help", "version", "completion", "export", "user export",
            "fixture generate", "queue work", "serve",
        ]
        let visible = SocialSpecification.specification.commands.filter { !$0.isHidden }
        return visible.map(\.name).filter { !others.contains($0) }
    }()

    @Test("every command prints the fields that it declares, in their order")
    func fields() throws {
        #expect(Self.printing.count > 60)
        let worlds = CommandLines.Worlds()
        for name in Self.printing { try expectFields(name, worlds.world(for: name)) }
    }

    private func expectFields(_ name: String, _ world: CommandWorld) throws {
        let line = try #require(CommandLines.all(in: world)[name], "no line for \(name)")
        let command = try #require(specification.command(name.split(separator: " ").map(String.init)))
        let outcome = world.run("--json \(name) \(line.words)", input: line.input)
        #expect(outcome.status == 0, "\(name): \(outcome.errorText)")
        let value = try JSONReader.parse(outcome.output)
        let record = value.array?.first ?? value
        #expect(record.object?.map(\.key) == command.fields.map(\.name), "\(name)")
        for field in command.fields { check(record[field.name] ?? .null, field, name) }
        for line in ["--json verify", "--json feed verify -q"] { #expect(world.run(line).text == "[]\n", "\(name)") }
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
