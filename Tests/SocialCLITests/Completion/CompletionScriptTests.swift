// The completion scripts: what is checked in is what is made, and the shells do with it what they should. Bash and zsh
// complete only for somebody who types, so their lines are typed into a terminal; what they became is run, and its
// output tells.

import CommandSpec
import Foundation
import SocialCLI
import TestKit
import Testing

@Suite("Completion scripts")
struct CompletionScriptTests {
    private static let specification = SocialSpecification.specification
    private static let files = Dictionary(
        uniqueKeysWithValues: CompletionShell.allCases.map {
            (specification.completionFileName($0), specification.completionScript($0))
        })

    @Test("the scripts in completions are those that are made, and what completion prints")
    func scripts() throws {
        #expect(try Generated.differences(Self.files, in: "completions") == [])
        let world = try CommandWorld()
        for shell in CompletionShell.allCases {
            #expect(world.run("completion \(shell.rawValue)").text == Self.specification.completionScript(shell))
        }
    }

    /// Lines as they are typed, each with the names of the accounts that the completed one prints.
    private static let typed: [(line: String, handles: String)] = [
        ("social user show ant\t --fields handle --no-headings", "anton"),
        ("social user show @b\t --fields handle --no-headings", "bob"),
        ("social user show Rober\t --fields handle --no-headings", "bob"),
        ("social us\tsh\tb\t --fiel\thandle --no-h\t", "bob"),
        ("social user list --prefix b --fields=id,hand\t --format=ts\t --no-headings | cut -f 2", "bob"),
        ("social --data=../network/.soc\t user show b\t --fields handle --no-headings", "bob"),
        ("social --data .soc\t user list --prefix b --fields handle --no-headings", "bob"),
        ("true | social user sh\t 'b\t --fields handle --no-headings", "bob"),
        ("social post create --by b\t --file=texts/on\t --fields author --no-headings", "bob"),
        ("social post create --by b\t --file texts/on\t --fields author --no-headings", "bob"),
    ]

    private func network() throws -> (world: CommandWorld, place: String) {
        let world = try CommandWorld()
        let place = world.path("network")
        try FileManager.default.createDirectory(atPath: "\(place)/texts", withIntermediateDirectories: true)
        try "some text".write(toFile: "\(place)/texts/one", atomically: true, encoding: .utf8)
        let setup = try Shell.run(
            """
            social init && for name in ana anton bob; do social user create $name; done &&
            social user update bob --name 'Robert Silva' && social search rebuild
            """, in: place)
        try #require(setup.status == 0, "\(setup.errors)")
        return (world, place)
    }

    /// Types lines into a shell at a terminal and compares what they print.
    private func type(into shell: String, start: String) throws {
        let (world, place) = try network()
        let lines = Self.typed.enumerated().map { "{ \($1.line); } > ../out-\($0)" }
        let input = ([start] + lines + ["exit"]).map { $0 + "\n" }.joined()
        try input.write(toFile: world.path("typed"), atomically: true, encoding: .utf8)
        let outcome = try Shell.run(
            "timeout 60 script -qec '\(shell)' /dev/null < ../typed", in: place,
            environment: ["TERM": "dumb", "HOME": world.directory])
        for (index, expected) in Self.typed.map(\.handles).enumerated() {
            let printed = (try? String(contentsOfFile: world.path("out-\(index)"), encoding: .utf8)) ?? "nothing"
            #expect(printed == expected + "\n", "\(Self.typed[index].line)\n\(outcome.output)")
        }
    }

    @Test("bash completes what is typed", .enabled(if: Shell.has("script")))
    func bash() throws {
        try type(into: "bash --norc -i", start: "source \(Repository.path("completions/social.bash"))")
    }

    @Test(
        "bash completes what is typed with bash-completion too",
        .enabled(if: Shell.has("script") && FileManager.default.fileExists(atPath: bashCompletion)))
    func bashWithCompletion() throws {
        try type(
            into: "bash --rcfile \(Self.bashCompletion) -i",
            start: "source \(Repository.path("completions/social.bash"))")
    }

    private static let bashCompletion = "/usr/share/bash-completion/bash_completion"

    @Test("zsh completes what is typed", .enabled(if: Shell.has("script") && Shell.has("zsh")))
    func zsh() throws {
        let start = "fpath=(\(Repository.path("completions")) $fpath); autoload -U compinit; compinit -u -D"
        try type(into: "zsh -f -i", start: start)
    }

    @Test("fish offers what there is, with its explanation", .enabled(if: Shell.has("fish")))
    func fish() throws {
        let (world, place) = try network()
        defer { withExtendedLifetime(world) {} }
        func offers(_ line: String) throws -> [String] {
            let script = "source \(Repository.path("completions/social.fish")); complete -C \"\(line)\""
            let outcome = try Shell.run("fish --no-config -c '\(script)'", in: place)
            #expect(outcome.errors == "")
            return outcome.output.split(separator: "\n").map(String.init)
        }
        #expect(try offers("social user show an") == ["ana", "anton"])
        #expect(try offers("social user show @b") == ["@bob\tRobert Silva"])
        #expect(try offers("social user sh") == ["show\tShow an account"])
        #expect(try offers("social user list --fields=id,na") == ["--fields=id,name\tthe name that is shown"])
        #expect(try offers("social post create --file=texts/") == ["--file=texts/one"])
        #expect(try offers("social post create --file texts/") == ["texts/one"])
        #expect(try offers("social --data te") == ["texts/"])
        #expect(try offers("true | social --data \\$PWD/nothing user show ") == [])
    }
}
