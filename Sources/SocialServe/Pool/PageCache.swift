// Pages of feeds as they were answered last. A page holds as long as nothing has been committed anywhere and nothing
// on it expires, which is read from the mapped heads of the logs; so it is never out of date.

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
        /// When something on it expires.
        let until: Timestamp?

        /// The answer with this page.
        func answer(for request: Request) -> Answer { Answer.json(bytes).tagged(tag, for: request) }
    }

    private static let capacityBytes = 64 << 20
    private var pages: [Key: Page] = [:]
    private var sizeBytes = 0
    private var heads: OffsetVector?

    /// The page for what is asked for; nil when it is not there, or may not be what would be made now.
    func page(_ key: Key, heads: OffsetVector, at now: Timestamp) -> Page? {
        guard self.heads == heads, let page = pages[key] else { return nil }
        if let until = page.until, until <= now { return nil }
        return page
    }

    /// Remembers a page.
    mutating func keep(_ page: Page, _ key: Key, heads: OffsetVector) {
        if self.heads != heads || sizeBytes > PageCache.capacityBytes {
            pages.removeAll(keepingCapacity: true)
            sizeBytes = 0
            self.heads = heads
        }
        pages[key] = page
        sizeBytes += page.bytes.count
    }
}
