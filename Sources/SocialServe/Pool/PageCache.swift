// Pages of feeds as they were answered last. What is committed since is held against a page when it is asked for
// again: it stays as long as none of it could show on the page. So a page is never out of date, and a post takes away
// the pages of those who follow its author, not all.

internal import SocialCore

/// The pages that a thread has made lately.
struct PageCache {
    /// What was asked for.
    struct Key: Hashable {
        let reader: UserID
        let after: PostID?
        let limit: Int
    }

    /// A page.
    struct Page {
        let bytes: [UInt8]
        let tag: String
        /// What is shown on it.
        let resources: [AccessedResource]
        /// The posts on it, and those that they pass on.
        let posts: [PostID]
        /// The oldest one, behind which the next page begins; nil on a page that is not full.
        let last: PostID?
        /// When something on it expires.
        let until: Timestamp?

        /// The answer with this page.
        func answer(for request: Request) -> Answer { Answer.json(bytes).tagged(tag, for: request) }
    }

    /// What a commit may mean for pages.
    enum Change {
        case posted(UserID, PostID)
        /// A post shows something else.
        case content(PostID)
        /// Somebody else is in the reader's feed.
        case relations(UserID)
        /// It could be anything.
        case everything
    }

    private struct Held {
        let page: Page
        /// Up to which change it is what would be made now.
        var changes: Int
    }

    private static let capacityBytes = 64 << 20
    /// So many changes are held against a page before it is better made again.
    private static let heldChanges = 1_024

    private var pages: [Key: Held] = [:]
    /// Whose posts show in the feeds of readers who have pages.
    private var authors: [UserID: Set<UserID>] = [:]
    private var sizeBytes = 0
    /// The latest changes, of which the first has the number `forgotten`.
    private var changes: [Change] = []
    private var forgotten = 0

    // MARK: Changes

    /// Notes what a commit may mean for pages.
    mutating func note(_ change: Change) {
        switch change {
        case .everything: removeAll()
        case .relations(let reader): sizeBytes -= authors.removeValue(forKey: reader).map(PageCache.sizeBytes) ?? 0
        case .posted, .content: break
        }
        if pages.isEmpty { return }
        changes.append(change)
        guard changes.count > 2 * PageCache.heldChanges else { return }
        changes.removeFirst(PageCache.heldChanges)
        forgotten += PageCache.heldChanges
    }

    private mutating func removeAll() {
        pages.removeAll(keepingCapacity: true)
        authors.removeAll(keepingCapacity: true)
        changes = []
        sizeBytes = 0
    }

    /// About how much memory some authors take.
    private static func sizeBytes(of authors: Set<UserID>) -> Int { authors.capacity * MemoryLayout<UserID>.size * 2 }

    /// Whether a change leaves a page as it is.
    private func leaves(_ page: Page, _ key: Key, _ authors: Set<UserID>, _ change: Change) -> Bool {
        switch change {
        case .everything: return false
        case .relations(let reader): return reader != key.reader
        case .content(let post): return !page.posts.contains(post)
        case .posted(let author, let post):
            if let after = key.after, post >= after { return true }
            if let last = page.last, post < last { return true }
            return !authors.contains(author)
        }
    }

    // MARK: Pages

    /// The page for what is asked for; nil when it is not there, or may not be what would be made now.
    mutating func page(_ key: Key, at now: Timestamp) -> Page? {
        guard let held = pages[key] else { return nil }
        let page = held.page
        let isFresh = held.changes == forgotten + changes.count
        let isValid =
            isFresh
            || held.changes >= forgotten
                && changes[(held.changes - forgotten)...].allSatisfy { change in
                    authors[key.reader].map { leaves(page, key, $0, change) } ?? false
                }
        guard isValid, page.until.map({ $0 > now }) ?? true else {
            sizeBytes -= page.bytes.count
            pages[key] = nil
            return nil
        }
        if !isFresh { pages[key]?.changes = forgotten + changes.count }
        return page
    }

    /// Remembers a page that shows everything that was noted.
    ///
    /// - Parameter readAuthors: whose posts show in the reader's feed.
    mutating func keep(_ page: Page, _ key: Key, _ readAuthors: () throws -> [UserID]) rethrows {
        if sizeBytes > PageCache.capacityBytes { removeAll() }
        if authors[key.reader] == nil {
            let read = Set(try readAuthors())
            authors[key.reader] = read
            sizeBytes += PageCache.sizeBytes(of: read)
        }
        pages[key] = Held(page: page, changes: forgotten + changes.count)
        sizeBytes += page.bytes.count
    }
}
