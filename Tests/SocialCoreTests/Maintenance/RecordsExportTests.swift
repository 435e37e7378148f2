// Records go out with the truth and come back in any network, on any number of shards: the same bytes, the same
// answers, and nothing twice.

import Formats
import TestKit
import Testing

@testable import SocialCore

/// A network in which something is recorded at random, and a model that counts accesses by itself.
private final class RecordedNetwork {
    let world: LivedNetwork
    let chance: Chance
    private(set) var model: [String: Int64] = [:]

    var network: Network { world.network }

    /// A network that has lived for some steps, and in which as many as are said were recorded behind them.
    init(shards: Int, chance: Chance, steps: Int, recorded: Int) throws {
        world = try LivedNetwork(shards: shards, placement: .user, chance: chance)
        self.chance = chance
        try world.live(steps: steps)
        try record(steps: recorded)
    }

    func record(steps: Int) throws {
        for _ in 0..<steps { do { try step() } catch is any RoomError {} }
    }

    private func step() throws {
        let account = try network.accounts.named(Handle("U\(chance.below(12))")).id
        switch chance.below(8) {
        case 0:
            let kind: NotificationKind = chance.isOne(in: 2) ? .like : .follow
            _ = try network.notifications.setPreferences(of: account) { $0.kinds.formSymmetricDifference([kind]) }
        case 1: _ = try network.notifications.markRead(until: nil, of: account)
        case 2:
            let value = chance.isOne(in: 2) ? [0xFF, 0] : Array("é \"\(chance.below(9))\"".utf8)
            _ = try network.attributes.set(.notice, "task/\(chance.below(3))", of: account, to: value)
            _ = try network.tokens.make(for: account, name: "phone")
        case 3: try queue(account)
        default: try count()
        }
    }

    private func queue(_ account: UserID) throws {
        let topic = ["jobs", "mail", "a.b"][chance.below(3)]
        var drafts: [MessageQueue.Draft] = []
        for number in 0..<1 + chance.below(3) {
            var draft = MessageQueue.Draft(number == 1 ? [0, 0xC3] : Array("task \(chance.below(99))".utf8))
            (draft.priority, draft.attempts) = (chance.below(10), 1 + chance.below(3))
            if chance.isOne(in: 3) { draft.account = account }
            if chance.isOne(in: 4) { draft.delayMilliseconds = 60_000 }
            if chance.isOne(in: 3) { draft.key = "key \(chance.below(1_000))" }
            drafts.append(draft)
        }
        _ = try network.queue.push(drafts, to: topic)
        guard chance.isOne(in: 2) else { return }
        let consumer = ["c", "d"][chance.below(2)]
        for taken in try network.queue.pull(topic, consumer: consumer, limit: 2, leaseMilliseconds: 9_000, worker: "w")
        {
            switch chance.below(3) {
            case 0: _ = try network.queue.acknowledge([taken.lease], in: topic)
            case 1: _ = try network.queue.giveBack(taken.lease, in: topic, failure: "no", isFinal: chance.isOne(in: 2))
            default: break
            }
        }
    }

    private func count() throws {
        let key = chance.isOne(in: 4) ? "count \(chance.below(1_000))" : nil
        let accesses = (0..<1 + chance.below(30)).map { _ in
            CountedAccess(
                .post(PostID(rawValue: Int64(1 + chance.below(20)))), chance.isOne(in: 3) ? .like : .view,
                viewer: chance.isOne(in: 5) ? nil : ViewerKey(rawValue: UInt64(chance.below(3_000))),
                at: network.context.clock.now.advanced(byMilliseconds: -Int64(chance.below(40 * 86_400_000))),
                audience: chance.isOne(in: 4) ? .bots : .people, amount: Int64(chance.below(100)))
        }
        guard try network.analytics.record(accesses, idempotencyKey: key) else { return }
        for access in accesses { model[access.resource.name, default: 0] += 1 }
    }
}

