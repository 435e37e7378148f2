// A line for each command, and a world in which it has something to do: each kind of output and of change is then seen.

import Foundation
import SocialCore
import TestKit

enum CommandLines {
    /// Makes the accounts ana, bob, cleo, dan and eva, with everything between them that a line ends or shows.
    ///
    /// What is done with replicas finds one, and it is damaged.
    static func prepare(_ world: CommandWorld, for name: String = "") {
        world.prepare()
        // What moves slots needs somewhere to move them.
        if ["shard remove", "shard move", "shard rebalance"].contains(name) { world.run("shard add") }
        for name in ["cleo", "dan", "eva"] { world.run("user create \(name)") }
        world.run("follow add bob dan")
        world.run("follow block ana eva")
        world.run("follow mute ana cleo")
        world.run("post like \(newest(world)) --by bob")
        if name == "search tags" { world.run("post create #tag --by ana") }
        if name == "upload gc" {
            // What belongs to a group is not removed at once.
            world.run("upload put \(Repository.path("fixtures/pictures/444.jpg")) --by bob")
            world.run("batch -", input: "[\"upload\",\"delete\",\"bob/444.jpg\"]\n")
        }
        if name.hasPrefix("upload") || name == "search media" { world.run("upload put \(picture) --by ana") }
        if name.hasPrefix("video-segment"), name != "video-segment cut" {
            world.run("video-segment cut \(film) --by ana --duration 500ms")
        }
        if name.hasPrefix("queue") {
            world.run("queue push jobs --lines -", input: "one\ntwo\n")
            world.run("queue pull jobs --lease 1h")
        }
        if name.hasPrefix("service") { world.run("service register search one --timeout 1d") }
        if name.hasPrefix("analytics") {
            world.run("analytics record user/ana --by bob --at 2026-01-01T12:00:00Z")
            world.run("analytics record post/\(newest(world)) --by ana --count 2")
        }
        if name.hasPrefix("backup") {
            for day in 1...2 { world.run("backup create \(world.path("backups")) --now 2026-02-0\(day)T00:00:00Z") }
        }
        guard name.hasPrefix("replica"), name != "replica add" else { return }
        world.run("replica add \(world.path("copy"))")
        if name == "replica repair" {
            try? FileManager.default.removeItem(atPath: world.path("copy/shards/0000/truth.sqlite"))
        }
    }

    /// What of a command's name decides how its world is prepared; nil when much of that lies beside the data directory
    /// under its whole path, or is this command's alone.
    private static func kind(of name: String) -> String? {
        let own = ["search tags", "upload gc", "video-segment cut", "shard remove", "shard move", "shard rebalance"]
        if own.contains(name) || name.hasPrefix("replica") || name.hasPrefix("backup") { return nil }
        if name == "search media" { return "upload" }
        return ["upload", "video-segment", "queue", "service", "analytics"].first(where: name.hasPrefix) ?? ""
    }

    /// Worlds in which commands have something to do: what several of them begin with is done once and copied.
    final class Worlds {
        private let shards: Int?
        private let end: String?
        private var made: [String: CommandWorld] = [:]

        /// - Parameters:
        ///   - shards: of how many shards the network is; nil for a new directory as anybody makes it.
        ///   - end: a command line with which the preparation ends.
        init(shards: Int? = nil, end: String? = nil) {
            self.shards = shards
            self.end = end
        }

        /// A world of its own for a command.
        func world(for name: String) throws -> CommandWorld {
            guard let kind = kind(of: name) else { return try prepared(name) }
            let base = try made[kind] ?? prepared(name)
            made[kind] = base
            return try CommandWorld(copying: base)
        }

        private func prepared(_ name: String) throws -> CommandWorld {
            let world = try CommandWorld()
            if let shards { world.run("init \(world.path(".social")) --shards \(shards)") }
            prepare(world, for: name)
            if let end { world.run(end) }
            return world
        }
    }

