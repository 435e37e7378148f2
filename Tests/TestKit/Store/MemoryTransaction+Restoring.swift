// Rows put exactly as they are, in memory.

internal import SocialCore

extension MemoryTransaction {
    func restore(_ row: TruthRow, in slot: Slot, now: Timestamp) throws -> Bool {
        try claim(slot)
        if let present = counterpart(of: row) {
            guard present == row else { throw StoreError(.rowDiffers, "another row") }
            return false
        }
        switch row {
        case .account(let account):
            try give(account.id, slot, now)
            held.accounts[account.id] = account
            pending.append(.accountCreated(account.id))
        case .handle(let key, let account): held.handles[key] = account
        case .follow(let edge):
            held.follows.insert(edge)
            let entry = EventEntry.followsImported(follower: edge.follower)
            if pending.last != entry { pending.append(entry) }
        case .relation(let relation):
            held.relations.insert(relation)
            if relation.kind != .seen {
                pending.append(.related(relation.kind, actor: relation.actor, target: relation.target))
            }
        case .post(let post):
            try give(post.id, slot, now)
            held.posts[post.id] = post
            pending.append(.posted(author: post.author, post: post.id))
        case .version(let version): held.versions.append(version)
        case .tombstone(let id):
            try give(id, slot, now)
            held.tombstones.insert(id)
        case .formerAccount(let id):
            try give(id, slot, now)
            held.formerAccounts.insert(id)
        case .operation(let operation):
            let name = MemoryState.OperationName(
                account: operation.account, verb: operation.verb, key: operation.key)
            held.operations[name] = operation
        }
        return true
    }

    private func give(_ id: some EntityIdentifier, _ slot: Slot, _ now: Timestamp) throws {
        if isTaken(id.rawValue) { throw StoreError(.rowDiffers, "the id is taken") }
        if id.time <= now, let last = held.slots[slot]?.last { held.slots[slot]?.last = max(last, id.rawValue) }
    }

    /// The row that has the same key.
    private func counterpart(of row: TruthRow) -> TruthRow? {
        switch row {
        case .account(let account): return held.accounts[account.id].map { .account($0) }
        case .handle(let key, _): return held.handles[key].map { .handle(key: key, account: $0) }
        case .follow(let edge):
            return held.follows.first { $0.follower == edge.follower && $0.followee == edge.followee }
                .map { .follow($0) }
        case .relation(let relation):
            return held.relations.first {
                $0.kind == relation.kind && $0.actor == relation.actor && $0.target == relation.target
            }.map { .relation($0) }
        case .post(let post): return held.posts[post.id].map { .post($0) }
        case .version(let version):
            return held.versions.first { $0.post == version.post && $0.number == version.number }
                .map { .version($0) }
        case .tombstone(let id): return tombstone(id.rawValue)
        case .formerAccount(let id): return tombstone(id.rawValue)
        case .operation(let operation):
            let name = MemoryState.OperationName(
                account: operation.account, verb: operation.verb, key: operation.key)
            return held.operations[name].map { .operation($0) }
        }
    }

    private func tombstone(_ id: Int64) -> TruthRow? {
        if held.tombstones.contains(PostID(rawValue: id)) { return .tombstone(PostID(rawValue: id)) }
        if held.formerAccounts.contains(UserID(rawValue: id)) { return .formerAccount(UserID(rawValue: id)) }
        return nil
    }
}
