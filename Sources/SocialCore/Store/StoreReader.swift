// What can be asked of one snapshot of a log source. Lists come in the order of a key, a page at a time.

/// Reads of one snapshot of a source.
package protocol StoreReader {
    /// Head, incarnation and sums.
    func state() throws -> SourceState
    /// The slots that the source knows, in order.
    func slots() throws -> [SlotRecord]

    /// The account with an id.
    func account(_ id: UserID) throws -> AccountRecord?
    /// Whom a handle's key names: the account may live elsewhere, have another handle by now, or be gone.
    func owner(ofKey key: String) throws -> UserID?
    /// Accounts that live here, in the order of their present handles' keys, of those whose key begins with a prefix.
    func accounts(prefix: String, page: Page<String>) throws -> [AccountRecord]
    /// The ids of all accounts that live here, in order.
    func accountIDs() throws -> [UserID]
    /// The ids of all accounts that live here, with when each was last active, in the order of the ids.
    func forEachAccount(_ visit: (UserID, Timestamp) throws -> Void) throws
    /// The number of accounts.
    func accountCount() throws -> Int
    /// The keys of the handles that lie here and are or were an account's, in order.
    func handleKeys(of account: UserID) throws -> [String]
    /// Whether there was an account with an id, which has been deleted.
    func isFormer(_ id: UserID) throws -> Bool
    /// The rename that is about to take a handle; nil when there is none.
    func claim(key: String) throws -> HandleClaim?
    /// All renames that are under way, or were left half done.
    func claims() throws -> [HandleClaim]

    /// An edge.
    func follow(_ follower: UserID, _ followee: UserID) throws -> FollowRecord?
    /// The edges of a follower in the order of the followee's id.
    func followees(of follower: UserID, page: Page<UserID>) throws -> [FollowRecord]
    /// The ids of all whom a follower follows, in order.
    func followeeIDs(of follower: UserID) throws -> [UserID]
    /// The edges to a followee whose followers live here, in the order of the follower's id.
    func followers(of followee: UserID, page: Page<UserID>) throws -> [FollowRecord]
    /// The ids of all followers who live here, in order: what a fan-out asks; answered from an index alone.
    func followerIDs(of followee: UserID) throws -> [UserID]
    /// How many accounts a follower follows.
    func followeeCount(of follower: UserID) throws -> Int
    /// How many of an account's followers live here.
    func followerCount(of followee: UserID) throws -> Int
    /// The number of edges whose followers live here.
    func followCount() throws -> Int
    /// All edges, in the order of follower and followee.
    func forEachFollow(_ visit: (FollowRecord) throws -> Void) throws

    /// A relation.
    func relation(_ kind: RelationKind, _ actor: UserID, _ target: EntityID) throws -> RelationRecord?
    /// The relations of an actor, in the order of the target's id.
    func relations(_ kind: RelationKind, of actor: UserID, page: Page<EntityID>) throws -> [RelationRecord]
    /// The relations to a target whose actors live here, in the order of the actor's id.
    func relations(_ kind: RelationKind, to target: EntityID, page: Page<UserID>) throws -> [RelationRecord]
    /// All relations of a kind, in the order of actor and target.
    func forEachRelation(_ kind: RelationKind, _ visit: (RelationRecord) throws -> Void) throws

    /// A post.
    func post(_ id: PostID) throws -> PostRecord?
    /// Whether there was a post with an id, which has been deleted.
    func isFormer(_ id: PostID) throws -> Bool
    /// An author's post ids in a range, newest first.
    ///
    /// - Parameter fromOldest: takes the oldest of the range where the limit cuts, instead of the newest.
    func posts(by author: UserID, in range: ClosedRange<PostID>, limit: Int, fromOldest: Bool) throws -> [PostID]
    /// All posts in a range of ids, newest first.
    func posts(in range: ClosedRange<PostID>, limit: Int, fromOldest: Bool) throws -> [PostRecord]
    /// The ids of posts that expire some time, in a range, newest first.
    func expiringPosts(in range: ClosedRange<PostID>, limit: Int, fromOldest: Bool) throws -> [PostID]
    /// The ids of all posts in a range with their authors, in the order of author and id.
    func forEachPost(in range: ClosedRange<PostID>, _ visit: (UserID, PostID) throws -> Void) throws
    /// The number of posts.
    func postCount() throws -> Int
    /// The posts here that answer a post, in the order of their ids.
    func replies(to post: PostID, page: Page<PostID>) throws -> [PostID]
    /// The posts here that pass a post on, in the order of their ids.
    func reposts(of post: PostID, page: Page<PostID>) throws -> [PostID]
    /// What a post said before its edits, oldest first.
    func versions(of post: PostID) throws -> [PostVersion]
    /// What accounts that live here did with a post; the sum over all sources counts.
    func engagement(of post: PostID) throws -> Engagement
    /// What accounts that live here did with the posts of a range, in the order of the posts' ids.
    func forEachEngagement(in range: ClosedRange<PostID>, _ visit: (PostID, Engagement) throws -> Void) throws

    /// An uploaded file.
    func media(_ id: MediaID) throws -> MediaRecord?
    /// Whether there was an upload with an id, which has been deleted.
    func isFormer(_ id: MediaID) throws -> Bool
    /// The uploads of an author, or of all, in a range of ids, newest first.
    ///
    /// - Parameter fromOldest: takes the oldest of the range where the limit cuts, instead of the newest.
    func media(
        by author: UserID?, in range: ClosedRange<MediaID>, limit: Int, fromOldest: Bool
    ) throws -> [MediaRecord]
    /// The newest upload of an author that has a name.
    func media(by author: UserID, named name: String) throws -> MediaRecord?
    /// The uploads whose bytes are an object's, in the order of their ids.
    func media(of object: ObjectHash, limit: Int) throws -> [MediaRecord]
    /// How many records name an object, also those of slots that are on the move.
    func references(to object: ObjectHash) throws -> Int
    /// The objects that records name, also those of slots on the move, once each and in order, behind one.
    func objects(after object: ObjectHash?, limit: Int) throws -> [(object: ObjectHash, sizeBytes: Int64)]
    /// The number of uploads.
    func mediaCount() throws -> Int

    /// A remembered command.
    func operation(_ account: UserID, _ verb: String, _ key: String) throws -> OperationRecord?
    /// All commands that are remembered here of an account, in the order of verbs and keys.
    func operations(of account: UserID) throws -> [OperationRecord]
    /// What changes here still have to do on other shards.
    func pendingEffects() throws -> [PendingEffect]
    /// How far a bulk import has come on this source; nil when it has not begun.
    func progress(_ key: String) throws -> Int64?
    /// How far it had come for slots that have come here from another source since: for these it counts instead.
    func progressOfSlots(_ key: String) throws -> [(slot: Slot, done: Int64)]

    /// Events after a commit, oldest first; at least one event, then until a number of entries is reached.
    func events(after n: Int64, entryLimit: Int) throws -> [Event]
    /// Which of some accounts live here.
    func living(_ ids: [UserID]) throws -> Set<UserID>
    /// Which of some posts are here.
    func present(_ ids: [PostID]) throws -> Set<PostID>
    /// Whom the keys of some handles name, in their order.
    func owners(ofKeys keys: [String]) throws -> [UserID?]
    /// What the engine itself finds wrong with its file: pages, trees and indexes.
    func engineProblems() throws -> [String]
    /// Every row of truth, in the order of `RowKey`; the cursor is of use within the same read.
    func rows() throws -> RowCursor
}

