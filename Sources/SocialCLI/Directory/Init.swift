// `init`: make a data directory.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum Init {
    static let directory = Operand(optional: "DIR", .directory, help: "Where; otherwise --data or ./.social")
    static let shards = Option(
        "shards", .integer(in: Limits.shards), help: "How many shards: 1, or 64 on a server")
    static let shardBy = Option(
        "shard-by", .choice(of: Placement.self), default: .user,
        help: "Posts lie with their author (user) or are spread (post)")
    static let shared = Switch("shared", help: "Let the group write: whoever may write may act as anyone")

    static let replicas = Option(
        "replicas", .integer(in: Limits.replicas), default: 1, configurable: false,
        help: "How many copies of everything, the data directory included")
    static let replicaDirectories = Option(
        "replica-dirs", .list(of: .directory.named("DIR")), configurable: false,
        help: "Where the other copies are kept, best on other disks: one directory less than --replicas")
    static let store = Option(
        "store", .text.named("URL"), configurable: false,
        help: "Keep the truth on a PostgreSQL server, which other machines may share (with social-pg)")
    static let objects = Option(
        "objects", .text.named("URL"), configurable: false,
        help: "Keep the bytes of uploads in an S3-compatible store: s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME]")
    static let recover = Switch(
        "recover", help: "Make the data directory from the replicas in RECOVER-DIR, after the former one is gone")
    static let sources = Operand(
        zeroOrMore: "RECOVER-DIR", .directory, help: "With --recover: where replicas lie")

    static let command = Command(
        ["init"], "Make a data directory",
        discussion: """
            One shard is the fastest start. A data directory that is there already with the same shards is kept.

            With --replicas every change is written to copies in other directories before it is acknowledged, as many \
            as --write-quorum says, and every read asks as many as --read-quorum says; together they are more than \
            there are copies, so no read misses a write. When the disk of the data directory is gone, --recover makes \
            it again from the others.

            With --store the truth lies on a PostgreSQL server, each shard in a schema of its own, and the data \
            directory holds the views of this machine. Where the server has a network already, the directory becomes \
            one more that belongs to it. An address may name several servers of which one takes writes: \
            postgresql://ana@one,two/social?target_session_attrs=read-write. Passwords are taken from PGPASSWORD or \
            the file that PGPASSFILE names.

            With --objects uploads are in an object store, and the data directory keeps what was read of them: \
            "social help objects" tells more. The place in the store must be empty, and is tried out.
            """,
        operands: [directory, sources],
        options: [
            shards, shardBy, shared, replicas, QuorumOptions.write, QuorumOptions.read, replicaDirectories, store,
            objects, recover,
        ],
        groups: [
            ExclusiveGroup(recover, shards), ExclusiveGroup(recover, shardBy), ExclusiveGroup(recover, shared),
            ExclusiveGroup(recover, replicas), ExclusiveGroup(recover, QuorumOptions.write),
            ExclusiveGroup(recover, QuorumOptions.read), ExclusiveGroup(recover, replicaDirectories),
            ExclusiveGroup(recover, objects), ExclusiveGroup(recover, store), ExclusiveGroup(store, replicas),
            ExclusiveGroup(store, replicaDirectories),
        ],
        examples: [
            Example("social init", "Make ./.social with one shard"),
            Example("social init network --shards 4", "Make a directory with four shards"),
            Example(
                "social init safe --replicas 3 --write-quorum 2 --read-quorum 2 --replica-dirs copy1,copy2",
                "Keep three copies, of which any one may be lost"),
            Example(
                "social init first --replicas 2 --replica-dirs second && social init third --recover second",
                "Go on from a copy when the disk of the data directory is gone"),
            Example(
                "social init network --dry-run --objects 's3://media/net?endpoint=https://s3.example.org'",
                "See what would be made with uploads in an object store; without --dry-run it is asked"),
        ],
        fields: [
            Field("data", .string, "the data directory"), Field("shards", .integer, "how many shards"),
            Field("shard_by", .string, "user or post"),
            Field("replicas", .integer, "copies, the data directory included"), CommonOutput.changed,
        ], exits: [ExitStatus(73, "something else lies there")], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let place = try line[directory] ?? line[Globals.data] ?? DataDirectory.defaultName
        let named = try line[sources]
        if line.isOn(recover) {
            guard !named.isEmpty else {
                throw line.missing(
                    "\"--recover\" needs the directories of replicas", hint: "social init DIR --recover COPY1 COPY2")
            }
            return try recover(place, named.map(session.absolute), session)
        }
        if let stray = named.first {
            throw line.error(
                .unexpectedOperand, "unexpected operand \"\(stray)\"; only \"--recover\" takes several",
                about: sources)
        }
        let servers = try line[store].map { try PostgreSQLAddress($0).text }
        var plan = Network.Plan(
            shards: line[shards] ?? (servers == nil ? 1 : Limits.serverShards), placement: line[shardBy],
            isShared: line.isOn(shared), store: servers)
        plan.replication = try replication(besides: place, session)
        plan.objects = try line[objects].map { try S3Address($0) }
        var present = try? Manifest.read(place)
        if present == nil {
            do {
                try Network.create(place, plan, context: session.context)
            } catch let error as StorageError where error.code == .notEmpty {
                // Another process may have been faster.
                guard let made = try? Manifest.read(place) else { throw error }
                present = made
            }
        }
        let isNew = present == nil
        if servers != nil, isNew, !session.context.isDryRun {
            // Somebody may have made the network before, with other shards.
            let made = try Manifest.read(place)
            plan.placement = made.placement
            if line[shards] == nil { plan.shards = made.map.shards.count }
            plan.objects = plan.objects ?? made.objects
            present = made
        }
        if let present { try check(present, place, plan) }
        try session.print(
            command.fields, cells(place, plan.shards, plan.placement, plan.replication) + [.bool(isNew)])
    }

    private static func cells(
        _ place: String, _ shards: Int, _ placement: Placement, _ replication: Replication?
    ) -> [Cell] {
        [
            .text(place), .integer(Int64(shards)), .text(placement.rawValue),
            .integer(Int64(replication?.copies ?? 1)),
        ]
    }

    private static func recover(_ place: String, _ sources: [String], _ session: Session) throws {
        try Network.recover(place, from: sources, context: session.context)
        let manifest = try Manifest.read(session.context.isDryRun ? sources[0] : place)
        try session.print(
            command.fields,
            cells(place, manifest.map.shards.count, manifest.placement, manifest.replication) + [.bool(true)])
    }

    /// The replicas that a line asks for; nil for none.
    private static func replication(besides place: String, _ session: Session) throws -> Replication? {
        let line = session.invocation
        let places = (line[replicaDirectories] ?? []).map(session.absolute)
        guard places.count == line[replicas] - 1, !places.contains(session.absolute(place)) else {
            throw line.error(
                .invalidValue,
                "\(line[replicas]) replicas are the data directory and \(line[replicas] - 1) more, not \(places.count)",
                about: replicas, hint: "name as many other directories with --replica-dirs A,B")
        }
        let quorums = (line[QuorumOptions.write], line[QuorumOptions.read])
        if places.isEmpty, quorums == (nil, nil) { return nil }
        let made = try Replication(places: places, writeQuorum: quorums.0, readQuorum: quorums.1)
        return places.isEmpty ? nil : made
    }

    /// The options that ask for some replicas.
    private static func shape(_ replication: Replication?) -> String {
        guard let replication else { return "" }
        return " --replicas \(replication.copies) --write-quorum \(replication.writeQuorum) --read-quorum "
            + "\(replication.readQuorum) --replica-dirs \(replication.places.joined(separator: ","))"
    }

    /// A data directory that is there already must be what was asked for.
    private static func check(_ present: Manifest, _ place: String, _ plan: Network.Plan) throws {
        let count = present.map.shards.count
        let isSame =
            count == plan.shards && present.placement == plan.placement && present.isShared == plan.isShared
            && shape(present.replication) == shape(plan.replication) && present.store == plan.store
            && present.objects == plan.objects
        guard !isSame else { return }
        let shape =
            "--shards \(count) --shard-by \(present.placement.rawValue)\(present.isShared ? " --shared" : "")"
            + shape(present.replication) + (present.store.map { " --store \($0)" } ?? "")
            + (present.objects.map { " --objects \($0.text)" } ?? "")
        throw Failure(
            "not_empty", "\"\(place)\" is a data directory already, made with \"\(shape)\"",
            hint: "choose another directory")
    }
}
