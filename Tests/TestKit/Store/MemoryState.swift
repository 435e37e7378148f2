// Everything that a source in memory keeps, as one value: to copy it is to remember it, to assign it is to roll back.

internal import SocialCore

/// The rows and the log of a source.
struct MemoryState {
    var incarnation: UInt64
    var mapVersion: Int64
    var head: Int64 = 0
    var oldest: Int64 = 1
    var slots: [Slot: SlotRecord] = [:]
    var accounts: [UserID: AccountRecord] = [:]
    var handles: [String: UserID] = [:]
    var follows: Set<FollowRecord> = []
    var posts: [PostID: PostRecord] = [:]
    var claims: [String: HandleClaim] = [:]
    var relations: Set<RelationRecord> = []
    var versions: [PostVersion] = []
    var tombstones: Set<PostID> = []
    var formerAccounts: Set<UserID> = []
    var pendingEffects: Set<PendingEffect> = []
    var progress: [String: Int64] = [:]
    var operations: [OperationName: OperationRecord] = [:]
    var media: [MediaID: MediaRecord] = [:]
    var formerMedia: Set<MediaID> = []
    var log: [Event] = []

    struct OperationName: Hashable {
        var account: UserID
        var verb: String
        var key: String
    }

    /// Every row, by kind.
    var rows: [TruthRow] {
        var rows = accounts.values.map { TruthRow.account($0) }
        rows += handles.map { .handle(key: $0.key, account: $0.value) }
        rows += follows.map { .follow($0) }
        rows += posts.values.map { .post($0) }
        rows += relations.map { .relation($0) }
        rows += versions.map { .version($0) }
        rows += tombstones.map { .tombstone($0) }
        rows += formerAccounts.map { .formerAccount($0) }
        rows += operations.values.map { .operation($0) }
        rows += media.values.map { .media($0) }
        rows += formerMedia.map { .formerMedia($0) }
        return rows
    }

    /// The state with count and sum computed from the rows, which is what they mean.
    var source: SourceState {
        let rows = rows
        return SourceState(
            incarnation: incarnation, mapVersion: mapVersion, head: head, oldest: oldest, rows: Int64(rows.count),
            sum: rows.reduce(0) { $0 &+ $1.sumShare })
    }
}
