// A made-up network: the same plan gives the same rows on every machine, in the order of an export, so that importing
// it and exporting it again gives the same bytes. Everything about an account or a post follows from the seed and its
// number alone; only the ids of the accounts are kept, eight bytes each.

/// A made-up network.
package struct Fixture {
    /// What it is like.
    package let plan: FixturePlan
    /// The ids of the accounts, in order.
    let accounts: [UserID]
    /// Which accounts are popular: the first ranks of `popular`.
    let popularity: FixtureSkew
    let popular: FixtureShuffle
    /// Which accounts write much: the first ranks of `active`.
    let active: FixtureShuffle
    /// Which posts are liked: the first ranks of `loved`.
    let fame: FixtureSkew
    let loved: FixtureShuffle
    /// How far back the posts are that others answer and pass on.
    let reach = FixtureSkew(count: RecentReposts.reach, growth: FixtureSkew.zipf)
    let texts = FixtureText()
    let handles: FixtureHandles

    /// A network of a plan.
    ///
    /// - Throws: `FixtureError` for what cannot be made.
    package init(_ plan: FixturePlan) throws {
        if let problem = plan.problem { throw FixtureError(.badFixture, problem) }
        var chance = FixtureChance(seed: plan.seed, .layout)
        let handles = FixtureHandles(count: plan.users, &chance)
        let end = plan.end.advanced(byMilliseconds: -plan.overMilliseconds)
        let span = FixtureSpan(count: plan.users, milliseconds: FixturePlan.accountMilliseconds, end: end)
        accounts = try (0..<plan.users).map { number in
            var chance = FixtureChance(seed: plan.seed, .account, number)
            return UserID(rawValue: try Fixture.id(span.time(of: number, &chance), Slot(of: handles[number])))
        }
        self.plan = plan
        self.handles = handles
        popularity = FixtureSkew(count: plan.users, growth: FixtureSkew.popularity)
        popular = FixtureShuffle(count: plan.users, &chance)
        active = FixtureShuffle(count: plan.users, &chance)
        fame = FixtureSkew(count: plan.posts, growth: FixtureSkew.zipf)
        loved = FixtureShuffle(count: plan.posts, &chance)
    }

    /// Calls a closure for each row, in the order of `RowKey`.
    package func forEachRow(_ visit: (TruthRow) throws -> Void) throws {
        for number in accounts.indices { try visit(.account(try account(number))) }
        for place in accounts.indices {
            let number = handles.number(at: place)
            try visit(.handle(key: try handles[number].key, account: accounts[number]))
        }
        for number in accounts.indices {
            for edge in follows(of: number) { try visit(.follow(edge)) }
        }
        var recent = RecentReposts()
        for number in 0..<plan.posts { try visit(.post(try post(number, &recent))) }
        for relations in [block(of:), mute(of:), likes(of:)] {
            for number in accounts.indices {
                for relation in try relations(number) { try visit(.relation(relation)) }
            }
        }
    }

    private func account(_ number: Int) throws -> AccountRecord {
        var chance = FixtureChance(seed: plan.seed, .profile, number)
        let id = accounts[number]
        let handle = try handles[number]
        var profile = AccountRecord.Profile(name: texts.name(&chance))
        if chance.percent(60) { profile.bio = texts.biography(&chance) }
        if chance.percent(50) { profile.location = chance.one(of: FixtureWords.towns) }
        if chance.percent(20) { profile.link = "https://example.org/~\(handle.key)" }
        // The longer ago, the rarer: from a minute to the account's whole life, each doubling as likely as the next.
        let life = Int(plan.end.milliseconds - id.time.milliseconds)
        let age = min(life, 60_000 << chance.below(20) + chance.below(60_000))
        return AccountRecord(
            id: id, handle: handle, profile: profile, activeAt: plan.end.advanced(byMilliseconds: -Int64(age)))
    }

    static func id(_ time: Timestamp, _ slot: Slot) throws -> Int64 {
        guard let id = IdentityLayout.compose(time, slot, sequence: 0) else {
            throw StoreError(MintingError.outOfRange)
        }
        return id
    }
}

/// Things that follow each other over a time, evenly but not like a clock.
struct FixtureSpan {
    let count: Int
    let milliseconds: Int64
    let end: Timestamp

    /// The time of a thing: later than those before it.
    func time(of number: Int, _ chance: inout FixtureChance) -> Timestamp {
        let (high, low) = UInt64(milliseconds).multipliedFullWidth(by: UInt64(number))
        let share = Int64(UInt64(count).dividingFullWidth((high, low)).quotient)
        let step = Int(milliseconds) / count
        return end.advanced(byMilliseconds: share - milliseconds + Int64(chance.below(step)))
    }
}

extension FixturePlan {
    /// Some time between a moment and the end.
    func time(after start: Timestamp, _ chance: inout FixtureChance) -> Timestamp {
        start.advanced(byMilliseconds: Int64(chance.below(Int(end.milliseconds - start.milliseconds))))
    }
}

/// An error of a fixture's plan.
package struct FixtureError: RoomError {
    /// The kinds of failure.
    package enum Code: String, CaseIterable, Sendable {
        case badFixture = "bad_fixture"
    }

    /// Which failure this is.
    package let code: Code
    /// What happened.
    package let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }
}
