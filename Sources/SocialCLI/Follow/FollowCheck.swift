// `follow check`: does one account follow another? The answer is the exit status too.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FollowCheck {
    static let command = Command(
        ["follow", "check"], "Tell whether an account follows another",
        operands: [FollowNoun.follower, FollowNoun.followee],
        examples: [Example("social follow check ana bob && echo yes", "Ask whether ana follows bob")],
        fields: [
            Field("follower", .string, "who may follow"), Field("followee", .string, "who may be followed"),
            Field("following", .boolean, "whether it is so"),
            Field("since", .time, nullable: true, "since when"),
        ], exits: [ExitStatus(1, "no"), ExitStatus(67, "there is no such account")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let ends = try FollowNoun.ends(session)
        let edge = try session.network().graph.edge(ends.follower.id, ends.followee.id)
        let names = FollowNoun.cells(ends, changed: edge != nil)
        try session.print(command.fields, names + [edge.map { .time($0.since.text) } ?? .null])
        if edge == nil { session.exit = ExitTable.no }
    }
}
