// The posts of a fixture: some answer one of the last few thousand before them, some pass one on.

extension Fixture {
    /// What a post is to be.
    private enum Kind {
        case plain, reply, repost
    }

    /// What is known of a post without its text and its parent.
    private struct Heading {
        var id: PostID
        var author: UserID
        var kind: Kind
    }

    /// A post.
    ///
    /// - Parameter recent: what the posts before it have passed on.
    func post(_ number: Int, _ recent: inout RecentReposts) throws -> PostRecord {
        let heading = try heading(of: number)
        var post = PostRecord(id: heading.id, author: heading.author, text: "")
        var chance = FixtureChance(seed: plan.seed, .text, number)
        recent.advance(to: number)
        switch heading.kind {
        case .plain: break
        case .reply: post.replyTo = try earlier(than: number, &chance) { _ in true }?.id
        case .repost:
            post.repostOf = try earlier(than: number, &chance) { original in
                original.author != post.author && recent.insert(post.author, original.id)
            }?.id
        }
        if post.repostOf == nil {
            post.text = try texts.post(&chance) { chance in
                try handles[popular.number(at: popularity.draw(&chance))].display
            }
        }
        return post
    }

    /// One of the posts before a post that is no repost itself, and that will do; nil when none of the first does.
    private func earlier(
        than number: Int, _ chance: inout FixtureChance, _ willDo: (Heading) -> Bool
    ) throws -> Heading? {
        for _ in 0..<8 {
            let candidate = number - 1 - reach.draw(&chance)
            guard candidate >= 0 else { continue }
            let heading = try heading(of: candidate)
            if heading.kind != .repost, willDo(heading) { return heading }
        }
        return nil
    }

    private func heading(of number: Int) throws -> Heading {
        var chance = FixtureChance(seed: plan.seed, .post, number)
        let author = accounts[active.number(at: popularity.draw(&chance))]
        let span = FixtureSpan(count: plan.posts, milliseconds: plan.overMilliseconds, end: plan.end)
        let time = span.time(of: number, &chance)
        let place = chance.below(100)
        let kind = place < plan.replies ? Kind.reply : place < plan.replies + plan.reposts ? .repost : .plain
        var slot = author.slot
        // A repost lies with its author, wherever posts lie.
        if plan.placement == .post, kind != .repost {
            let nonce = withUnsafeBytes(of: chance.next().littleEndian) { Array($0) }
            slot = Slot(ofPostBy: author, distinguishedBy: nonce)
        }
        return Heading(id: PostID(rawValue: try Fixture.id(time, slot)), author: author, kind: kind)
    }

    /// What an account likes, in order.
    func likes(of number: Int) throws -> [RelationRecord] {
        var chance = FixtureChance(seed: plan.seed, .like, number)
        guard plan.posts > 0 else { return [] }
        var chosen: Set<Int> = []
        for _ in 0..<chance.below(2 * plan.likes + 1) { chosen.insert(loved.number(at: fame.draw(&chance))) }
        return try chosen.sorted().compactMap { post in
            let heading = try heading(of: post)
            // Whoever likes a repost likes the original; there are enough others.
            guard heading.kind != .repost else { return nil }
            return RelationRecord(
                .like, accounts[number], heading.id, since: plan.time(after: heading.id.time, &chance))
        }
    }
}

/// Who has passed on what of late: nobody passes on the same post twice.
struct RecentReposts {
    /// How many posts back a post may answer or pass on.
    static let reach = 4_096

    private struct Repost: Hashable {
        var author: UserID
        var original: PostID
    }

    private var present: Set<Repost> = []
    private var former: Set<Repost> = []

    /// Forgets what can no longer be passed on.
    mutating func advance(to number: Int) {
        guard number.isMultiple(of: Self.reach) else { return }
        former = present
        present = []
    }

    /// Notes that a post is passed on: false when the account has done so before.
    mutating func insert(_ author: UserID, _ original: PostID) -> Bool {
        let repost = Repost(author: author, original: original)
        return !former.contains(repost) && present.insert(repost).inserted
    }
}
