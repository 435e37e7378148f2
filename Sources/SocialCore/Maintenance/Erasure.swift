// What is left of a person who wants to be forgotten: the ids that were given, and a hash of each handle. Rows go
// first, then the bytes that they have left in files. Each step does the same when it is done twice, so whoever was
// interrupted begins again.

/// What an erasure has removed, or would.
package struct Erasure: Equatable, Sendable {
    /// Whose it was.
    package var account: UserID
    /// The handle under which the account was found; nil when it was gone already.
    package var handle: Handle?
    /// Posts and reposts, which leave their ids.
    package var posts = 0
    /// Uploads, which leave their ids.
    package var uploads = 0
    /// Handles and idempotency keys.
    package var names = 0
    /// What was recorded: tokens, preferences, marks, notices, messages, and names of resources.
    package var records = 0
    /// Objects that nobody refers to any more, also those that had been left by others.
    package var objects = 0
    /// Whether there was an account.
    package var wasThere = false

    /// Whether there was something to erase.
    package var isChanged: Bool { wasThere || names + records + objects > 0 }

    /// Nothing of an account yet.
    package init(of account: UserID) { self.account = account }
}
