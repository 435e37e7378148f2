// Power cuts at random points of recorded lives of a network: it must come up again with all that it had acknowledged.

import SocialCore
import TestKit
import Testing

@Suite("Power cuts", .serialized)
struct PowerCutTests {
    private static let cutsPerHistory = TestRun.scale == 1 ? 40 : 50

    @Test("No acknowledged change is lost in hundreds of power cuts", arguments: [Placement.user, .post])
    func powerCuts(placement: Placement) throws {
        let count = TestRun.times(5, usually: 2)
        // The second of two histories is one of several shards: of two in one run, and of four in another.
        let first = TestRun.scale == 1 ? Chance(case: 55).below(2) : 0
        var cuts = 0
        var problems: [String] = []
        for index in 0..<count where problems.count < 5 {
            let number = TestRun.scale == 1 ? first + 2 * index : index
            let life = try Life(number: number * 2 + (placement == .user ? 0 : 1), placement)
            problems += try life.cut(PowerCutTests.cutsPerHistory, isReboot: true, &cuts)
        }
        TestRun.report("\(cuts) power cuts, posts by \(placement)")
        #expect(problems == [])
        #expect(cuts == count * PowerCutTests.cutsPerHistory)
    }

    @Test("With replicas, too, nothing acknowledged is lost, and a repair mends them", arguments: [true, false])
    func replicas(isReboot: Bool) throws {
        let count = TestRun.scale
        var cuts = 0
        var problems: [String] = []
        for number in 0..<count where problems.count < 5 {
            let life = try Life(number: 2_000 + number, number % 2 == 0 ? .user : .post, copies: 3)
            problems += try life.cut(TestRun.scale == 1 ? 20 : 50, isReboot: isReboot, &cuts)
        }
        TestRun.report("\(cuts) \(isReboot ? "power cuts" : "kills") with replicas")
        #expect(problems == [])
    }

    @Test("A process that is killed in the middle of any write leaves everything whole")
    func kills() throws {
        let count = 2 * TestRun.scale
        var cuts = 0
        var problems: [String] = []
        for number in 0..<count where problems.count < 5 {
            let life = try Life(number: 1_000 + number, number % 2 == 0 ? .user : .post)
            problems += try life.cut(TestRun.scale == 1 ? 20 : 50, isReboot: false, &cuts)
        }
        TestRun.report("\(cuts) kills in the middle of a write")
        #expect(problems == [])
    }
}

/// One recorded history, and what comes up after faults in it.
private struct Life {
    let number: Int
    let chance: Chance
    let history: NetworkHistory
    let folder: Folder

    init(number: Int, _ placement: Placement, copies: Int = 1) throws {
        self.number = number
        chance = Chance(case: number)
        folder = try Folder()
        var plan = Network.Plan(shards: [1, 1, 2, 4][number / 2 % 4], placement: placement)
        let places = (1..<copies).map { [folder] in "\(folder.path)/copy\($0)" }
        if !places.isEmpty { plan.replication = try Replication(places: places) }
        history = NetworkHistory(directory: "\(folder.path)/network", plan: plan, chance)
        try history.live(40)
    }

    /// Cuts at random points in the order in which they come; what is wrong afterwards.
    func cut(_ count: Int, isReboot: Bool, _ cuts: inout Int) throws -> [String] {
        let entries = history.record.entries
        // Some cuts fall on the making of the directory, the others anywhere.
        let points = (0..<count).map { $0 < count / 10 ? chance.below(200) : chance.below(entries.count) }.sorted()
        var disk = SimulatedDisk(root: folder.path)
        var acknowledged = -1
        var position = 0
        var problems: [String] = []
        for point in points {
            while position < min(point, entries.count) {
                switch entries[position] {
                case .change(let change): disk.apply(change)
                case .acknowledged(let step): acknowledged = step
                }
                position += 1
            }
            var next: FileChange?
            if position < entries.count, case .change(let change) = entries[position] { next = change }
            let image = isReboot ? disk.afterPowerCut(chance) : disk.afterKill(during: next, chance)
            // Replicas are named by their whole paths, so these lives come up where they were.
            let place = history.plan.replication == nil ? "\(folder.path)-cut" : folder.path
            defer { Folder.removeAll(place) }
            try Folder.write(image, from: folder.path, to: place)
            let what = "history \(number), cut at \(position) of \(entries.count) after step \(acknowledged)"
            let command = acknowledged + 1 < history.commands.count ? history.commands[acknowledged + 1] : nil
            do {
                problems += try comeUp("\(place)/network", acknowledged, isReboot)
                    .map { "\(what), during \(String(describing: command)): \($0)" }
            } catch { problems.append("\(what), during \(String(describing: command)): \(error)") }
            cuts += 1
            if problems.count > 5 { break }
        }
        return problems
    }

    private func comeUp(_ directory: String, _ acknowledged: Int, _ isReboot: Bool) throws -> [String] {
        let context = history.context(boot: isReboot ? 2 : 1)
        if acknowledged < 0, !FileSystem().exists(DataDirectory.manifestPath(directory)) {
            // Nobody was told that the directory is there; it is made again.
            try Network.create(directory, history.plan, context: context)
        }
        let network = try Network(opening: directory, context: context)
        let step = min(acknowledged + 1, history.commands.count - 1)
        let before = history.truths[max(0, acknowledged)]
        let stages = step == acknowledged ? [before] : history.stages[step]
        var problems = try Checkup.problems(of: network) { truth in
            truth.isOne(of: stages) ? nil : truth.difference(from: before)
        }
        if !(try network.replicaStatus(isDeep: false)).isEmpty {
            _ = try network.repairReplicas(nil)
            for status in try network.replicaStatus(isDeep: true) where status.state != .ok {
                problems.append("\(status.place) is \(status.state): \(status.problem ?? "")")
            }
        }
        if chance.percent(50) {
            // Another command, in a process of its own.
            problems += try Checkup.problemsGoingOn(try Network(opening: directory, context: context))
        }
        return problems
    }
}
