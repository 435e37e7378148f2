// `status`: the one look at a data directory.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum Status {
    static let command = Command(
        ["status"], "Show the state of the data directory",
        discussion: "Under --format openmetrics the numbers are metrics for a monitoring system.",
        examples: [
            Example("social status --json | jq .users", "Count the accounts"),
            Example("social status --format openmetrics > social.prom", "Write metrics for Prometheus"),
        ],
        fields: [
            Field("data", .string, "the data directory"), Field("shards", .integer, "how many shards"),
            Field("shard_by", .string, "user or post"), Field("users", .integer, "accounts"),
            Field("posts", .integer, "posts"), Field("uploads", .integer, "uploads"),
            Field("commits", .integer, "commits in all logs"),
            Field("feeds", .integer, "cached feeds"),
            Field("feed_lag", .integer, nullable: true, "commits that a cache has not applied; null: to be rebuilt"),
            Field(
                "notification_lag", .integer, nullable: true,
                "commits that the notifications on disk have not applied; null: to be made again"),
            Field("free_bytes", .integer, "free space where the directory lies"),
            Field("objects", .string, nullable: true, "the object store of uploads; null: the data directory"),
        ], handler: Verb(hasMetrics: true, run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let counts = try network.router.gather {
            (
                users: try $0.accountCount(), posts: try $0.postCount(), uploads: try $0.mediaCount(),
                head: try $0.state().head
            )
        }
        let feeds = try network.feeds.status()
        let lags = feeds.map(\.lag)
        let lag = lags.contains { $0 == nil } ? nil : lags.compactMap { $0 }.max()
        let users = counts.reduce(0) { $0 + $1.users }
        let posts = counts.reduce(0) { $0 + $1.posts }
        try session.print(
            command.fields,
            [
                .text(network.directory), .integer(Int64(counts.count)), .text(network.manifest.placement.rawValue),
                .integer(Int64(users)), .integer(Int64(posts)), .integer(counts.reduce(0) { $0 + Int64($1.uploads) }),
                .integer(counts.reduce(0) { $0 + $1.head }),
                .integer(feeds.reduce(0) { $0 + Int64($1.feeds) }), .integer(orNull: lag),
                .integer(orNull: try network.notifications.lag()),
                .integer(FileSystem().freeBytes(at: network.directory)),
                network.manifest.objects.map { .text($0.text) } ?? .null,
            ])
    }
}
