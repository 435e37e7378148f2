// A prepared data directory, and a command line of each writing verb that has something to do in it. Clock and chance
// are given, so that a run that is killed and a run that is not make the same ids.

package import SocialCore

/// Command lines to be killed.
package struct ProcessScene {
    /// One command line.
    package struct Act: Sendable {
        /// The words after the program's name.
        package var words: [String]
        /// What it reads.
        package var input = ""
        /// Of an act of two transactions, the rows that only the second one makes or takes away: an import makes its
        /// accounts before what names them, a block ends the other's follow, and so on.
        package var isSecond: (@Sendable (String) -> Bool)?

        /// Whether it makes the directory.
        package var isInit: Bool { words.first == "init" }
    }

    private let folder: Folder
    /// All acts.
    package let acts: [Act]

    /// A scene on a number of shards.
    package init(shards: Int) throws {
        folder = try Folder()
        let base = "\(folder.path)/base"
        func run(_ words: [String], input: String = "") throws -> ProgramResult {
            let result = try Program.run(
                words + ["--now", "2026-01-01T00:00:00Z", "--seed", "5"], data: base, input: input)
            guard result.exit == 0 else { throw StorageError(.ioError, "\(words): \(result.errors)") }
            return result
        }
        _ = try run(["init", base, "--shards", "\(shards)"])
        _ = try run(
            ["follow", "import", "-", "--create-users"], input: "ana bob\nbob cleo\ncleo ana\nana cleo\ndan ana\n")
        _ = try run(
            ["post", "import", "-", "--from", "text", "--by-all", "--over", "1d"],
            input: (0..<12).map { "post \($0)\n" }.joined())
        _ = try run(["feed", "regenerate"])
        let id = try run(["post", "create", "to be deleted", "--by", "bob"]).values(of: "id").first ?? ""
        let pictures = ["411.jpg", "420.jpg", "422.jpg", "cat.png"].map { Repository.path("fixtures/pictures/\($0)") }
        _ = try run(["upload", "put", pictures[0], "--by", "bob"])
        _ = try run(["queue", "push", "jobs", "--lines", "-"], input: "a\nb\nc\n")
        let ids = try run(["user", "list"]).values(of: "id")
        let isNoAccount: @Sendable (String) -> Bool = { !$0.hasPrefix("a ") && !$0.hasPrefix("h ") }
        let isHandle: @Sendable (String) -> Bool = { $0.hasPrefix("h ") }
        // Of the accounts ana, bob, cleo and dan, ana blocks dan, who follows her and whom she does not follow.
        let isFollow: @Sendable (String) -> Bool = { $0.hasPrefix("f ") }
        // Cleo is followed by ana and bob.
        let isFollowOfCleo: @Sendable (String) -> Bool = { line in
            line.hasPrefix("f ") && line.split(separator: " ")[2] == ids[2]
        }
        let batch = [
            ["user", "create", "gus"], ["post", "create", "in a batch", "--by", "ana"],
            ["follow", "add", "gus", "ana"],
            ["post", "create", "by gus", "--by", "gus", "--idempotency-key", "k3"], ["follow", "remove", "dan", "ana"],
        ]
        acts = [
            Act(words: ["init", "", "--shards", "\(shards)"]), Act(words: ["user", "create", "eva"]),
            Act(words: ["user", "sign-in", "ana"]), Act(words: ["follow", "add", "bob", "dan"]),
            Act(words: ["follow", "remove", "ana", "bob"]),
            Act(
                words: ["follow", "import", "-", "--create-users"], input: "eva ana\nfay eva\nana dan\n",
                isSecond: isNoAccount),
            Act(words: ["post", "create", "new", "--by", "ana"]),
            Act(words: ["post", "create", "new", "--by", "cleo", "--idempotency-key", "k2"]),
            Act(words: ["post", "delete", id]),
            Act(words: ["post", "import", "-", "--from", "text", "--by", "ana"], input: "one\ntwo\nthree\n"),
            Act(
                words: ["batch", "-"],
                input: batch.map { "[" + $0.map { "\"\($0)\"" }.joined(separator: ",") + "]\n" }.joined(),
                isSecond: isNoAccount),
            Act(words: ["user", "update", "ana", "--bio", "new"]),
            // Four files share their syncs, and a post shows what was uploaded for it.
            Act(words: ["upload", "put"] + pictures + ["--by", "ana"]),
            Act(
                words: ["post", "create", "with a picture", "--by", "ana", "--media", pictures[3]],
                isSecond: { $0.hasPrefix("p ") }),
            Act(words: ["upload", "delete", "bob/411.jpg"]), Act(words: ["upload", "gc"]),
            Act(words: ["upload", "update", "bob/411.jpg", "--alt", "four squares"]),
            Act(words: ["user", "rename", "ana", "ana.silva"], isSecond: isHandle),
            Act(words: ["user", "delete", "cleo"], isSecond: isFollowOfCleo),
            Act(words: ["follow", "block", "ana", "dan"], isSecond: isFollow),
            Act(words: ["follow", "mute", "ana", "bob"]), Act(words: ["post", "like", id, "--by", "ana"]),
            Act(words: ["post", "repost", id, "--by", "ana"]), Act(words: ["post", "edit", id, "changed"]),
            Act(words: ["post", "create", "answer", "--by", "ana", "--reply-to", id]),
            Act(words: ["post", "create", "story", "--by", "ana", "--expires", "24h"]),
            Act(words: ["feed", "regenerate"]), Act(words: ["feed", "regenerate", "bob"]),
            Act(words: ["feed", "regenerate", "--full"]), Act(words: ["feed", "verify", "--repair"]),
            Act(words: ["config", "set", "feed.capacity", "8"]),
            Act(words: ["notification", "list", "ana", "--format", "ndjson"]),
            Act(words: ["notification", "mark-read", "ana", "--all"]),
            Act(words: ["notification", "preferences", "ana", "--off", "like", "--mute", "user/bob"]),
            Act(words: ["analytics", "record", "post/7", "--by", "ana"]),
            Act(words: ["queue", "push", "mail", "--lines", "-"], input: "one\ntwo\nthree\n"),
            Act(words: ["queue", "pull", "jobs", "--max", "2"]),
            Act(words: ["queue", "forget", "jobs"]),
            Act(words: ["service", "register", "search", "one", "--timeout", "1h"]),
            Act(
                words: ["analytics", "import", "-", "--whole"],
                input: (0..<40).map {
                    "10.0.0.\($0) - - [01/Jan/2026:10:00:00 +0000] \"GET /page/\($0 % 7) HTTP/1.1\" 200 9\n"
                }.joined()),
        ]
    }

    /// A fresh copy of the scene for an act.
    package func copy(for act: Act) throws -> ScenePlace {
        let folder = try Folder()
        let data = "\(folder.path)/network"
        if !act.isInit { try Folder.copy("\(self.folder.path)/base", to: data) }
        return ScenePlace(folder: folder, data: data)
    }

    /// Starts an act in a place.
    package func start(_ act: Act, in place: ScenePlace, tracer: [String] = []) throws -> RunningProgram {
        let words = act.words.map { $0.isEmpty && act.isInit ? place.data : $0 }
        return try Program.start(
            words + ["--now", "2026-01-02T00:00:00Z", "--seed", "6"], data: place.data, input: act.input, tracer: tracer
        )
    }

    /// The truths between which an act that is killed may stop; none for the making of a directory.
    package func stages(of act: Act) throws -> [Truth] {
        if act.isInit { return [] }
        let place = try copy(for: act)
        let before = try Truth(of: try place.network())
        let result = try start(act, in: place).wait()
        guard result.exit == 0 else { throw StorageError(.ioError, "\(act.words): \(result.errors)") }
        let after = try Truth(of: try place.network())
        return [before] + (act.isSecond.map { [Truth.between(before, after, isSecond: $0)] } ?? []) + [after]
    }

    /// What is wrong after an act was killed.
    ///
    /// - Parameter result: how it ended; what it has printed must be there.
    package func problems(
        after act: Act, _ result: ProgramResult, _ stages: [Truth], in place: ScenePlace
    ) throws -> [String] {
        if act.isInit {
            let again = try Program.run(["init", place.data] + act.words.dropFirst(2), data: place.data)
            if again.exit != 0 { return ["init cannot be repeated: \(again.errors)"] }
        }
        // The next command is a process; the examination is done by the same code in this one.
        let next = try Program.run(["user", "create", "zoe"], data: place.data)
        var problems = next.exit == 0 ? [] : ["the next command fails: \(next.errors)"]
        let isAcknowledged = result.output.contains("}")
        problems += try Checkup.problems(of: try place.network()) { truth in
            if stages.isEmpty { return nil }
            var mine = truth
            mine.forget("zoe")
            let allowed = isAcknowledged ? Array(stages.suffix(1)) : stages
            return mine.lies(among: allowed)
                ? nil : mine.difference(from: allowed[0])
        }
        return problems
    }
}

/// A copy of a scene.
package struct ScenePlace {
    /// What it lies in.
    package let folder: Folder
    /// The data directory.
    package let data: String

    /// A directory in a folder.
    package init(folder: Folder, data: String) {
        self.folder = folder
        self.data = data
    }

    /// The network in it.
    package func network() throws -> Network {
        let time = Timestamp(milliseconds: 1_767_312_000_000)
        return try Network(opening: data, context: Context(clock: .fixed(time), lockWaitMilliseconds: 0))
    }
}
