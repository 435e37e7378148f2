// Random command lines through the real parser and the real verbs, beside a model of plain arrays: after some of them
// everything that can be asked is asked of both. A history is a list of lines, so that lines can be left out of it, and
// it can be written down as a script of the shell.

internal import Formats
package import SocialCore

/// One command line of a history.
package struct SimulatedLine: Sendable, Equatable {
    /// The words after the program's name; `$P3` is the id that the line of that name printed.
    package var words: [String]
    /// The name of the id that it prints, if others may need it.
    package var name: String?
    /// The clock when it runs.
    package var milliseconds: Int64
}

/// Histories that are made up, run and written down.
package enum SimulatedHistory {
    private static let handles = ["ana", "bob", "cleo", "dan", "eva", "fay"]
    private static let vocabulary = ["apple", "brook", "cloud", "dune", "ember"]

    /// Some command lines by chance.
    package static func random(_ count: Int, _ chance: Chance) -> [SimulatedLine] {
        var milliseconds: Int64 = 1_780_000_000_000
        var names: [String] = []
        return (0..<count).map { number in
            milliseconds += Int64(chance.percent(4) ? 3_600_000 * (1 + chance.below(8)) : 1 + chance.below(4_000))
            var words = number < 4 ? ["user", "create", handles[number]] : self.words(chance, names)
            var name: String?
            if words[0] == "post", ["create", "repost"].contains(words[1]) {
                name = "P\(number)"
                names.append(name ?? "")
            }
            if chance.percent(3) { words += ["--lock-wait", "0s"] }
            return SimulatedLine(words: words, name: name, milliseconds: milliseconds)
        }
    }

    private static func words(_ chance: Chance, _ names: [String]) -> [String] {
        func handle() -> String { chance.percent(90) ? handles[chance.below(handles.count)] : "old\(chance.below(3))" }
        func post() -> String { names.isEmpty ? "1" : "$" + names[chance.below(names.count)] }
        func text() -> String {
            let words = (0..<1 + chance.below(4)).map { _ in vocabulary[chance.below(vocabulary.count)] }
            return (words + (chance.percent(20) ? ["@\(handle())"] : [])).joined(separator: " ")
        }
        switch chance.below(100) {
        case 0..<6: return ["user", "create", handle()]
        case 6..<8: return ["user", "update", handle(), "--bio", text()]
        case 8..<10: return ["user", "rename", handle(), "old\(chance.below(3))"]
        case 10..<12: return ["user", "delete", handle()]
        case 12..<28: return ["follow", "add", handle(), handle()]
        case 28..<31: return ["follow", "remove", handle(), handle()]
        case 31..<34: return ["follow", chance.percent(60) ? "block" : "unblock", handle(), handle()]
        case 34..<38: return ["follow", chance.percent(60) ? "mute" : "unmute", handle(), handle()]
        case 38..<58: return ["post", "create", text(), "--by", handle()]
        case 58..<64: return ["post", "create", text(), "--by", handle(), "--reply-to", post()]
        case 64..<67:
            return ["post", "create", text(), "--by", handle(), "--expires", "\(1 + chance.below(300))m"]
        case 67..<74: return ["post", "repost", post(), "--by", handle()]
        case 74..<82: return ["post", "like", post(), "--by", handle()]
        case 82..<84: return ["post", "unlike", post(), "--by", handle()]
        case 84..<87: return ["post", "edit", post(), text()]
        case 87..<90: return ["post", "delete", post()]
        default: return upkeep(chance)
        }
    }

    /// What nobody may notice.
    private static func upkeep(_ chance: Chance) -> [String] {
        if chance.percent(8) {
            let moves = [["shard", "add"], ["shard", "move", "0-\(chance.below(4_096))", "--to", "1"]]
            return chance.one(of: moves) ?? []
        }
        let lines = [
            ["feed", "regenerate"], ["feed", "regenerate", "--full"], ["feed", "verify"], ["search", "rebuild"],
            ["notification", "rebuild"], ["config", "set", "feed.capacity", "\(1 + chance.below(9))"],
            ["config", "set", "feed.push-limit", "\(1 + chance.below(3))"], ["verify"], ["feed", "publish"],
            ["analytics", "record", "page/1"], ["queue", "push", "jobs", "one"], ["search", "posts", "apple"],
            ["upload", "gc"],
        ]
        return chance.one(of: lines) ?? ["verify"]
    }

    /// Runs a history; the first difference, and after how many lines it was seen, or nil.
    ///
    /// - Parameters:
    ///   - stride: after how many lines everything is asked.
    ///   - store: the address of an empty database, which two data directories then share by turns, as two machines
    ///     would; nil for files.
    package static func difference(
        in lines: [SimulatedLine], shards: Int, placement: Placement, stride: Int = 12,
        model start: PlainNetwork = PlainNetwork(), store: String? = nil
    ) throws -> (line: Int, text: String)? {
        let folder = try Folder()
        let directories = (store == nil ? ["network"] : ["one", "other"]).map { "\(folder.path)/\($0)" }
        var model = start
        var ids: [String: String] = [:]
        for directory in directories {
            try Network.create(
                directory, Network.Plan(shards: shards, placement: placement, store: store),
                context: context(at: lines.first?.milliseconds ?? 0))
        }
        for (index, line) in lines.enumerated() {
            let directory = directories[index % directories.count]
            let words = line.words.map { word in
                word.hasPrefix("$") ? ids[String(word.dropFirst())] ?? "1" : word
            }
            let outcome = LineRun.run(words, in: directory, context: context(at: line.milliseconds))
            let id = outcome.status == 0 ? outcome.values(of: "id").first : nil
            if let name = line.name, let id { ids[name] = id }
            let expected = model.perform(words, id: id.flatMap { Int64($0) }, now: line.milliseconds)
            // A slot can only be moved to a shard that is there.
            let isFree = words[0] == "shard"
            if outcome.status != expected, !isFree || ![0, 65, 67, 69].contains(outcome.status) {
                let said = outcome.errors.isEmpty ? outcome.output : outcome.errors
                return (index + 1, "exit \(outcome.status) and not \(expected): \(said)")
            }
            guard index % stride == stride - 1 || index == lines.count - 1 else { continue }
            let moment = line.milliseconds + 1
            if let text = try Questions(directory, context(at: moment)).difference(from: model, at: moment) {
                return (index + 1, text)
            }
        }
        return nil
    }

    private static func context(at milliseconds: Int64) -> Context {
        Context(
            clock: .fixed(Timestamp(milliseconds: milliseconds)), random: .seeded(SeededGenerator(seed: 1)),
            lockWaitMilliseconds: 0)
    }

    /// A history as a script that shows what it came to.
    package static func script(
        _ lines: [SimulatedLine], shards: Int, placement: Placement, _ difference: String
    ) -> String {
        let making = "social init --shards \(shards) --shard-by \(placement.rawValue)\n"
        let rest = lines.map { line -> String in
            let words = line.words.map { word in
                let isPlain = word.utf8.allSatisfy { $0 == 0x2D || $0 == 0x2E || $0 == 0x2F } || isWord(word)
                return word.hasPrefix("$") || isPlain ? word : "'\(word)'"
            }
            let command = "social \(words.joined(separator: " ")) --now \(RFC3339.format(line.milliseconds))"
            return line.name.map { "\($0)=$(\(command) --format ids)\n" } ?? "\(command)\n"
        }
        return making + rest.joined() + difference.split(separator: "\n").map { "# \($0)\n" }.joined()
    }

    private static func isWord(_ word: String) -> Bool {
        !word.isEmpty && word.utf8.allSatisfy { $0 >= 0x61 && $0 <= 0x7A || $0 >= 0x2D && $0 <= 0x39 }
    }
}

