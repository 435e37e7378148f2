// `follow block`, `unblock`, `mute` and `unmute`: what an account does not want to see.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FollowRelation {
    static let actor = Operand("HANDLE", .handle, help: "Who does so")
    static let target = Operand("OTHER", .handle, help: "Towards whom")

    static let commands = [
        command(
            "block", .block, true, "Make two accounts invisible to each other",
            """
            Ends the follows in both directions, and keeps either from following, liking, answering or passing on \
            what the other writes. Unblocking does not bring the follows back.
            """),
        command("unblock", .block, false, "End a block", "The follows that the block ended stay ended."),
        command(
            "mute", .mute, true, "Keep an account's posts out of another's feed",
            "The follow stays, and the muted account does not learn of it."),
        command("unmute", .mute, false, "End a mute", ""),
    ]

    private static let fields = [
        Field("handle", .string, "who does so"), Field("other", .string, "towards whom"), CommonOutput.changed,
    ]

    private static func command(
        _ verb: String, _ kind: RelationKind, _ begins: Bool, _ abstract: String, _ discussion: String
    ) -> Command {
        Command(
            ["follow", verb], abstract, discussion: discussion, operands: [actor, target],
            examples: [Example("social follow \(verb) ana bob", "Let ana \(verb) bob")], fields: fields,
            exits: [ExitStatus(67, "there is no such account")], isChange: true,
            // A block has effects on other shards, which must not share a commit with it.
            handler: Verb(joinsGroups: kind == .mute) { try run($0, kind, begins) })
    }

    private static func run(_ session: Session, _ kind: RelationKind, _ begins: Bool) throws {
        let accounts = try session.network().accounts
        let one = try accounts.named(try session.invocation[actor])
        let other = try accounts.named(try session.invocation[target])
        let isChanged = try session.change { network in
            begins
                ? try network.graph.relate(kind, one, other) : try network.graph.unrelate(kind, one, other)
        }
        try session.print(fields, [.text(one.handle.display), .text(other.handle.display), .bool(isChanged)])
    }
}
