// Commands that are chosen at random, such that something of each kind is usually there to be changed; and the verb
// that each of them stands for, so that a test can tell which verbs are never tried.

internal import SocialCore

extension NetworkCommand {
    private static let names = ["ana", "bob", "cleo", "dan", "eva", "fay", "gus", "hal"]

    /// A command chosen at random, such that something of each kind is usually there to be changed.
    ///
    /// - Parameter takesLines: whether command lines of all other verbs are among them, which cost too much for the
    ///   usual run.
    package static func random(
        _ chance: Chance, in truth: Truth, takesLines: Bool = TestRun.scale > 1
    ) -> NetworkCommand {
        func name() -> String { names[chance.below(names.count)] }
        func text() -> String { String(repeating: "word \(chance.below(1_000)) ", count: 1 + chance.below(20)) }
        let post = chance.one(of: truth.posts)?.id ?? PostID(rawValue: 1)
        let media = chance.one(of: truth.media) ?? MediaID(rawValue: 1)
        switch chance.below(takesLines ? 208 : 168) {
        case 0..<12: return .createUser(name())
        case 12..<16: return .signIn(name())
        case 16..<28: return .follow(name(), name())
        case 28..<33: return .unfollow(name(), name())
        case 33..<37: return .importFollows((0..<1 + chance.below(12)).map { _ in "\(name()) \(name())x\n" }.joined())
        case 37..<57: return .post(by: name(), text: text(), key: nil)
        case 57..<66: return .post(by: name(), text: text(), key: "key\(chance.below(40))")
        case 66..<72: return .delete(post)
        case 72..<76: return .importPosts((0..<1 + chance.below(9)).map { _ in text() + "\n" }.joined())
        case 76..<84:
            return .group((0..<2 + chance.below(6)).map { _ in .randomInGroup(chance, in: truth) })
        case 84..<90: return .regenerate([], isFull: chance.percent(40))
        case 90..<92: return .regenerate([name()], isFull: false)
        case 92..<94: return .repairFeeds
        case 94..<97: return .set("feed.capacity", ["3", "8", "100"][chance.below(3)])
        case 97..<99: return .trimLog
        case 99: return .publish
        case 100..<106: return .like(by: name(), post)
        case 106..<108: return .unlike(by: name(), post)
        case 108..<116: return .repost(by: name(), post)
        case 116..<120: return .reply(by: name(), to: post, text: text())
        case 120..<124: return .story(by: name(), text: text(), minutes: Int64(1 + chance.below(90)))
        case 124..<127: return .edit(post, text: text())
        case 127..<129: return .update(name(), bio: text())
        case 129..<132: return .relate(.mute, name(), name())
        case 132..<134: return .unrelate(.mute, name(), name())
        case 134..<140: return .relate(.block, name(), name())
        case 140..<142: return .unrelate(.block, name(), name())
        case 150..<156: return .upload(by: name(), (0..<1 + chance.below(7)).map { _ in 1 + chance.below(40) })
        case 156..<158: return .postUpload(by: name(), 1 + chance.below(40))
        case 158: return .describe(media, alt: text())
        case 159..<162: return .deleteUpload(media)
        case 162..<164: return .collectObjects
        case 164..<168: return .count((0..<1 + chance.below(9)).map { _ in Int64(1 + chance.below(20)) })
        case 168..<208: return .line(chance)
        case 142..<147: return .rename(name(), to: "\(name())\(chance.below(3))")
        default: return .deleteUser(name())
        }
    }

    private static func randomInGroup(_ chance: Chance, in truth: Truth) -> NetworkCommand {
        while true {
            switch random(chance, in: truth) {
            case .group, .publish, .regenerate, .repairFeeds, .set, .trimLog, .collectObjects, .count, .line: continue
            case let command: return command
            }
        }
    }

