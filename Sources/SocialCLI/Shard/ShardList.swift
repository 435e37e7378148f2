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

            In a network on servers it also says on which server each shard is, who takes writes there ("primary"; \
            null: nobody answers), what follows it ("standbys": names, whether a commit waits for them, and how \
            many bytes and milliseconds they are behind), and where it is on its way ("moving_to", also when that \
            was broken off). Users without the role pg_monitor see no standbys.
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
            Field(
                "server", .object, nullable: true,
                "its address, primary, standbys with their lag, and where it moves; null: files keep the shard"),
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let asked = session.invocation[Globals.fields]
        let countsHoldings = asked.map { asked in counted.contains { asked.contains($0.name) } } ?? true
        let network = try session.network()
        let shards = try network.shards(countsHoldings: countsHoldings)
        let servers = network.serverStatus()
        let rows = shards.reduce(0) { $0 + Int($1.rows) }
        try session.printList(command.fields) { emit in
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
                cells.append(server.map { .json(document(of: $0, network, shard.shard)) } ?? .null)
                guard try emit(cells) else { return }
            }
        }
    }

    private static func document(of server: ServerStatus, _ network: Network, _ shard: Int) -> JSONValue {
        func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }
        let standbys = server.standbys.map { standby in
            JSONValue.object([
                .init("name", .string(standby.name)), .init("state", .string(standby.state)),
                .init("lag_bytes", standby.lagBytes.map { .integer($0) } ?? .null),
                .init("lag_ms", standby.lagMilliseconds.map { .number($0) } ?? .null),
            ])
        }
        return .object([
            .init("address", .string(network.address(of: server.place))), .init("primary", text(server.primary)),
            .init("standbys", .array(standbys)), .init("moving_to", text(network.target(of: shard))),
        ])
    }
}
