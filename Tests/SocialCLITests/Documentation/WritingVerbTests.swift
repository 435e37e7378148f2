// Every verb that changes something is tried where it hurts: killed, failed by the disk, and cut off from power.

import CommandSpec
import SocialCLI
import SocialCore
import TestKit
import Testing

@Suite("Writing verbs")
struct WritingVerbTests {
    /// What changes something, and what copies it.
    private static let writing =
        SocialSpecification.specification.commands.filter(\.isChange).map(\.name) + ["backup create"]
    /// The demonstration works in a folder of its own, which it makes anew each time.
    private static let alone = ["demo"]

    /// The verbs that none of some verbs are.
    private func missing(from tried: some Sequence<String>, but exempt: [String] = []) -> [String] {
        Self.writing.filter { !(Set(tried).contains($0) || Self.alone.contains($0) || exempt.contains($0)) }
    }

    @Test("Each is killed")
    func killed() throws {
        let scene = try ProcessScene(shards: 1)
        #expect(missing(from: scene.acts.flatMap { NetworkCommand.line($0.words).verbs }) == [])
    }

    @Test("Each meets disks that fail and disks that are full")
    func failed() throws {
        let scene = try FaultScene(shards: 1)
        let exempt = ["queue work", "queue retry"]
        #expect(missing(from: scene.acts.flatMap { $0.command?.verbs ?? ["init"] }, but: exempt) == [])
    }

    @Test("Each is among the commands of the networks whose power is cut")
    func cut() throws {
        // Each begins with "init". A worker's commands are processes of their own, a film takes long to cut, and which
        // copies there are is chosen with the network.
        let exempt = ["init", "queue work", "video-segment cut", "replica add", "replica remove"]
        let chance = Chance(seed: 1)
        let drawn = (0..<20_000).flatMap { _ in NetworkCommand.random(chance, in: Truth(), takesLines: true).verbs }
        #expect(missing(from: Set(drawn), but: exempt) == [])
    }

    @Test("What writes nothing is in no scene twice under one name")
    func names() throws {
        let names = try FaultScene(shards: 1).acts.map(\.name)
        #expect(Set(names).count == names.count)
    }
}
