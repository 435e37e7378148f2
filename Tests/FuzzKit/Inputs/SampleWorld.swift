// A small network that has something in all of its files, made by command lines.

internal import SocialCore
internal import TestKit

/// A network with some of everything.
final class SampleWorld {
    private let world: CommandWorld

    init() throws {
        world = try CommandWorld()
        world.prepare()
        let picture = Repository.path("fixtures/pictures/420.jpg")
        for name in ["cleo", "dan"] { try make("user create \(name)") }
        for line in [
            "follow add ana cleo", "follow add cleo ana", "follow block ana dan", "follow mute bob cleo",
            "upload put \(picture) --by ana", "queue push jobs one", "service register search one --timeout 1d",
            "analytics record user/ana --by bob --at 2026-01-01T12:00:00Z --count 3",
            "feed regenerate", "search rebuild", "notification list ana",
        ] { try make(line) }
        for number in 0..<12 {
            try make(["post", "create", "A post about #cats, number \(number) of @bob", "--by", "cleo"])
        }
        let newest = try make("post list --by cleo --limit 1 --format ids").text.filter { !$0.isNewline }
        try make("post like \(newest) --by ana")
        for line in ["feed show ana", "search posts cats", "notification list cleo", "feed regenerate"] {
            try make(line)
        }
    }

    @discardableResult
    private func make(_ words: [String]) throws -> CommandWorld.Outcome {
        let outcome = world.run(words)
        try FuzzFault.expect(outcome.status == 0, "\(words): \(String(decoding: outcome.errors, as: UTF8.self))")
        return outcome
    }

    @discardableResult
    private func make(_ line: String) throws -> CommandWorld.Outcome {
        try make(line.split(separator: " ").map(String.init))
    }

    /// Where its data are.
    var directory: String { world.path(".social") }

    /// Runs a command line.
    @discardableResult
    func run(_ line: String, input: [UInt8] = []) -> CommandWorld.Outcome {
        world.run(line.split(separator: " ").map(String.init), input: input)
    }

    /// Its files by their paths below the directory.
    func files() throws -> [(name: String, bytes: [UInt8])] {
        var found: [(String, [UInt8])] = []
        func walk(_ folder: String) throws {
            for name in try FileSystem().names(in: "\(directory)/\(folder)").sorted() {
                let path = "\(folder)\(name)"
                if FileSystem().isDirectory("\(directory)/\(path)") {
                    try walk("\(path)/")
                } else {
                    found.append((path, try FileSystem().contents(of: "\(directory)/\(path)")))
                }
            }
        }
        try walk("")
        return found
    }
}
