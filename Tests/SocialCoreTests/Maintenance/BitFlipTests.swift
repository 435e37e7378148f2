// Single bits are turned anywhere in a data directory: whatever changes an answer is found, nothing altered is served,
// and a repair brings back everything of which one bit is wrong.

import Formats
import TestKit
import Testing

@testable import SocialCore

@Suite("Turned bits", .serialized)
struct BitFlipTests {
    private static let now = Timestamp(milliseconds: 1_780_000_000_000)

    private func context() -> Context {
        Context(
            clock: .fixed(BitFlipTests.now), random: .seeded(SeededGenerator(seed: 5)), lockWaitMilliseconds: 10_000)
    }

    /// A network in which much has happened, and every view has been used.
    private func made(_ directory: String, shards: Int, _ chance: Chance) throws {
        try Network.create(directory, Network.Plan(shards: shards), context: context())
        let network = try Network(opening: directory, context: context())
        for _ in 0..<90 { try NetworkCommand.random(chance, in: try Truth(of: network)).run(on: network) }
        for command in [
            NetworkCommand.createUser("ana"), .createUser("ben"), .follow("ana", "ben"), .follow("ben", "ana"),
            .upload(by: "ana", [1, 2, 3, 33]), .push(["one", "two"], to: "jobs"), .pull("jobs", for: "w"),
            .count([1, 2, 3, 3]), .markRead("ana"), .register("search", "one"), .regenerate([], isFull: true),
            .readInbox("ben"), .post(by: "ana", text: "word for ben", key: "k"),
        ] { try command.run(on: network) }
        _ = try network.search.rebuild()
        _ = try network.notifications.rebuild()
        try network.publish()
    }

    @Test("A turned bit that changes an answer is found, and nothing that was altered is served", arguments: [1, 3])
    func flips(shards: Int) throws {
        let count = shards == 1 ? TestRun.times(24, usually: 10) : TestRun.times(12, usually: 5)
        let chance = Chance(case: 8_100 + shards)
        let folder = try Folder()
        let original = "\(folder.path)/original"
        try made(original, shards: shards, chance)
        let network = try Network(opening: original, context: context())
        #expect(try network.verify(.init(isDeep: true)) == [])
        let expected = Answers(of: network)
        #expect(expected.lines.allSatisfy { $0.value != nil })
        let targets = try Targets(in: original)
        var tally = Tally()
        for number in 0..<count where tally.problems.count < 5 {
            let place = "\(folder.path)/flipped"
            Folder.removeAll(place)
            try Folder.copy(original, to: place)
            let flip = targets.flip(chance)
            try flip.apply(to: place)
            do { try look(at: place, after: flip, expected, &tally) } catch {
                tally.problems.append("\(flip): \(error)")
            }
            if tally.problems.count == 5 { tally.problems.append("after \(number) flips") }
        }
        TestRun.report("\(shards) shards: \(tally)")
        #expect(tally.problems == [])
    }

    private func look(at place: String, after flip: Flip, _ expected: Answers, _ tally: inout Tally) throws {
        func problem(_ text: String) { tally.problems.append("\(flip): \(text)") }
        let network: Network
        do { network = try Network(opening: place, context: context()) } catch let error as StorageError {
            guard [.damaged, .newerFormat, .noDataDirectory].contains(error.code) else { throw error }
            // The manifest says so itself, and nothing can be done without it.
            tally.refused += 1
            return
        }
        let findings = try network.verify(.init(isDeep: true)).filter(\.isOpen)
        let answers = Answers(of: try Network(opening: place, context: context()))
        // A bit in the last commit of the log of records looks like one that a power cut has torn before anyone was
        // told of it: then what was before it is shown.
        if findings.isEmpty, answers != expected, flip.path.hasSuffix("records.sqlite-wal") {
            tally.torn += 1
            return
        }
        if let altered = answers.altered(from: expected) { problem("served \(altered)") }
        if answers != expected, findings.isEmpty { problem("nobody found it") }
        if findings.isEmpty {
            tally.harmless += 1
            return
        }
        tally.found += 1
        let again = try Network(opening: place, context: context())
        let repaired = try again.verify(.init(isDeep: true), isRepairing: true)
        let after = Answers(of: try Network(opening: place, context: context()))
        if let altered = after.altered(from: expected) { problem("served \(altered) after the repair") }
        // What cannot be mended stays told of, whatever is asked.
        let left = try Network(opening: place, context: context()).verify(.init(isDeep: true)).filter(\.isOpen)
        if after != expected, left.isEmpty, !repaired.contains(where: { $0.code == "quarantined" }) {
            problem("nobody says what is missing after the repair")
        }
        if after == expected, left.isEmpty {
            tally.mended += 1
        } else {
            tally.partly += 1
            tally.lost.append("\(flip): \(repaired.map { "\($0.code) \($0.message)" })")
        }
    }
}

