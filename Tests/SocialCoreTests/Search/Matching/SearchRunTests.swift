// Plans on segments against the model: any query of the language, any way in which documents lie in segments, with
// documents that are no more; and the best, found without scoring all.

import TestKit
import Testing

@testable import SocialCore

@Suite("Searching segments")
struct SearchRunTests {
    private static let words = [
        "sun", "suns", "sunny", "sun-moon", "moon", "star", "stars", "the", "of", "#sun", "#starlight", "@ana", "熱力学",
        "한글", "🌞",
    ]

    /// Common words often, rare ones seldom.
    private static func word(_ chance: Chance) -> String {
        words[min(chance.below(words.count), chance.below(words.count))]
    }

    private static func text(_ chance: Chance) -> String {
        (0..<chance.below(12)).map { _ in word(chance) }.joined(separator: " ")
    }

    private static func query(_ chance: Chance, depth: Int = 0) -> String {
        (0..<1 + chance.below(4)).map { _ in
            let sign = ["", "", "", "+", "-"][chance.below(5)]
            switch chance.below(depth < 2 ? 9 : 6) {
            case 0: return sign + "\"\(word(chance)) \(word(chance))\""
            case 1: return sign + String(word(chance).unicodeScalars.prefix(2).map(Character.init)) + "*"
            case 2: return sign + "from:u\(chance.below(3))"
            case 6: return sign + "(\(query(chance, depth: depth + 1)))"
            case 7: return "\(word(chance)) AND \(word(chance))"
            case 8: return "\(word(chance)) OR NOT \(word(chance))"
            default: return sign + word(chance)
            }
        }.joined(separator: " ")
    }

    @Test("Any query finds in any segments what it finds in the model, in the same order with the same scores")
    func model() throws {
        let chance = Chance("search runs")
        for round in 0..<TestRun.times(60, usually: 25) {
            let stems = round % 3 != 0
            var model = SearchModel()
            let parts = 1 + chance.below(4)
            var builders = (0..<parts).map { _ in SegmentBuilder(stems: stems) }
            var gone: [Int64] = []
            for number in 0..<chance.below(round % 10 == 0 ? 700 : 60) {
                let id = Int64(number + 1) << 22
                let text = Self.text(chance)
                let markers = [Segment.term(.author(Int64(chance.below(3))))]
                builders[chance.below(parts)].add(id: id, text: text, markers: markers)
                if chance.below(5) == 0 {
                    gone.append(id)
                } else {
                    model.documents.append(SearchModel.Document(id: id, text: text, markers: markers))
                }
            }
            var segments = try builders.indices.map { LivingSegment(try builders[$0].finish()) }
            for index in segments.indices { for id in gone { try segments[index].bury(id: id) } }
            if chance.below(2) == 0 { segments = [LivingSegment(try Segment.merged(segments))] }
            for _ in 0..<20 {
                let text = Self.query(chance)
                guard let query = try? QueryParser.parse(text) else { continue }
                let plan = try SearchPlanner.plan(query, stems: stems, now: noon) { name in
                    UserID(rawValue: Int64(name.dropFirst()) ?? 0)
                }
                try compare(plan, segments, model.run(plan, stems: stems), text, chance)
            }
        }
    }

    private func compare(
        _ plan: SearchPlan, _ segments: [LivingSegment], _ expected: SearchModel.Result, _ text: String,
        _ chance: Chance
    ) throws {
        let run = try SearchRun(plan, on: segments)
        let comment: Comment = "\(text): \(plan.description(of: .group(plan.root)))"
        #expect(run.counts == expected.counts, comment)
        #expect(try run.count() == expected.hits.count, comment)
        #expect(try run.best(10_000) == expected.hits, comment)
        let limit = 1 + chance.below(12)
        #expect(try run.best(limit) == Array(expected.hits.prefix(limit)), comment)
        let newest = expected.hits.map(\.id).sorted(by: >)
        #expect(try run.newest(limit).map(\.id) == Array(newest.prefix(limit)), comment)
        guard let last = expected.hits.prefix(limit).last else { return }
        #expect(
            try run.best(limit, after: last) == Array(expected.hits.dropFirst(limit).prefix(limit)), comment)
        let place = chance.below(newest.count)
        #expect(
            try run.newest(limit, after: newest[place]).map(\.id) == Array(newest.dropFirst(place + 1).prefix(limit)),
            comment)
        let ids = newest.filter { _ in chance.below(2) == 0 }
        #expect(
            Set(try run.scored(ids)) == Set(expected.hits.filter { ids.contains($0.id) }), comment)
    }

    @Test("Long lists are passed over by blocks, and nothing is missed")
    func blocks() throws {
        let chance = Chance("search blocks")
        var model = SearchModel()
        var builder = SegmentBuilder(stems: false)
        for number in 0..<TestRun.times(6_000, usually: 2_500) {
            var text = chance.below(40) == 0 ? "rare " : ""
            if chance.below(3) > 0 { text += "common " }
            if chance.below(4) == 0 { text += "common usual " }
            for _ in 0..<chance.below(20) { text += "filler\(chance.below(50)) " }
            builder.add(id: Int64(number + 1), text: text)
            model.documents.append(SearchModel.Document(id: Int64(number + 1), text: text, markers: []))
        }
        let segments = [LivingSegment(try builder.finish())]
        for text in [
            "common", "rare common", "common usual rare", "usual common filler3", "+common usual", "usual -rare",
        ] {
            let plan = try SearchPlanner.plan(QueryParser.parse(text), stems: false, now: noon) { _ in
                UserID(rawValue: 0)
            }
            try compare(plan, segments, model.run(plan, stems: false), text, chance)
        }
    }
}
