// `shard locate`: the slot and the shard of a handle, an id or any key.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum ShardLocate {
    static let keys = Operand(zeroOrMore: "KEY", .text, help: "Texts whose slots are computed")
    static let handle = Option("handle", .handle, configurable: false, help: "Locate this handle and its account")
    static let id = Option("id", .entity, configurable: false, help: "Locate the account or the post with this id")

    static let command = Command(
        ["shard", "locate"], "Tell where something is kept",
        discussion: """
            The slot of a handle is the CRC-32 of its lower-cased form modulo 4,096, and that of a KEY is computed in \
            the same way from its bytes as they are; an id names its slot. The slot map says which shard has the slot. \
            An account keeps the slot of its first handle, so after a rename account_slot differs from slot. What \
            does not exist has a place too: where it would be looked for.
            """,
        operands: [keys], options: [handle, id],
        groups: [ExclusiveGroup(keys, handle, id, required: true)],
        examples: [
            Example("social shard locate --handle ana", "Ask where ana lives"),
            Example(
                "social shard locate --id $(social post list --by bob --format ids)", "Ask where bob's post is"),
            Example("social shard locate ana bob cleo --fields key,shard", "Compute the shards of some keys"),
        ],
        fields: [
            Field("key", .string, "what was asked for"),
            Field("kind", .string, nullable: true, "handle, user, post or key; null: an id that nothing has"),
            Field("slot", .integer, "the slot, from 0 to 4095"),
            Field("shard", .integer, "the shard that owns the slot"),
            Field("id", .string, nullable: true, "the id, or that of the handle's account if there is one"),
            Field("time", .time, nullable: true, "the time in that id: when the account or the post was made"),
            Field("account_slot", .integer, nullable: true, "the slot in which the handle's account lives"),
            Field("account_shard", .integer, nullable: true, "the shard on which the handle's account lives"),
        ], handler: Verb(run))

    private static func run(_ session: Session) throws {
        let network = try session.network()
        let line = session.invocation
        if let handle = line[handle] { return try session.print(command.fields, cells(handle, network)) }
        if let id = line[id] { return try session.print(command.fields, cells(id, network)) }
        try session.printList(command.fields) { emit in
            for key in try line[keys] {
                let place = place(Slot(ofKey: key), network)
                let cells: [Cell] = [.text(key), .text("key")] + place + [.null, .null, .null, .null]
                guard try emit(cells) else { return }
            }
        }
    }

    private static func cells(_ handle: Handle, _ network: Network) throws -> [Cell] {
        let account = try network.accounts.find(handle)?.id
        return [.text(handle.display), .text("handle")] + place(Slot(of: handle), network)
            + [account.map { .id($0.description) } ?? .null, .time(orNull: account?.time)]
            + (account.map { place($0.slot, network) } ?? [.null, .null])
    }

    private static func cells(_ id: EntityID, _ network: Network) throws -> [Cell] {
        let kind: String? = try network.router.read(id.slot) { reader in
            if try reader.account(UserID(rawValue: id.rawValue)) != nil { return "user" }
            return try reader.post(PostID(rawValue: id.rawValue)) == nil ? nil : "post"
        }
        return [.text(id.description), .text(orNull: kind)] + place(id.slot, network)
            + [.id(id.description), .time(id.time.text), .null, .null]
    }

    /// The slot, and the shard that owns it.
    private static func place(_ slot: Slot, _ network: Network) -> [Cell] {
        [.integer(Int64(slot.index)), .integer(Int64(network.router.shard(of: slot)))]
    }
}