/// What came of all flips.
private struct Tally: CustomStringConvertible {
    var harmless = 0
    var refused = 0
    var torn = 0
    var found = 0
    var mended = 0
    var partly = 0
    var lost: [String] = []
    var problems: [String] = []

    var description: String {
        "\(found + harmless + refused + torn) turned bits: \(harmless) changed nothing, \(refused) made the directory "
            + "refuse, \(torn) looked like the torn end of a log of records, "
            + "\(found) were found, of which \(mended) were mended whole and \(partly) in part"
            + lost.map { "\n      \($0)" }.joined()
    }
}

/// A bit of a file.
private struct Flip: CustomStringConvertible {
    var path: String
    var byte: Int
    var bit: Int

    var description: String { "\(path) byte \(byte) bit \(bit)" }

    func apply(to directory: String) throws {
        let file = "\(directory)/\(path)"
        var bytes = try FileSystem().contents(of: file)
        bytes[byte] ^= 1 << bit
        try Folder.write(file, bytes)
    }
}

/// The files of a directory in which bits are turned.
private struct Targets {
    private var groups: [[(path: String, size: Int)]] = []

    init(in directory: String) throws {
        var files: [(path: String, size: Int)] = []
        func walk(_ path: String) throws {
            for name in try FileSystem().names(in: "\(directory)\(path)") {
                let inner = "\(path)/\(name)"
                if FileSystem().isDirectory(directory + inner) {
                    try walk(inner)
                } else if !name.hasSuffix(".lock"), !name.hasSuffix("-shm") {
                    let size = FileSystem().size(of: directory + inner)
                    if size > 0 { files.append((String(inner.dropFirst()), size)) }
                }
            }
        }
        try walk("")
        // Four times in five something that cannot be made again.
        let truth = files.filter { $0.path.contains("truth.sqlite") }
        let records = files.filter { $0.path.contains("records.sqlite") }
        let objects = files.filter { $0.path.contains("/objects/") }
        let rest = files.filter { file in !(truth + records + objects).contains { $0.path == file.path } }
        groups = [truth, truth, truth, records, records, objects, rest].filter { !$0.isEmpty }
    }

    func flip(_ chance: Chance) -> Flip {
        let group = groups[chance.below(groups.count)]
        var place = chance.below(group.reduce(0) { $0 + $1.size })
        for file in group {
            if place < file.size { return Flip(path: file.path, byte: place, bit: chance.below(8)) }
            place -= file.size
        }
        return Flip(path: group[0].path, byte: 0, bit: 0)
    }
}

/// What a network answers to many questions; nil where it cannot.
private struct Answers: Equatable {
    private(set) var lines: [String: Set<String>?] = [:]

    init(of network: Network) {
        ask("truth") {
            try Truth(of: network).rows.flatMap { shard, rows in rows.map { "\(shard < 0 ? shard : 0) \($0)" } }
        }
        let accounts = (try? network.router.gather { try $0.accountIDs() }.joined().sorted()) ?? []
        for id in accounts {
            ask("feed of \(id)") { try network.feeds.page(for: id, limit: 40).map { "\($0.post)" } }
            ask("follows of \(id)") {
                try network.graph.followees(of: id).map { "\($0)" } + network.graph.followers(of: id).map { "\($0)" }
            }
            ask("notifications of \(id)") {
                let account = try network.accounts.records(of: [id]).first ?? nil
                return ["\(try network.notifications.count(for: id)) \(account?.handle.display ?? "-")"]
            }
            ask("posts of \(id)") {
                try network.posts.page(by: id, in: .all, limit: 100).map { "\($0)" }
            }
        }
        ask("search") {
            try network.search.posts(Search.Request("word", limit: 100)).hits.map { "\($0.item.post)" }
        }
        ask("uploads") {
            let all = MediaID(rawValue: 1)...MediaID(rawValue: .max)
            return try network.media.page(by: nil, in: all, limit: 1_000).map { record in
                "\(record.id) \(try network.pictures.content(of: record).read())"
            }
        }
    }

    private mutating func ask(_ question: String, _ answer: () throws -> [String]) {
        lines[question] = .some((try? answer()).map(Set.init))
    }

    /// An answer that is not among the former ones; nil when there is none.
    func altered(from expected: Answers) -> String? {
        for (question, answer) in lines {
            // Of notifications there is a number, which no one has served.
            guard let answer, !question.hasPrefix("notifications") else { continue }
            let known = (expected.lines[question] ?? nil) ?? []
            if let line = answer.first(where: { !known.contains($0) }) { return "\(question): \(line)" }
        }
        return nil
    }
}
