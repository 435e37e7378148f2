// A data directory in which every command has something to do, and the commands that are failed at each of their
// changes.

package import SocialCore

/// A prepared directory to be copied, and what can be done with it.
package final class FaultScene {
    /// A command with a name for reports.
    package struct Act: Sendable {
        /// What it is called.
        package var name: String
        /// What it does; nil makes a directory.
        package var command: NetworkCommand?
        /// The command line that it is, if it is one.
        package var line: SceneAct?

        init(name: String, command: NetworkCommand?, line: SceneAct? = nil) {
            self.name = name
            self.command = command
            self.line = line
        }

        init(_ line: SceneAct) {
            self.init(name: line.name, command: .line(line.words, input: line.input), line: line)
        }

        init(name: String, line words: [String]) {
            self.init(name: name, command: .line(words), line: SceneAct(words: words))
        }
    }

    private let folder: Folder
    private let prepared: PreparedFolders
    private let plan: Network.Plan
    private let milliseconds: Int64 = 1_780_000_000_000
    /// Everything that can be done.
    package let acts: [Act]

    /// What the network of the scene has lived through.
    private static let past: [NetworkCommand] = [
        .importFollows("ana bob\nbob cleo\ncleo ana\nana cleo\ndan ana\n"),
        .importPosts((0..<12).map { "post \($0)\n" }.joined()), .post(by: "ana", text: "keyed", key: "k1"),
        .relate(.mute, "cleo", "dan"), .relate(.block, "dan", "cleo"), .follow("bob", "ana"),
        .upload(by: "bob", [3, 7]), .regenerate([], isFull: true),
        .post(by: "bob", text: "not in a cache yet", key: nil), .count([2, 3]), .count([2, 3]), .count([2, 3]),
        .push(["a", "b"], to: "tasks"), .push(["a", "b", "c"], to: "jobs"),
    ]

    /// A scene on a number of shards.
    package init(shards: Int) throws {
        folder = try Folder()
        plan = Network.Plan(shards: shards)
        let directory = "\(folder.path)/scene"
        let time = milliseconds
        prepared = PreparedFolders(base: directory) { FaultScene.context(time + 4_000_000, seed: 4) }
        let context = FaultScene.context(milliseconds)
        try Network.create(directory, plan, context: context)
        let network = try Network(opening: directory, context: context)
        for command in FaultScene.past { try command.run(on: network) }
        let pulled = LineRun.run(["queue", "pull", "tasks", "--lease", "30d"], in: directory, context: context)
        let truth = try Truth(of: network)
        let newest = truth.posts.last?.id ?? PostID(rawValue: 1)
        let media = truth.media.first ?? MediaID(rawValue: 1)
        var acts = [
            Act(name: "init", command: nil), Act(name: "user create", command: .createUser("eva")),
            Act(name: "user sign-in", command: .signIn("ana")), Act(name: "follow add", command: .follow("bob", "dan")),
            Act(name: "follow remove", command: .unfollow("ana", "bob")),
            Act(name: "follow import", command: .importFollows("eva ana\nfay eva\nana dan\n")),
            Act(name: "post create", command: .post(by: "ana", text: "new", key: nil)),
            Act(name: "post create with a key", command: .post(by: "cleo", text: "new", key: "k2")),
            Act(name: "post delete", command: .delete(newest)),
            Act(name: "post import", command: .importPosts("one\ntwo\nthree\nfour\nfive\n")),
            Act(
                name: "batch",
                command: .group([
                    .createUser("gus"), .post(by: "ana", text: "grouped", key: nil), .follow("gus", "ana"),
                    .post(by: "gus", text: "grouped too", key: "k3"), .unfollow("dan", "ana"),
                ])),
            Act(name: "user update", command: .update("ana", bio: "new")),
            Act(name: "user rename", command: .rename("ana", to: "ana.silva")),
            Act(name: "user delete", command: .deleteUser("ana")),
            Act(name: "follow block", command: .relate(.block, "ana", "bob")),
            Act(name: "follow unblock", command: .unrelate(.block, "dan", "cleo")),
            Act(name: "follow mute", command: .relate(.mute, "ana", "bob")),
            Act(name: "follow unmute", command: .unrelate(.mute, "cleo", "dan")),
            Act(name: "post create --reply-to", command: .reply(by: "ana", to: newest, text: "answer")),
            Act(name: "post create --expires", command: .story(by: "ana", text: "story", minutes: 5)),
            Act(name: "post edit", command: .edit(newest, text: "changed")),
            Act(name: "post repost", command: .repost(by: "ana", newest)),
            Act(name: "post like", command: .like(by: "ana", newest)),
            Act(
                name: "batch of people",
                command: .group([
                    .createUser("ida"), .rename("ida", to: "ida.b"), .relate(.block, "ana", "bob"),
                    .like(by: "ida", newest), .repost(by: "cleo", newest), .rename("bob", to: "robert"),
                    .deleteUser("dan"), .deleteUser("ida"),
                ])),
            Act(name: "feed regenerate", command: .regenerate([], isFull: false)),
            Act(name: "feed regenerate HANDLE", command: .regenerate(["bob"], isFull: false)),
            Act(name: "feed regenerate --full", command: .regenerate([], isFull: true)),
            Act(name: "feed verify --repair", command: .repairFeeds),
            Act(name: "config set", command: .set("feed.capacity", "8")), Act(name: "trimming", command: .trimLog),
            Act(name: "notification list", command: .readInbox("ana")),
            Act(name: "notification mark-read", command: .markRead("ana")),
            Act(name: "analytics record", command: .count([1, 2, 3, 3])),
            Act(name: "queue push", command: .push(["one", "two"], to: "jobs")),
            Act(name: "queue pull", command: .pull("mail", for: "w")),
            Act(name: "service register", command: .register("search", "one")),
            Act(name: "upload put", command: .upload(by: "ana", [3, 4, 12])),
            Act(name: "post create --media", command: .postUpload(by: "ana", 9)),
            Act(name: "upload update", command: .describe(media, alt: "changed")),
            Act(name: "upload delete", command: .deleteUpload(media)),
            Act(name: "upload gc", command: .collectObjects),
            Act(name: "notification preferences", line: ["notification", "preferences", "ana", "--off", "like"]),
            Act(name: "queue forget", line: ["queue", "forget", "jobs"]),
        ]
        // A worker waits for its threads and for other programs, for which tests in one process leave no room; what
        // has been given back once cannot be given back again.
        acts += SceneAct.upkeep(post: newest.description, lease: pulled.values(of: "lease").first ?? "")
            .filter { !$0.words.starts(with: ["queue", "work"]) && !$0.words.starts(with: ["queue", "retry"]) }.map {
                Act($0)
            }
        self.acts = acts
    }

    /// The surroundings of the acts: an hour and a bit later than the scene was made.
    private static func context(_ milliseconds: Int64, _ tap: (any FileTap)? = nil, seed: UInt64 = 1) -> Context {
        Context(
            clock: .fixed(Timestamp(milliseconds: milliseconds)), random: .seeded(SeededGenerator(seed: seed)),
            lockWaitMilliseconds: 0, fileTap: tap)
    }

    private func later(_ tap: (any FileTap)? = nil, seed: UInt64 = 1) -> Context {
        FaultScene.context(milliseconds + 4_000_000, tap, seed: seed)
    }

    /// What became of an act that met a fault.
    package struct Outcome: Sendable {
        /// Whether the fault was met; when not, the act is over and all its points have been tried.
        package var hasFired: Bool
        /// What was thrown.
        package var error: StorageError?
        /// What is wrong afterwards.
        package var problems: [String]
    }

    /// How many changes an act makes that a fault can meet.
    package func points(of act: Act, _ fault: FaultInjector.Fault) throws -> Int {
        let place = try Folder()
        let directory = "\(place.path)/network"
        if act.command != nil { try prepared.copy(for: act.line, to: place.path) }
        let counter = FaultInjector(fault, at: .max)
        try RecordingVFS.watching(place.path, counter) { try perform(act, directory, later(counter)) }
        return counter.count
    }

    /// Runs an act on a fresh copy of the scene with a fault at its n-th change, and examines what is left.
    package func run(_ act: Act, _ fault: FaultInjector.Fault, at position: Int) throws -> Outcome {
        let place = try Folder()
        let directory = "\(place.path)/network"
        if act.command != nil { try prepared.copy(for: act.line, to: place.path) }
        let injector = FaultInjector(fault, at: position)
        var stages: [Truth] = []
        if act.command != nil {
            let network = try Network(opening: directory, context: later())
            stages.append(try Truth(of: network))
        }
        stages += try expectations(of: act)
        var outcome = Outcome(hasFired: false, error: nil, problems: [])
        do {
            // What is copied lies beside the directory.
            try RecordingVFS.watching(place.path, injector) { try perform(act, directory, later(injector)) }
        } catch let error as StorageError {
            outcome.error = error
        }
        outcome.hasFired = injector.hasFired
        guard outcome.hasFired else { return outcome }
        let hasFailed = outcome.error != nil
        // A process of its own comes after, and then the command is tried again.
        if act.command == nil, hasFailed, !FileSystem().exists(DataDirectory.manifestPath(directory)) {
            try perform(act, directory, later())
        }
        if let line = act.line, line.passage == .moving {
            // The truth is whole at once; its objects follow when somebody goes on.
            let truth = try Truth(of: try Network(opening: directory, context: later()))
            if !line.mayLeave(truth, stages, isDone: !hasFailed) {
                outcome.problems.append(truth.difference(from: stages[0]))
            }
            try LineRun.prepare(line.after, in: directory, context: later(seed: 5))
        }
        let network = try Network(opening: directory, context: later())
        outcome.problems += try Checkup.problems(of: network) { truth in
            let isFine: Bool
            if let line = act.line, line.passage != .whole {
                isFine = line.mayLeave(truth, stages, isDone: !hasFailed)
            } else {
                isFine = hasFailed ? truth.isOne(of: stages) : truth.isOne(of: stages.suffix(1))
            }
            return isFine || stages.isEmpty ? nil : truth.difference(from: stages[hasFailed ? 0 : stages.count - 1])
        }
        if let command = act.command, hasFailed {
            // Tried again, it is another command: a rename has another number.
            try command.run(on: try Network(opening: directory, context: later(seed: 2)))
        }
        do { try LineRun.prepare(act.line?.after ?? [], in: directory, context: later(seed: 3)) } catch {
            outcome.problems.append("afterwards: \(error)")
        }
        if position % 3 == 0 {
            outcome.problems += try Checkup.problemsGoingOn(try Network(opening: directory, context: later()))
        }
        return outcome
    }

    private func perform(_ act: Act, _ directory: String, _ context: Context) throws {
        guard let command = act.command else { return try Network.create(directory, plan, context: context) }
        let network = try Network(opening: directory, context: context)
        try command.run(on: network)
        try network.publish()
    }

    private var known: [String: [Truth]] = [:]

    /// The truths through which an act goes when nothing fails.
    private func expectations(of act: Act) throws -> [Truth] {
        if let stages = known[act.name] { return stages }
        guard let command = act.command else { return [] }
        let place = try Folder()
        let directory = "\(place.path)/network"
        try prepared.copy(for: act.line, to: place.path)
        let recorder = StageRecorder(directory: directory, context: later())
        let network = try Network(opening: directory, context: later(recorder))
        try command.run(on: network)
        let stages = recorder.take() + [try Truth(of: network)]
        known[act.name] = stages
        return stages
    }
}
