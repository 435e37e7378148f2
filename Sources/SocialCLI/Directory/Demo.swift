// `demo`: a small network in a temporary folder, made by the very commands that a user would type.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum Demo {
    static let command = Command(
        ["demo"], "Make a small network in a temporary folder and show it",
        discussion:
            "Prints each command before it runs, and the folder. Never touches --data; under --dry-run it only prints.",
        examples: [Example("social demo", "See what social does")], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let folder = session.context.isDryRun ? "FOLDER" : try FileSystem().makeTemporaryDirectory()
        let place = "\(folder)/network"
        let names = ["ana", "bob", "cleo", "dan", "eva"]
        var lines: [[String]] = [["init", place, "--shards", "4"]]
        lines += names.map { ["user", "create", $0, "--fields", "handle,id,changed"] }
        for (index, name) in names.enumerated() {
            lines.append(["follow", "add", name, names[(index + 1) % names.count]])
            lines.append(["follow", "add", name, names[(index + 2) % names.count]])
        }
        let texts = ["good morning", "the sea is calm today", "who has seen my cat?", "found the cat", "tea, anyone?"]
        lines += zip(texts, names).map { ["post", "create", $0, "--by", $1, "--fields", "id,author,text"] }
        lines += [["feed", "show", "ana"], ["feed", "status"], ["verify"], ["digest"]]
        for line in lines {
            let shown = UsageError.shellLine("social", line)
            _ = try session.world.output.write("$ \(shown)\n")
            if session.context.isDryRun { continue }
            var world = session.world
            world.context = session.context
            let environment = world.environment
            world.environment = { $0 == "SOCIAL_DATA" ? place : $0.hasPrefix("SOCIAL_") ? nil : environment($0) }
            let status = SocialProgram.run(line, in: world)
            guard status == ExitTable.done else { throw Failure("bug", "\"\(shown)\" ended with \(status)") }
        }
        if session.context.isDryRun { return }
        _ = try session.world.output.write("\nThe network is in \(DisplayText.sanitise(place))\n")
    }
}
