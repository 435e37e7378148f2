// What is kept of a post, and of what it said before it was edited.

/// A post, as truth keeps it.
///
/// A repost is a post of its own, without text, that names its original.
package struct PostRecord: Equatable, Sendable {
    /// The id; its time is the post's time.
    package var id: PostID
    /// Who wrote it.
    package var author: UserID
    /// What it says now.
    package var text: String
    /// The post that it answers.
    package var replyTo: PostID?
    /// The post that it passes on.
    package var repostOf: PostID?
    /// From when on it is no longer shown.
    package var expiresAt: Timestamp?
    /// When its text was last changed.
    package var editedAt: Timestamp?
    /// The uploads that it shows, in their order; some may have been deleted since.
    package var media: [MediaID]

    /// A post.
    package init(
        id: PostID, author: UserID, text: String, replyTo: PostID? = nil, repostOf: PostID? = nil,
        expiresAt: Timestamp? = nil, editedAt: Timestamp? = nil, media: [MediaID] = []
    ) {
        self.id = id
        self.author = author
        self.text = text
        self.replyTo = replyTo
        self.repostOf = repostOf
        self.expiresAt = expiresAt
        self.editedAt = editedAt
        self.media = media
    }

    /// Whether it is no longer shown.
    package func isExpired(at now: Timestamp) -> Bool { expiresAt.map { $0 <= now } ?? false }

    /// Whether it is nothing but a text.
    package var isPlain: Bool {
        replyTo == nil && repostOf == nil && expiresAt == nil && editedAt == nil && media.isEmpty
    }

    /// The uploads in one text, as a row keeps them: ids between spaces; nil for none.
    package var mediaText: String? { media.isEmpty ? nil : media.map(\.description).joined(separator: " ") }

    /// The uploads that a row's text names.
    package static func media(in text: String?) -> [MediaID] {
        text.map { $0.split(separator: " ").compactMap { MediaID(decimal: $0) } } ?? []
    }
}

/// What a post said before an edit.
package struct PostVersion: Equatable, Sendable {
    /// Which post.
    package var post: PostID
    /// The number of the version, from 1.
    package var number: Int64
    /// What it said.
    package var text: String
    /// When it began to say so.
    package var writtenAt: Timestamp

    /// What a post said before an edit.
    package init(post: PostID, number: Int64, text: String, writtenAt: Timestamp) {
        self.post = post
        self.number = number
        self.text = text
        self.writtenAt = writtenAt
    }
}

/// What others did with a post.
package struct Engagement: Equatable, Sendable {
    /// Accounts that like it.
    package var likes: Int64
    /// Posts that answer it.
    package var replies: Int64
    /// Accounts that passed it on.
    package var reposts: Int64

    /// What others did with a post.
    package init(likes: Int64 = 0, replies: Int64 = 0, reposts: Int64 = 0) {
        self.likes = likes
        self.replies = replies
        self.reposts = reposts
    }

    /// Adds what was counted elsewhere.
    package static func += (left: inout Engagement, right: Engagement) {
        left.likes += right.likes
        left.replies += right.replies
        left.reposts += right.reposts
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
    /// The post that it answers.
    package var replyTo: PostID?
    /// The post that it passes on; an account does that once.
    package var repostOf: PostID?
    /// From when on it is no longer shown.
    package var expiresAt: Timestamp?
    /// For how long it is shown, as the command said it.
    package var lifetimeMilliseconds: Int64?
    /// The uploads that it shows.
    package var media: [MediaID]

    /// A post to be made.
    package init(
        author: UserID, slot: Slot, text: String, time: Timestamp? = nil, idempotencyKey: String? = nil,
        replyTo: PostID? = nil, repostOf: PostID? = nil, expiresAt: Timestamp? = nil,
        lifetimeMilliseconds: Int64? = nil, media: [MediaID] = []
    ) {
        self.author = author
        self.slot = slot
        self.text = text
        self.time = time
        self.idempotencyKey = idempotencyKey
        self.replyTo = replyTo
        self.repostOf = repostOf
        self.expiresAt = expiresAt
        self.lifetimeMilliseconds = lifetimeMilliseconds
        self.media = media
    }

    /// The post with its id.
    package func record(_ id: PostID) -> PostRecord {
        PostRecord(
            id: id, author: author, text: text, replyTo: replyTo, repostOf: repostOf, expiresAt: expiresAt,
            media: media)
    }

    /// The verb under which its idempotency key is remembered.
    package var verb: String { repostOf == nil ? "post create" : "post repost" }

    /// A hash of the arguments, which tells a repetition from another command under the same key.
    ///
    /// When a post expires depends on the clock; for how long it is shown does not.
    package var fingerprint: Int64 {
        var record = record(PostID(rawValue: time?.milliseconds ?? 0))
        record.expiresAt = lifetimeMilliseconds.map { Timestamp(milliseconds: $0) }
        return Int64(bitPattern: TruthRow.post(record).check)
    }
}
