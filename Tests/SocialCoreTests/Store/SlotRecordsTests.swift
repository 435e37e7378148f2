// Records that belong to slots: found wherever their slots are, moved with them, and never believed when damaged.

import GRDB
import TestKit
import Testing

@testable import SocialCore

/// What stops a move in a test.
private struct Stop: Error {}

@Suite("Records of slots")
struct SlotRecordsTests {
    private func user(_ number: Int64) -> UserID { UserID(rawValue: number << 22 | (number * 37 % 4_096) << 10) }

    private func bytes(_ number: Int64) -> [UInt8] { Array("value \(number)".utf8) }

    @Test("An attribute is what it was set to last, for the account, the kind and the name it was set for")
    func attributes() throws {
        let world = try CountedNetwork()
        let attributes = world.network.attributes
        #expect(try attributes.value(.token, "a", of: user(1)) == nil)
        #expect(try attributes.set(.token, "a", of: user(1), to: [1, 2]))
        #expect(try !attributes.set(.token, "a", of: user(1), to: [1, 2]))
        #expect(try attributes.set(.token, "a", of: user(1), to: [3]))
        try attributes.set(.token, "b", of: user(1), to: [])
        try attributes.set(.token, "a", of: user(2), to: [4])
        try attributes.set(.preference, "a", of: user(1), to: [5])
        try world.reopen()
        let all = try world.network.attributes.all(.token, of: user(1))
        #expect(all.map(\.name) == ["a", "b"])
        #expect(all.map(\.value) == [[3], []])
        #expect(all.allSatisfy { $0.changedAt == CountedNetwork.now })
        #expect(try world.network.attributes.all(.token, of: user(1), after: "a").map(\.name) == ["b"])
        #expect(try world.network.attributes.all(.token, of: user(1), limit: 1).map(\.name) == ["a"])
        #expect(try world.network.attributes.remove(.token, "a", of: user(1)))
        #expect(try !world.network.attributes.remove(.token, "a", of: user(1)))
        #expect(try world.network.attributes.value(.token, "a", of: user(2))?.value == [4])
        #expect(try world.network.attributes.value(.preference, "a", of: user(1))?.value == [5])
    }

    @Test("A dry run sets nothing")
    func dryRun() throws {
        let world = try CountedNetwork()
        try world.reopen(isDryRun: true)
        #expect(try world.network.attributes.set(.token, "a", of: user(1), to: [1]))
        try world.reopen()
        #expect(try world.network.attributes.value(.token, "a", of: user(1)) == nil)
    }

    @Test(
        "Attributes move with the slots of their accounts, wherever a move is interrupted",
        arguments: TestRun.some(5, of: Array(0..<12), Chance(case: 67)))
    func moves(stop: Int) throws {
        let world = try CountedNetwork(shards: 2)
        for number in 1...200 {
            try world.network.attributes.set(.notice, "n", of: user(Int64(number)), to: bytes(Int64(number)))
        }
        func check(_ when: String) throws {
            for number in Int64(1)...200 {
                let value = try world.network.attributes.value(.notice, "n", of: user(number))?.value
                #expect(value == bytes(number), "\(when): account \(number)")
            }
            let kept = try world.network.slotRecords.gather { rows, has in
                try (Int64(1)...200).filter { try has(user($0).slot) && rows.hasRows(of: [user($0).slot]) }
            }
            #expect(kept.flatMap { $0 }.sorted() == Array(1...200), "\(when)")
        }
        var steps = 0
        world.network.beforeMoveStep = {
            steps += 1
            if steps == 5 + stop * 7 { throw Stop() }
        }
        do {
            _ = try world.network.addShard(weight: 1, in: nil)
            _ = try world.network.removeShard(0)
        } catch is Stop {}
        try world.reopen()
        try check("stopped before step \(5 + stop * 7)")
        // What is written meanwhile counts, not what was copied before.
        try world.network.attributes.set(.notice, "n", of: user(7), to: bytes(-7))
        try world.network.attributes.set(.notice, "n", of: user(7), to: bytes(7))
        _ = try world.network.rebalance([])
        try check("moved on")
        if world.network.router.shards.contains(0) { _ = try world.network.removeShard(0) }
        try world.reopen()
        #expect(!world.network.router.shards.contains(0))
        try check("without shard 0")
    }

    @Test("A process with an old map writes where the slot is by now")
    func oldMap() throws {
        let world = try CountedNetwork()
        let path = world.directory.file("data")
        let other = try Network(opening: path, context: world.context)
        #expect(try other.attributes.value(.token, "a", of: user(5)) == nil)
        _ = try world.network.addShard(weight: 1, in: nil)
        for number in Int64(1)...110 { try other.attributes.set(.token, "a", of: user(number), to: bytes(number)) }
        try world.reopen()
        for number in Int64(1)...110 {
            #expect(try world.network.attributes.value(.token, "a", of: user(number))?.value == bytes(number))
        }
        #expect(try world.network.recordsShards[1].read { try $0.hasRows(of: Slot.all) } == true)
    }

    @Test("Records of format 1 are read, and brought to the present format")
    func olderFormat() throws {
        let world = try CountedNetwork()
        let access = CountedAccess(.post(PostID(rawValue: 9)), .view, viewer: nil, at: CountedNetwork.now)
        try world.analytics.record([access])
        let path = world.directory.file("data/shards/0000/records.sqlite")
        let queue = try DatabaseQueue(path: path)
        try queue.write { database in
            let tables = "attribute topic message message_key consumer delivery service log_position"
            for table in tables.split(separator: " ") { try database.execute(sql: "DROP TABLE \(table)") }
            try database.execute(sql: "UPDATE shard SET format = 1")
        }
        try queue.close()
        try world.reopen(isDryRun: true)
        #expect(try world.network.attributes.value(.token, "a", of: user(1)) == nil)
        try world.reopen()
        #expect(try world.network.attributes.set(.token, "a", of: user(1), to: [1]))
        #expect(try world.count() == 1)
        try world.reopen()
        #expect(try world.network.attributes.value(.token, "a", of: user(1))?.value == [1])
    }

    @Test("A changed value is not believed")
    func damage() throws {
        let world = try CountedNetwork()
        try world.network.attributes.set(.token, "a", of: user(1), to: [1])
        let queue = try DatabaseQueue(path: world.directory.file("data/shards/0000/records.sqlite"))
        try queue.write { try $0.execute(sql: "UPDATE attribute SET value = x'02'") }
        try queue.close()
        try world.reopen()
        #expect(throws: StorageError.self) { try world.network.attributes.value(.token, "a", of: user(1)) }
    }
}

extension Slot {
    /// All slots.
    fileprivate static var all: [Slot] { (0..<count).compactMap { Slot($0) } }
}
