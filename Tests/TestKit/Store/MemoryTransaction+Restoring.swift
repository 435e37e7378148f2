// Rows put exactly as they are, in memory.

internal import SocialCore

extension MemoryTransaction {
    func restore(_ row: TruthRow, in slot: Slot, replacing: Bool, now: Timestamp) throws -> Bool {
        try claim(slot)
        guard let present = counterpart(of: row) else {
            put(row)
            log(adding: row)
            give(row, slot, now)
            return true
        }
        if present == row { return false }
        guard replacing else { throw StoreError(.rowDiffers, "another row") }
        if case .handle(let key, _) = present, Handle.isRemnant(key) { throw StoreError(.rowDiffers, "it stays") }
        switch (present, row) {
        case (.account(let account), .formerAccount):
            _ = try deleteAccount(account.id)
            return true
        case (.post(let post), .tombstone):
            _ = try deletePost(post.id, by: nil)
            return true
        case (.media(let media), .formerMedia):
            _ = try deleteMedia(media.id, by: nil)
            return true
        case (.media(let before), .media(let media)) where before.author == media.author:
            pending.append(.mediaChanged(author: media.author, media: media.id))
        case (.media(let before), _):
            pending.append(.mediaDeleted(author: before.author, media: before.id))
            log(adding: row)
        case (.account(let account), .account): pending.append(.accountChanged(account.id))
        case (.post(let before), .post(let post)) where before.author == post.author:
            pending.append(.postEdited(author: post.author, post: post.id))
        case (.post(let before), _):
            pending.append(.postDeleted(author: before.author, post: before.id))
            log(adding: row)
        default: log(adding: row)
        }
        displace(present)
        put(row)
        give(row, slot, now)
        return true
    }

    private func put(_ row: TruthRow) {
        switch row {
        case .account(let account): held.accounts[account.id] = account
        case .handle(let key, let account): held.handles[key] = account
        case .follow(let edge): held.follows.insert(edge)
        case .relation(let relation): held.relations.insert(relation)
        case .post(let post): held.posts[post.id] = post
        case .version(let version): held.versions.append(version)
        case .tombstone(let id): held.tombstones.insert(id)
        case .formerAccount(let id): held.formerAccounts.insert(id)
        case .operation(let operation): held.operations[name(of: operation)] = operation
        case .media(let media): held.media[media.id] = media
        case .formerMedia(let id): held.formerMedia.insert(id)
        }
    }

    private func displace(_ row: TruthRow) {
        switch row {
        case .account(let account): held.accounts[account.id] = nil
        case .handle(let key, _): held.handles[key] = nil
        case .follow(let edge): held.follows.remove(edge)
        case .relation(let relation): held.relations.remove(relation)
        case .post(let post): held.posts[post.id] = nil
        case .version(let version): held.versions.removeAll { $0 == version }
        case .tombstone(let id): held.tombstones.remove(id)
        case .formerAccount(let id): held.formerAccounts.remove(id)
        case .operation(let operation): held.operations[name(of: operation)] = nil
        case .media(let media): held.media[media.id] = nil
        case .formerMedia(let id): held.formerMedia.remove(id)
        }
    }

    private func log(adding row: TruthRow) {
        switch row {
        case .account(let account): pending.append(.accountCreated(account.id))
        case .follow(let edge):
            let entry = EventEntry.followsImported(follower: edge.follower)
            if pending.last != entry { pending.append(entry) }
        case .relation(let relation) where relation.kind != .seen:
            pending.append(.related(relation.kind, actor: relation.actor, target: relation.target))
        case .post(let post): pending.append(.posted(author: post.author, post: post.id))
        case .media(let media): pending.append(.uploaded(author: media.author, media: media.id))
        default: break
        }
    }

    private func give(_ row: TruthRow, _ slot: Slot, _ now: Timestamp) {
        guard let id = row.identity, IdentityLayout.time(of: id) <= now else { return }
        if let last = held.slots[slot]?.last { held.slots[slot]?.last = max(last, id) }
    }

    private func name(of operation: OperationRecord) -> MemoryState.OperationName {
        MemoryState.OperationName(account: operation.account, verb: operation.verb, key: operation.key)
    }

    /// The row that has the same key.
    private func counterpart(of row: TruthRow) -> TruthRow? {
        switch row {
        case .account, .formerAccount, .post, .tombstone, .media, .formerMedia:
            return row.identity.flatMap(bearer)
        case .handle(let key, let account):
            if let owner = held.handles[key] { return .handle(key: key, account: owner) }
            let remnant = Handle.remnant(ofKey: key)
            return held.handles[remnant].map { .handle(key: $0 == account ? key : remnant, account: $0) }
        case .follow(let edge):
            return held.follows.first { $0.follower == edge.follower && $0.followee == edge.followee }
                .map { .follow($0) }
        case .relation(let relation):
            return held.relations.first {
                $0.kind == relation.kind && $0.actor == relation.actor && $0.target == relation.target
            }.map { .relation($0) }
        case .version(let version):
            return held.versions.first { $0.post == version.post && $0.number == version.number }
                .map { .version($0) }
        case .operation(let operation): return held.operations[name(of: operation)].map { .operation($0) }
        }
    }

    private func bearer(_ id: Int64) -> TruthRow? {
        if let post = held.posts[PostID(rawValue: id)] { return .post(post) }
        if let account = held.accounts[UserID(rawValue: id)] { return .account(account) }
        if held.tombstones.contains(PostID(rawValue: id)) { return .tombstone(PostID(rawValue: id)) }
        if held.formerAccounts.contains(UserID(rawValue: id)) { return .formerAccount(UserID(rawValue: id)) }
        if let media = held.media[MediaID(rawValue: id)] { return .media(media) }
        if held.formerMedia.contains(MediaID(rawValue: id)) { return .formerMedia(MediaID(rawValue: id)) }
        return nil
    }
}