extension Network {
    /// The text of the export with records.
    fileprivate func recorded() throws -> [UInt8] {
        var encoder = ExportEncoder()
        var records: Int64 = 0
        try export.run(
            begin: { encoder.header(manifest.placement, rows: $0, hasRecords: true) }, { encoder.row($0) },
            record: {
                encoder.record($0)
                records += 1
            })
        encoder.end(records: records)
        return encoder.bytes
    }

    /// What is answered to questions about counts.
    fileprivate func answers() throws -> [String] {
        let analytics = analytics
        let now = noon.advanced(byMilliseconds: 600_000)
        var answers: [String] = []
        for days in [nil, 40, 8, 1] as [Int64?] {
            var filter = AccessFilter()
            filter.since = days.map { now.advanced(byMilliseconds: -$0 * 86_400_000 + 12_345_678) }
            answers += try analytics.top(filter, limit: nil).map { "\($0.resource.name) \($0.count)" }
            answers += try analytics.count(filter).map { "\($0.kind.name) \($0.count) \($0.viewers)" }
        }
        let edges = (0...30).map { now.advanced(byMilliseconds: Int64($0 - 30) * 33 * 3_600_000) }
        answers += try analytics.series(AccessFilter(), edges: edges, countsViewers: true).map { "\($0)" }
        let status = try analytics.status(isDeep: true)
        #expect(status.problems.map(\.message) == [])
        return answers + ["\(status.events) \(status.fromLogs) \(String(describing: status.days))"]
    }
}

