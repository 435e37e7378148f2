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
            Field("followed_by", .boolean, "whether the other one follows back"),
            Field("blocked", .boolean, "whether either blocks the other"),
            Field("muted", .boolean, "whether the first mutes the second"),
        ], exits: [ExitStatus(1, "no"), ExitStatus(67, "there is no such account")], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let ends = try FollowNoun.ends(session)
        let graph = try session.network().graph
        let (one, other) = (ends.follower.id, ends.followee.id)
        let isBlocked = try graph.isBlocked(one, other)
        // A block wins over an edge that was committed at the same time.
        let edge = isBlocked ? nil : try graph.edge(one, other)
        let isBack = try !isBlocked && graph.edge(other, one) != nil
        let names = FollowNoun.cells(ends, changed: edge != nil)
        try session.print(
            command.fields,
            names + [
                .time(orNull: edge?.since), .bool(isBack), .bool(isBlocked),
                .bool(try graph.relation(.mute, one, other) != nil),
            ])
        if edge == nil { session.exit = ExitTable.no }
    }
}
