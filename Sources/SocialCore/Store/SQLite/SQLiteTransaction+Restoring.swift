// Rows put exactly as they are, from an export.

internal import GRDB

extension SQLiteTransaction {
    func restore(_ row: TruthRow, in slot: Slot, now: Timestamp) throws -> Bool {
        try claim(slot)
        switch row {
        case .account(let account):
            if let present = try self.account(account.id) { return try isThere(present == account, account.id) }
            try requireFreeIdentity(account.id)
            try write(account, replacing: nil)
            try advance(slot, past: account.id.rawValue, now)
            log(.accountCreated(account.id))
        case .handle(let key, let account):
            let select = try statement("SELECT account FROM handle WHERE key = ?")
            select.bind(key, at: 1)
            if let present = try select.first({ $0.integer(0) }) {
                return try isThere(present == account.rawValue, account)
            }
            try insertHandle(key, account)
        case .follow(let edge):
            if let present = try follow(edge.follower, edge.followee) {
                return try isThere(present == edge, edge.follower)
            }
            _ = try restoreFollow(edge)
            logOnce(.followsImported(follower: edge.follower))
        case .relation(let relation):
            if let present = try self.relation(relation.kind, relation.actor, relation.target) {
                return try isThere(present == relation, relation.actor)
            }
            try insert(relation)
            if relation.kind != .seen {
                log(.related(relation.kind, actor: relation.actor, target: relation.target))
            }
        case .post(let post):
            if let present = try self.post(post.id) { return try isThere(present == post, post.id) }
            try requireFreeIdentity(post.id)
            try insert(post)
            try advance(slot, past: post.id.rawValue, now)
            log(.posted(author: post.author, post: post.id))
        case .version(let version):
            if let present = try versions(of: version.post).first(where: { $0.number == version.number }) {
                return try isThere(present == version, version.post)
            }
            try insert(version)
        case .tombstone(let id): return try restoreTombstone(row, id, now)
        case .formerAccount(let id): return try restoreTombstone(row, id, now)
        case .operation(let operation):
            if let present = try self.operation(operation.account, operation.verb, operation.key) {
                return try isThere(present == operation, operation.account)
            }
            try remember(operation)
        }
        return true
    }

    private func restoreTombstone(
        _ row: TruthRow, _ id: some EntityIdentifier, _ now: Timestamp
    ) throws -> Bool {
        let select = try statement("SELECT hash FROM tombstone WHERE id = ?").bind(id.rawValue)
        if let present = try select.first({ $0.integer(0) }) {
            return try isThere(UInt64(bitPattern: present) == row.check, id)
        }
        try requireFreeIdentity(id)
        try bury(row, id.rawValue)
        try advance(id.slot, past: id.rawValue, now)
        return true
    }

    /// False when the same row is there; throws when another one is.
    private func isThere(_ isEqual: Bool, _ id: some EntityIdentifier) throws -> Bool {
        guard isEqual else {
            throw StoreError(.rowDiffers, "what is stored under \(id) is something else")
        }
        return false
    }

    private func requireFreeIdentity(_ id: some EntityIdentifier) throws {
        if try isTaken(id.rawValue) {
            throw StoreError(.rowDiffers, "the id \(id) is taken by something else")
        }
    }

    /// Lets a slot mint only ids beyond one that it is given, unless that lies in the future.
    private func advance(_ slot: Slot, past id: Int64, _ now: Timestamp) throws {
        guard IdentityLayout.time(of: id) <= now else { return }
        try statement("UPDATE slot SET last = ? WHERE slot = ? AND last < ?").bind(id, Int64(slot.rawValue), id).run()
    }
}
