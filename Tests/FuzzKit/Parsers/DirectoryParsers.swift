// A whole data directory of which one file is damaged, as commands find it. Whatever they say, it is no bug of theirs.

internal import SocialCore
internal import TestKit

/// What reads and changes a damaged network.
enum DirectoryParsers {
    static let all = [FuzzSubject("directory", directory), FuzzSubject("batch", batch)]

    private static let lines = [
        "feed show ana", "feed verify", "search posts cats", "notification list cleo", "verify", "post list --by cleo",
        "user list", "upload list --by ana", "queue list jobs", "post create x --by ana", "feed regenerate",
        "search rebuild", "shard list", "shard verify", "config list", "export -", "analytics count user/ana",
        "service list", "follow list ana", "user create zoe", "search users an", "search tags", "analytics top",
        "search media cats", "notification read ana", "analytics status", "analytics verify", "status", "digest",
        "upload verify", "queue pull jobs", "queue status", "feed status", "search status", "shard hottest",
        "notification rebuild", "upload get ana/420.jpg --output -", "search explain cats", "feed publish",
    ]

    private static func directory() throws -> FuzzParser {
        let world = try SampleWorld()
        let template = "\(world.directory)-whole"
        try TemporaryDirectory.copy(world.directory, to: template)
        let files = try world.files()
        func restore() throws {
            TemporaryDirectory.remove(world.directory)
            try TemporaryDirectory.copy(template, to: world.directory)
        }
        // Those that are understood, whatever they find.
        let known = try lines.filter {
            try restore()
            return world.run($0).status != 64
        }
        let seeds = files.enumerated().map { [UInt8($0.offset)] + $0.element.bytes }
        return FuzzParser(seeds: seeds) { bytes in
            guard let number = bytes.first else { return false }
            var random = FuzzRandom(of: bytes)
            let file = files[Int(number) % files.count]
            try restore()
            try TemporaryDirectory.write(Array(bytes.dropFirst()), to: "\(world.directory)/\(file.name)")
            var isWell = true
            for _ in 0..<3 {
                let line = random.one(of: known) ?? ""
                let outcome = world.run(line)
                try FuzzFault.expect(
                    outcome.status != 70, "\"\(line)\" with damage to \(file.name): \(outcome.errorText)")
                isWell = isWell && outcome.status == 0
            }
            return isWell
        }
    }

    private static func batch() throws -> FuzzParser {
        let world = try SampleWorld()
        let lines = #"""
            ["post","create","hi","--by","ana"]
            ["feed","show","ana","--limit","2"]
            ["search","posts","cats OR dogs"]
            ["follow","add","ana","cleo"]
            ["user","show","bob","--fields","id,handle"]
            ["queue","push","jobs","x"]
            """#
        let words = TextParsers.pieces + ["\"--dry-run\",", "\"--by\",\"bob\"", "\"-\"", "\"--json\",", "\"\\u0000\""]
        return FuzzParser(texts: [lines], words: words) { bytes in
            let outcome = world.run("--dry-run batch - --keep-going", input: bytes)
            try FuzzFault.expect(outcome.status != 70, "no line is a bug: \(outcome.errorText)")
            return outcome.status == 0
        }
    }
}
