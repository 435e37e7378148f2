// All that people did in a network, read out for comparison: what the core must keep, whatever happens.

package import SocialCore

/// The truth of a network at one moment.
package struct Truth: Equatable, Sendable {
    /// The rows of each shard, each as one line that begins with the letter of its kind; counts of accesses, which no
    /// shard has alone, stand under −1, and what is recorded of slots under −2.
    package private(set) var rows: [Int: Set<String>] = [:]
    /// All accounts.
    package private(set) var accounts: [UserID] = []
    /// All posts.
    package private(set) var posts: [PostRecord] = []
    /// All uploads.
    package private(set) var media: [MediaID] = []
    /// What decides about feeds.
    package private(set) var feeds = FeedModel()

    /// Nothing at all.
    package init() {}

    /// The truth of a network as it is now.
    package init(of network: Network) throws {
        // A command line may have changed the shards meanwhile, and who reads ends what was left half moved.
        try network.router.lookAtMap()
        self = try network.router.repeating { try Truth(reading: network) }
    }

    private init(reading network: Network) throws {
        for shard in network.router.shards {
            var lines: Set<String> = []
            try network.router.read(shard: shard) { reader in
                let isDamaged: (String) throws -> Void = { throw StorageError(.damaged, $0) }
                try reader.forEachRow(damaged: isDamaged) { row in
                    lines.insert(Truth.line(row))
                    note(row)
                }
            }
            rows[shard] = lines
        }
        rows[-1] = Set(
            try network.analytics.top(AccessFilter(), limit: nil).map { "c \($0.resource.name) \($0.count.count)" })
        rows[-2] = []
        for account in accounts {
            for kind in [AttributeKind.token, .readMark, .preference, .notice] {
                for row in try network.attributes.all(kind, of: account) {
                    rows[-2]?.insert("b \(account) \(kind) \(row.name) \(row.value)")
                }
            }
        }
        for status in try network.queue.status() {
            // Which of the others are ready depends on the clock of whoever asks.
            let open = status.ready + status.delayed + status.leased
            let counts = [open, status.dead, Int(status.consumer?.done ?? 0)]
            rows[-2]?.insert("q \(status.topic.name) \(status.topic.last) \(status.consumer?.name ?? "-") \(counts)")
            for item in try network.queue.messages(of: status.topic.name, limit: .max) {
                let delivery = item.delivery.map { "\($0.consumer) \($0.attempts) \($0.lease)" } ?? "-"
                rows[-2]?.insert("e \(status.topic.name) \(item.message.n) \(item.message.payload) \(delivery)")
            }
        }
        for standing in try network.services.list() {
            rows[-2]?.insert("s \(standing.service.name) \(standing.service.instance)")
        }
        accounts.sort()
        posts.sort { $0.id < $1.id }
        media.sort()
    }

    private mutating func note(_ row: TruthRow) {
        switch row {
        case .account(let account):
            accounts.append(account.id)
            feeds.accounts.insert(account.id)
        case .post(let post):
            posts.append(post)
            feeds.posts[post.id] = post
        case .media(let record): media.append(record.id)
        case .follow(let edge): feeds.follows[edge.follower, default: []].insert(edge.followee)
        case .relation(let relation):
            let target = UserID(rawValue: relation.target.rawValue)
            switch relation.kind {
            case .block: feeds.blocks[relation.actor, default: []].insert(target)
            case .mute: feeds.mutes[relation.actor, default: []].insert(target)
            case .like, .seen: break
            }
        default: break
        }
    }

    /// The newest posts that a reader's feed must show.
    package func feed(of reader: UserID, at now: Timestamp, limit: Int) -> [PostID] {
        Array(feeds.feed(reader, at: now).prefix(limit))
    }

    /// Whether the network as a whole is at one of the stages of a command that was under way.
    package func isOne(of stages: [Truth]) -> Bool {
        let mine = all()
        return stages.contains { $0.all() == mine }
    }

    /// The rows, wherever they lie; that each lies where it should is for the verification to say.
    ///
    /// - Parameter ignored: the letters of the kinds that are left out.
    package func all(but ignored: String = "") -> Set<String> {
        Set(rows.values.joined()).filter { line in !ignored.contains { line.first == $0 } }
    }

    /// Whether each shard by itself is at one of the stages.
    package func lies(among stages: [Truth]) -> Bool {
        rows.allSatisfy { shard, mine in stages.contains { $0.rows[shard] ?? [] == mine } }
    }

    /// The stage after the first of a command's two transactions.
    ///
    /// - Parameter isSecond: tells the rows that only the second one makes or takes away.
    package static func between(_ before: Truth, _ after: Truth, isSecond: (String) -> Bool) -> Truth {
        var stage = Truth()
        for shard in Set(before.rows.keys).union(after.rows.keys) {
            stage.rows[shard] = (before.rows[shard] ?? []).filter(isSecond)
                .union((after.rows[shard] ?? []).filter { !isSecond($0) })
        }
        return stage
    }

    /// Leaves out an account that was made afterwards, by its handle.
    package mutating func forget(_ handle: String) {
        for (shard, lines) in rows {
            rows[shard] = lines.filter { line in
                !(line.hasPrefix("h \(handle) ") || line.hasPrefix("a ") && line.split(separator: " ")[2] == handle)
            }
        }
    }

    /// How this truth differs from another, for a report.
    package func difference(from other: Truth) -> String {
        let mine = Set(rows.values.joined())
        let theirs = Set(other.rows.values.joined())
        return "lost: \(theirs.subtracting(mine).sorted()), unexpected: \(mine.subtracting(theirs).sorted())"
    }

    private static func line(_ row: TruthRow) -> String {
        switch row {
        case .account(let account):
            "a \(account.id) \(account.handle.display) \(account.profile) \(account.activeAt.milliseconds)"
        case .handle(let key, let account): "h \(key) \(account)"
        case .follow(let edge): "f \(edge.follower) \(edge.followee) \(edge.since.milliseconds)"
        case .relation(let relation):
            "r \(relation.kind) \(relation.actor) \(relation.target) \(relation.since.milliseconds)"
        case .post(let post): "p \(post)"
        case .version(let version): "v \(version)"
        case .tombstone(let post): "t \(post)"
        case .formerAccount(let account): "d \(account)"
        case .operation(let operation):
            "o \(operation.account) \(operation.verb) \(operation.key) \(operation.fingerprint) \(operation.result)"
        case .media(let media): "m \(media)"
        case .formerMedia(let id): "n \(id)"
        }
    }
}
