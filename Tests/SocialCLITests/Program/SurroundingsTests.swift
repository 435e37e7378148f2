// What whoever sets the mask, the environment and the path of a process can do with it, and what others see of it.

import CommandSpec
import Foundation
import SocialCLI
import SocialCore
import TestKit
import Testing

@Suite("Hostile surroundings", .enabled(if: Shell.has("bash")))
struct SurroundingsTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func shell(_ line: String, _ environment: [String: String] = [:]) throws -> Shell.Outcome {
        try Shell.run(line, in: directory.path, environment: environment)
    }

    /// Every file and folder below a folder, with its kind and its rights.
    private func modes(below folder: String) throws -> [(path: String, isFolder: Bool, mode: mode_t)] {
        var found: [(path: String, isFolder: Bool, mode: mode_t)] = []
        var rest = [folder]
        while let path = rest.popLast() {
            var status = stat()
            guard lstat(path, &status) == 0 else { continue }
            let isFolder = status.st_mode & S_IFMT == S_IFDIR
            found.append((path, isFolder, status.st_mode & 0o7777))
            if isFolder { rest += try FileSystem().names(in: path).map { "\(path)/\($0)" } }
        }
        return found
    }

    /// Makes everything that a data directory, a backup and a replica can hold.
    private func fill(_ data: String) -> String {
        let picture = Repository.path("fixtures/pictures/cat.png")
        let film = Repository.path("fixtures/films/h264-aac.mp4")
        let lines = [
            "[\"user\",\"create\",\"bob\"]", "[\"follow\",\"add\",\"ana\",\"bob\"]",
            "[\"post\",\"create\",\"a post\",\"--by\",\"bob\"]",
            "[\"upload\",\"put\",\"\(picture)\",\"--by\",\"ana\"]",
            "[\"video-segment\",\"cut\",\"\(film)\",\"--by\",\"ana\"]", "[\"queue\",\"push\",\"mail\",\"x\"]",
            "[\"analytics\",\"record\",\"user/ana\"]",
            "[\"search\",\"posts\",\"post\"]", "[\"notification\",\"list\",\"bob\"]",
        ]
        return """
            printf '%s\\n' \(lines.map { "'\($0)'" }.joined(separator: " ")) | social --data \(data) batch - > out &&
            social --data \(data) upload get ana/cat.png --size small -o small &&
            social --data \(data) feed regenerate -q && social --data \(data) search rebuild -q &&
            social --data \(data) backup create \(data)-backup -q &&
            social --data \(data) replica add "$PWD/\(data)-copy" -q
            """
    }

    @Test("Files are the owner's alone, whatever the mask", arguments: ["000", "027"])
    func own(_ mask: String) throws {
        let outcome = try shell("umask \(mask) && social init d -q && social --data d user create ana && \(fill("d"))")
        #expect(outcome.status == 0, "\(outcome.errors)")
        for place in ["d", "d-backup", "d-copy"] {
            let found = try modes(below: directory.file(place))
            #expect(found.count > 5)
            for one in found {
                #expect(one.mode == (one.isFolder ? 0o700 : 0o600), "\(one.path): \(String(one.mode, radix: 8))")
            }
        }
        // What goes out is the business of whoever has set the mask.
        var status = stat()
        #expect(stat(directory.file("small"), &status) == 0)
        #expect(status.st_mode & 0o777 == 0o666 & ~(mode_t(mask, radix: 8) ?? 0))
    }

    @Test("A shared directory is its group's, and nobody else's, whatever the mask", arguments: ["000", "077"])
    func shared(_ mask: String) throws {
        let outcome = try shell(
            "umask \(mask) && social init d --shared -q && social --data d user create ana && \(fill("d"))")
        #expect(outcome.status == 0, "\(outcome.errors)")
        for one in try modes(below: directory.file("d")) where !one.path.hasSuffix("/spool") {
            #expect(one.mode == (one.isFolder ? 0o2770 : 0o660), "\(one.path): \(String(one.mode, radix: 8))")
        }
    }

    @Test("A variable that is no UTF-8 is bad data, and never taken for another one")
    func variables() throws {
        for name in ["DATA", "USER", "FORMAT", "NOW", "CONFIG"] {
            let outcome = try shell("SOCIAL_\(name)=$'a\\xffb' social post create x")
            #expect(outcome.status == 65, "\(name): \(outcome.output)")
            #expect(outcome.errors == "social: error: environment variable SOCIAL_\(name): invalid UTF-8 at byte 1\n")
        }
        #expect(try shell("HOME=$'\\xff' TERM=$'\\xff' COLUMNS=$'\\xff' social version").status == 0)
    }

    @Test("Another program is looked for where it was said, gets a file and never a name, and its words are made safe")
    func tools() throws {
        let film = Repository.path("fixtures/films/vp9-mp3.mp4")
        let tool =
            "#!/bin/bash\nprintf '%s\\n' \"$@\" > \"$PWD/heard\"\nprintf 'no \\033[31m\\302\\2332J' >&2\nexit 1\n"
        for folder in ["tools", "path", "."] {
            try FileSystem().makeDirectory(directory.file(folder))
            let text = folder == "tools" ? tool : "#!/bin/bash\ntouch \"$PWD/wrong\"\nexit 1\n"
            try TemporaryDirectory.write(Array(text.utf8), to: directory.file("\(folder)/ffmpeg"))
            #expect(chmod(directory.file("\(folder)/ffmpeg"), 0o700) == 0)
        }
        let name = "-i;touch$IFS'x'.mp4"
        try TemporaryDirectory.write(try FileSystem().contents(of: film), to: directory.file(name))
        let put = try shell(
            "social init .social -q && social user create ana -q && social upload put --by ana -- \"$NAME\" > put",
            ["NAME": name, "SOCIAL_TOOLS": directory.file("tools")])
        #expect(put.status == 0, "\(put.errors)")
        let outcome = try shell(
            "PATH=\"$PWD/path:$PATH\" social upload get \"ana/$NAME\" --size small -o small",
            ["NAME": name, "SOCIAL_TOOLS": directory.file("tools")])
        #expect(outcome.status != 0)
        #expect(outcome.errors.contains("no \\u{1B}[31m\\u{9B}2J"), "\(outcome.errors)")
        let heard = String(decoding: try FileSystem().contents(of: directory.file("heard")), as: UTF8.self)
        let words = heard.split(separator: "\n").map(String.init)
        let input = try #require(words.firstIndex(of: "-i"))
        #expect(words[input + 1].hasPrefix("file:") && words[input + 1].contains(".social/"), "\(words)")
        #expect(words.firstIndex(of: "-protocol_whitelist").map { words[$0 + 1] } == "file")
        #expect(words.contains("-nostdin") && !heard.contains("touch"))
        #expect(!FileSystem().exists(directory.file("wrong")) && !FileSystem().exists(directory.file("x")))
        // Nothing is run where nothing was said, not even what lies here.
        let none = try shell(
            "social upload get \"ana/$NAME\" --size small -o small",
            ["NAME": name, "SOCIAL_TOOLS": directory.file("none")])
        #expect(none.status == 69 && !FileSystem().exists(directory.file("wrong")))
    }

    @Test("A token is printed once, and is in no file, backup, export or list afterwards")
    func tokens() throws {
        let made = try shell(
            """
            social init .social -q && social user create ana -q && social user token ana --format tsv --no-headings \
            --fields token && social backup create backup -q && social export > export
            """)
        #expect(made.status == 0, "\(made.errors)")
        let token = made.output.split(separator: "\n").last.map(String.init) ?? ""
        #expect(token.utf8.count > 30)
        let found = try shell("grep -rlaF -e \"$TOKEN\" . ; social user token ana --list --json", ["TOKEN": token])
        #expect(!found.output.contains(token) && found.output.contains("\"token\":null"), "\(found.output)")
        let secret = Array(token.utf8)
        for file in try modes(below: directory.path) where !file.isFolder {
            #expect(try FileSystem().contents(of: file.path).firstRange(of: secret) == nil, "\(file.path)")
        }
    }

    @Test("Of configuration only the user's own is read unasked")
    func configuration() throws {
        for folder in ["here/social", "here/.config/social", "here/.social", "home/.config/social"] {
            let outcome = try shell("mkdir -p \(folder) && echo '--format nonsense' > \(folder)/config")
            #expect(outcome.status == 0)
        }
        let line = "cd here && social init d -q && social --data d status --fields shards"
        #expect(try shell(line, ["HOME": directory.file("nobody")]).status == 0)
        #expect(try shell("cd here && social --data d status", ["XDG_CONFIG_HOME": "."]).status == 0)
        #expect(try shell("cd here && social --data d status", ["HOME": directory.file("home")]).status == 78)
    }

    @Test("No option and no variable takes a secret: anybody may read the arguments of a process")
    func secrets() {
        let words = ["password", "secret", "passphrase", "credential", "private-key", "api-key", "token"]
        for command in SocialSpecification.specification.commands {
            for option in command.options.declarations where option.kind != nil {
                #expect(!words.contains { option.long.contains($0) }, "\(command.name) --\(option.long)")
            }
        }
    }
}
