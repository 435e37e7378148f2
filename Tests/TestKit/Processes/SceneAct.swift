// A command line of a writing verb that has something to do in a prepared directory, and how far it may have come when
// it is stopped.

/// A command line to be killed, failed and crowded.
package struct SceneAct: Sendable {
    /// What may be there when it was stopped halfway.
    package enum Passage: Sendable {
        /// The truth before it, or after it; of an act of two transactions also the truth between them.
        case whole
        /// Some of its rows, and all others: it makes many transactions.
        case inParts
        /// The same rows, wherever they lie: it moves them.
        case moving
    }

    /// The words after the program's name; `{}` is the folder in which the data directory lies.
    package var words: [String]
    /// What it reads.
    package var input = ""
    /// Of an act of two transactions, the rows that only the second one makes or takes away: an import makes its
    /// accounts before what names them, a block ends the other's follow, and so on.
    package var isSecond: (@Sendable (String) -> Bool)?
    /// Command lines that go before it.
    package var before: [[String]] = []
    /// Command lines that must succeed after it, however it ended.
    package var after: [[String]] = []
    /// What may be there when it was stopped halfway.
    package var passage = Passage.whole
    /// The kinds of rows that say nothing, because chance decides about them.
    package var ignored = ""

    /// Whether it makes the directory.
    package var isInit: Bool { words.first == "init" }

    /// Whether it works on the rows of the directory alone, as the prepared one is: it moves and copies nothing.
    package var isPlain: Bool {
        before.isEmpty && passage != .moving && ignored.isEmpty && !["backup", "migrate"].contains(words.first)
    }

    /// The words that name what it does, for reports: without paths.
    package var name: String { words.filter { !$0.contains("/") }.joined(separator: " ") }

    /// Whether a truth may be what is left.
    ///
    /// - Parameters:
    ///   - stages: the truth before the act, those between its transactions, and the one after it.
    ///   - isDone: whether the act has said that it is done.
    package func mayLeave(_ truth: Truth, _ stages: [Truth], isDone: Bool) -> Bool {
        guard let first = stages.first, let last = stages.last else { return true }
        switch passage {
        case .whole: return truth.lies(among: isDone ? [last] : stages)
        case .moving: return truth.all(but: ignored) == last.all(but: ignored)
        case .inParts:
            let (rows, before, after) = (truth.all(but: ignored), first.all(but: ignored), last.all(but: ignored))
            if isDone { return rows == after }
            return rows.isSuperset(of: before.intersection(after)) && rows.isSubset(of: before.union(after))
        }
    }
}

extension SceneAct {
    /// The command lines of the verbs that work on more than rows of truth: in a directory with the accounts ana, bob,
    /// cleo and dan.
    ///
    /// - Parameters:
    ///   - post: a post.
    ///   - lease: what `queue pull` said of a message of the topic "tasks".
    package static func upkeep(post: String, lease: String) -> [SceneAct] {
        let film = Repository.path("fixtures/films/h264-aac.mp4")
        let log = (0..<40).map { number in
            "10.0.0.\(number) - - [01/Jan/2026:10:00:00 +0000] \"GET /page/\(number % 7) HTTP/1.1\" 200 9\n"
        }
        let people = (0..<4).map { "{\"handle\":\"new-\($0)\"}\n" }.joined()
        return [
            SceneAct(words: ["user", "token", "ana", "--name", "phone"]),
            SceneAct(words: ["verify", "--repair"], after: [["verify", "--deep"]]),
            SceneAct(
                words: ["user", "import", "-", "--from", "ndjson", "--if-exists", "ignore"], input: people,
                passage: .inParts),
            SceneAct(words: ["follow", "unblock", "ana", "dan"], before: [["follow", "block", "ana", "dan"]]),
            SceneAct(words: ["follow", "unmute", "ana", "bob"], before: [["follow", "mute", "ana", "bob"]]),
            SceneAct(
                words: ["post", "unlike", post, "--by", "ana"], before: [["post", "like", post, "--by", "ana"]]),
            SceneAct(words: ["feed", "publish"], before: [["rm", "{}/network/shards/0000/feed.cache"]]),
            SceneAct(words: ["search", "rebuild"], after: [["search", "posts", "post"]]),
            SceneAct(words: ["notification", "rebuild"]),
            SceneAct(
                words: ["video-segment", "cut", film, "--by", "ana", "--duration", "500ms"],
                after: [
                    ["video-segment", "cut", film, "--by", "ana", "--duration", "500ms"],
                    ["video-segment", "verify", "--deep"],
                ], passage: .inParts,
                // The film's row is there before it says how the film is cut.
                ignored: "m"),
            SceneAct(
                words: ["analytics", "prune", "--minutes", "1h"],
                before: [["analytics", "record", "post/7", "--by", "ana", "--at", "2025-12-01T10:00:00Z"]],
                after: [["analytics", "prune", "--minutes", "1h"], ["analytics", "status", "--deep"]]),
            SceneAct(
                words: ["analytics", "import", "-", "--whole"], input: log.joined(),
                after: [["analytics", "status", "--deep"]]),
            SceneAct(words: ["queue", "ack", "tasks", lease], after: [["queue", "status"]]),
            SceneAct(words: ["queue", "retry", "tasks", lease, "--delay", "5s"], after: [["queue", "status"]]),
            SceneAct(
                words: ["queue", "work", "jobs", "--exec", "true", "--once", "--timeout", "5s"],
                after: [["queue", "status"]], passage: .inParts, ignored: "qesb"),
            SceneAct(
                words: ["service", "heartbeat", "search", "one"],
                before: [["service", "register", "search", "one", "--timeout", "3d"]]),
            SceneAct(
                words: ["service", "deregister", "search", "one"],
                before: [["service", "register", "search", "one", "--timeout", "3d"]]),
            SceneAct(words: ["import", "-"], input: export, passage: .inParts),
        ] + moves + copies
    }

