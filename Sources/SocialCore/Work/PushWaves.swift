// Push to notify: followers of an author with very many followers are not written to one by one. Those who are there
// see the post among their notifications; the others get one message for a while, with whatever was posted meanwhile by
// all such authors whom they follow, and a gateway brings it to them.

internal import Formats

/// Gathers posts of authors with very many followers into waves, and sends these out.
struct PushWaves {
    let network: Network

    /// How long posts are gathered.
    static let gatheringMilliseconds: Int64 = 10 * 60 * 1_000
    /// Accounts that one message on the topic `push` is for.
    static let recipients = 500

    /// A post that waits for the end of its wave.
    func draft(of post: PostID, by author: UserID) -> MessageQueue.Draft {
        let now = network.context.clock.now.milliseconds
        var draft = MessageQueue.Draft(PushWaves.payload("post", ["\(author) \(post)"]))
        draft.key = "post/\(post)"
        draft.delayMilliseconds = PushWaves.gatheringMilliseconds - now % PushWaves.gatheringMilliseconds
        draft.part = TopicRecord.slot(of: WorkTopic.waves)
        return draft
    }

    private static func payload(_ kind: String, _ lines: [String]) -> [UInt8] {
        Array(([kind] + lines).joined(separator: "\n").utf8)
    }

    /// Does what a message of the topic asks for.
    ///
    /// Posts are made into a wave in one transaction, so that every post is in one wave; all messages of a wave are
    /// pushed in one transaction, under keys that follow from its number, so that it may be done again.
    ///
    /// - Returns: what was done, in words.
    func perform(_ leased: LeasedMessage) throws -> String {
        let lines = String(decoding: leased.message.payload, as: UTF8.self).split(separator: "\n").map(String.init)
        guard let kind = lines.first else { return "nothing" }
        let posts = lines.dropFirst().compactMap { line -> (author: UserID, post: PostID)? in
            let ids = line.split(separator: " ")
            guard ids.count == 2, let author = UserID(decimal: String(ids[0])),
                let post = PostID(decimal: String(ids[1]))
            else { return nil }
            return (author, post)
        }
        if kind == "post" {
            let count = try gather(leased)
            return "a wave of \(count) posts"
        }
        let sent = try send(posts, wave: leased.message.n)
        return "\(sent) accounts"
    }

    /// Makes one wave of all posts whose time has come.
    private func gather(_ leased: LeasedMessage) throws -> Int {
        let topic = WorkTopic.waves
        return try network.slotRecords.write(TopicRecord.slot(of: topic)) { transaction in
            guard let stored = try transaction.topic(named: topic) else { return 0 }
            let consumer = leased.lease.consumer
            var lines: [String] = []
            let now = network.context.clock.now
            for state in [DeliveryState.leased, .ready, .delayed] {
                for delivery in try transaction.deliveries(state, to: consumer, of: stored.id, limit: .max) {
                    guard let message = try transaction.message(delivery.n, of: stored.id), message.dueAt <= now else {
                        continue
                    }
                    let parts = String(decoding: message.payload, as: UTF8.self).split(separator: "\n")
                    guard parts.first == "post" else { continue }
                    lines += parts.dropFirst().map(String.init)
                    // The message in hand is settled by whoever has taken it.
                    if delivery.n == leased.lease.n { continue }
                    try transaction.removeDelivery(delivery.n, to: consumer, of: stored.id)
                    try transaction.settleMessage(delivery.n, of: stored.id)
                }
            }
            // Done again after a kill, the post in hand may be in a wave already: its key says so.
            var draft = MessageQueue.Draft(PushWaves.payload("wave", lines.sorted()))
            draft.key = "wave/\(leased.message.n)"
            draft.part = TopicRecord.slot(of: topic)
            if try lines.isEmpty || transaction.pushed(under: "wave/\(leased.message.n)", to: stored.id) != nil {
                return 0
            }
            _ = try network.queue.push([draft], to: topic, in: transaction)
            return lines.count
        }
    }

