// What a fixture is to be like: how many accounts and posts, who follows how many, and when all that was.

/// What a fixture is to be like.
package struct FixturePlan: Sendable {
    /// How the follows are spread.
    package enum Shape: String, CaseIterable, Sendable {
        /// A few accounts have most of the followers, and most follow few.
        case powerlaw
        /// Nearly half follow nobody and one in a thousand follows hundreds.
        case linkbench
        /// Neighbours follow each other, with a few links across.
        case smallworld
    }

    /// How many accounts there are.
    package var users = 100
    /// How many posts there are, replies and reposts among them.
    package var posts = 1_000
    /// From which all chance is drawn.
    package var seed: UInt64 = 0
    /// How the follows are spread.
    package var shape = Shape.powerlaw
    /// How many others an account follows on average.
    package var follows = 10
    /// How many of a hundred posts answer another.
    package var replies = 20
    /// How many of a hundred posts pass another on.
    package var reposts = 10
    /// How many posts an account likes on average.
    package var likes = 5
    /// How many of a hundred accounts block somebody.
    package var blocks = 0
    /// How many of a hundred accounts mute somebody.
    package var mutes = 0
    /// How posts find their slot in the directory that is to take them.
    package var placement = Placement.user
    /// When the last of it was.
    package var end = FixturePlan.epoch
    /// Over which time before that the posts are laid, in milliseconds.
    package var overMilliseconds: Int64 = 30 * 86_400_000

    /// A small network.
    package init() {}

    /// Where fixtures end that are not told otherwise, so that their bytes do not depend on the clock: the beginning of
    /// 2026.
    package static let epoch = Timestamp(milliseconds: 1_767_225_600_000)

    /// Over which time before the posts the accounts are made: a year.
    static let accountMilliseconds: Int64 = 365 * 86_400_000

    /// How many accounts there may be.
    package static let userRange = 0...10_000_000
    /// How many posts there may be.
    package static let postRange = 0...1_000_000_000
    /// A share in percent.
    package static let percentRange = 0...100
    /// An average number an account.
    package static let meanRange = 0...10_000
    /// How long the posts may take: up to ten years.
    package static let overRange: ClosedRange<Int64> = 1...3_650 * 86_400_000

    /// What cannot be made, in words; nil when all is well.
    package var problem: String? {
        if users == 0, posts > 0 { return "without accounts there can be no posts" }
        let start = end.advanced(byMilliseconds: -overMilliseconds - Self.accountMilliseconds)
        if start < IdentityLayout.earliest || end > IdentityLayout.latest {
            return "the time of the posts and the year before it must lie between 2004 and 2073"
        }
        if replies + reposts > 100 { return "replies and reposts are more than all posts" }
        if overMilliseconds < posts { return "there can be only one post a millisecond; lay them over a longer time" }
        return nil
    }
}
