// Where films are cut, against every other way in which they could be.

import SocialCore
import TestKit
import Testing

@Suite("Choosing where a film is cut")
struct CutPlannerTests {
    /// A film of pictures of a fortieth of a second, in which decoders can begin at some of them.
    private func film(_ entrances: [Int], count: Int) -> PictureTimes {
        PictureTimes(
            timescale: 1_000, sizes: Array(repeating: 100, count: count), times: (0..<count).map { Int64($0) * 25 },
            entrances: entrances, end: Int64(count) * 25)
    }

    private func plan(_ mode: CutPlan.Mode, _ target: Int64, _ least: Int64, _ most: Int64) -> CutPlanner {
        CutPlanner(
            CutPlan(mode: mode, targetMilliseconds: target, leastMilliseconds: least, mostMilliseconds: most))
    }

    /// What some cuts cost, as the planner says it in words.
    private func cost(
        _ cuts: [Int], _ film: PictureTimes, _ scores: [Double], _ target: Double, _ least: Int64, _ most: Int64,
        worth: Double
    ) -> Double {
        var cost = 0.0
        for (place, cut) in cuts.enumerated() {
            let start = film.entrances[cut].time
            let isLast = place == cuts.count - 1
            let length = (isLast ? film.end : film.entrances[cuts[place + 1]].time) - start
            let off = Double(length) / target - 1
            if off > 0 { cost += 2 * off * off } else if !isLast { cost += off * off }
            if length > most { cost += 1_000 * Double(length) / target }
            if length < least { cost += 1_000 * Double(least - length) / target }
            if place > 0 { cost -= worth * scores[cut] }
        }
        return cost
    }

    @Test("no other cuts would be cheaper")
    func best() {
        var possible = 0
        let count = TestRun.times(1_000, usually: 300)
        for seed in 1...UInt64(count) {
            let chance = Chance(seed: seed)
            var entrances = [0]
            let pictures = 60 + chance.below(60)
            for picture in 1..<pictures where chance.isOne(in: 10) && entrances.count < 11 { entrances.append(picture) }
            let film = film(entrances, count: pictures)
            let scores = entrances.map { $0 == 0 || chance.isOne(in: 2) ? 0 : Double(chance.below(100)) / 100 }
            let target = Int64(200 + chance.below(800))
            let (least, most) = (target / 4, target * 3 / 2)
            let mode: CutPlan.Mode = chance.isOne(in: 2) ? .content : .uniform
            let worth = mode == .content ? 1.0 : 0
            let chosen = plan(mode, target, least, most).choose(film, scores: scores)
            #expect(chosen.first?.entrance == 0 && chosen.first?.reason == .start)
            let cuts = chosen.map(\.entrance)
            #expect(zip(cuts, cuts.dropFirst()).allSatisfy { $0 < $1 }, "seed \(seed)")
            func total(_ cuts: [Int]) -> Double {
                cost(cuts, film, scores, Double(target), least, most, worth: worth)
            }
            var cheapest = Double.infinity
            for subset in 0..<1 << (entrances.count - 1) {
                cheapest = min(cheapest, total([0] + (1..<entrances.count).filter { subset >> ($0 - 1) & 1 == 1 }))
            }
            // Where the limits cannot be kept, a good way is enough.
            let isPossible = cheapest < 500
            #expect(abs(total(cuts) - cheapest) < (isPossible ? 1e-9 : 0.2 * cheapest), "seed \(seed): \(cuts)")
            if isPossible { possible += 1 }
        }
        #expect(possible > count / 10)
    }

    @Test("even films are cut evenly, and what is left over is the last segment")
    func even() {
        let film = film(Array(stride(from: 0, to: 1_010, by: 80)), count: 1_010)
        let chosen = plan(.uniform, 4_000, 250, 6_000).choose(film, scores: Array(repeating: 0, count: 13))
        #expect(chosen.map { film.entrances[$0.entrance].time } == [0, 4_000, 8_000, 12_000, 16_000, 20_000, 24_000])
        #expect(chosen.dropFirst().allSatisfy { $0.reason == .target })
    }

