// `user delete`: the end of an account, and with `--erase` of every byte of it.

internal import CommandSpec
internal import Formats
internal import SocialCore

enum UserDelete {
    static let handle = Operand("HANDLE", .account, help: "Which account, or its id")
    static let erase = Switch(
        "erase", help: "Leave no byte of what it wrote and is called, also of one that was deleted before")

    static let command = Command(
        ["user", "delete"], "Delete an account with its posts and follows",
        discussion: """
            Its posts, follows, blocks, mutes and likes go with it, and nobody follows it any longer. Its handles stay \
            reserved, and its ids are never given again. Interrupted, it goes on when it is run again, or with the \
            next "feed regenerate".

            What is deleted can be found in the files until something else is written there, and handles and \
            idempotency keys are kept. With --erase these go too: of a handle a hash stays, so that nobody else takes \
            it. What was recorded of the account is removed, with the messages of queues that were pushed for it; \
            counts stay, without its name. All databases, search indexes, and the logs and copies of replicas are \
            written anew, which takes as much free space again as the largest of them, and objects to which nobody \
            refers are removed. Replicas must be reachable. Interrupted, or busy, it goes on when it is run again.

            What others have written stays theirs, also where it names the handle. Backups stay as they are: those \
            made before backups_before hold the account still. Prune them by prune_by, a month later, with \
            "social backup prune". Damaged files that "social verify --repair" has put into quarantine stay too, and \
            are told of.
            """,
        operands: [handle], options: [erase],
        examples: [
            Example("social user delete bob", "Delete bob"),
            Example("social user delete bob --erase --json", "Leave nothing of bob in any file"),
        ],
        fields: [
            Field("id", .string, "the account's id"),
            Field(
                "handle", .string, nullable: true,
                "the handle that stays reserved; null where the account is gone and was named by its id"),
            Field("erased", .boolean, "whether this command has erased it"),
            Field("posts", .integer, nullable: true, "with --erase: its posts and reposts"),
            Field("uploads", .integer, nullable: true, "with --erase: its uploads"),
            Field("names", .integer, nullable: true, "with --erase: its handles and idempotency keys"),
            Field("records", .integer, nullable: true, "with --erase: what was recorded of it"),
            Field(
                "objects", .integer, nullable: true, "with --erase: objects to which nobody refers, also of others"),
            Field("backups_before", .time, nullable: true, "with --erase: backups made before hold it still"),
            Field("prune_by", .time, nullable: true, "with --erase: until when they should be pruned"),
            CommonOutput.changed,
        ],
        exits: [
            ExitStatus(67, "there never was such an account"),
            ExitStatus(75, "with --erase: slots are moved, a replica cannot be reached, or somebody reads for long"),
        ], isChange: true, handler: Verb(run))

    private static func run(_ session: Session) throws {
        let reference = try session.invocation[handle]
        let isErased = session.invocation.isOn(erase)
        let (name, shown): (Handle?, String) =
            switch reference {
            case .handle(let handle): (handle, handle.display)
            case .id(let id): (nil, id.description)
            }
        try session.confirm(
            "\(isErased ? "erase" : "delete") \"\(shown)\" and everything that it posted for ever?")
        if isErased { return try erase(reference, name, session) }
        let (id, isDeleted) = try session.change { network in
            try network.accounts.delete(try owner(reference, network))
        }
        let rest = Array(repeating: Cell.null, count: command.fields.count - 4)
        try session.print(
            command.fields,
            [.id(id.description), .text(orNull: name?.display), .bool(false)] + rest + [.bool(isDeleted)])
    }

    private static func owner(_ reference: AccountReference, _ network: Network) throws -> UserID {
        switch reference {
        case .handle(let handle): try network.accounts.owner(of: handle)
        case .id(let id): id
        }
    }

    private static func erase(_ reference: AccountReference, _ name: Handle?, _ session: Session) throws {
        for folder in try session.network().quarantine {
            try session.note("\"\(folder)\" may hold it still: remove the folder when nothing in it is needed")
        }
        let erasure = try session.change { network in try network.erase(try owner(reference, network)) }
        let handle = erasure.handle ?? name
        let counts = [erasure.posts, erasure.uploads, erasure.names, erasure.records, erasure.objects]
        try session.print(
            command.fields,
            [.id(erasure.account.description), .text(orNull: handle?.display), .bool(true)]
                + counts.map { .integer(Int64($0)) } + [
                    .time(orNull: session.now),
                    .time(orNull: session.now.advanced(byMilliseconds: Limits.erasedInBackupsMilliseconds)),
                    .bool(erasure.isChanged),
                ])
    }
}
