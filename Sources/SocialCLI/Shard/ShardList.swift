// `shard list`: how much lies and goes on on each shard.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ShardList {
    /// What has to be counted.
    private static let counted = [
        Field("accounts", .integer, "accounts that live there"), Field("posts", .integer, "posts that lie there"),
        Field("follows", .integer, "follows of these accounts"),
    ]

    /// What is known of shards on servers.
    private static let served = [
        Field("server", .string, "the address of its server; only in networks on servers, like those that follow"),
        Field("primary", .string, nullable: true, "the host and the port that take writes; null: nobody answers"),
        Field(
            "standbys", .array, "what follows it: names, whether a commit waits for them, and how far behind they are"),
        Field("lag_ms", .number, nullable: true, "how far behind the last of them lately was; null: nothing to follow"),
        Field(
            "moving_to", .string, nullable: true, "the server to which it is on its way, also when that was broken off"),
    ]

    static let command = Command(
        ["shard", "list"], "List the shards and what they hold",
        discussion: """
            A read is something looked up where its slot is known: an account, a handle, a post, a list of followees. \
            A write is a change, or a row of an import. What all shards are asked at once, such as a list of \
            followers, burdens them alike and is not counted, nor is what a cache answers. Reads and writes of a day \
            (UTC) count half as much on the next day, a quarter on the day after, and so on. They belong to their \
            slot, and move with it. The file "load" keeps them; it may be deleted to begin anew.

            Accounts, posts and follows are counted, which takes the longer the more there are; a list without these \
            fields takes the same time on any network.

            In a network on servers the list also says on which server each shard is, and which standbys that has. What \
            they tell of standbys they tell to users of the role pg_monitor.
            """,
        examples: [
            Example("social shard list", "See how evenly everything lies"),
            Example("social shard list --fields shard,reads,writes,bytes", "See where most goes on and lies"),
            Example("social shard list --json | jq 'map(.bytes) | add'", "Add up what the shards take"),
        ],
        fields: [
            Field("shard", .integer, "the shard's number"), Field("slots", .integer, "how many slots it owns"),
        ] + counted + [
            Field("reads", .integer, "things looked up in its slots, each day counting half as much as the next"),
            Field("writes", .integer, "changes in its slots, counted likewise"),
            Field("bytes", .integer, "bytes of the files of its truth"),
            Field("share", .number, nullable: true, "its rows against the mean of all shards; null: there are none"),
            Field("head", .integer, "commits in its log"),
        ] + served, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let asked = session.invocation[Globals.fields]
        let countsHoldings = asked.map { asked in counted.contains { asked.contains($0.name) } } ?? true
        let network = try session.network()
        let shards = try network.shards(countsHoldings: countsHoldings)
        let servers = network.serverStatus()
        let rows = shards.reduce(0) { $0 + Int($1.rows) }
        let fields = command.fields.dropLast(servers.isEmpty ? served.count : 0)
        try session.printList(Array(fields)) { emit in
            for shard in shards {
                let place = network.place(of: shard.shard)
                let server = servers.first { $0.place == place }
                let counts: [Int?] = [
                    shard.shard, shard.slots, shard.holdings?.accounts, shard.holdings?.posts, shard.holdings?.follows,
                    shard.load.reads, shard.load.writes, server?.bytes[shard.shard] ?? shard.bytes,
                ]
                let share = Ratio(Int(shard.rows) * shards.count, of: rows)
                var cells = counts.map { Cell.integer(orNull: $0.map { Int64($0) }) }
                cells += [rows > 0 ? .number(share.value) : .null, .integer(shard.head)]
                if let server {
                    cells += self.cells(of: server, network.address(of: place), network.target(of: shard.shard))
                }
                guard try emit(cells) else { return }
            }
        }
    }

    private static func cells(of server: ServerStatus, _ address: String, _ target: String?) -> [Cell] {
        let standbys = server.standbys.map { standby in
            JSONValue.object([
                .init("name", .string(standby.name)), .init("state", .string(standby.state)),
                .init("lag_bytes", standby.lagBytes.map { .integer($0) } ?? .null),
                .init("lag_ms", standby.lagMilliseconds.map { .number($0) } ?? .null),
            ])
        }
        let lag = server.standbys.compactMap(\.lagMilliseconds).max()
        return [
            .text(address), .text(orNull: server.primary), .json(.array(standbys)), .measure(lag),
            .text(orNull: target),
        ]
    }
}
