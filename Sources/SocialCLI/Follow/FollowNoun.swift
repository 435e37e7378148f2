// The verbs of `follow`, and what they print.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FollowNoun {
    static let commands =
        [
            FollowAdd.command, FollowRemove.command, FollowList.command, FollowCheck.command, FollowSuggest.command,
        ] + FollowRelation.commands + [FollowImportVerb.command]

    static let follower = Operand("FOLLOWER", .handle, help: "Who follows")
    static let followee = Operand("FOLLOWEE", .handle, help: "Who is followed")

    static let fields = [
        Field("follower", .string, "who follows"), Field("followee", .string, "who is followed"),
        CommonOutput.changed,
    ]

    /// Both ends of an edge, as accounts.
    static func ends(_ session: Session) throws -> (follower: AccountRecord, followee: AccountRecord) {
        let accounts = try session.network().accounts
        return (
            try accounts.named(try session.invocation[follower]), try accounts.named(try session.invocation[followee])
        )
    }

    /// The cells of a changed edge.
    static func cells(_ ends: (follower: AccountRecord, followee: AccountRecord), changed: Bool) -> [Cell] {
        [.text(ends.follower.handle.display), .text(ends.followee.handle.display), .bool(changed)]
    }
}
