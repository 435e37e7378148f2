// Posts, tombstones and remembered commands in memory.

internal import SocialCore

extension MemoryTransaction {
    func post(_ id: PostID) throws -> PostRecord? { held.posts[id] }

    func isFormer(_ id: PostID) throws -> Bool { held.tombstones.contains(id) }

    func posts(
        by author: UserID, in range: ClosedRange<PostID>, limit: Int, fromOldest: Bool
    ) throws -> [PostID] {
        try posts(in: range, limit: .max, fromOldest: false).filter { $0.author == author }.map(\.id)
            .cut(limit, fromOldest)
    }

    func posts(in range: ClosedRange<PostID>, limit: Int, fromOldest: Bool) throws -> [PostRecord] {
        held.posts.values.filter { range.contains($0.id) }.sorted { $0.id > $1.id }.cut(limit, fromOldest)
    }

    func expiringPosts(in range: ClosedRange<PostID>, limit: Int, fromOldest: Bool) throws -> [PostID] {
        try posts(in: range, limit: .max, fromOldest: false).filter { $0.expiresAt != nil }.map(\.id)
            .cut(limit, fromOldest)
    }

    func replies(to post: PostID, page: Page<PostID>) throws -> [PostID] {
        page.model(held.posts.values.filter { $0.replyTo == post }.map(\.id)) { $0 }
    }

    func reposts(of post: PostID, page: Page<PostID>) throws -> [PostID] {
        page.model(held.posts.values.filter { $0.repostOf == post }.map(\.id)) { $0 }
    }

    func versions(of post: PostID) throws -> [PostVersion] {
        held.versions.filter { $0.post == post }.sorted { $0.number < $1.number }
    }

    func operation(_ account: UserID, _ verb: String, _ key: String) throws -> OperationRecord? {
        held.operations[MemoryState.OperationName(account: account, verb: verb, key: key)]
    }

    func forEachPost(in range: ClosedRange<PostID>, _ visit: (UserID, PostID) throws -> Void) throws {
        let posts = held.posts.values.filter { range.contains($0.id) }
        for post in posts.sorted(by: { ($0.author, $0.id) < ($1.author, $1.id) }) { try visit(post.author, post.id) }
    }

    func postCount() throws -> Int { held.posts.count }

    func createPost(_ draft: PostDraft, now: Timestamp) throws -> Creation<PostRecord> {
        try claim(draft.slot)
        try requireNotFormer(draft.author)
        let name = draft.idempotencyKey.map {
            MemoryState.OperationName(account: draft.author, verb: draft.verb, key: $0)
        }
        if let name, let earlier = held.operations[name] {
            guard earlier.fingerprint == draft.fingerprint else { throw StoreError(.keyReused, "the key is used") }
            let id = PostID(rawValue: earlier.result)
            return Creation(
                held.posts[id] ?? draft.record(id), isNew: false)
        }
        if let original = draft.repostOf,
            let earlier = held.posts.values.filter({ $0.repostOf == original && $0.author == draft.author })
                .min(by: { $0.id < $1.id })
        {
            return Creation(earlier, isNew: false)
        }
        let raw: Int64
        if let time = draft.time {
            raw = try mint(in: draft.slot, imported: time)
        } else {
            raw = try mint(in: draft.slot, now: now)
        }
        let record = draft.record(PostID(rawValue: raw))
        held.posts[record.id] = record
        pending.append(.posted(author: draft.author, post: record.id))
        if let name {
            held.operations[name] = OperationRecord(
                account: name.account, verb: name.verb, key: name.key, fingerprint: draft.fingerprint, result: raw)
        }
        return Creation(record, isNew: true)
    }

    func deletePost(_ id: PostID, by author: UserID?) throws -> PostRecord? {
        try claim(id.slot)
        guard let record = held.posts[id] else {
            if held.tombstones.contains(id) { return nil }
            throw StoreError(.noSuchPost, "no such post")
        }
        guard author == nil || author == record.author else { throw StoreError(.notTheAuthor, "someone else's") }
        held.posts[id] = nil
        held.versions.removeAll { $0.post == id }
        held.tombstones.insert(id)
        pending.append(.postDeleted(author: record.author, post: id))
        return record
    }

    func editPost(_ id: PostID, text: String, by author: UserID?, now: Timestamp) throws -> Creation<PostRecord> {
        try claim(id.slot)
        guard var record = held.posts[id] else { throw StoreError(.noSuchPost, "no such post") }
        guard author == nil || author == record.author else { throw StoreError(.notTheAuthor, "someone else's") }
        guard record.repostOf == nil else { throw StoreError(.isRepost, "a repost") }
        guard record.text != text else { return Creation(record, isNew: false) }
        let number = Int64(held.versions.count { $0.post == id }) + 1
        held.versions.append(
            PostVersion(post: id, number: number, text: record.text, writtenAt: record.editedAt ?? id.time))
        record.text = text
        record.editedAt = now
        held.posts[id] = record
        pending.append(.postEdited(author: record.author, post: id))
        return Creation(record, isNew: true)
    }
}

extension Array {
    /// The first or last elements.
    fileprivate func cut(_ limit: Int, _ fromEnd: Bool) -> [Element] {
        Array(fromEnd ? suffix(limit) : prefix(limit))
    }
}