    /// The verbs that say where slots lie.
    private static let moves: [SceneAct] = {
        let after = [["shard", "rebalance"], ["shard", "verify"]]
        return [
            SceneAct(words: ["shard", "add"], after: after, passage: .moving),
            SceneAct(
                words: ["shard", "move", "0-300,2048-2400", "--to", "1"], before: [["shard", "add"]], after: after,
                passage: .moving),
            SceneAct(
                words: ["shard", "remove", "0"], before: [["shard", "add"]], after: after, passage: .moving),
            SceneAct(
                words: ["shard", "rebalance", "--weight", "1=2"], before: [["shard", "add"]], after: after,
                passage: .moving),
        ]
    }()

    /// The verbs that copy all there is.
    private static let copies: [SceneAct] = {
        let copy = "{}/copy"
        let health = [["replica", "repair"], ["replica", "status", "--deep"]]
        let another = [["replica", "add", "{}/other"]] + health
        let backups = "{}/backups"
        let backup = ["backup", "create", backups]
        let verified = [backup, ["backup", "verify", backups]]
        let twice = [backup + ["--now", "2026-01-01T12:00:00Z"], backup]
        return [
            SceneAct(words: ["replica", "add", copy], after: [["replica", "add", copy]] + health, passage: .moving),
            SceneAct(
                words: ["replica", "remove", copy], before: [["replica", "add", copy]], after: another,
                passage: .moving),
            SceneAct(
                words: ["replica", "repair"],
                before: [["replica", "add", copy], ["rm", "\(copy)/shards/0000/truth.sqlite"]], after: health,
                passage: .moving),
            SceneAct(
                words: ["replica", "promote"], before: [["replica", "add", copy]],
                after: [["replica", "promote"]] + health, passage: .moving),
            SceneAct(words: backup, after: verified),
            SceneAct(words: ["backup", "prune", backups, "--last", "1"], before: twice, after: verified),
            SceneAct(
                words: ["backup", "restore", backups, "{}/restored"], before: [backup],
                after: [
                    ["rm", "{}/restored"], ["backup", "restore", backups, "{}/restored"],
                    ["verify", "--data", "{}/restored"],
                ]),
            SceneAct(
                words: ["migrate", "{}/moved", "--shards", "2"],
                after: [
                    ["rm", "{}/moved"], ["migrate", "{}/moved", "--shards", "2"], ["verify", "--data", "{}/moved"],
                ]),
        ]
    }()

    /// An export of two accounts, of whom one follows the other.
    static let export = """
        {"type":"social","version":1,"shard_by":"user"}
        {"type":"user","id":"2781727196742362112","handle":"late_ant","created_at":"2025-01-06T02:30:45.695Z",\
        "active_at":"2025-12-29T03:43:37.067Z"}
        {"type":"user","id":"2877404257544424448","handle":"able_ant","created_at":"2025-09-27T02:57:14.584Z",\
        "active_at":"2025-12-31T06:55:01.084Z"}
        {"type":"handle","handle":"able_ant","user_id":"2877404257544424448"}
        {"type":"handle","handle":"late_ant","user_id":"2781727196742362112"}
        {"type":"follow","follower_id":"2781727196742362112","followee_id":"2877404257544424448",\
        "since":"2025-11-11T22:51:27.344Z"}
        {"type":"post","id":"2906533176474192896","author_id":"2877404257544424448","text":"brought along",\
        "created_at":"2025-12-16T12:05:10.046Z"}

        """
}
