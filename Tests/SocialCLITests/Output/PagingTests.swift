// Windows of lists against the list itself: whatever the cursors and the limit, what is printed is the window that they
// cut out of the whole.

import TestKit
import Testing

@Suite("Paging")
struct PagingTests {
    private static let count = 23

    /// Accounts, follows and posts in two shards; the feed of ana is read from the truth, or from its cache.
    private func world(isCached: Bool) throws -> CommandWorld {
        let world = try CommandWorld()
        world.run("init \(world.path(".social")) --shards 2")
        let edges = (0..<Self.count).map { "ana user-\($0)\nuser-\($0) bob\n" }.joined()
        world.run("follow import - --create-users", input: edges)
        // Many fall out of a list by tag, and expired stories out of all.
        let texts = (0..<2 * Self.count).map { "\($0)\($0.isMultiple(of: 2) ? " #even" : "")\n" }.joined()
        world.run("post import - --from text --by user-3 --over 1d", input: texts)
        let posts = cursors(world, "post list --all")
        var likes = ""
        for (index, id) in posts.enumerated() {
            for fan in 0..<(index * 7) % 5 { likes += "[\"post\",\"like\",\"\(id)\",\"--by\",\"user-\(fan)\"]\n" }
        }
        for fan in 0..<Self.count { likes += "[\"follow\",\"mute\",\"bob\",\"user-\(fan)\"]\n" }
        for fan in 0..<Self.count { likes += "[\"post\",\"like\",\"\(posts[0])\",\"--by\",\"user-\(fan)\"]\n" }
        #expect(world.run("batch -", input: likes).status == 0)
        if isCached {
            world.run("config set feed.capacity 9")
            world.run("feed regenerate -q")
        }
        return world
    }

    private static let lists = [
        "user list", "user list --prefix user", "user list --active-since 2026-01-02", "user list --liking POST",
        "follow list ana", "follow list bob --followers", "follow list bob --muted", "post list",
        "post list --by user-3", "post list --tag even", "post list --sort likes", "post list --sort likes --tag even",
        "post list --liked-by user-0", "post list --for ana", "feed show ana",
        "feed show ana --rank top", "feed show ana --since 2d --until 30m",
        "search posts even", "search posts even --rank recent", "search posts even --rank top",
    ]

    /// A list's command, with the id of a post where it names one.
    private func line(_ list: String, _ world: CommandWorld) -> String {
        list.replacing("POST", with: cursors(world, "post list --limit 1").joined())
    }

    @Test("every window of every list is what its cursors cut out of it", arguments: [false, true])
    func windows(isCached: Bool) throws {
        let world = try world(isCached: isCached)
        let chance = Chance("windows, cached \(isCached)")
        for list in Self.lists { try expectWindows(line(list, world), world, chance) }
    }

    private func expectWindows(_ list: String, _ world: CommandWorld, _ chance: Chance) throws {
        let whole = cursors(world, "\(list) --all")
        #expect(whole.count >= Self.count, "\(list)")
        #expect(Set(whole).count == whole.count, "\(list)")
        for _ in 0..<TestRun.times(16) {
            let after = chance.isOne(in: 2) ? chance.below(whole.count) : nil
            let before = chance.isOne(in: 2) ? chance.below(whole.count) : nil
            let limit = chance.isOne(in: 2) ? 1 + chance.below(30) : nil
            let start = after.map { $0 + 1 } ?? 0
            var window = whole[min(start, before ?? whole.count)..<(before ?? whole.count)]
            if let before, start > before { window = [] }
            if let limit { window = after == nil && before != nil ? window.suffix(limit) : window.prefix(limit) }
            var line = list
            if let after { line += " --after \(whole[after])" }
            if let before { line += " --before \(whole[before])" }
            line += limit.map { " --limit \($0)" } ?? " --all"
            #expect(cursors(world, line) == Array(window), "\(line)")
        }
    }

    @Test("a walk by cursors meets each item once, down and up")
    func walks() throws {
        let world = try world(isCached: true)
        for list in Self.lists { try expectWalks(line(list, world), world) }
    }

    private func expectWalks(_ list: String, _ world: CommandWorld) throws {
        let whole = cursors(world, "\(list) --all")
        var down: [String] = []
        while true {
            let page = cursors(world, "\(list) --limit 9" + (down.last.map { " --after \($0)" } ?? ""))
            if page.isEmpty { break }
            down += page
        }
        #expect(down == whole, "\(list)")
        var up = [whole[whole.count - 1]]
        while true {
            let page = cursors(world, "\(list) --limit 9 --before \(up[0])")
            if page.isEmpty { break }
            up = page + up
        }
        #expect(up == whole, "\(list)")
    }

    private func cursors(_ world: CommandWorld, _ line: String) -> [String] {
        let outcome = world.run("\(line) --fields cursor --format tsv --no-headings")
        #expect(outcome.status == 0, "\(line): \(outcome.errorText)")
        return outcome.text.split(separator: "\n").map(String.init)
    }
}
