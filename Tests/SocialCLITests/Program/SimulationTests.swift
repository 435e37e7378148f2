// Random command lines beside a model of plain arrays. What differs is made as short as can be and printed as a script.

import SocialCore
import TestKit
import Testing

@Suite("A simulated network")
struct SimulationTests {
    /// Runs a history; of one that differs, the shortest script that shows it.
    private func script(
        _ lines: [SimulatedLine], shards: Int, placement: Placement, model: PlainNetwork = PlainNetwork()
    ) throws -> String? {
        func difference(_ lines: [SimulatedLine], stride: Int) throws -> (line: Int, text: String)? {
            try SimulatedHistory.difference(
                in: lines, shards: shards, placement: placement, stride: stride, model: model)
        }
        guard let found = try difference(lines, stride: 12) else { return nil }
        let failing = Array(lines.prefix(found.line))
        // Questions write views, so asking may be what matters.
        let stride = try [Int.max, 1].first { try difference(failing, stride: $0) != nil } ?? 12
        let fewest = try Minimiser.minimise(failing, tries: 300) { try difference($0, stride: stride) != nil }
        var text = try difference(fewest, stride: stride)?.text ?? found.text
        if stride != .max { text += "\nwhen everything is asked after every \(stride) lines" }
        return SimulatedHistory.script(fewest, shards: shards, placement: placement, text)
    }

    @Test("shows what plain arrays say, whatever is done to it", arguments: [1, 4], Placement.allCases)
    func simulation(shards: Int, placement: Placement) throws {
        let lines = 60
        var count = 0
        for number in 0..<TestRun.times(1) {
            let chance = Chance(case: 200 + number * 8 + shards + (placement == .user ? 0 : 1))
            let history = SimulatedHistory.random(lines, chance)
            let script = try script(history, shards: shards, placement: placement)
            #expect(script == nil, "history \(number), SOCIAL_TEST_SEED=\(TestRun.seed):\n\(script ?? "")")
            if script != nil { break }
            count += lines
        }
        TestRun.report("\(count) command lines on \(shards) shards, posts by \(placement)")
    }

    @Test("is told from a model that forgets something, and the script that shows it is short")
    func mutes() throws {
        var script: String?
        for number in 0..<20 where script == nil {
            let history = SimulatedHistory.random(80, Chance(seed: UInt64(number)))
            script = try self.script(
                history, shards: 1, placement: .user, model: PlainNetwork(forgetsMutes: true))
        }
        let lines = try #require(script).split(separator: "\n")
        // Somebody whom one mutes does something that one would be told.
        #expect(lines.contains { $0.hasPrefix("social follow mute ") })
        #expect(lines.count { !$0.hasPrefix("#") } <= 7, "\(lines.joined(separator: "\n"))")
    }

    @Test("The same seed for every command takes nothing away")
    func seeds() throws {
        let world = try CommandWorld()
        func run(_ line: String) -> CommandWorld.Outcome { world.run("\(line) --seed 1") }
        #expect(run("init \(world.path(".social")) --shard-by post").status == 0)
        for line in ["user create ana", "user rename ana bob", "user rename bob cleo"] {
            #expect(run(line).status == 0)
        }
        #expect(world.run("user list --format ndjson --fields handle").text.contains("cleo"))
        var ids: [String] = []
        for round in 0..<6 {
            ids.append(run("post create apple --by cleo --format ids").text)
            if round == 2 { #expect(run("shard add").status == 0) }
            let found = run("search posts apple --rank recent --format ids").text
            #expect(found == ids.reversed().joined(), "\(round)")
        }
    }

    @Test("A failure is made as small as it can be")
    func minimiser() {
        let fewest = Minimiser.minimise(Array(0..<100)) { $0.contains(17) && $0.contains(61) && $0.contains(62) }
        #expect(fewest == [17, 61, 62])
        #expect(Minimiser.minimise([1, 2, 3]) { _ in true } == [])
        #expect(Minimiser.minimise([1, 2, 3]) { $0.count == 3 } == [1, 2, 3])
    }
}
