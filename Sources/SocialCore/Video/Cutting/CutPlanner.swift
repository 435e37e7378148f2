// Where is a film cut? Among the places at which a decoder can begin, the cheapest way from the beginning to the end is
// taken (dynamic programming): a segment costs the more the further it is from the wanted duration, and a cut where a
// scene changes is worth something. A segment beyond the limits costs so much that it is taken only when there is no
// other way.

/// Chooses where a film is cut.
package struct CutPlanner {
    /// What a cut is worth at a place at which certainly another scene begins; a segment of no length costs 1.
    ///
    /// So a scene gets a segment of its own, and segments without a change of scene are as long as they should be.
    private static let sceneWorth = 1.0
    /// What a segment beyond the limits costs, besides how far it is beyond.
    private static let beyond = 1_000.0

    private let plan: CutPlan

    /// A planner.
    package init(_ plan: CutPlan) { self.plan = plan }

    /// A place at which the film is cut.
    package struct Choice: Equatable, Sendable {
        /// Which entrance it is.
        package var entrance: Int
        /// Why there.
        package var reason: Film.Cut.Reason
        /// How much speaks for a change of scene there.
        package var sceneScore: Double
    }

    /// The entrances at which segments begin, the first of all among them.
    ///
    /// Cost: for each entrance, a look at those within the longest segment before it.
    /// - Parameter scores: how much speaks for a change of scene at each entrance.
    package func choose(_ pictures: PictureTimes, scores: [Double]) -> [Choice] {
        let times = pictures.entrances.map(\.time)
        guard !times.isEmpty else { return [] }
        let target = Double(max(1, pictures.units(plan.targetMilliseconds)))
        let (least, most) = (pictures.units(plan.leastMilliseconds), pictures.units(plan.mostMilliseconds))
        let worth = plan.mode == .content ? Self.sceneWorth : 0
        /// What a segment costs.
        func cost(_ duration: Int64, isLast: Bool) -> Double {
            let distance = (Double(duration) - target) / target
            // The last one is what is left over.
            var cost = distance < 0 ? (isLast ? 0 : distance * distance) : 2 * distance * distance
            if duration > most { cost += Self.beyond * Double(duration) / target }
            if duration < least { cost += Self.beyond * Double(least - duration) / target }
            return cost
        }
        // The cheapest way to each entrance, and to the end behind the last.
        let count = times.count
        var best = [Double](repeating: .infinity, count: count + 1)
        var previous = [Int](repeating: 0, count: count + 1)
        best[0] = 0
        for index in 1...count {
            let time = index < count ? times[index] : max(pictures.end, times[count - 1])
            var from = index - 1
            while from >= 0 {
                let duration = time - times[from]
                let total = best[from] + cost(duration, isLast: index == count)
                if total < best[index] { (best[index], previous[index]) = (total, from) }
                // What is longer still is no better, unless it takes up what is too short to stand alone.
                if duration > most, (from + 1 < count ? times[from + 1] : time) - times[from] >= least { break }
                from -= 1
            }
            if index < count { best[index] -= worth * scores[index] }
        }
        var chosen: [Int] = []
        var index = previous[count]
        while index > 0 {
            chosen.append(index)
            index = previous[index]
        }
        let cuts = [0] + chosen.reversed()
        return cuts.indices.map { place in
            let index = cuts[place]
            let score = index < scores.count ? scores[index] : 0
            if place == 0 { return Choice(entrance: 0, reason: .start, sceneScore: score) }
            if plan.mode == .content, score >= SceneChange.threshold {
                return Choice(entrance: index, reason: .scene, sceneScore: score)
            }
            // What the segment before the cut is tells why it ends here.
            let duration = times[index] - times[cuts[place - 1]]
            let isNear = abs(Double(duration) - target) <= target / 4
            let isAlone = index - cuts[place - 1] == 1
            let next = (index + 1 < count ? times[index + 1] : pictures.end) - times[cuts[place - 1]]
            let reason: Film.Cut.Reason = isNear ? .target : isAlone ? .only : next > most ? .limit : .target
            return Choice(entrance: index, reason: reason, sceneScore: score)
        }
    }
}
