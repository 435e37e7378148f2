// An export is the same for any number of shards, and an import of it is the same network; whatever is wrong with the
// text is found where it stands.

import Formats
import TestKit
import Testing

@testable import SocialCore

@Suite("Export and import")
struct ExportTests {
    // MARK: There and back

    @Test("A random network comes back the same on 1, 4 and 64 shards", arguments: [Placement.user, .post])
    func roundTrip(placement: Placement) throws {
        var types: Set<String> = []
        for number in 0..<TestRun.times(3) {
            let chance = Chance(case: number)
            let world = try LivedNetwork(shards: [1, 3, 5][number % 3], placement: placement, chance: chance)
            try world.live(steps: 300)
            let text = try world.network.exported()
            var lines = NDJSONReader(LineReader(bytes: text))
            while let line = try lines.next() { types.insert(line.value["type"]?.string ?? "") }
            let digest = try Digest.of(world.network.router)
            for shards in number == 0 ? [1, 4, 64] : [2] {
                let copy = try LivedNetwork(shards: shards, placement: placement, chance: chance)
                let summary = try copy.network.import.run(text)
                #expect(summary.rows == digest.rows && summary.added == digest.rows, "seed \(chance.seed)")
                #expect(try Digest.of(copy.network.router) == digest, "seed \(chance.seed)")
                #expect(try copy.network.exported() == text, "seed \(chance.seed)")
                #expect(try copy.network.verification.run() == [], "seed \(chance.seed)")
                // Once more changes nothing.
                #expect(try copy.network.import.run(text).added == 0)
                #expect(try Digest.of(copy.network.router) == digest)
            }
        }
        let expected: Set = [
            "social", "user", "deleted-user", "handle", "follow", "post", "version", "deleted-post", "block", "mute",
            "like", "seen", "key",
        ]
        #expect(types == expected)
        TestRun.report("\(TestRun.times(3)) networks")
    }

    @Test("A fixture is imported as it is generated, in batches of any size", arguments: [1, 7, 50_000])
    func fixture(batchRows: Int) throws {
        var plan = FixturePlan()
        (plan.users, plan.posts, plan.blocks, plan.mutes) = (40, 150, 20, 20)
        var encoder = ExportEncoder()
        encoder.header(plan.placement)
        var rows = 0
        try Fixture(plan).forEachRow {
            encoder.row($0)
            rows += 1
        }
        let world = try LivedNetwork(shards: 4, placement: .user, chance: Chance(case: 0), now: plan.end)
        var work = world.network.import
        work.batchRows = batchRows
        #expect(try work.run(encoder.bytes).rows == rows)
        #expect(try world.network.verification.run() == [])
        let header = Array("{\"type\":\"social\",\"version\":1,\"shard_by\":\"user\",\"rows\":\(rows)}\n".utf8)
        let body = encoder.bytes.drop { $0 != UInt8(ascii: "\n") }.dropFirst()
        #expect(try world.network.exported() == header + body)
    }

