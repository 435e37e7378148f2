// `shard list`: how much lies on each shard.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ShardList {
    static let command = Command(
        ["shard", "list"], "List the shards and what they hold",
        examples: [
            Example("social shard list", "See how evenly everything lies"),
            Example("social shard list --json | jq 'map(.bytes) | add'", "Add up what the shards take"),
        ],
        fields: [
            Field("shard", .integer, "the shard's number"), Field("slots", .integer, "how many slots it owns"),
            Field("accounts", .integer, "accounts that live there"), Field("posts", .integer, "posts that lie there"),
            Field("follows", .integer, "follows of these accounts"),
            Field("bytes", .integer, "bytes of the files of its truth"),
            Field("share", .number, nullable: true, "its rows against the mean of all shards; null: there are none"),
            Field("head", .integer, "commits in its log"),
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let shards = try session.network().shards()
        let rows = shards.reduce(0) { $0 + Int($1.rows) }
        try session.printList(command.fields) { emit in
            for shard in shards {
                let counts = [shard.shard, shard.slots, shard.accounts, shard.posts, shard.follows, shard.bytes]
                let share = Ratio(Int(shard.rows) * shards.count, of: rows)
                let cells =
                    counts.map { Cell.integer(Int64($0)) }
                    + [rows > 0 ? .number(share.value) : .null, .integer(shard.head)]
                guard try emit(cells) else { return }
            }
        }
    }
}
