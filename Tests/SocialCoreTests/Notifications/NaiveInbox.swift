// What somebody is told by definition: made from all rows of truth, one after the other, with nothing kept and nothing
// looked up.

@testable import SocialCore

/// The truth of a network, and everybody's notifications by it.
struct NaiveInbox {
    private var accounts: [UserID: AccountRecord] = [:]
    private var handles: [String: UserID] = [:]
    private var follows: [FollowRecord] = []
    private var posts: [PostID: PostRecord] = [:]
    private var relations: [RelationRecord] = []
    private let now: Timestamp

    /// A notification without the names.
    struct Line: Equatable, CustomStringConvertible {
        var id: String
        var time: Int64
        var actors: [Int64]
        var count: Int
        var unread: Int

        var description: String { "\(id) at \(time): \(count), \(unread) unread, \(actors)" }
    }

    /// What a reader has marked, and wants.
    struct Wishes {
        var all: Int64 = 0
        var single: [String: Int64] = [:]
        var off: Set<String> = []
        var mutedPosts: Set<PostID> = []
        var mutedAccounts: Set<UserID> = []
    }

    private struct Item {
        var kind: String
        var rank: Int
        var number: Int64
        var id: String
        var actor: UserID
        var time: Int64
    }

    init(_ network: Network, now: Timestamp) throws {
        self.now = now
        for shard in network.router.shards {
            let rows = try network.router.read(shard: shard) { reader in
                var rows: [TruthRow] = []
                try reader.forEachRow(damaged: { _ in }) { rows.append($0) }
                return rows
            }
            for row in rows {
                switch row {
                case .account(let account): accounts[account.id] = account
                case .handle(let key, let account): handles[key] = account
                case .follow(let edge): follows.append(edge)
                case .post(let post): posts[post.id] = post
                case .relation(let relation): relations.append(relation)
                default: break
                }
            }
        }
    }

    /// The accounts, in order.
    var readers: [UserID] { accounts.keys.sorted() }

    /// All that a reader has been told, hidden or not.
    private func items(of reader: UserID) -> [Item] {
        var items: [Item] = []
        func add(_ kind: String, _ rank: Int, _ number: Int64, by actor: UserID, at time: Timestamp) {
            let day = time.milliseconds / 86_400_000
            let isFollow = kind == "follow"
            let id = isFollow ? NotificationID(.follow, day).description : "\(kind)-\(number)"
            items.append(
                Item(
                    kind: kind, rank: rank, number: isFollow ? day : number, id: id, actor: actor,
                    time: time.milliseconds))
        }
        for post in posts.values where post.author != reader {
            if let original = post.repostOf {
                if posts[original]?.author == reader {
                    add("repost", 4, original.rawValue, by: post.author, at: post.id.time)
                }
                continue
            }
            if let parent = post.replyTo, posts[parent]?.author == reader {
                add("reply", 2, post.id.rawValue, by: post.author, at: post.id.time)
            } else if PostText(post.text).mentions.contains(where: { owner(of: $0) == reader }) {
                add("mention", 1, post.id.rawValue, by: post.author, at: post.id.time)
            }
        }
        for like in relations where like.kind == .like && like.actor != reader {
            let post = posts[PostID(rawValue: like.target.rawValue)]
            if let post, post.author == reader { add("like", 3, post.id.rawValue, by: like.actor, at: like.since) }
        }
        for edge in follows where edge.followee == reader { add("follow", 5, 0, by: edge.follower, at: edge.since) }
        return items
    }

    private func owner(of handle: Handle) -> UserID? {
        handles[handle.key] ?? accounts.values.first { $0.handle.key == handle.key }?.id
    }

    private func hidden(from reader: UserID, _ wishes: Wishes) -> Set<UserID> {
        var hidden = wishes.mutedAccounts
        for relation in relations where relation.kind == .block || relation.kind == .mute {
            let target = UserID(rawValue: relation.target.rawValue)
            if relation.actor == reader { hidden.insert(target) }
            if target == reader, relation.kind == .block { hidden.insert(relation.actor) }
        }
        return hidden
    }

    private func isShown(_ item: Item, _ wishes: Wishes) -> Bool {
        let floor = (now.milliseconds / 86_400_000 - 90) * 86_400_000
        guard item.time >= floor, !wishes.off.contains(item.kind), accounts[item.actor] != nil else { return false }
        guard item.kind != "follow" else { return true }
        guard let post = posts[PostID(rawValue: item.number)], !post.isExpired(at: now) else { return false }
        var next: PostRecord? = post
        while let post = next {
            if wishes.mutedPosts.contains(post.id) { return false }
            if let parent = post.replyTo, wishes.mutedPosts.contains(parent) { return false }
            next = post.replyTo.flatMap { posts[$0] }
        }
        return true
    }

    /// What a reader is told, the newest first.
    func lines(of reader: UserID, _ wishes: Wishes, isUngrouped: Bool = false) -> [Line] {
        let hidden = hidden(from: reader, wishes)
        let items = items(of: reader).filter { isShown($0, wishes) && !hidden.contains($0.actor) }
        var groups: [[Item]] = []
        for (_, group) in Dictionary(grouping: items, by: \.id) {
            let sorted = group.sorted { ($0.time, $1.actor) > ($1.time, $0.actor) }
            groups += isUngrouped ? sorted.map { [$0] } : [sorted]
        }
        groups.sort { left, right in
            let (left, right) = (left[0], right[0])
            if left.time != right.time { return left.time > right.time }
            return (left.rank, left.number, left.actor) < (right.rank, right.number, right.actor)
        }
        return groups.map { group in
            let mark = max(wishes.all, wishes.single[group[0].id] ?? 0)
            return Line(
                id: group[0].id, time: group[0].time, actors: group.prefix(3).map(\.actor.rawValue),
                count: group.count, unread: group.count { $0.time > mark })
        }
    }

    /// The newest time of a group, with what the reader does not see.
    func newest(_ id: String, of reader: UserID) -> Int64 {
        items(of: reader).filter { $0.id == id }.map(\.time).max() ?? 0
    }
}

extension NaiveInbox.Line {
    init(_ notification: SocialCore.Notification) {
        self.init(
            id: notification.id.description, time: notification.time.milliseconds,
            actors: notification.actors.map(\.id.rawValue), count: notification.count, unread: notification.unread)
    }
}