    /// Sends a wave to all who follow its authors and are not there.
    private func send(_ posts: [(author: UserID, post: PostID)], wave: Int64) throws -> Int {
        let now = network.context.clock.now
        let rules = FeedRules(network.manifest.settings, at: now)
        let living = try network.posts.records(of: posts.map(\.post)).compactMap { $0 }.filter {
            !$0.isExpired(at: now)
        }
        var wanted: [(reader: UserID, posts: [PostID])] = []
        for author in Set(living.map(\.author)).sorted() {
            let ids = living.filter { $0.author == author }.map(\.id)
            let unseen = try self.unseen(author)
            for shard in network.router.shards {
                let followers = try network.router.read(shard: shard) { try $0.followerIDs(of: author) }
                wanted += followers.lazy.filter { !unseen.contains($0) }.map { ($0, ids) }
            }
        }
        wanted.sort { $0.reader < $1.reader }
        var (drafts, sent) = ([MessageQueue.Draft](), 0)
        var index = 0
        while index < wanted.count {
            var part: [(reader: UserID, posts: [PostID])] = []
            while index < wanted.count, part.count < PushWaves.recipients || wanted[index].reader == part.last?.reader {
                if part.last?.reader == wanted[index].reader {
                    part[part.count - 1].posts += wanted[index].posts
                } else {
                    part.append(wanted[index])
                }
                index += 1
            }
            let accounts = try network.accounts.records(of: part.map(\.reader))
            let absent = zip(accounts, part).compactMap { account, entry -> (AccountRecord, [PostID])? in
                guard let account, !rules.keepsUp(readerActiveAt: account.activeAt) else { return nil }
                return (account, entry.posts)
            }
            if absent.isEmpty { continue }
            var draft = MessageQueue.Draft(message(absent, living))
            draft.key = "wave/\(wave)/\(drafts.count)"
            drafts.append(draft)
            sent += absent.count
        }
        do { _ = try network.queue.push(drafts, to: WorkTopic.push) } catch let error as QueueError
            where error.code == .keyReused
        {
            // It was sent before a kill, all of it in one transaction, and since then somebody has come or gone.
            return 0
        }
        return sent
    }

    /// Who blocks or mutes an author, or is blocked.
    private func unseen(_ author: UserID) throws -> Set<UserID> {
        let target = EntityID(rawValue: author.rawValue)
        var unseen: Set<UserID> = []
        for kind in [RelationKind.block, .mute] {
            for relations in try network.router.gather({ try $0.relations(kind, to: target, page: Page()) }) {
                for relation in relations { unseen.insert(relation.actor) }
            }
        }
        for relation in try network.router.read(author.slot, { try $0.relations(.block, of: author, page: Page()) }) {
            unseen.insert(UserID(rawValue: relation.target.rawValue))
        }
        return unseen
    }

    /// A message of the topic `push`: `{"posts":[{"id","author","text"}],"to":[{"handle","posts":[id]}]}`.
    private func message(_ chunk: [(AccountRecord, [PostID])], _ posts: [PostRecord]) -> [UInt8] {
        var authors: [UserID: String] = [:]
        for post in posts where authors[post.author] == nil {
            authors[post.author] = (try? network.accounts.records(of: [post.author]).first ?? nil)?.handle.display
        }
        let named = Set(chunk.flatMap(\.1))
        var json = JSONWriter()
        json.value([
            "posts": .array(
                posts.filter { named.contains($0.id) }.map { post in
                    [
                        "id": .string("\(post.id)"), "author": authors[post.author].map { .string($0) } ?? .null,
                        "text": .string(String(post.text.prefix(Limits.snippetCharacters))),
                    ]
                }),
            "to": .array(
                chunk.map { account, posts in
                    [
                        "handle": .string(account.handle.display),
                        "posts": .array(posts.sorted().map { .string("\($0)") }),
                    ]
                }),
        ])
        return json.bytes
    }
}