extension StoreReader {
    /// The same for engines that need no trip for a question.
    package func living(_ ids: [UserID]) throws -> Set<UserID> { Set(try ids.filter { try account($0) != nil }) }

    /// The same for engines that need no trip for a question.
    package func present(_ ids: [PostID]) throws -> Set<PostID> { Set(try ids.filter { try post($0) != nil }) }

    /// The same for engines that need no trip for a question.
    package func owners(ofKeys keys: [String]) throws -> [UserID?] { try keys.map(owner) }

    /// An author's newest post ids in a range, newest first.
    package func posts(by author: UserID, in range: ClosedRange<PostID>, limit: Int) throws -> [PostID] {
        try posts(by: author, in: range, limit: limit, fromOldest: false)
    }

    /// The newest posts in a range of ids, newest first.
    package func posts(in range: ClosedRange<PostID>, limit: Int) throws -> [PostRecord] {
        try posts(in: range, limit: limit, fromOldest: false)
    }
}

/// A handle that a rename is about to take.
package struct HandleClaim: Equatable, Sendable {
    /// The key of the handle.
    package var key: String
    /// Who will have it.
    package var account: UserID
    /// The number of the rename.
    package var operation: Int64

    /// The verb under which the account's shard remembers whether the rename took place.
    package static let verb = "user rename"
    /// The key under which it does.
    package var operationKey: String { String(operation) }

    /// A handle that a rename is about to take.
    package init(key: String, account: UserID, operation: Int64) {
        self.key = key
        self.account = account
        self.operation = operation
    }
}
