// Blocks and mutes. A block works in both directions and wins over whatever else was committed at the same time,
// because it is looked up when things are read.

extension Graph {
    /// Makes an account block or mute another: false when it did already.
    ///
    /// A block ends the follows in both directions.
    package func relate(_ kind: RelationKind, _ actor: AccountRecord, _ target: AccountRecord) throws -> Bool {
        guard actor.id != target.id else {
            throw GraphError(.concernsItself, "\"\(actor.handle)\" cannot do that to itself")
        }
        let relation = RelationRecord(kind, actor.id, target.id, since: context.clock.now)
        let isNew = try router.write(actor.id.slot, accounts: .names) { try $0.relate(relation) }
        try requireStill(target, seenFrom: actor.id.slot) { try $0.unrelate(kind, actor.id, EntityID(target.id)) }
        if kind == .block {
            try Effects(router: router).settle(.sever(follower: target.id, followee: actor.id))
        }
        return isNew
    }

    /// Ends a block or mute: false when there was none.
    package func unrelate(_ kind: RelationKind, _ actor: AccountRecord, _ target: AccountRecord) throws -> Bool {
        if kind == .block, try relation(.block, actor.id, target.id) != nil {
            // What the block has still to do comes first, or it would undo what comes after.
            try Effects(router: router).settle(.sever(follower: target.id, followee: actor.id))
        }
        return try router.write(actor.id.slot) { try $0.unrelate(kind, actor.id, EntityID(target.id)) }
    }

    /// A relation between two accounts.
    package func relation(_ kind: RelationKind, _ actor: UserID, _ target: UserID) throws -> RelationRecord? {
        try router.read(actor.slot) { try $0.relation(kind, actor, EntityID(target)) }
    }

    /// A page of the accounts that an account blocks or mutes, in the order of their ids.
    package func relations(
        _ kind: RelationKind, of actor: UserID, page: Page<UserID> = Page()
    ) throws -> [RelationRecord] {
        let page = Page(
            after: page.after.map(EntityID.init), before: page.before.map(EntityID.init), limit: page.limit)
        return try router.read(actor.slot) { try $0.relations(kind, of: actor, page: page) }
    }

    /// Whether either of two accounts blocks the other.
    package func isBlocked(_ one: UserID, _ other: UserID) throws -> Bool {
        try relation(.block, one, other) != nil || relation(.block, other, one) != nil
    }

    /// The accounts that an account does not see, and that do not see it: blocked in either direction, or deleted and
    /// not yet gone from everywhere.
    package func hidden(from id: UserID) throws -> Set<UserID> {
        var hidden: Set<UserID> = []
        let found = try router.gather { reader in
            (try reader.relations(.block, to: EntityID(id), page: Page()), try reader.pendingEffects())
        }
        for (blocks, effects) in found {
            hidden.formUnion(blocks.map(\.actor))
            for case .remove(let account) in effects { hidden.insert(account) }
        }
        hidden.formUnion(try relations(.block, of: id).map { UserID(rawValue: $0.target.rawValue) })
        return hidden
    }

    /// The accounts whose posts belong in a reader's feed: those it follows and does not mute.
    ///
    /// Blocks and deletions are looked up when posts are read.
    package func feedAuthors(of reader: UserID) throws -> [UserID] {
        try router.read(reader.slot) { store in
            let followees = try store.followeeIDs(of: reader)
            let muted = Set(try store.relations(.mute, of: reader, page: Page()).map(\.target))
            return muted.isEmpty ? followees : followees.filter { !muted.contains(EntityID($0)) }
        }
    }

    /// Whether the posts of an account belong in a reader's feed.
    package func isFeedAuthor(_ author: UserID, of reader: UserID) throws -> Bool {
        try router.read(reader.slot) { store in
            try store.follow(reader, author) != nil && store.relation(.mute, reader, EntityID(author)) == nil
        }
    }

    /// Those of some authors whom a reader does not see: blocked in either direction, or muted.
    package func unseen(by reader: UserID, among authors: [UserID]) throws -> [UserID] {
        let mine = try router.read(reader.slot) { store in
            try authors.filter {
                try store.relation(.block, reader, EntityID($0)) != nil
                    || store.relation(.mute, reader, EntityID($0)) != nil
            }
        }
        let theirs = try router.gather(authors, slot: \.slot) {
            try $0.relation(.block, $1, EntityID(reader))
        }
        return mine + theirs.compactMap { $0?.actor }.filter { !mine.contains($0) }
    }
}
