// The end of an account in SQL, and what it leaves to be done on other shards.

extension SQLTransaction {
    func deleteAccount(_ id: UserID) throws -> AccountRecord? {
        try claim(id.slot)
        guard let record = try account(id) else {
            if try isFormer(id) { return nil }
            throw StoreError(.noSuchAccount, "there is no account \"\(id)\"")
        }
        for post in try posts(by: id, in: .all, limit: .max) where post.slot == id.slot {
            _ = try deletePost(post, by: nil)
        }
        for media in try media(by: id, in: .all, limit: .max, fromOldest: false) {
            _ = try deleteMedia(media.id, by: nil)
        }
        for edge in try followees(of: id, page: Page()) { try remove(edge) }
        for kind in RelationKind.allCases {
            for relation in try relations(kind, of: id, page: Page()) { try remove(relation) }
        }
        try statement("DELETE FROM account WHERE id = ?").bind(id.rawValue).run()
        try count(removed: .account(record))
        try bury(.formerAccount(id), id.rawValue)
        living.remove(id)
        try addPending(.remove(id))
        log(.accountDeleted(id))
        return record
    }

    func removeTraces(of account: UserID, limit: Int) throws -> Bool {
        let edges = try followers(of: account, page: Page(limit: limit))
        for edge in edges {
            try claim(edge.follower.slot)
            _ = try unfollow(edge.follower, account)
        }
        var left = limit - edges.count
        for kind in [RelationKind.block, .mute] where left > 0 {
            for relation in try relations(kind, to: EntityID(account), page: Page(limit: left)) {
                _ = try unrelate(kind, relation.actor, relation.target)
                left -= 1
            }
        }
        guard left > 0 else { return false }
        let posts = try posts(by: account, in: .all, limit: left)
        for post in posts { _ = try deletePost(post, by: nil) }
        return posts.count < left
    }

    /// Leaves the id of what was removed, so that it is never given again.
    func bury(_ row: TruthRow, _ id: Int64) throws {
        let hash = row.check
        let kind: Int64 =
            switch row {
            case .formerAccount: 1
            case .formerMedia: 2
            default: 0
            }
        try statement("INSERT INTO tombstone VALUES (?, ?, ?)").bind(id, Int64(bitPattern: hash), kind).run()
        try count(added: hash, row)
    }

    // MARK: Effects on other shards

    func pendingEffects() throws -> [PendingEffect] {
        try statement("SELECT kind, subject, object FROM pending ORDER BY kind, subject, object").all { row in
            let subject = UserID(rawValue: row.integer(1))
            return row.integer(0) == 1
                ? .sever(follower: subject, followee: UserID(rawValue: row.integer(2))) : .remove(subject)
        }.filter { try !isHidden($0.origin.slot) }
    }

    /// Notes what other shards still have to do.
    func addPending(_ effect: PendingEffect) throws {
        let (kind, subject, object) = effect.columns
        try statement("INSERT INTO pending VALUES (?, ?, ?) ON CONFLICT DO NOTHING").bind(kind, subject, object).run()
        markDirty()
    }

    func finish(_ effect: PendingEffect) throws {
        let (kind, subject, object) = effect.columns
        try statement("DELETE FROM pending WHERE kind = ? AND subject = ? AND object = ?")
            .bind(kind, subject, object).run()
        if database.changesCount > 0 { markDirty() }
    }
}

extension PendingEffect {
    /// The row of an effect.
    fileprivate var columns: (Int64, Int64, Int64) {
        switch self {
        case .sever(let follower, let followee): (1, follower.rawValue, followee.rawValue)
        case .remove(let account): (2, account.rawValue, 0)
        }
    }
}
