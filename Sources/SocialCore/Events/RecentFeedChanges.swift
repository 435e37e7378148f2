// What happened to feeds in the last commits of a log, for processes that go on working: with it a cached feed that is
// a moment old is as good as a current one.

/// What one log says of feeds, as far back as is remembered.
struct RecentFeedChanges {
    /// What happened to feeds in one commit.
    struct Change: Equatable {
        var n: Int64
        var what: What
    }

    /// What it was.
    enum What: Equatable {
        case posted(UserID, PostID)
        /// Something else that changes one reader's feed.
        case reader(UserID)
        case everything
    }

    /// So many changes are remembered at least.
    static let capacity = 4_096
    private var changes: [Change] = []
    /// Everything after this place is remembered.
    private var start: LogPosition

    init(after start: LogPosition) { self.start = start }

    mutating func note(_ entry: EventEntry, at n: Int64) {
        switch entry {
        case .accountCreated(let reader), .followsImported(let reader), .followed(let reader, _),
            .unfollowed(let reader, _), .related(.mute, let reader, _), .unrelated(.mute, let reader, _):
            changes.append(Change(n: n, what: .reader(reader)))
        case .posted(let author, let post): changes.append(Change(n: n, what: .posted(author, post)))
        // A cached feed of a slot that has come or gone may be of an earlier stay.
        case .postDeleted, .accountDeleted, .adopted, .released: changes.append(Change(n: n, what: .everything))
        case .accountActive, .accountChanged, .postEdited, .related, .unrelated: break
        case .uploaded, .mediaChanged, .mediaDeleted: break
        }
        guard changes.count >= 2 * RecentFeedChanges.capacity else { return }
        start.n = changes[RecentFeedChanges.capacity - 1].n
        changes.removeFirst(RecentFeedChanges.capacity)
    }

    /// What came after a place; nil when that is too long ago.
    func since(_ place: LogPosition) -> ArraySlice<Change>? {
        guard place.incarnation == start.incarnation, place.n >= start.n else { return nil }
        let first = changes.lastIndex { $0.n <= place.n }.map { $0 + 1 } ?? 0
        return changes[first...]
    }
}
