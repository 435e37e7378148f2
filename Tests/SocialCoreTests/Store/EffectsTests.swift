// Changes that concern several shards, alone and in a group whose shards commit one after the other, ended before each
// commit: what was decided is carried out in the end, and nothing is carried out that was not decided.

import SocialCore
import TestKit
import Testing

@Suite("What a change owes to other shards")
struct EffectsTests {
    enum Change: CaseIterable, Sendable {
        case block, delete, rename
    }

    /// Ana, whom Bob follows, on two shards.
    private struct Scene {
        var place: String
        let ana: AccountRecord
        let bob: AccountRecord
        /// A handle whose slot is neither's business.
        let handle: Handle

        init(_ folder: Folder, shards: [Int]) throws {
            place = "\(folder.path)/scene"
            try Network.create(place, Network.Plan(shards: 4), context: Scene.context())
            let network = try Network(opening: place, context: Scene.context())
            func handle(_ prefix: String, on shard: Int) throws -> Handle {
                let names = try (0..<200).map { try Handle("\(prefix)\($0)") }
                return try #require(names.first { network.router.shard(of: Slot(of: $0)) == shard })
            }
            func account(_ prefix: String, on shard: Int) throws -> AccountRecord {
                try network.accounts.create(AccountDraft(handle: handle(prefix, on: shard))).value
            }
            (ana, bob) = (try account("ana", on: shards[0]), try account("bob", on: shards[1]))
            self.handle = try handle("silva", on: shards[1])
            #expect(try network.graph.follow(bob, ana) && network.graph.relate(.mute, bob, ana))
        }

        static func context(_ tap: (any FileTap)? = nil) -> Context {
            Context(
                clock: .fixed(noon), random: .seeded(SeededGenerator(seed: 1)), lockWaitMilliseconds: 0, fileTap: tap)
        }

        func open(_ tap: (any FileTap)? = nil) throws -> Network {
            try Network(opening: place, context: Scene.context(tap))
        }

        func run(_ change: Change, on network: Network) throws {
            switch change {
            case .block: _ = try network.graph.relate(.block, ana, bob)
            case .delete: _ = try network.accounts.delete(ana.handle)
            case .rename: _ = try network.accounts.rename(ana, to: handle)
            }
        }

        /// Whether the change was decided; what follows from it is there, or not, as that says.
        func expectOutcome(of change: Change, _ note: String) throws -> Bool {
            let network = try open()
            #expect(try network.verification.run() == [], "\(note)")
            let shown = try network.graph.followees(of: bob.id).map(\.followee)
            _ = try network.effects.settleAll()
            #expect(try network.verification.run() == [], "\(note)")
            let follow = try network.graph.edge(bob.id, ana.id)
            let isMuting = try network.graph.relation(.mute, bob.id, ana.id) != nil
            let left = try network.router.gather { try $0.pendingEffects().count + $0.claims().count }
            #expect(left.allSatisfy { $0 == 0 }, "\(note)")
            let isDecided: Bool
            switch change {
            case .block:
                isDecided = try network.graph.relation(.block, ana.id, bob.id) != nil
                #expect((follow == nil) == isDecided && isMuting, "\(note)")
            case .delete:
                isDecided = try network.accounts.find(ana.handle) == nil
                #expect((follow == nil) == isDecided && isMuting != isDecided, "\(note)")
            case .rename:
                isDecided = try network.accounts.find(handle)?.id == ana.id
                #expect(try network.accounts.find(ana.handle)?.handle == (isDecided ? handle : ana.handle), "\(note)")
                #expect(follow != nil, "\(note)")
                return isDecided
            }
            #expect(shown == (isDecided ? [] : [ana.id]), "\(note): at once")
            return isDecided
        }
    }

    @Test("Is done in the end, or was not decided", arguments: Change.allCases, [[0, 3], [3, 0], [2, 2]])
    func everyEnd(change: Change, shards: [Int]) throws {
        let folder = try Folder()
        let base = try Scene(folder, shards: shards)
        for isGrouping in [false, true] {
            var decided: [Bool] = []
            // At every third change in the usual run, and at each of them in the long one.
            let step = TestRun.scale == 1 ? 3 : 1
            for position in [1] + stride(from: 2 + Chance(case: 66).below(step), through: 200, by: step) {
                var scene = base
                scene.place = "\(folder.path)/\(isGrouping)-\(position)"
                try Folder.copy(base.place, to: scene.place)
                let injector = FaultInjector(.killed, at: position)
                do {
                    let network = try scene.open(injector)
                    if isGrouping { network.router.beginGroup() }
                    try scene.run(change, on: network)
                    if isGrouping { try network.router.endGroup() }
                } catch is StorageError {}
                decided.append(try scene.expectOutcome(of: change, "\(change), group \(isGrouping), at \(position)"))
                guard injector.hasFired else { break }
            }
            #expect(decided.first == false && decided.last == true && decided.count > 6 / step)
            #expect(decided == decided.sorted { !$0 && $1 }, "what was decided stays decided")
        }
    }
}
