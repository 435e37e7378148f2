// What do we keep of each deed? The façade of the room: one protocol of typed operations on a log source, with an
// engine for SQLite here, one for PostgreSQL to come, and one in memory in the tests, which is the model of both.
//
// A log source is a shard on SQLite and a schema of 64 slots on PostgreSQL. It has a random incarnation, renewed
// whenever its log begins anew, and a head: the number of commits. A transaction changes rows and appends one event.

/// The state of a log source.
package struct SourceState: Equatable, Sendable {
    /// Renewed by restore, promotion, recovery and migration: offsets of another incarnation mean nothing.
    package var incarnation: UInt64
    /// The version of the slot map that the source has adopted.
    package var mapVersion: Int64
    /// The number of commits.
    package var head: Int64
    /// The oldest event that the log still holds is `oldest`; it is `head + 1` when the log is empty.
    package var oldest: Int64
    /// The number of rows, and the sum modulo 2⁶⁴ of their hashes.
    package var rows: Int64
    /// The sum modulo 2⁶⁴ of the rows' hashes.
    package var sum: UInt64

    /// The state of a log source.
    package init(incarnation: UInt64, mapVersion: Int64, head: Int64, oldest: Int64, rows: Int64, sum: UInt64) {
        self.incarnation = incarnation
        self.mapVersion = mapVersion
        self.head = head
        self.oldest = oldest
        self.rows = rows
        self.sum = sum
    }
}

/// Who owns a slot, as a source has stored it.
package struct SlotRecord: Equatable, Sendable {
    /// The slot.
    package var slot: Slot
    /// Whether this source owns it.
    package var isOwned: Bool
    /// Grows with every move of the slot.
    package var epoch: Int64
    /// The last id minted in it; 0 when there was none.
    package var last: Int64

    /// The state of a slot.
    package init(slot: Slot, isOwned: Bool, epoch: Int64, last: Int64) {
        self.slot = slot
        self.isOwned = isOwned
        self.epoch = epoch
        self.last = last
    }
}

/// What a creating operation did.
package struct Creation<Value: Sendable>: Sendable {
    /// What exists now.
    package var value: Value
    /// False when it was there before.
    package var isNew: Bool

    /// What a creating operation did.
    package init(_ value: Value, isNew: Bool) {
        self.value = value
        self.isNew = isNew
    }
}

/// Reads of one snapshot of a source.
package protocol StoreReader {
    /// Head, incarnation and sums.
    func state() throws -> SourceState
    /// The slots that the source knows, in order.
    func slots() throws -> [SlotRecord]

    /// The account with an id.
    func account(_ id: UserID) throws -> AccountRecord?
    /// The account with a handle, by its key.
    func account(key: String) throws -> AccountRecord?
    /// Accounts in the order of their keys, after one, of those whose key begins with a prefix.
    func accounts(afterKey: String?, prefix: String, limit: Int) throws -> [AccountRecord]
    /// The number of accounts.
    func accountCount() throws -> Int

    /// An edge.
    func follow(_ follower: UserID, _ followee: UserID) throws -> FollowRecord?
    /// The edges of a follower in the order of the followee's id, after one.
    func followees(of follower: UserID, after: UserID?, limit: Int) throws -> [FollowRecord]
    /// The edges to a followee whose followers live here, in the order of the follower's id, after one.
    func followers(of followee: UserID, after: UserID?, limit: Int) throws -> [FollowRecord]
    /// The ids of all followers who live here, in order: what a fan-out asks; answered from an index alone.
    func followerIDs(of followee: UserID) throws -> [UserID]
    /// How many accounts a follower follows.
    func followeeCount(of follower: UserID) throws -> Int
    /// How many of an account's followers live here.
    func followerCount(of followee: UserID) throws -> Int
    /// All edges, in the order of follower and followee.
    func forEachFollow(_ visit: (FollowRecord) throws -> Void) throws

    /// A post.
    func post(_ id: PostID) throws -> PostRecord?
    /// An author's post ids in a range, newest first.
    func posts(by author: UserID, in range: ClosedRange<PostID>, limit: Int) throws -> [PostID]
    /// All posts in a range of ids, newest first.
    func posts(in range: ClosedRange<PostID>, limit: Int) throws -> [PostRecord]
    /// The ids of all posts in a range with their authors, in the order of author and id.
    func forEachPost(in range: ClosedRange<PostID>, _ visit: (UserID, PostID) throws -> Void) throws
    /// The number of posts.
    func postCount() throws -> Int

    /// Events after a commit, oldest first; at least one event, then until a number of entries is reached.
    func events(after n: Int64, entryLimit: Int) throws -> [Event]
    /// What the engine itself finds wrong with its file: pages, trees and indexes.
    func engineProblems() throws -> [String]
    /// Every row of truth, in no particular order. Rows whose stored hash does not match are reported to `damaged`.
    func forEachRow(damaged: (String) throws -> Void, _ visit: (TruthRow) throws -> Void) throws
}

/// Operations of one transaction.
///
/// Each either does all that it says or throws and changes nothing.
package protocol StoreWriter: StoreReader {
    /// Makes an account. An equal account under the same handle is no error; a different one is.
    func createAccount(_ draft: AccountDraft, now: Timestamp) throws -> Creation<AccountRecord>
    /// Notes that an account is active; at most one event an hour.
    func touchAccount(_ id: UserID, now: Timestamp) throws -> Creation<AccountRecord>
    /// Adds an edge; the command has made sure that both accounts exist.
    func follow(_ edge: FollowRecord) throws -> Bool
    /// Adds many edges of one follower, with one event entry.
    func importFollows(of follower: UserID, _ followees: [UserID], since: Timestamp) throws -> Int
    /// Removes an edge.
    func unfollow(_ follower: UserID, _ followee: UserID) throws -> Bool
    /// Makes a post.
    func createPost(_ draft: PostDraft, now: Timestamp) throws -> Creation<PostRecord>
    /// Deletes a post, leaving a tombstone: the record that was removed, nil when it was gone already.
    func deletePost(_ id: PostID, by author: UserID?) throws -> PostRecord?
    /// Runs an effect of another shard's event once: false when the operation is already done.
    func once(_ operation: OperationRecord, in slot: Slot, _ effect: () throws -> Void) throws -> Bool
    /// Forgets events up to a commit.
    func trimLog(through n: Int64) throws
}

/// One log source: a shard's truth.
package protocol Store: AnyObject {
    /// Runs reads on one snapshot.
    func read<Result>(_ body: (any StoreReader) throws -> Result) throws -> Result
    /// Runs operations in one durable transaction; throwing rolls all of them back.
    func write<Result>(_ body: (any StoreWriter) throws -> Result) throws -> Result
    /// Keeps the transaction open from now on, so that many writes share one commit; each write still fails alone.
    func beginGroup()
    /// Whether a write would begin at once: false when another process is writing here. A group asks before it would
    /// wait for one source while it holds others, which could wait for each other for ever.
    func tryBegin() throws -> Bool
    /// Commits what was written since `beginGroup`.
    func endGroup() throws
    /// Forgets what was written since `beginGroup`.
    func abandonGroup()
    /// Tidies up at the end of a process that went on for long.
    func finish() throws
}
