// A prepared data directory, and a command line of each writing verb that has something to do in it. Clock and chance
// are given, so that a run that is killed and a run that is not make the same ids.

package import SocialCore

/// Command lines to be killed.
package struct ProcessScene {
    private let folder: Folder
    private let prepared: PreparedFolders
    /// All acts.
    package let acts: [SceneAct]

    /// A scene on a number of shards.
    package init(shards: Int) throws {
        folder = try Folder()
        let base = "\(folder.path)/base"
        prepared = PreparedFolders(base: base) { ScenePlace.context }
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
        _ = try run(["queue", "push", "tasks", "--lines", "-"], input: "a\nb\n")
        let lease = try run(["queue", "pull", "tasks", "--lease", "30d"]).values(of: "lease").first ?? ""
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
        acts =
            [
                SceneAct(words: ["init", "{}/network", "--shards", "\(shards)"]),
                SceneAct(words: ["user", "create", "eva"]),
                SceneAct(words: ["user", "sign-in", "ana"]), SceneAct(words: ["follow", "add", "bob", "dan"]),
                SceneAct(words: ["follow", "remove", "ana", "bob"]),
                SceneAct(
                    words: ["follow", "import", "-", "--create-users"], input: "eva ana\nfay eva\nana dan\n",
                    isSecond: isNoAccount),
                SceneAct(words: ["post", "create", "new", "--by", "ana"]),
                SceneAct(words: ["post", "create", "new", "--by", "cleo", "--idempotency-key", "k2"]),
                SceneAct(words: ["post", "delete", id]),
                SceneAct(words: ["post", "import", "-", "--from", "text", "--by", "ana"], input: "one\ntwo\nthree\n"),
                SceneAct(
                    words: ["batch", "-"],
                    input: batch.map { "[" + $0.map { "\"\($0)\"" }.joined(separator: ",") + "]\n" }.joined(),
                    isSecond: isNoAccount),
                SceneAct(words: ["user", "update", "ana", "--bio", "new"]),
                // Four files share their syncs, and a post shows what was uploaded for it.
                SceneAct(words: ["upload", "put"] + pictures + ["--by", "ana"]),
                SceneAct(
                    words: ["post", "create", "with a picture", "--by", "ana", "--media", pictures[3]],
                    isSecond: { $0.hasPrefix("p ") }),
                SceneAct(words: ["upload", "delete", "bob/411.jpg"]), SceneAct(words: ["upload", "gc"]),
                SceneAct(words: ["upload", "update", "bob/411.jpg", "--alt", "four squares"]),
                SceneAct(words: ["user", "rename", "ana", "ana.silva"], isSecond: isHandle),
                SceneAct(words: ["user", "delete", "cleo"], isSecond: isFollowOfCleo),
                SceneAct(words: ["follow", "block", "ana", "dan"], isSecond: isFollow),
                SceneAct(words: ["follow", "mute", "ana", "bob"]),
                SceneAct(words: ["post", "like", id, "--by", "ana"]),
                SceneAct(words: ["post", "repost", id, "--by", "ana"]),
                SceneAct(words: ["post", "edit", id, "changed"]),
                SceneAct(words: ["post", "create", "answer", "--by", "ana", "--reply-to", id]),
                SceneAct(words: ["post", "create", "story", "--by", "ana", "--expires", "24h"]),
                SceneAct(words: ["feed", "regenerate"]), SceneAct(words: ["feed", "regenerate", "bob"]),
                SceneAct(words: ["feed", "regenerate", "--full"]), SceneAct(words: ["feed", "verify", "--repair"]),
                SceneAct(words: ["config", "set", "feed.capacity", "8"]),
                SceneAct(words: ["notification", "list", "ana", "--format", "ndjson"]),
                SceneAct(words: ["notification", "mark-read", "ana", "--all"]),
                SceneAct(words: ["notification", "preferences", "ana", "--off", "like", "--mute", "user/bob"]),
                SceneAct(words: ["analytics", "record", "post/7", "--by", "ana"]),
                SceneAct(words: ["queue", "push", "mail", "--lines", "-"], input: "one\ntwo\nthree\n"),
                SceneAct(words: ["queue", "pull", "jobs", "--max", "2"]),
                SceneAct(words: ["queue", "forget", "jobs"]),
                SceneAct(words: ["service", "register", "search", "one", "--timeout", "1h"]),
            ] + SceneAct.upkeep(post: id, lease: lease)
    }

    /// A fresh copy of the scene for an act.
    package func copy(for act: SceneAct) throws -> ScenePlace {
        let folder = try Folder()
        let data = "\(folder.path)/network"
        if !act.isInit { try prepared.copy(for: act, to: folder.path) }
        return ScenePlace(folder: folder, data: data)
    }

    /// Starts an act in a place.
    package func start(_ act: SceneAct, in place: ScenePlace, tracer: [String] = []) throws -> RunningProgram {
        let words = LineRun.expand(act.words, for: place.data)
        return try Program.start(
            words + ["--now", "2026-01-02T00:00:00Z", "--seed", "6"], data: place.data, input: act.input, tracer: tracer
        )
    }

    /// The truths between which an act that is killed may stop; none for the making of a directory.
    package func stages(of act: SceneAct) throws -> [Truth] {
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
        after act: SceneAct, _ result: ProgramResult, _ stages: [Truth], in place: ScenePlace
    ) throws -> [String] {
        if act.isInit {
            let again = try Program.run(["init", place.data] + act.words.dropFirst(2), data: place.data)
            if again.exit != 0 { return ["init cannot be repeated: \(again.errors)"] }
        }
        // The next command is a process; the examination is done by the same code in this one.
        let next = try Program.run(["user", "create", "zoe"], data: place.data)
        var problems = next.exit == 0 ? [] : ["the next command fails: \(next.errors)"]
        let isAcknowledged = result.output.contains("}")
        if act.passage == .moving {
            // The truth is whole at once; its objects follow when somebody goes on.
            var mine = try Truth(of: try place.network())
            mine.forget("zoe")
            if !act.mayLeave(mine, stages, isDone: isAcknowledged) { problems.append(mine.difference(from: stages[0])) }
            do { try LineRun.prepare(act.after, in: place.data, context: ScenePlace.context) } catch {
                problems.append("going on: \(error)")
            }
        }
        problems += try Checkup.problems(of: try place.network()) { truth in
            if stages.isEmpty { return nil }
            var mine = truth
            mine.forget("zoe")
            return act.mayLeave(mine, stages, isDone: isAcknowledged)
                ? nil : mine.difference(from: stages[isAcknowledged ? stages.count - 1 : 0])
        }
        do { try LineRun.prepare(act.after, in: place.data, context: ScenePlace.context) } catch {
            problems.append("afterwards: \(error)")
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

    /// The surroundings of what is done in it within the tests.
    static var context: Context {
        Context(
            clock: .fixed(Timestamp(milliseconds: 1_767_312_000_000)), random: .seeded(SeededGenerator(seed: 7)),
            lockWaitMilliseconds: 0)
    }

    /// The network in it.
    package func network() throws -> Network {
        try Network(opening: data, context: ScenePlace.context)
    }
}
