// Posts, tombstones and remembered commands in memory.

internal import SocialCore

extension MemoryTransaction {
    func post(_ id: PostID) throws -> PostRecord? { held.posts[id] }

    func posts(by author: UserID, in range: ClosedRange<PostID>, limit: Int) throws -> [PostID] {
        let ids = held.posts.values.filter { $0.author == author && range.contains($0.id) }.map(\.id)
        return Array(ids.sorted(by: >).prefix(limit))
    }

    func posts(in range: ClosedRange<PostID>, limit: Int) throws -> [PostRecord] {
        Array(held.posts.values.filter { range.contains($0.id) }.sorted { $0.id > $1.id }.prefix(limit))
    }

    func forEachPost(in range: ClosedRange<PostID>, _ visit: (UserID, PostID) throws -> Void) throws {
        let posts = held.posts.values.filter { range.contains($0.id) }
        for post in posts.sorted(by: { ($0.author, $0.id) < ($1.author, $1.id) }) { try visit(post.author, post.id) }
    }

    func postCount() throws -> Int { held.posts.count }

    func createPost(_ draft: PostDraft, now: Timestamp) throws -> Creation<PostRecord> {
        try claim(draft.slot)
        let name = draft.idempotencyKey.map {
            MemoryState.OperationName(account: draft.author, verb: "post create", key: $0)
        }
        if let name, let earlier = held.operations[name] {
            guard earlier.fingerprint == draft.fingerprint else { throw StoreError(.keyReused, "the key is used") }
            let id = PostID(rawValue: earlier.result)
            return Creation(
                held.posts[id] ?? PostRecord(id: id, author: draft.author, text: draft.text), isNew: false)
        }
        let raw: Int64
        if let time = draft.time {
            raw = try mint(in: draft.slot, imported: time)
        } else {
            raw = try mint(in: draft.slot, now: now)
        }
        let record = PostRecord(id: PostID(rawValue: raw), author: draft.author, text: draft.text)
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
        held.tombstones.insert(id)
        pending.append(.postDeleted(author: record.author, post: id))
        return record
    }

    func once(_ operation: OperationRecord, in slot: Slot, _ effect: () throws -> Void) throws -> Bool {
        try claim(slot)
        let name = MemoryState.OperationName(
            account: operation.account, verb: operation.verb, key: operation.key)
        guard held.operations[name] == nil else { return false }
        try undoing {
            try effect()
            held.operations[name] = operation
        }
        return true
    }
}
