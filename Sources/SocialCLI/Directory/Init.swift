// `init`: make a data directory.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum Init {
    static let directory = Operand(optional: "DIR", .directory, help: "Where; otherwise --data or ./.social")
    static let shards = Option("shards", .integer(in: Limits.shards), default: 1, help: "How many shards")
    static let shardBy = Option(
        "shard-by", .choice(of: Placement.self), default: .user,
        help: "Posts lie with their author (user) or are spread (post)")
    static let shared = Switch("shared", help: "Let the group write: whoever may write may act as anyone")

    static let command = Command(
        ["init"], "Make a data directory",
        discussion:
            "One shard is the fastest start. A data directory that is there already with the same shards is kept.",
        operands: [directory], options: [shards, shardBy, shared],
        examples: [
            Example("social init", "Make ./.social with one shard"),
            Example("social init network --shards 4", "Make a directory with four shards"),
        ],
        fields: [
            Field("data", .string, "the data directory"), Field("shards", .integer, "how many shards"),
            Field("shard_by", .string, "user or post"), CommonOutput.changed,
        ], exits: [ExitStatus(73, "something else lies there")], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let line = session.invocation
        let place = try line[directory] ?? line[Globals.data] ?? DataDirectory.defaultName
        let plan = Network.Plan(shards: line[shards], placement: line[shardBy], isShared: line.isOn(shared))
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
        if let present { try check(present, place, plan) }
        try session.print(
            command.fields,
            [.text(place), .integer(Int64(plan.shards)), .text(plan.placement.rawValue), .bool(present == nil)])
    }

    /// A data directory that is there already must be what was asked for.
    private static func check(_ present: Manifest, _ place: String, _ plan: Network.Plan) throws {
        let count = present.map.shards.count
        let isSame =
            count == plan.shards && present.placement == plan.placement && present.isShared == plan.isShared
        guard !isSame else { return }
        let shape =
            "--shards \(count) --shard-by \(present.placement.rawValue)\(present.isShared ? " --shared" : "")"
        throw Failure(
            "not_empty", "\"\(place)\" is a data directory already, made with \"\(shape)\"",
            hint: "choose another directory")
    }
}