/// What is asked of a directory and of the model.
private struct Questions {
    let directory: String
    let context: Context

    init(_ directory: String, _ context: Context) { (self.directory, self.context) = (directory, context) }

    private func ask(_ line: String) throws -> [JSONValue] {
        let outcome = LineRun.run(line.split(separator: " ").map(String.init), in: directory, context: context)
        guard outcome.status == 0, let list = try JSONReader.parse(Array(outcome.output.utf8)).array else {
            throw StorageError(.damaged, "\(line): \(outcome.errors)\(outcome.output)")
        }
        return list
    }

    private func column(_ name: String, _ line: String) throws -> [String] {
        try ask(line).map { $0[name]?.string ?? "" }
    }

    func difference(from model: PlainNetwork, at now: Int64) throws -> String? {
        func compare(_ what: String, _ shown: [String], _ expected: [String]) -> String? {
            shown == expected ? nil : "\(what) shows \(shown)\nand not \(expected)"
        }
        let listing = try ask("post list --all").map { post in
            let counts = ["likes", "replies", "reposts"].map { "\(post[$0]?.integer ?? -1)" }
            let words =
                [post["id"]?.string ?? "", post["author"]?.string ?? ""] + counts + [post["text"]?.string ?? ""]
            return words.joined(separator: " ")
        }
        if let found = compare("post list", listing, model.listing(at: now)) { return found }
        let people = try column("handle", "user list").sorted()
        if let found = compare("user list", people, model.handles.sorted()) { return found }
        for word in ["apple", "dune"] {
            let shown = try column("id", "search posts \(word) --rank recent --limit 500")
            if let found = compare("search posts \(word)", shown, model.search(word, at: now)) { return found }
        }
        for handle in people {
            let following = try column("handle", "follow list \(handle)").sorted()
            let followers = try column("handle", "follow list \(handle) --followers").sorted()
            let feed = try column("id", "feed show \(handle) --limit 500")
            let inbox = try ask("notification list \(handle) --limit 500").map(Questions.told).sorted()
            let found =
                compare("follow list \(handle)", following, model.follows(of: handle, isReverse: false))
                ?? compare("follow list \(handle) --followers", followers, model.follows(of: handle, isReverse: true))
                ?? compare("feed show \(handle)", feed, model.feed(of: handle, at: now))
                ?? compare("notification list \(handle)", inbox, model.notifications(of: handle, at: now))
            if let found { return found }
        }
        return nil
    }

    private static func told(_ item: JSONValue) -> String {
        let kind = item["kind"]?.string ?? ""
        let day = (item["id"]?.string ?? "").dropFirst("follow-".count)
        return "\(kind) \(item["post"]?.string ?? String(day)) \(item["count"]?.integer ?? 0)"
    }
}
