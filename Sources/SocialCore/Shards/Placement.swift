// The two ways of sharding posts: with their author, or spread so that a hot author burdens no single shard.

/// How posts find their slot.
package enum Placement: String, CaseIterable, Sendable {
    /// A post lies in its author's slot.
    case user
    /// A post lies in a slot computed from its author and its idempotency key or a nonce.
    case post

    /// The slot of a new post.
    package func slot(author: UserID, idempotencyKey: String?, random: RandomSource) -> Slot {
        switch self {
        case .user: return author.slot
        case .post:
            if let idempotencyKey { return Slot(ofPostBy: author, distinguishedBy: Array(idempotencyKey.utf8)) }
            let nonce = withUnsafeBytes(of: random.next()) { Array($0) }
            return Slot(ofPostBy: author, distinguishedBy: nonce)
        }
    }
}