    /// What names the message that was taken.
    private static func lease(_ world: CommandWorld) -> String {
        let lease = world.run("queue list jobs --state leased --fields lease --format tsv --no-headings").text
        return lease.isEmpty ? "1.1.1" : lease.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// A picture to upload.
    private static let picture = Repository.path("fixtures/pictures/cat.png")

    /// A film of two seconds to upload and cut.
    private static let film = Repository.path("fixtures/films/h264-aac.mp4")

    /// The words after the command, and its input, by the command's name.
    static func all(in world: CommandWorld) -> [String: (words: String, input: String)] {
        let id = newest(world)
        return [
            "user create": ("fay", ""), "user show": ("ana", ""), "user list": ("", ""),
            "user sign-in": ("ana --now 2026-02-01", ""), "user update": ("ana --bio b --set x=1", ""),
            "user token": ("ana --name phone", ""), "user rename": ("ana anna", ""), "user delete": ("bob", ""),
            "user export": ("ana --media \(world.path("held"))", ""),
            "import": ("-", export),
            "user import": ("-", "{\"handle\":\"fay\"}"),
            "follow add": ("cleo ana", ""), "follow remove": ("ana bob", ""), "follow list": ("bob", ""),
            "follow check": ("bob ana", ""), "follow import": ("- --prefix u --create-users", "1 2\n"),
            "follow suggest": ("ana", ""), "follow block": ("ana bob", ""), "follow unblock": ("ana eva", ""),
            "follow mute": ("ana bob", ""), "follow unmute": ("ana cleo", ""),
            "post create": ("hi --by ana", ""), "post show": (id, ""), "post list": ("", ""),
            "post edit": ("\(id) new --by bob", ""), "post delete": (id, ""), "post thread": (id, ""),
            "post like": ("\(id) --by ana", ""), "post unlike": ("\(id) --by bob", ""),
            "post repost": ("\(id) --by ana", ""), "post import": ("- --from text --by bob", "a\n"),
            "feed show": ("bob", ""), "feed watch": ("bob --after 1 --timeout 0s", ""),
            "feed regenerate": ("--full", ""), "feed status": ("", ""), "feed publish": ("", ""),
            "verify": ("", ""), "feed verify": ("--repair", ""), "feed explain": ("ana \(id)", ""),
            "feed simulate": ("", ""),
            "upload put": ("\(Repository.path("fixtures/pictures/420.jpg")) --by bob", ""),
            "upload show": ("ana/cat.png", ""), "upload list": ("", ""), "upload get": ("ana/cat.png", ""),
            "upload update": ("ana/cat.png --alt cat --tags a", ""), "upload similar": ("\(picture)", ""),
            "upload verify": ("--deep", ""), "upload delete": ("ana/cat.png", ""), "upload gc": ("", ""),
            "video-segment cut": ("\(film) --by bob", ""), "video-segment list": ("", ""),
            "video-segment show": ("ana/h264-aac.mp4", ""), "video-segment verify": ("--deep", ""),
            "video-segment export": ("ana/h264-aac.mp4 \(world.path("site")) --player", ""),
            "search posts": ("hi", ""), "search users": ("ana", ""), "search tags": ("", ""),
            "search media": ("cat", ""),
            "search explain": ("hi", ""), "search rebuild": ("", ""), "search status": ("", ""),
            "shard list": ("", ""), "shard hottest": ("", ""), "shard add": ("", ""), "shard remove": ("1", ""),
            "shard move": ("0-3 --to 1", ""),
            "shard rebalance": ("--weight 1=2", ""), "shard verify": ("", ""), "shard locate": ("--handle ana", ""),
            "shard simulate": ("--shards 4 --accounts 50 --posts 200", ""),
            "video-segment simulate": ("\(Repository.path("fixtures/films/sizes.json")) --bandwidth 2M", ""),
            "queue push": ("mail hello --priority 7", ""), "queue pull": ("jobs --max 2 --seed 4", ""),
            "queue ack": ("jobs \(lease(world))", ""), "queue retry": ("jobs \(lease(world)) --delay 5s", ""),
            "queue list": ("jobs", ""), "queue status": ("", ""), "queue forget": ("jobs", ""),
            "queue work": ("idle --exec true --once", ""),
            "service register": ("search two --address 127.0.0.1:9", ""), "service heartbeat": ("search one", ""),
            "service list": ("", ""), "service resolve": ("search", ""), "service deregister": ("search one", ""),
            "service watch": ("--timeout 0s", ""),
            "analytics record": ("user/ana --by bob", ""), "analytics count": ("user/ana", ""),
            "analytics import": ("-", accessLog), "analytics status": ("--deep", ""),
            "analytics prune": ("--minutes 1h", ""), "analytics export": ("", ""),
            "analytics top": ("", ""), "analytics series": ("--viewers", ""), "analytics uniques": ("", ""),
            "notification list": ("ana", ""),
            "notification watch": ("ana --after \(beginning(world)) --timeout 0s", ""),
            "notification mark-read": ("bob --all", ""), "notification rebuild": ("", ""),
            "notification preferences": ("ana --off like --mute user/bob", ""),
            "replica status": ("", ""), "replica add": (world.path("added"), ""),
            "replica remove": (world.path("copy"), ""), "replica repair": ("", ""), "replica promote": ("", ""),
            "backup create": ("\(world.path("others"))", ""), "backup list": (world.path("backups"), ""),
            "backup verify": (world.path("backups"), ""), "backup prune": ("\(world.path("backups")) --last 1", ""),
            "backup restore": ("\(world.path("backups")) \(world.path("restored"))", ""),
            "config list": ("", ""), "config get": ("feed.capacity", ""), "config set": ("feed.capacity 50", ""),
            "init": (world.path("new"), ""), "demo": ("", ""), "status": ("", ""), "digest": ("", ""),
            "export": ("", ""), "migrate": (world.path("moved"), ""), "fixture generate": ("--users 2 --posts 2", ""),
            "serve": ("", ""),
            "batch": ("-", "[\"post\",\"create\",\"x\",\"--by\",\"ana\"]\n"),
        ]
    }

    /// The place before everything in the log of the first shard, as a cursor of notifications.
    private static func beginning(_ world: CommandWorld) -> String {
        let network = try? Network(opening: world.path(".social"), context: Context())
        let state = try? network?.router.read(shard: 0) { try $0.state() }
        return "0:\(String(state?.incarnation ?? 0, radix: 36)):0@0"
    }

    /// A line of a log.
    private static let accessLog = """
        192.0.2.7 - - [01/Jan/2026:10:00:00 +0000] "GET /about.html HTTP/1.1" 200 512 "-" "Mozilla/5.0 Firefox/140.0"

        """

    /// An export of one account.
    private static let export = """
        {"type":"social","version":1,"shard_by":"user"}
        {"type":"user","id":"2815823983631344640","handle":"late_ant","created_at":"2025-04-10T04:39:13.177Z",\
        "active_at":"2025-12-31T15:27:46.898Z"}
        {"type":"handle","handle":"late_ant","user_id":"2815823983631344640"}

        """

    /// The id of the newest post.
    private static func newest(_ world: CommandWorld) -> String {
        world.run("post list --limit 1 --format ids").text.split(separator: "\n").joined()
    }
}
