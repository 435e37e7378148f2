// `follow add`: one account follows another.

internal import CommandSpec
internal import SocialCore

enum FollowAdd {
    static let command = Command(
        ["follow", "add"], "Make an account follow another", operands: [FollowNoun.follower, FollowNoun.followee],
        examples: [Example("social follow add ana bob", "Let ana follow bob")], fields: FollowNoun.fields,
        exits: [ExitStatus(65, "an account cannot follow itself"), ExitStatus(67, "there is no such account")],
        isChange: true, handler: Verb(joinsGroups: true, run))

    private static func run(_ session: Session) throws {
        let ends = try FollowNoun.ends(session)
        let changed = try session.change { try $0.graph.follow(ends.follower, ends.followee) }
        try session.print(FollowNoun.fields, FollowNoun.cells(ends, changed: changed))
    }
}
