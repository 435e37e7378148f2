// What can be done in one transaction of a log source.

/// Operations of one transaction.
///
/// Each either does all that it says or throws and changes nothing. What an account that was deleted here would do, or
/// what would be done to it, is refused as `noSuchAccount`.
package protocol StoreWriter: StoreReader {
    /// Makes an account. An equal account under the same handle is no error; a different one is.
    func createAccount(_ draft: AccountDraft, now: Timestamp) throws -> Creation<AccountRecord>
    /// Changes a profile; `isNew` tells whether it is another now.
    func updateAccount(
        _ id: UserID, _ change: (inout AccountRecord.Profile) throws -> Void
    ) throws -> Creation<AccountRecord>
    /// Notes that an account is active; at most one event an hour.
    func touchAccount(_ id: UserID, now: Timestamp) throws -> Creation<AccountRecord>
    /// Deletes an account with all that lives in its slot: its edges, relations and posts; what lies on other shards
    /// is left to `removeTraces` and stays pending.
    ///
    /// - Returns: the record that was removed, nil when it was gone already.
    func deleteAccount(_ id: UserID) throws -> AccountRecord?
    /// Removes edges and relations to an account that is gone, and its posts, as far as they lie here.
    ///
    /// - Returns: whether all is done; otherwise the caller goes on in another transaction.
    func removeTraces(of account: UserID, limit: Int) throws -> Bool
    /// Takes away the names that are left here of an account that is gone: of its handles a hash stays, which keeps
    /// others from taking them, and the commands that were remembered of it are forgotten.
    ///
    /// - Returns: how many rows are others now, or gone.
    func eraseNames(of account: UserID) throws -> Int

    /// Claims a handle for a rename, in the handle's slot: true when the account has it already.
    ///
    /// - Throws: `handleTaken`; `handleClaimed` when another rename has to be settled first.
    func claimHandle(_ claim: HandleClaim) throws -> Bool
    /// Gives the account its new handle, in the account's slot, unless the rename was called off.
    func rename(_ id: UserID, to handle: Handle, operation: Int64) throws -> AccountRecord
    /// Calls off a rename that has not reached the account: false when it has, and so holds.
    func callOffRename(of id: UserID, operation: Int64) throws -> Bool
    /// Ends a claim: the handle is the account's from now on, or free again.
    func settle(_ claim: HandleClaim, isConfirmed: Bool) throws

    /// Adds an edge; the command has made sure that both accounts exist.
    func follow(_ edge: FollowRecord) throws -> Bool
    /// Adds many edges of one follower, with one event entry.
    func importFollows(of follower: UserID, _ followees: [UserID], since: Timestamp) throws -> Int
    /// Removes an edge.
    func unfollow(_ follower: UserID, _ followee: UserID) throws -> Bool
    /// Adds a relation: false when it is there. A block also ends the actor's follow, and leaves the other one pending.
    func relate(_ relation: RelationRecord) throws -> Bool
    /// Removes a relation: false when there is none.
    func unrelate(_ kind: RelationKind, _ actor: UserID, _ target: EntityID) throws -> Bool

    /// Makes a post. Passing on a post again finds the first time.
    func createPost(_ draft: PostDraft, now: Timestamp) throws -> Creation<PostRecord>
    /// Changes a post's text and keeps what it said; `isNew` tells whether it says something else now.
    func editPost(_ id: PostID, text: String, by author: UserID?, now: Timestamp) throws -> Creation<PostRecord>
    /// Deletes a post, leaving a tombstone: the record that was removed, nil when it was gone already.
    func deletePost(_ id: PostID, by author: UserID?) throws -> PostRecord?

    /// Makes an uploaded file known. The same file with the same words finds the first time.
    func createMedia(_ draft: MediaDraft, now: Timestamp) throws -> Creation<MediaRecord>
    /// Changes what is said about an uploaded file; `isNew` tells whether it is another now.
    func updateMedia(
        _ id: MediaID, by author: UserID?, _ change: (inout MediaRecord.Content) throws -> Void
    ) throws -> Creation<MediaRecord>
    /// Deletes an uploaded file's record: what was removed, nil when it was gone already.
    func deleteMedia(_ id: MediaID, by author: UserID?) throws -> MediaRecord?

    /// Notes that an effect on another shard is done.
    func finish(_ effect: PendingEffect) throws
    /// Notes that a bulk import has come so far on this source, in all of its slots; it never goes back.
    func setProgress(_ key: String, _ done: Int64) throws
    /// Puts a row of truth exactly as it is: false when it is there already.
    ///
    /// - Parameters:
    ///   - slot: the row's own, see `TruthRow.slot`.
    ///   - replacing: puts it in the place of another row with the same key; a tombstone ends what it is about.
    /// - Throws: `rowDiffers` when another row stands in its place, and is not to be replaced.
    func restore(_ row: TruthRow, in slot: Slot, replacing: Bool, now: Timestamp) throws -> Bool
    /// Puts many rows exactly as they are, as if one after the other: what has become of each.
    ///
    /// Where another row stands in the place of one and is not to be replaced, that stays.
    func restore(_ items: [RestoredRow], now: Timestamp) throws -> [Restored]
    /// Forgets events up to a commit.
    func trimLog(through n: Int64) throws
}

/// A row that is put exactly as it is.
package struct RestoredRow: Sendable {
    /// The row.
    package let row: TruthRow
    /// The row's slot.
    package let slot: Slot
    /// Whether it takes the place of another one.
    package let replaces: Bool

    /// A row that is put exactly as it is.
    package init(_ row: TruthRow, in slot: Slot, replaces: Bool = false) {
        (self.row, self.slot, self.replaces) = (row, slot, replaces)
    }
}

extension StoreWriter {
    /// The same for engines that need no trip for a question.
    package func restore(_ items: [RestoredRow], now: Timestamp) throws -> [Restored] {
        try items.map { item in
            do {
                return try restore(item.row, in: item.slot, replacing: item.replaces, now: now) ? .added : .present
            } catch let error as StoreError where error.code == .rowDiffers { return .differs }
        }
    }

    /// Puts a row of truth exactly as it is, where no other stands in its place.
    package func restore(_ row: TruthRow, in slot: Slot, now: Timestamp) throws -> Bool {
        try restore(row, in: slot, replacing: false, now: now)
    }
}
