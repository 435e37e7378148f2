// Blocks, mutes, likes and sights in memory, and what is counted of them.

internal import SocialCore

extension MemoryTransaction {
    func relation(_ kind: RelationKind, _ actor: UserID, _ target: EntityID) throws -> RelationRecord? {
        held.relations.first { $0.kind == kind && $0.actor == actor && $0.target == target }
    }

    func relations(_ kind: RelationKind, of actor: UserID, page: Page<EntityID>) throws -> [RelationRecord] {
        page.model(held.relations.filter { $0.kind == kind && $0.actor == actor }, key: \.target)
    }

    func relations(_ kind: RelationKind, to target: EntityID, page: Page<UserID>) throws -> [RelationRecord] {
        page.model(held.relations.filter { $0.kind == kind && $0.target == target }, key: \.actor)
    }

    func forEachRelation(_ kind: RelationKind, _ visit: (RelationRecord) throws -> Void) throws {
        let some = held.relations.filter { $0.kind == kind }
        for relation in some.sorted(by: {
            ($0.actor.rawValue, $0.target.rawValue) < ($1.actor.rawValue, $1.target.rawValue)
        }) { try visit(relation) }
    }

    func relate(_ relation: RelationRecord) throws -> Bool {
        try claim(relation.actor.slot)
        try requireNotFormer(relation.actor, UserID(rawValue: relation.target.rawValue))
        guard try self.relation(relation.kind, relation.actor, relation.target) == nil else { return false }
        held.relations.insert(relation)
        if relation.kind == .block {
            let other = UserID(rawValue: relation.target.rawValue)
            _ = try unfollow(relation.actor, other)
            held.pendingEffects.insert(.sever(follower: other, followee: relation.actor))
        }
        if relation.kind != .seen {
            pending.append(.related(relation.kind, actor: relation.actor, target: relation.target))
        }
        return true
    }

    func unrelate(_ kind: RelationKind, _ actor: UserID, _ target: EntityID) throws -> Bool {
        try claim(actor.slot)
        guard let relation = try relation(kind, actor, target) else { return false }
        held.relations.remove(relation)
        if kind != .seen { pending.append(.unrelated(kind, actor: actor, target: target)) }
        return true
    }

    func engagement(of post: PostID) throws -> Engagement {
        Engagement(
            likes: Int64(held.relations.count { $0.kind == .like && $0.target == EntityID(post) }),
            replies: Int64(held.posts.values.count { $0.replyTo == post }),
            reposts: Int64(held.posts.values.count { $0.repostOf == post }))
    }

    func forEachEngagement(
        in range: ClosedRange<PostID>, _ visit: (PostID, Engagement) throws -> Void
    ) throws {
        var ids = Set(held.relations.filter { $0.kind == .like }.map { PostID(rawValue: $0.target.rawValue) })
        ids.formUnion(held.posts.values.flatMap { [$0.replyTo, $0.repostOf].compactMap { $0 } })
        for id in ids.sorted() where range.contains(id) { try visit(id, engagement(of: id)) }
    }
}