@Suite("Records in an export")
struct RecordsExportTests {
    private static func lines(_ text: [UInt8]) -> [String] {
        String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func text(_ lines: [String]) -> [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

    @Test("come back the same on any number of shards, and once more change nothing")
    func roundTrip() throws {
        var types: Set<String> = []
        for number in 0..<TestRun.times(3) {
            let chance = Chance(case: number)
            let world = try RecordedNetwork(shards: [1, 3, 5][number % 3], chance: chance, steps: 60, recorded: 70)
            if number % 3 == 1 {
                let day: Int64 = 86_400_000
                _ = try world.network.analytics.prune(
                    .init(minutesMilliseconds: 2 * day, hoursMilliseconds: 9 * day, daysMilliseconds: 30 * day))
                // What comes late is told more finely than what was there.
                try world.record(steps: 20)
            }
            let text = try world.network.recorded()
            let top = try world.network.analytics.top(AccessFilter(), limit: nil)
            #expect(Dictionary(uniqueKeysWithValues: top.map { ($0.resource.name, $0.count.count) }) == world.model)
            for line in Self.lines(text) { types.insert(String(line.split(separator: "\"")[3])) }
            let answers = try world.network.answers()
            for shards in number == 0 ? [1, 4] : [2] {
                let copy = try LivedNetwork(shards: shards, placement: .user, chance: chance)
                var work = copy.network.import
                work.batchRows = [7, 50_000][number % 2]
                let summary = try work.run(text)
                #expect(summary.added == summary.rows && summary.rows == Self.lines(text).count - 2)
                #expect(try copy.network.recorded() == text, "seed \(chance.seed)")
                #expect(try copy.network.answers() == answers, "seed \(chance.seed)")
                #expect(try Digest.of(copy.network.router) == Digest.of(world.network.router))
                #expect(try work.run(text) == .init(rows: summary.rows), "seed \(chance.seed)")
                #expect(try copy.network.recorded() == text, "seed \(chance.seed)")
            }
            // Nothing of it is in an export without records.
            #expect(try world.network.exported() == Self.truth(of: text))
        }
        let expected: Set = [
            "read-mark", "preference", "notice", "topic", "message", "message-key", "count", "count-key",
        ]
        #expect(expected.isSubset(of: types) && !types.contains("token"), "\(types)")
    }

    /// The rows of truth, with the header of an export without records.
    private static func truth(of text: [UInt8]) -> [UInt8] {
        let records = [
            "read-mark", "preference", "notice", "topic", "message", "message-key", "count", "log", "count-key", "end",
        ]
        var lines = lines(text).filter { line in !records.contains { line.hasPrefix("{\"type\":\"\($0)\"") } }
        lines[0] = lines[0].replacing("\"version\":2", with: "\"version\":1")
        return Self.text(lines)
    }

    @Test("bring what people have set, and what waits to be done")
    func use() throws {
        let scene = try ErasureScene(shards: 2)
        let network = try scene.open()
        let world = try LivedNetwork(shards: 3, placement: .user, chance: Chance(case: 1))
        let copy = world.network
        _ = try copy.import.run(network.recorded())
        #expect(try copy.notifications.preferences(of: scene.id) == network.notifications.preferences(of: scene.id))
        #expect(try copy.notifications.unreadCount(for: scene.id) == network.notifications.unreadCount(for: scene.id))
        #expect(try copy.attributes.all(.token, of: scene.id) == [])
        #expect(try network.attributes.all(.token, of: scene.id).count == 1)
        // What was leased there is ready here, and a push that was made there is known here.
        let taken = try copy.queue.pull("jobs", consumer: "c", limit: 9, leaseMilliseconds: 1_000)
        #expect(taken.map(\.message.n) == [1, 2] && taken.map(\.attempt) == [2, 1])
        #expect(taken.first?.message.account == scene.id)
        var draft = MessageQueue.Draft(Array("zyxqua payload".utf8))
        draft.account = scene.id
        draft.key = "zyxqua-message-key"
        #expect(try copy.queue.push([draft], to: "jobs").map(\.isNew) == [false])
        draft.key = nil
        #expect(try copy.queue.push([draft], to: "jobs").map(\.n) == [3])
    }

    @Test("bring how far logs were counted, so that no line counts twice")
    func logs() throws {
        let world = try CountedNetwork(shards: 2)
        let line = "192.0.2.7 - - [01/Oct/2024:10:00:00 +0000] \"GET /about HTTP/1.1\" 200 512 \"-\" \"Firefox/1\"\n"
        let log = (0..<40).map { line.replacing("192.0.2.7", with: "192.0.2.\($0)") }.joined()
        let work = AccessLogImport()
        func importing(_ network: Network, _ text: String) throws -> Int {
            try work.run(name: "access.log", bytes: Array(text.utf8), BadRows(.stop, file: "-"), network.analytics)
                .events
        }
        #expect(try importing(world.network, log) == 40)
        let copy = try CountedNetwork(shards: 3)
        let text = try world.network.recorded()
        _ = try copy.network.import.run(text)
        #expect(try copy.network.answers() == world.network.answers())
        #expect(try importing(copy.network, log) == 0)
        #expect(try importing(copy.network, log + line) == 1)
        #expect(try copy.count() == 41)
        #expect(try copy.analytics.status(isDeep: true).problems.map(\.message) == [])
    }

    @Test("that others stand in the place of end the import, stay, or give way", arguments: Import.Existing.allCases)
    func existing(policy: Import.Existing) throws {
        let chance = Chance("records in places")
        let world = try RecordedNetwork(shards: 2, chance: chance, steps: 60, recorded: 40)
        let text = try world.network.recorded()
        let answers = try world.network.answers()
        let before = Set(Self.lines(text)).filter { !$0.contains("\"type\":\"end\"") }
        var isOther = false
        while !isOther {
            try world.record(steps: 40)
            isOther = try !before.isSubset(of: Self.lines(world.network.recorded()))
        }
        let later = try world.network.answers()
        var work = world.network.import
        work.existing = policy
        switch policy {
        case .error:
            let error = #expect(throws: StoreError.self) { try work.run(text) }
            #expect(error?.code == .rowDiffers && error?.message.hasPrefix("export:") == true)
        case .ignore:
            #expect(try work.run(text).ignored > 0)
            #expect(try world.network.answers() == later)
        case .replace:
            #expect(try work.run(text).ignored == 0)
            #expect(answers != later)
            let lines = Set(Self.lines(try world.network.recorded()))
            #expect(Self.lines(text).dropFirst().dropLast().allSatisfy(lines.contains))
            #expect(try world.network.analytics.status(isDeep: true).problems.map(\.message) == [])
            #expect(try work.run(text).added == 0)
        }
    }

    @Test("are the same while shards come and go, and are known there")
    func shards() throws {
        let world = try RecordedNetwork(shards: 3, chance: Chance("moved records"), steps: 40, recorded: 40)
        let network = world.network
        let text = try network.recorded()
        func compare(_ step: String) throws {
            #expect(try network.recorded() == text, "\(step), seed \(world.chance.seed)")
            #expect(try network.import.run(text).added == 0, "\(step), seed \(world.chance.seed)")
            #expect(try network.recorded() == text, "\(step), seed \(world.chance.seed)")
        }
        // The counts have been taken over, and the shard is still there.
        try network.analytics.adopt(1)
        try compare("taken over")
        _ = try network.removeShard(1)
        try compare("removed")
        _ = try network.addShard(weight: 1, in: nil)
        try compare("added")
    }

    @Test("of days that were forgotten since are not counted twice")
    func forgotten() throws {
        let world = try RecordedNetwork(shards: 2, chance: Chance("forgotten days"), steps: 60, recorded: 60)
        let text = try world.network.recorded()
        let day: Int64 = 86_400_000
        _ = try world.network.analytics.prune(
            .init(minutesMilliseconds: day, hoursMilliseconds: 2 * day, daysMilliseconds: 3 * day))
        let before = try world.network.analytics.top(AccessFilter(), limit: nil).map { "\($0)" }
        #expect(refusal { _ = try world.network.import.run(text) } == "row_differs")
        var work = world.network.import
        work.existing = .ignore
        _ = try work.run(text)
        #expect(try world.network.analytics.top(AccessFilter(), limit: nil).map { "\($0)" } == before)
    }

    @Test("that are wrong are found where they stand")
    func faults() throws {
        let scene = try ErasureScene(shards: 1)
        let network = try scene.open()
        let access = CountedAccess(.user(scene.id), .view, viewer: nil, at: noon)
        _ = try network.analytics.record([access], idempotencyKey: "k")
        let lines = Self.lines(try network.recorded())
        func problem(_ lines: [String]) throws -> String? {
            let copy = try LivedNetwork(shards: 2, placement: .user, chance: Chance(case: 1))
            do { _ = try copy.network.import.run(Self.text(lines)) } catch let error as FileError { return "\(error)" }
            return nil
        }
        #expect(try problem(lines) == nil)
        #expect(try problem(lines.dropLast())?.contains("and should have records behind them, and an end") == true)
        let few = lines.filter { !$0.hasPrefix("{\"type\":\"count-key\"") }
        #expect(try problem(few)?.contains("the export is cut off: it has \(few.count - 2) rows") == true)
        let place = try #require(lines.firstIndex { $0.hasPrefix("{\"type\":\"preference\"") })
        var other = lines
        other[place] = other[place].replacing(/"user_id":"[0-9]+"/, with: "\"user_id\":\"77\"")
        #expect(try problem(other)?.hasPrefix("export:\(place + 1):1: there is no account 77; rows stored:") == true)
        let message = try #require(lines.first { $0.hasPrefix("{\"type\":\"message\"") })
        let rest = lines.filter { !$0.hasPrefix("{\"type\":\"topic\"") }
        let first = try #require(rest.firstIndex(of: message))
        #expect(try problem(rest)?.hasPrefix("export:\(first + 1):1: there is no topic \"") == true)
        var work = try LivedNetwork(shards: 1, placement: .user, chance: Chance(case: 2)).network.import
        work.shiftsToNow = true
        #expect(refusal { _ = try work.run(Self.text(lines)) } == "has_records")
    }

    @Test("are read in a dry run as in a real one, and nothing is changed")
    func dryRun() throws {
        let world = try RecordedNetwork(shards: 2, chance: Chance("dry records"), steps: 60, recorded: 60)
        let text = try world.network.recorded()
        let copy = try CountedNetwork(shards: 2)
        try copy.reopen(at: noon, isDryRun: true)
        let dry = try copy.network.import.run(text)
        try copy.reopen(at: noon)
        #expect(try Self.lines(copy.network.recorded()).count == 2)
        #expect(try copy.network.import.run(text) == dry)
        #expect(dry.added == dry.rows && dry.rows > 20)
    }
}