    @Test("Rows move in time without losing their order, their slots or each other")
    func shifting() throws {
        let chance = Chance(case: 5)
        let world = try LivedNetwork(shards: 2, placement: .user, chance: chance)
        try world.live(steps: 200)
        let before = try world.network.rows()
        let now = noon.advanced(byMilliseconds: 1_000_000_000_000)
        let copy = try LivedNetwork(shards: 3, placement: .user, chance: chance, now: now)
        var work = copy.network.import
        work.shiftsToNow = true
        #expect(try work.run(try world.network.exported()).added == before.count)
        let after = try copy.network.rows()
        #expect(after.count == before.count)
        let latest = try #require(before.map(\.latestTime).max())
        let shift = now.milliseconds - 1 - latest.milliseconds
        #expect(after.map(\.latestTime).max() == now.advanced(byMilliseconds: -1))
        #expect(try before.map { try $0.shifted(byMilliseconds: shift) } == after)
        #expect(try after.map { try $0.shifted(byMilliseconds: -shift) } == before)
        for (row, other) in zip(before, after) { #expect(row.slot == other.slot) }
        #expect(try copy.network.verification.run() == [])
    }

    // MARK: What stands in the way

    @Test("An import that was cut off stores what it has read, and goes on when it is repeated")
    func repetition() throws {
        let chance = Chance(case: 6)
        let world = try LivedNetwork(shards: 1, placement: .user, chance: chance)
        try world.live(steps: 100)
        let text = try world.network.exported()
        let copy = try LivedNetwork(shards: 2, placement: .user, chance: chance)
        var work = copy.network.import
        work.batchRows = 10
        let lines = text.split(separator: UInt8(ascii: "\n"))
        let part = Array(lines.prefix(lines.count / 2).joined(separator: [UInt8(ascii: "\n")]))
        let error = #expect(throws: FileError.self) { try work.run(part) }?.error
        #expect(error?.message.contains("the export is cut off") == true, "\(error?.message ?? "")")
        #expect(error?.message.hasSuffix("rows stored: \(lines.count / 2 - 1)") == true)
        // Everything that was read, and the handles of the accounts, which come with them.
        let stored = try copy.network.exported().split(separator: UInt8(ascii: "\n")).dropFirst()
        #expect(Set(stored).isSuperset(of: lines.dropFirst().prefix(lines.count / 2 - 1)))
        let ahead = Set(stored).subtracting(lines.prefix(lines.count / 2))
        #expect(ahead.allSatisfy { $0.starts(with: Array("{\"type\":\"handle\"".utf8)) })
        let summary = try work.run(text)
        #expect(summary.added == lines.count - 1 - stored.count)
        #expect(try copy.network.exported() == text)
    }

    @Test("Another row in the place ends the import, stays, or gives way", arguments: Import.Existing.allCases)
    func existing(policy: Import.Existing) throws {
        let chance = Chance(case: 7)
        let world = try LivedNetwork(shards: 2, placement: .user, chance: chance)
        try world.live(steps: 150)
        let text = try world.network.exported()
        let digest = try Digest.of(world.network.router)
        // The same network goes on: profiles, posts and accounts change, and some of them end.
        try world.live(steps: 150)
        let later = try world.network.rows()
        var work = world.network.import
        work.existing = policy
        switch policy {
        case .error:
            let error = #expect(throws: StoreError.self) { try work.run(text) }
            #expect(error?.code == .rowDiffers && error?.message.hasPrefix("export:") == true)
        case .ignore:
            #expect(try work.run(text).ignored > 0)
            let rows = try world.network.rows()
            #expect(later.allSatisfy { row in rows.contains(row) })
        case .replace:
            #expect(try work.run(text).ignored == 0)
            let expected = try LivedNetwork(shards: 1, placement: .user, chance: chance)
            _ = try expected.network.import.run(text)
            #expect(try Digest.of(expected.network.router) == digest)
            let rows = try world.network.rows()
            #expect(try expected.network.rows().allSatisfy { row in rows.contains(row) })
        }
        // References to what the other has ended may dangle; hashes, counts and sums may not.
        let findings = try world.network.verification.run().map(\.code)
        #expect(findings.allSatisfy { ["account_missing", "handle_lost", "feed_differs"].contains($0) }, "\(findings)")
    }

    @Test("A network of the other placement is refused")
    func placement() throws {
        let world = try LivedNetwork(shards: 1, placement: .user, chance: Chance(case: 8))
        let other = try LivedNetwork(shards: 1, placement: .post, chance: Chance(case: 8))
        let error = #expect(throws: ImportError.self) { try other.network.import.run(try world.network.exported()) }
        #expect(error?.code == .otherPlacement)
    }

    // MARK: Damage

    @Test(
        "A damaged or lost row ends an export",
        arguments: [
            "UPDATE post SET text = 'altered'", "DELETE FROM post WHERE id = (SELECT MAX(id) FROM post)",
            "UPDATE account SET name = 'x'", "DELETE FROM handle", "UPDATE follow SET since = since + 1",
            "DELETE FROM follow", "UPDATE relation SET since = 0", "DELETE FROM version",
            "UPDATE tombstone SET is_account = 1 - is_account", "DELETE FROM operation",
        ])
    func damage(_ sql: String) throws {
        let world = try LivedNetwork(shards: 1, placement: .user, chance: Chance(case: 9))
        try world.live(steps: 400)
        _ = try world.network.exported()
        world.run(sql)
        let error = #expect(throws: StorageError.self) { _ = try world.network.exported() }
        #expect(error?.code == .damaged)
    }

    @Test("A change that was left half done makes an export wait, and is no part of it")
    func halfDone() throws {
        let world = try LivedNetwork(shards: 3, placement: .user, chance: Chance(case: 10))
        let ana = try world.network.accounts.create(AccountDraft(handle: Handle("ana"))).value
        let bob = try world.network.accounts.create(AccountDraft(handle: Handle("bob"))).value
        _ = try world.network.graph.follow(bob, ana)
        let block = RelationRecord(.block, ana.id, bob.id, since: noon)
        _ = try world.network.router.write(ana.id.slot) { try $0.relate(block) }
        let error = #expect(throws: StorageError.self) { _ = try world.network.exported() }
        #expect(error?.code == .busy)
        _ = try Effects(router: world.network.router).settleAll()
        #expect(try world.network.rows().count == 5)
    }
}
