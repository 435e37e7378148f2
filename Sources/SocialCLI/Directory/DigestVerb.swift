// `digest`: one number for everything that people did.

internal import CommandSpec
internal import Formats
internal import SocialCore
internal import Terminal

enum DigestVerb {
    static let command = Command(
        ["digest"], "Print a hash of everything that people did",
        discussion: "Equal for any number of shards, and after any backup, export or move. The hash is the first line.",
        examples: [Example("social digest | head -1", "Print the hash")],
        fields: [Field("digest", .string, "32 hexadecimal digits"), Field("rows", .integer, "rows of truth")],
        exits: [ExitStatus(74, "a row is damaged")], handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let digest = try Digest.of(try session.network().router)
        if session.format == .table, !session.invocation.isGiven(Globals.fields) {
            _ = try session.world.output.write("\(digest)\n\(digest.rows) rows\n")
        } else {
            try session.print(command.fields, [.text(digest.description), .integer(Int64(digest.rows))])
        }
    }
}
