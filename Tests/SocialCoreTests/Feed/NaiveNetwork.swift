// The plain model of a network: what people did, in sets, and what lists and counts are by definition.

import TestKit

@testable import SocialCore

/// What people did, and what was left half done.
struct NaiveNetwork {
    /// One account's stance towards another.
    struct Pair: Hashable {
        var actor: UserID
        var target: UserID

        init(_ actor: UserID, _ target: UserID) { (self.actor, self.target) = (actor, target) }
    }

    /// A rename that was left half done.
    struct Claim {
        var account: UserID
        /// Whether the account has the handle already.
        var isTaken: Bool
    }

    var accounts: [AccountRecord] = []
    var follows: [UserID: Set<UserID>] = [:]
    var posts: [PostID: PostRecord] = [:]
    var deleted: [PostID] = []
    var blocks: Set<Pair> = []
    var mutes: Set<Pair> = []
    var likes: [PostID: Set<UserID>] = [:]
    /// Whom a handle names, for ever.
    var handles: [String: UserID] = [:]
    var claims: [String: Claim] = [:]
    /// Follows that a block has still to end.
    var severs: Set<Pair> = []
    /// Deleted accounts of which something may be left.
    var fading: Set<UserID> = []

    /// What decides about feeds.
    var feeds: FeedModel {
        var model = FeedModel()
        model.accounts = Set(accounts.map(\.id))
        model.follows = follows
        for pair in mutes { model.mutes[pair.actor, default: []].insert(pair.target) }
        for pair in blocks { model.blocks[pair.actor, default: []].insert(pair.target) }
        model.posts = posts
        return model
    }

    // MARK: Graph

    func isBlocked(_ one: UserID, _ other: UserID) -> Bool {
        blocks.contains(Pair(one, other)) || blocks.contains(Pair(other, one))
    }

    /// Whether one account is nowhere shown to another.
    private func isHidden(_ other: UserID, from id: UserID) -> Bool { isBlocked(id, other) || fading.contains(other) }

    func followees(_ id: UserID) -> [UserID] { (follows[id] ?? []).filter { !isHidden($0, from: id) }.sorted() }

    func followers(_ id: UserID) -> [UserID] {
        follows.filter { $0.value.contains(id) && !isHidden($0.key, from: id) }.keys.sorted()
    }

    /// Whom those follow whom an account follows, with how many of them do.
    func suggestions(_ id: UserID) -> [FollowSuggestion] {
        var mutuals: [UserID: Int] = [:]
        let mine = followees(id)
        for friend in mine { for other in follows[friend] ?? [] { mutuals[other, default: 0] += 1 } }
        return mutuals.filter { other, _ in
            other != id && !mine.contains(other) && !isHidden(other, from: id) && !mutes.contains(Pair(id, other))
        }
        .map { FollowSuggestion(id: $0.key, mutuals: $0.value) }
        .sorted { $0.mutuals == $1.mutuals ? $0.id < $1.id : $0.mutuals > $1.mutuals }
    }

    // MARK: Posts

    func engagement(_ id: PostID) -> Engagement {
        Engagement(
            likes: Int64(likes[id]?.count ?? 0), replies: Int64(posts.values.count { $0.replyTo == id }),
            reposts: Int64(posts.values.count { $0.repostOf == id }))
    }

    /// What an account may like, answer or pass on when it names a post; nil with the refusal.
    func reachable(_ id: PostID, for actor: UserID, _ now: Timestamp) -> (post: PostID?, refusal: String?) {
        var id = id
        for _ in 0..<2 {
            guard let post = posts[id], !post.isExpired(at: now) else { return (nil, "no_such_post") }
            guard let original = post.repostOf else { break }
            id = original
        }
        guard let author = posts[id]?.author, !isBlocked(actor, author) else { return (nil, "blocked") }
        return (id, nil)
    }

    mutating func remove(_ id: PostID) {
        posts[id] = nil
        deleted.append(id)
    }

    // MARK: Effects

    /// Does what was left half done.
    mutating func settle() {
        for sever in severs { follows[sever.actor]?.remove(sever.target) }
        severs = []
        for account in fading.sorted() { removeTraces(of: account) }
        for key in claims.keys.sorted() { settleClaim(key) }
    }

    mutating func settleClaim(_ key: String) {
        if let claim = claims.removeValue(forKey: key), claim.isTaken { handles[key] = claim.account }
    }

    /// What of a deleted account lives with others.
    mutating func removeTraces(of id: UserID) {
        for follower in follows.keys { follows[follower]?.remove(id) }
        for (post, _) in posts.filter({ $0.value.author == id }).sorted(by: { $0.key < $1.key }) { remove(post) }
        blocks = blocks.filter { $0.target != id }
        mutes = mutes.filter { $0.target != id }
        fading.remove(id)
    }

    /// What of a deleted account lives with it.
    mutating func removeAccount(_ id: UserID) {
        accounts.removeAll { $0.id == id }
        follows[id] = nil
        blocks = blocks.filter { $0.actor != id }
        mutes = mutes.filter { $0.actor != id }
        for post in likes.keys { likes[post]?.remove(id) }
        let near = posts.filter { $0.value.author == id && $0.key.slot == id.slot }.keys.sorted()
        for post in near { remove(post) }
        fading.insert(id)
    }
}
