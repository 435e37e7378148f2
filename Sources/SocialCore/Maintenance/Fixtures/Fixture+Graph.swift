// Who follows whom in a fixture. How many others an account follows is drawn from the distribution of the shape, and
// scaled to the mean that the plan asks for; whom it follows is drawn by popularity, or from the neighbours in a ring.

extension Fixture {
    /// The edges of an account, in order.
    func follows(of number: Int) -> [FollowRecord] {
        var chance = FixtureChance(seed: plan.seed, .follows, number)
        let follower = accounts[number]
        return followees(of: number, &chance).map { other in
            // Some time after both were there.
            let followee = accounts[other]
            let since = plan.time(after: max(follower.time, followee.time), &chance)
            return FollowRecord(follower: follower, followee: followee, since: since)
        }
    }

    /// Whom an account blocks: somebody popular with whom it has nothing to do, or nobody.
    func block(of number: Int) -> [RelationRecord] {
        var chance = FixtureChance(seed: plan.seed, .block, number)
        guard chance.percent(plan.blocks) else { return [] }
        let actor = accounts[number]
        let followees = Set(follows(of: number).map(\.followee))
        for _ in 0..<8 {
            let other = popular.number(at: popularity.draw(&chance))
            let target = accounts[other]
            guard other != number, !followees.contains(target) else { continue }
            if follows(of: other).contains(where: { $0.followee == actor }) { continue }
            return [
                RelationRecord(.block, actor, target, since: plan.time(after: max(actor.time, target.time), &chance))
            ]
        }
        return []
    }

    /// Whom an account mutes: one of those whom it follows, or nobody.
    func mute(of number: Int) -> [RelationRecord] {
        var chance = FixtureChance(seed: plan.seed, .mute, number)
        let edges = chance.percent(plan.mutes) ? follows(of: number) : []
        guard !edges.isEmpty else { return [] }
        let edge = edges[chance.below(edges.count)]
        return [RelationRecord(.mute, edge.follower, edge.followee, since: plan.time(after: edge.since, &chance))]
    }

    /// The numbers of those whom an account follows, in order.
    private func followees(of number: Int, _ chance: inout FixtureChance) -> [Int] {
        let count = accounts.count
        let degree = min(count - 1, self.degree(&chance))
        var chosen: Set<Int> = [number]
        // Among few accounts the same one is drawn again and again; then the next ones in the ring must do.
        for step in 0..<degree * 4 where chosen.count <= degree {
            chosen.insert(followee(of: number, step: step, &chance))
        }
        var next = number
        while chosen.count <= degree {
            next = (next + 1) % count
            chosen.insert(next)
        }
        chosen.remove(number)
        return chosen.sorted()
    }

    private func followee(of number: Int, step: Int, _ chance: inout FixtureChance) -> Int {
        guard plan.shape == .smallworld else { return popular.number(at: popularity.draw(&chance)) }
        // Watts and Strogatz, "Collective dynamics of 'small-world' networks", Nature 1998: a ring in which each link
        // leads, one time in ten, somewhere else.
        if chance.percent(10) { return chance.below(accounts.count) }
        let distance = step / 2 + 1
        return (number + (step.isMultiple(of: 2) ? distance : accounts.count - distance % accounts.count))
            % accounts.count
    }

    /// How many others an account follows.
    private func degree(_ chance: inout FixtureChance) -> Int {
        let mean = FixedPoint(plan.follows) << 16
        switch plan.shape {
        case .smallworld: return plan.follows
        case .powerlaw:
            // Half as many accounts have at least one and a half times as much: a power law with the exponent
            // 1 + log 2 / log 1.5 = 2.7. Its mean is two and a half times its least value.
            var degree = mean * 2 / 5
            for _ in 0..<min(24, chance.next().leadingZeroBitCount) { degree = degree * 3 / 2 }
            degree += (degree / 2 * FixedPoint(chance.below(1 << 16))) >> 16
            return chance.rounded(degree)
        case .linkbench:
            var place = chance.below(Fixture.linkbenchThings)
            var drawn = 0
            for bin in Fixture.linkbench {
                if place < bin.share {
                    drawn = bin.degrees.lowerBound + chance.below(bin.degrees.count)
                    break
                }
                place -= bin.share
            }
            return chance.rounded(
                mean * FixedPoint(drawn * Fixture.linkbenchThings) / FixedPoint(Fixture.linkbenchLinks))
        }
    }

    /// How many links a thing has, in ten thousand things: our own coarse table in the spirit of the distribution that
    /// Armstrong, Ponnekanti, Borthakur and Callaghan measured ("LinkBench: a Database Benchmark Based on the Facebook
    /// Social Graph", SIGMOD 2013), in which nearly half of all things have none.
    private static let linkbench: [(share: Int, degrees: ClosedRange<Int>)] = [
        (4_500, 0...0), (3_200, 1...1), (1_000, 2...2), (500, 3...3), (400, 4...6), (230, 7...13), (120, 14...30),
        (35, 31...121), (13, 122...600), (2, 601...3_001),
    ]

    /// How many things and links the table speaks of.
    private static let linkbenchThings = linkbench.reduce(0) { $0 + $1.share }
    private static let linkbenchLinks = linkbench.reduce(0) { sum, bin in
        sum + bin.share * (bin.degrees.lowerBound + bin.degrees.upperBound) / 2
    }
}
