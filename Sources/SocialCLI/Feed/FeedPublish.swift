// `feed publish`: put into feeds what is pending.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum FeedPublish {
    static let command = Command(
        ["feed", "publish"], "Put pending posts into feeds",
        discussion: """
            Commands put what they change into feeds on their way out, as far as that is little work; imports leave it \
            pending. Feeds are right in either case, because what is pending is read from the truth; this makes them \
            fast. Unlike "feed regenerate" it fills no feed that was left out.
            """,
        options: [FeedRegenerate.budget, FeedRegenerate.jobs],
        examples: [Example("social feed publish --json | jq .deliveries", "Publish, and count what was delivered")],
        fields: FeedWork.fields, exits: [ExitStatus(75, "another run is at work")], isChange: true,
        handler: Verb(isBulk: true, run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        var plan = FeedRegeneration.Plan(onlyActive: true)
        plan.deadline = session.invocation[FeedRegenerate.budget].map {
            network.context.clock.now.advanced(byMilliseconds: $0)
        }
        if let jobs = session.invocation[FeedRegenerate.jobs] { plan.jobs = jobs }
        try session.printSummary(command.fields, FeedWork.cells(try network.feeds.publish(plan)))
    }
}
