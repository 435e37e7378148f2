// What a store refuses, beside what a disk can do wrong.

/// An error of a store.
package struct StoreError: RoomError {
    /// The kinds of refusal.
    package enum Code: String, CaseIterable, Sendable {
        /// The slot is not this store's at the expected epoch: reload the slot map and try again.
        case slotMoved = "slot_moved"
        /// There is no such shard any more.
        case shardRemoved = "shard_removed"
        /// The handle is another account's.
        case handleTaken = "handle_taken"
        /// Another rename is about to take the handle.
        case handleClaimed = "handle_claimed"
        /// The rename was called off by someone who met its claim first.
        case renameCalledOff = "rename_called_off"
        /// The idempotency key was used for another command.
        case keyReused = "key_reused"
        /// There is no such account.
        case noSuchAccount = "no_such_account"
        /// There is no such post.
        case noSuchPost = "no_such_post"
        /// There is no such upload.
        case noSuchMedia = "no_such_media"
        /// A repost has no text of its own to be edited.
        case isRepost = "is_repost"
        /// Another row of truth stands where one was to be put.
        case rowDiffers = "row_differs"
        /// The shard's tables are of an older format: they are brought up to date before anything else is done.
        case olderFormat = "older_format"
        /// The post or the upload is someone else's.
        case notTheAuthor = "not_the_author"
        /// No id can be minted now.
        case clockAhead = "clock_ahead"
        /// The network is on servers of a kind that this program was built without.
        case noPostgreSQL = "no_postgresql"
        /// What is asked for is the business of the server that keeps the truth.
        case onServer = "on_server"
        /// Files keep the truth, and servers are asked for.
        case notOnServer = "not_on_server"
        /// A server does not write the log that another one needs to follow it.
        case noLogicalLog = "no_logical_log"
        /// That is no address of a server, or one that tells a secret.
        case invalidAddress = "invalid_address"
        /// The time lies outside what an id can carry, or is full.
        case badTime = "bad_time"
    }

    /// Which refusal this is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What to do.
    package let hint: String?

    /// A refusal with a message.
    package init(_ code: Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The refusal of what only files need.
    static var onServer: StoreError {
        StoreError(
            .onServer, "a server keeps the truth of this network",
            hint: "use the server's own tools for copies and backups")
    }

    /// The refusal that stands for a failed minting.
    package init(_ error: MintingError) {
        switch error {
        case .clockAhead:
            self.init(
                .clockAhead, "the newest ids are more than ten minutes ahead of the clock",
                hint: "set the clock, or wait until it has caught up")
        case .outOfRange: self.init(.badTime, "ids carry times from 2004 to 2073")
        case .exhausted: self.init(.badTime, "all 1,024 ids of that millisecond are taken")
        }
    }
}
