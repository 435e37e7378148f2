// A line for each command, with which it does its work in a prepared world.

import TestKit

enum CommandLines {
    /// The words after the command, and its input, by the command's name.
    static func all(in world: CommandWorld) -> [String: (words: String, input: String)] {
        let id = world.run("post list --limit 1 --format ids").text.split(separator: "\n").joined()
        return [
            "user create": ("cleo", ""), "user show": ("ana", ""), "user list": ("", ""), "user sign-in": ("ana", ""),
            "follow add": ("ana bob", ""), "follow remove": ("ana bob", ""), "follow list": ("bob", ""),
            "follow check": ("bob ana", ""), "follow import": ("- --prefix u --create-users", "1 2\n"),
            "post create": ("hi --by ana", ""), "post show": (id, ""), "post list": ("", ""),
            "post delete": (id, ""), "post import": ("- --from text --by bob", "a\n"),
            "feed show": ("bob", ""), "feed regenerate": ("", ""), "feed status": ("", ""),
            "config list": ("", ""), "config get": ("feed.capacity", ""), "config set": ("feed.capacity 50", ""),
            "init": (world.path("new"), ""), "status": ("", ""), "digest": ("", ""),
        ]
    }

    /// The same for the commands that change something, so that each has something to change.
    static func changes(in world: CommandWorld) -> [String: (words: String, input: String)] {
        let others = [
            "follow add": ("eva ana", ""), "user sign-in": ("ana --now 2026-02-01", ""),
            "feed regenerate": ("--full", ""),
            "feed verify": ("--repair", ""), "batch": ("-", "[\"post\",\"create\",\"x\",\"--by\",\"ana\"]\n"),
            "demo": ("", ""),
        ]
        return all(in: world).merging(others) { $1 }
    }
}
