// `shard verify`: does everything lie where the slot map says?

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ShardVerify {
    static let command = Command(
        ["shard", "verify"], "Check that everything lies where the slot map says",
        discussion: """
            The map against what each shard says of its slots, every row against the slot that its key names, and \
            moves that were left half done. "social verify" checks this and everything else.
            """,
        examples: [Example("social shard verify && echo 'all in place'", "Check after moving slots")],
        fields: Verify.fields, exits: [ExitStatus(1, "something was found")], handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        try Verify.print(session, network.verification.places(moves: network.moves))
    }
}
