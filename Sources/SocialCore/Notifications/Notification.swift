// A notification as a reader sees it: what several accounts did to one post is told together.

/// Something that a reader is told.
package struct Notification: Sendable {
    /// Which one; the same as long as it is there.
    package var id: NotificationID
    /// When the newest of its items happened.
    package var time: Timestamp
    /// The same with what the reader does not see: up to then it is read once it is marked.
    var newest: Timestamp
    /// The post that it is about; a reply or a mention itself.
    package var post: PostID?
    /// The upload that it is about.
    package var media: MediaID?
    /// Who did it: the newest few, the newest first.
    package var actors: [AccountRecord] = []
    /// The same by their ids.
    var people: [UserID] = []
    /// How many accounts did it; 1 where nobody did.
    package var count = 1
    /// How many of them the reader has not seen yet.
    package var unread = 0
    /// Who alone did it, where each item is told alone.
    package var actor: UserID?
    /// What a notice says.
    package var notice: String?

    /// Its place in the list.
    package var cursor: NotificationCursor { NotificationCursor(time, id, by: actor) }

    /// What it says: "ana and 12 others liked your post".
    package var text: String {
        switch id.kind {
        case .mention: "\(names) mentioned you"
        case .reply: "\(names) replied to your post"
        case .like: "\(names) liked your post"
        case .repost: "\(names) reposted your post"
        case .follow: "\(names) followed you"
        case .post: "\(names) posted"
        case .filmReady: notice ?? "your film can be streamed"
        case .notice: notice ?? id.name
        }
    }

    /// Who did it.
    private var names: String {
        guard let first = actors.first?.handle.display else { return "somebody" }
        if count == 2, actors.count == 2 { return "\(first) and \(actors[1].handle.display)" }
        return count <= 1 ? first : "\(first) and \(count - 1) other\(count == 2 ? "" : "s")"
    }
}