    /// A command line of one of the verbs that work on more than rows of truth.
    private static func line(_ chance: Chance) -> NetworkCommand {
        func name() -> String { names[chance.below(4)] }
        let service = ["search", "instance-\(chance.below(3))"]
        let day = "2026-01-0\(1 + chance.below(9))"
        let lines: [[String]] = [
            ["user", "token", name(), "--name", "token-\(chance.below(3))"],
            ["user", "import", "-", "--from", "ndjson", "--if-exists", "replace"],
            ["search", "rebuild"], ["notification", "mark-read", name(), "--all"], ["notification", "rebuild"],
            ["notification", "preferences", name(), chance.percent(50) ? "--off" : "--on", "like"],
            ["notification", "list", name()], ["queue", "push", "jobs", "message \(chance.below(9))"],
            ["queue", "pull", "jobs", "--max", "2", "--lease", "1m"], ["queue", "ack", "jobs", "{lease}"],
            ["queue", "retry", "jobs", "{lease}", "--delay", "5s"], ["queue", "forget", "jobs"],
            ["service", "register"] + service + ["--timeout", "1h"], ["service", "heartbeat"] + service,
            ["service", "deregister"] + service, ["analytics", "prune", "--minutes", "1h"],
            ["analytics", "record", "user/\(name())", "--by", name(), "--at", day],
            ["analytics", "import", "-", "--whole"], ["import", "-", "--if-exists", "ignore"],
            ["shard", "add"], ["shard", "move", "0-\(chance.below(4_000))", "--to", "\(chance.below(2))"],
            ["shard", "rebalance"], ["shard", "remove", "\(1 + chance.below(3))"],
            ["backup", "create", "{}/backups"], ["backup", "prune", "{}/backups", "--last", "2"],
            ["backup", "restore", "{}/backups", "{}/restored-\(chance.below(1_000))"],
            ["migrate", "{}/moved-\(chance.below(1_000))"],
            ["replica", "repair"], ["replica", "promote"], ["verify", "--repair"],
        ]
        let words = chance.one(of: lines) ?? []
        return .line(words, input: input(of: words, chance))
    }

    private static func input(of words: [String], _ chance: Chance) -> String {
        switch words[0] {
        case "user" where words[1] == "import":
            (0..<1 + chance.below(5)).map { _ in "{\"handle\":\"new-\(chance.below(20))\"}\n" }.joined()
        case "analytics" where words[1] == "import":
            (0..<20).map { _ in
                let (viewer, page) = (chance.below(9), chance.below(9))
                return "10.0.0.\(viewer) - - [01/Jan/2026:10:00:00 +0000] \"GET /\(page) HTTP/1.1\" 200 9\n"
            }.joined()
        case "import": SceneAct.export
        default: ""
        }
    }

    /// Runs a command line; `{lease}` in it is that of a message which is taken for it.
    static func run(_ words: [String], _ input: String, on network: Network) throws -> LineRun.Outcome {
        func run(_ words: [String], _ input: String = "") -> LineRun.Outcome {
            LineRun.run(words, input: input, in: network.directory, context: network.context)
        }
        guard words.contains("{lease}") else { return run(words, input) }
        let pulled = run(["queue", "pull", words[2], "--lease", "1d"])
        guard let lease = pulled.values(of: "lease").first else { return pulled }
        return run(words.map { $0 == "{lease}" ? lease : $0 }, input)
    }

    /// The verbs of the command line that it stands for.
    package var verbs: [String] {
        switch self {
        case .createUser: ["user create"]
        case .signIn: ["user sign-in"]
        case .follow: ["follow add"]
        case .unfollow: ["follow remove"]
        case .importFollows: ["follow import"]
        case .post, .reply, .story, .postUpload: ["post create"]
        case .edit: ["post edit"]
        case .repost: ["post repost"]
        case .like: ["post like"]
        case .unlike: ["post unlike"]
        case .delete: ["post delete"]
        case .update: ["user update"]
        case .rename: ["user rename"]
        case .deleteUser: ["user delete"]
        case .relate(let kind, _, _): ["follow \(kind)"]
        case .unrelate(let kind, _, _): ["follow un\(kind)"]
        case .importPosts: ["post import"]
        case .group(let commands): ["batch"] + commands.flatMap(\.verbs)
        case .publish: ["feed publish"]
        case .regenerate: ["feed regenerate"]
        case .repairFeeds: ["feed verify"]
        case .set: ["config set"]
        case .trimLog: []
        case .upload: ["upload put"]
        case .describe: ["upload update"]
        case .deleteUpload: ["upload delete"]
        case .collectObjects: ["upload gc"]
        case .count: ["analytics record"]
        case .readInbox: ["notification list"]
        case .markRead: ["notification mark-read"]
        case .rebuildInboxes: ["notification rebuild"]
        case .push: ["queue push"]
        case .pull: ["queue pull"]
        case .register: ["service register"]
        case .line(let words, _): [words[0], words.prefix(2).joined(separator: " ")]
        }
    }
}
