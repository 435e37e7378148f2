// `fixture generate`: a made-up network, the same bytes on every machine.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FixtureGenerate {
    private static let standard = FixturePlan()

    static let users = Option(
        "users", .integer(in: FixturePlan.userRange), default: standard.users, help: "How many accounts")
    static let posts = Option(
        "posts", .integer(in: FixturePlan.postRange), default: standard.posts,
        help: "How many posts, replies and reposts among them")
    static let shape = Option(
        "shape", .choice(of: FixturePlan.Shape.self), default: standard.shape, help: "How the follows are spread")
    static let follows = Option(
        "follows", .integer(in: FixturePlan.meanRange), default: standard.follows,
        help: "How many others an account follows on average")
    static let replies = Option(
        "replies", .integer(in: FixturePlan.percentRange), default: standard.replies,
        help: "So many of a hundred posts answer another")
    static let reposts = Option(
        "reposts", .integer(in: FixturePlan.percentRange), default: standard.reposts,
        help: "So many of a hundred posts pass another on")
    static let likes = Option(
        "likes", .integer(in: FixturePlan.meanRange), default: standard.likes,
        help: "How many posts an account likes on average")
    static let blocks = Option(
        "blocks", .integer(in: FixturePlan.percentRange), default: standard.blocks,
        help: "So many of a hundred accounts block somebody")
    static let mutes = Option(
        "mutes", .integer(in: FixturePlan.percentRange), default: standard.mutes,
        help: "So many of a hundred accounts mute somebody whom they follow")
    static let over = Option(
        "over", .duration, default: standard.overMilliseconds, help: "Lay the posts over this time before the end")
    static let shardBy = Option(
        "shard-by", .choice(of: Placement.self), default: .user,
        help: "For directories whose posts lie with their author (user) or are spread (post)")

    static let command = Command(
        ["fixture", "generate"], "Print a made-up network",
        discussion: """
            Accounts with profiles, follows, posts with #tags, @mentions and links, replies, reposts and likes, in the \
            format of "social export", for "social import". The same options give the same bytes on every machine: \
            chance comes from --seed (otherwise 0), and the last post lies just before --now (otherwise before 2026); \
            "social import --shift-to-now" makes it fresh. With --shape powerlaw a few accounts have most of the \
            followers; with linkbench nearly half of the accounts follow nobody; with smallworld neighbours follow \
            each other.
            """,
        options: [users, posts, shape, follows, replies, reposts, likes, blocks, mutes, over, shardBy],
        examples: [
            Example("social fixture generate --users 3 --posts 5 --seed 1 | head -4", "Look at a small network")
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        var plan = FixturePlan()
        plan.users = line[users]
        plan.posts = line[posts]
        plan.seed = UInt64(line[Globals.seed] ?? 0)
        plan.shape = line[shape]
        plan.follows = line[follows]
        plan.replies = line[replies]
        plan.reposts = line[reposts]
        plan.likes = line[likes]
        plan.blocks = line[blocks]
        plan.mutes = line[mutes]
        plan.overMilliseconds = line[over]
        plan.placement = line[shardBy]
        if line.isGiven(Globals.now) { plan.end = session.now }
        let fixture = try Fixture(plan)
        try session.printExport { printer in
            printer.header(plan.placement)
            try fixture.forEachRow(printer.row)
        }
    }
}
