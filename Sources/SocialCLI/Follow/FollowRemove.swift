// `follow remove`: one account follows another no longer.

internal import CommandSpec
internal import SocialCore

enum FollowRemove {
    static let command = Command(
        ["follow", "remove"], "Make an account follow another no longer",
        operands: [FollowNoun.follower, FollowNoun.followee],
        examples: [Example("social follow remove ana bob", "Let ana follow bob no longer")],
        fields: FollowNoun.fields, exits: [ExitStatus(67, "there is no such account")], isChange: true,
        handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let ends = try FollowNoun.ends(session)
        let changed = try session.change { try $0.graph.unfollow(ends.follower, ends.followee) }
        try session.print(FollowNoun.fields, FollowNoun.cells(ends, changed: changed))
    }
}
