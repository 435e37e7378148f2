// What is kept of a post.

/// A post, as truth keeps it.
package struct PostRecord: Equatable, Sendable {
    /// The id; its time is the post's time.
    package var id: PostID
    /// Who wrote it.
    package var author: UserID
    /// What was written.
    package var text: String

    /// A post.
    package init(id: PostID, author: UserID, text: String) {
        self.id = id
        self.author = author
        self.text = text
    }
}

/// A post to be made.
package struct PostDraft: Equatable, Sendable {
    /// Who writes it; the command has made sure that the account exists.
    package var author: UserID
    /// Where it will live: the author's slot, or any slot when posts are spread.
    package var slot: Slot
    /// What is written.
    package var text: String
    /// The post's own time when it is imported; nil: now.
    package var time: Timestamp?
    /// Names the command, so that a repetition finds the first result.
    package var idempotencyKey: String?

    /// A post to be made.
    package init(
        author: UserID, slot: Slot, text: String, time: Timestamp? = nil, idempotencyKey: String? = nil
    ) {
        self.author = author
        self.slot = slot
        self.text = text
        self.time = time
        self.idempotencyKey = idempotencyKey
    }
}

extension PostDraft {
    /// A hash of the arguments, which tells a repetition from another command under the same key.
    package var fingerprint: Int64 {
        TruthRow.post(PostRecord(id: PostID(rawValue: time?.milliseconds ?? 0), author: author, text: text)).digest
            .short
    }
}
