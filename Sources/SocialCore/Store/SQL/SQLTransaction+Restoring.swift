// Rows put exactly as they are, from an export.

extension SQLTransaction {
    func restore(_ row: TruthRow, in slot: Slot, replacing: Bool, now: Timestamp) throws -> Bool {
        try claim(slot)
        if let present = try counterpart(of: row) {
            if present == row || row.isLeft(in: present) { return false }
            // What is left of a handle stays, whoever wants to have it.
            guard replacing, !present.isRemnant else {
                throw StoreError(.rowDiffers, "\(row.title) is stored already, and differs")
            }
            if try end(present, as: row) { return true }
            try displace(present)
            try put(row)
            log(replacing: present, with: row)
        } else {
            try put(row)
            log(adding: row)
        }
        // Ids of the future are left to those who will be there then.
        if let id = row.identity, IdentityLayout.time(of: id) <= now {
            try keepBeyond(id, in: slot)
        }
        return true
    }

    /// Lets a slot mint only ids beyond one that it is given.
    func keepBeyond(_ id: Int64, in slot: Slot) throws {
        try statement("UPDATE slot SET last = ? WHERE slot = ? AND last < ?").bind(id, Int64(slot.rawValue), id).run()
    }

    /// The row that has the same key.
    func counterpart(of row: TruthRow) throws -> TruthRow? {
        switch row {
        case .account, .formerAccount, .post, .tombstone, .media, .formerMedia:
            return try row.identity.flatMap(bearer)
        case .handle(let key, _): return try stored(key).map { .handle(key: $0.key, account: $0.account) }
        case .follow(let edge): return try follow(edge.follower, edge.followee).map { .follow($0) }
        case .relation(let relation):
            return try self.relation(relation.kind, relation.actor, relation.target).map { .relation($0) }
        case .version(let version):
            return try versions(of: version.post).first { $0.number == version.number }.map { .version($0) }
        case .operation(let operation):
            return try self.operation(operation.account, operation.verb, operation.key).map { .operation($0) }
        }
    }

    /// What has an id: an account, a post, an upload, or what is left of one.
    private func bearer(_ id: Int64) throws -> TruthRow? {
        if let post = try post(PostID(rawValue: id)) { return .post(post) }
        if let account = try account(UserID(rawValue: id)) { return .account(account) }
        if let media = try media(MediaID(rawValue: id)) { return .media(media) }
        return try statement(SQLTransaction.tombstoneSelection).bind(id).first {
            SQLTransaction.tombstone(id, $0.integer(0))
        }
    }

    static let tombstoneSelection = "SELECT is_account FROM tombstone WHERE id = ?"

    /// The tombstone with an id, by the number of what it is of.
    static func tombstone(_ id: Int64, _ kind: Int64) -> TruthRow {
        switch kind {
        case 0: .tombstone(PostID(rawValue: id))
        case 1: .formerAccount(UserID(rawValue: id))
        default: .formerMedia(MediaID(rawValue: id))
        }
    }

    /// Ends what is there in the way that it ends for everyone, when that is what the row says.
    private func end(_ present: TruthRow, as row: TruthRow) throws -> Bool {
        switch (present, row) {
        case (.account(let account), .formerAccount): return try deleteAccount(account.id) != nil
        case (.post(let post), .tombstone): return try deletePost(post.id, by: nil) != nil
        case (.media(let media), .formerMedia): return try deleteMedia(media.id, by: nil) != nil
        default: return false
        }
    }

    /// Takes away the row that another one is to replace.
    func displace(_ row: TruthRow) throws {
        switch row {
        case .follow(let edge): return try remove(edge)
        case .relation(let relation): return try remove(relation)
        case .account(let account):
            try statement("DELETE FROM account WHERE id = ?").bind(account.id.rawValue).run()
        case .handle(let key, _):
            let delete = try statement("DELETE FROM handle WHERE key = ?")
            delete.bind(key, at: 1)
            try delete.run()
        case .post(let post): try deleteRow(of: post)
        case .version(let version):
            try statement("DELETE FROM version WHERE post = ? AND number = ?")
                .bind(version.post.rawValue, version.number).run()
        case .media(let media): try deleteRow(of: media)
        case .tombstone, .formerAccount, .formerMedia:
            try statement("DELETE FROM tombstone WHERE id = ?").bind(row.identity ?? 0).run()
        case .operation(let operation):
            let delete = try statement("DELETE FROM operation WHERE account = ? AND verb = ? AND key = ?")
                .bind(operation.account.rawValue)
            delete.bind(operation.verb, at: 2)
            delete.bind(operation.key, at: 3)
            try delete.run()
        }
        try count(removed: row)
    }

    func put(_ row: TruthRow) throws {
        switch row {
        case .account(let account): try write(account, replacing: nil)
        case .handle(let key, let account): try insertHandle(key, account)
        case .follow(let edge): _ = try restoreFollow(edge)
        case .relation(let relation): try insert(relation)
        case .post(let post): try insert(post)
        case .version(let version): try insert(version)
        case .media(let media): try insert(media)
        case .tombstone, .formerAccount, .formerMedia: try bury(row, row.identity ?? 0)
        case .operation(let operation): try remember(operation)
        }
    }

    // MARK: Logging

    func log(adding row: TruthRow) {
        switch row {
        case .account(let account): log(.accountCreated(account.id))
        case .follow(let edge): logOnce(.followsImported(follower: edge.follower))
        case .relation(let relation) where relation.kind != .seen:
            log(.related(relation.kind, actor: relation.actor, target: relation.target))
        case .post(let post): log(.posted(author: post.author, post: post.id))
        case .media(let media): log(.uploaded(author: media.author, media: media.id))
        default: break
        }
    }

    private func log(replacing present: TruthRow, with row: TruthRow) {
        switch (present, row) {
        case (.account(let account), .account): log(.accountChanged(account.id))
        case (.post(let before), .post(let post)) where before.author == post.author:
            log(.postEdited(author: post.author, post: post.id))
        case (.post(let before), _):
            log(.postDeleted(author: before.author, post: before.id))
            log(adding: row)
        case (.media(let before), .media(let media)) where before.author == media.author:
            log(.mediaChanged(author: media.author, media: media.id))
        case (.media(let before), _):
            log(.mediaDeleted(author: before.author, media: before.id))
            log(adding: row)
        default: log(adding: row)
        }
    }
}

extension TruthRow {
    /// Whether it is what is left of a handle.
    fileprivate var isRemnant: Bool {
        if case .handle(let key, _) = self { return Handle.isRemnant(key) }
        return false
    }

    /// Whether it is a handle of which another row is left.
    func isLeft(in row: TruthRow) -> Bool {
        guard case .handle(let key, let account) = self, case .handle(let rest, account) = row else { return false }
        return rest == Handle.remnant(ofKey: key)
    }
}
