// Posts as JSON, kept ready: a page of a feed is then put together from bytes. The event logs say which of them are no
// longer what would be written now, so a page has what is stored at its time, also when another process changed it.

internal import Formats
internal import SocialCLI
internal import SocialCore

/// The JSON of posts that were shown lately; for one thread.
final class PostFragments {
    /// A post as JSON, without the bracket at its end: lists add what they know of its place.
    struct Fragment {
        let json: [UInt8]
        let resource: AccessedResource
    }

    private let network: Network
    private let capacity: Int
    private var young: [PostID: Fragment] = [:]
    private var old: [PostID: Fragment] = [:]
    /// Reposts by what they pass on: they show its text and counts.
    private var reposts: [PostID: [PostID]] = [:]
    private var applied: OffsetVector?
    /// Posts that have been made since, of which it is not known whom they answer.
    private var unread: [PostID] = []
    private(set) var hits = 0
    private(set) var misses = 0

    init(_ network: Network, capacity: Int = 65_536) {
        self.network = network
        self.capacity = capacity
    }

    /// Forgets what has changed up to now, and says what that was.
    func refresh(_ note: (PageCache.Change) -> Void) throws {
        let heads = try network.logHeads.vector()
        if applied == heads { return }
        guard var applied else {
            self.applied = heads
            return
        }
        var entries = 0
        let goesOn = try OrderedLogs(router: network.router).forEach(after: &applied, to: heads) { part in
            for event in part.events {
                entries += event.entries.count
                for entry in event.entries { forget(entry, note) }
            }
            return entries <= Limits.catchUpEntries
        }
        if goesOn, entries <= Limits.catchUpEntries {
            self.applied = applied
        } else {
            forgetAll(note)
            self.applied = heads
        }
        try forgetParents(note)
    }

    private func forget(_ entry: EventEntry, _ note: (PageCache.Change) -> Void) {
        switch entry {
        case .posted(let author, let post):
            unread.append(post)
            note(.posted(author, post))
        case .postEdited(_, let post): forget(post, note)
        case .related(.like, _, let target), .unrelated(.like, _, let target):
            forget(PostID(rawValue: target.rawValue), note)
        // What it answered is not known any more; names stand in every post.
        case .postDeleted, .accountChanged, .accountDeleted, .mediaDeleted, .adopted, .released: forgetAll(note)
        case .followed, .unfollowed, .followsImported, .related, .unrelated:
            for reader in Listeners.changed(by: entry) { note(.relations(reader)) }
        case .accountCreated, .accountActive, .uploaded, .mediaChanged: break
        }
    }

    /// New posts change the counts of what they answer or pass on.
    private func forgetParents(_ note: (PageCache.Change) -> Void) throws {
        guard !unread.isEmpty else { return }
        defer { unread = [] }
        if young.isEmpty, old.isEmpty { return }
        for case let post? in try network.posts.records(of: unread) {
            if let parent = post.replyTo { forget(parent, note) }
            if let original = post.repostOf { forget(original, note) }
        }
    }

    private func forget(_ post: PostID, _ note: (PageCache.Change) -> Void) {
        note(.content(post))
        young[post] = nil
        old[post] = nil
        for repost in reposts.removeValue(forKey: post) ?? [] {
            young[repost] = nil
            old[repost] = nil
        }
    }

    private func forgetAll(_ note: (PageCache.Change) -> Void) {
        note(.everything)
        forgetAll()
    }

    private func forgetAll() {
        young = [:]
        old = [:]
        reposts = [:]
        unread = []
    }

    /// The fragments of some posts, in their order; valid as of the last `refresh`.
    func fragments(of items: [PostItem]) throws -> [Fragment] {
        var found: [Fragment?] = []
        found.reserveCapacity(items.count)
        var missing: [Int] = []
        for (index, item) in items.enumerated() {
            let fragment = known(item.id)
            found.append(fragment)
            if fragment == nil { missing.append(index) }
        }
        hits += items.count - missing.count
        misses += missing.count
        if !missing.isEmpty {
            let rows = try PostOutput.rows(missing.map { items[$0] }, network)
            for (index, cells) in zip(missing, rows) {
                let fragment = Fragment(
                    json: try PostFragments.json(cells), resource: .post(items[index].subject.id))
                found[index] = fragment
                keep(fragment, of: items[index])
            }
        }
        return found.compactMap { $0 }
    }

    private func known(_ id: PostID) -> Fragment? {
        if let fragment = young[id] { return fragment }
        guard let fragment = old[id] else { return nil }
        // What is used stays; what is not goes with the old ones.
        young[id] = fragment
        return fragment
    }

    private func keep(_ fragment: Fragment, of item: PostItem) {
        if young.count >= capacity / 2 {
            old = young
            young = [:]
            if reposts.count > capacity { forgetAll() }
        }
        young[item.id] = fragment
        if let original = item.original?.id { reposts[original, default: []].append(item.id) }
    }

    /// The fields of a post as JSON, without the end of the object.
    private static func json(_ cells: [Cell]) throws -> [UInt8] {
        var encoder = try RecordEncoder(.ndjson, columns: PostOutput.fields.map(\.column))
        encoder.record(cells)
        var bytes = encoder.bytes
        bytes.removeLast(2)
        return bytes
    }
}
