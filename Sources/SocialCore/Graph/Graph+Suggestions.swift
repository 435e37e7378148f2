// Whom might an account like to follow? The accounts that most of those follow whom it follows itself ("friends of
// friends", ranked by how many friends it has in common).

/// An account to be followed.
package struct FollowSuggestion: Equatable, Sendable {
    /// The account.
    package var id: UserID
    /// How many of those whom the asking account follows follow it.
    package var mutuals: Int
}

extension Graph {
    /// The accounts with most mutuals that are not followed yet, the most first, equal ones by id.
    ///
    /// Cost: one walk along the edges of everyone followed.
    ///
    /// - Returns: as many as the limit allows, and how many there are.
    package func suggestions(
        for id: UserID, limit: Int
    ) throws -> (best: [FollowSuggestion], total: Int) {
        let followed = try followees(of: id).map(\.followee)
        let friends = try router.gather(followed, slot: \.slot) { try $0.followeeIDs(of: $1) }
        var candidates = friends.flatMap { $0 ?? [] }
        candidates.sort()
        var known = Set(followed).union(try hidden(from: id))
        known.formUnion(try relations(.mute, of: id).map { UserID(rawValue: $0.target.rawValue) })
        known.insert(id)
        var ranked: [FollowSuggestion] = []
        var start = 0
        while start < candidates.count {
            var end = start
            while end < candidates.count, candidates[end] == candidates[start] { end += 1 }
            if !known.contains(candidates[start]) {
                ranked.append(FollowSuggestion(id: candidates[start], mutuals: end - start))
            }
            start = end
        }
        ranked.sort { $0.mutuals == $1.mutuals ? $0.id < $1.id : $0.mutuals > $1.mutuals }
        return (Array(ranked.prefix(limit)), ranked.count)
    }
}