    @Test("where decoders can begin too rarely, a segment is as long as it must be, and says so")
    func rare() {
        let film = film([0, 400, 440, 900], count: 1_000)
        let chosen = plan(.uniform, 4_000, 250, 6_000).choose(film, scores: [0, 0, 0, 0])
        #expect(chosen.map(\.entrance) == [0, 1, 2, 3])
        #expect(chosen.map(\.reason) == [.start, .only, .only, .only])
        #expect(plan(.uniform, 4_000, 250, 6_000).choose(self.film([], count: 0), scores: []).isEmpty)
    }

    @Test("a scene stays together, and none is shorter than allowed")
    func scenes() {
        // Scenes of 1.2, 1.84, 2.44, 2, 2.2 and 0.32 seconds; a key picture within the third.
        let film = film([0, 48, 122, 160, 219, 299, 387], count: 400)
        let scores = [0, 0.9, 0.9, 0.1, 0.9, 0.9, 0.9]
        let all = plan(.content, 4_000, 250, 6_000).choose(film, scores: scores)
        #expect(all.map(\.entrance) == [0, 1, 2, 4, 5, 6])
        #expect(all.dropFirst().allSatisfy { $0.reason == .scene && $0.sceneScore == 0.9 })
        let long = plan(.content, 4_000, 1_000, 6_000).choose(film, scores: scores)
        #expect(long.map(\.entrance) == [0, 1, 2, 4, 5])
    }
}

@Suite("Finding changes of scene")
struct SceneDetectorTests {
    /// A film of many small pictures and some large ones at which decoders can begin.
    private func film(_ entrances: [Int], count: Int, large: [Int] = []) -> PictureTimes {
        var sizes = (0..<count).map { UInt32(900 + $0 * 37 % 200) }
        for entrance in entrances { sizes[entrance] = 20_000 }
        for picture in large { sizes[picture] = 18_000 }
        return PictureTimes(
            timescale: 25, sizes: sizes, times: (0..<count).map { Int64($0) }, entrances: entrances, end: Int64(count))
    }

    private func found(_ film: PictureTimes) -> [Int] { SceneDetector(film).scenes().map(\.picture) }

    @Test("a key picture that came before it had to begins a scene")
    func irregular() {
        #expect(found(film([0, 30, 76, 137, 187, 242], count: 250)) == [30, 76, 137, 187, 242])
        // Every 100 pictures at the latest: those at 250 and 530 came earlier.
        #expect(found(film([0, 100, 200, 250, 350, 450, 530, 630], count: 700)) == [250, 530])
        // A grid of 50 pictures that scenes do not disturb.
        #expect(found(film([0, 50, 100, 117, 150, 200, 233, 250], count: 300)) == [117, 233])
    }

    @Test("key pictures in a grid say nothing")
    func regular() {
        #expect(found(film(Array(stride(from: 0, to: 500, by: 50)), count: 500)).isEmpty)
        #expect(found(film([0], count: 100)).isEmpty)
        #expect(found(film(Array(0..<100), count: 100)).isEmpty)
        // Pictures whose length varies a little make a grid all the same.
        #expect(found(film([0, 60, 119, 179, 239, 299], count: 320)).isEmpty)
    }

    @Test("a picture that is as large as a key picture begins a scene at which no decoder can begin")
    func outliers() {
        let scenes = SceneDetector(film([0, 100, 200], count: 300, large: [130, 260])).scenes()
        #expect(scenes.map(\.picture) == [130, 260])
        #expect(scenes.allSatisfy { !$0.isEntrance && $0.score >= SceneChange.threshold })
        #expect(scenes.map(\.milliseconds) == [5_200, 10_400])
    }
}
