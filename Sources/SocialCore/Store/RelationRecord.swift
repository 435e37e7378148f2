// What is kept of one account's stance towards another or towards a post: blocks, mutes, likes and what it has seen.
// A relation lives in the slot of the account that has it.

/// The kinds of relation.
package enum RelationKind: Int64, CaseIterable, Sendable {
    /// Neither account sees the other.
    case block = 1
    /// The account does not see the other in its feed.
    case mute = 2
    /// The account likes a post.
    case like = 3
    /// The account has seen a post.
    case seen = 4
}

/// A relation.
package struct RelationRecord: Equatable, Hashable, Sendable {
    /// What it says.
    package var kind: RelationKind
    /// Whose stance it is.
    package var actor: UserID
    /// Towards whom or what.
    package var target: EntityID
    /// Since when.
    package var since: Timestamp

    /// A relation.
    package init(_ kind: RelationKind, _ actor: UserID, _ target: some EntityIdentifier, since: Timestamp) {
        self.kind = kind
        self.actor = actor
        self.target = EntityID(target)
        self.since = since
    }
}

/// What a change on one shard still has to do on others.
package enum PendingEffect: Hashable, Sendable {
    /// A blocked account follows no longer.
    case sever(follower: UserID, followee: UserID)
    /// An account that is gone is followed no longer, and its posts elsewhere go too.
    case remove(UserID)

    /// Whose change has the effect: it is pending where this account lives.
    package var origin: UserID {
        switch self {
        case .sever(_, let blocker): blocker
        case .remove(let account): account
        }
    }
}
