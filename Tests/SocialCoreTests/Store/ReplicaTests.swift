// What replicas are for, one loss after the other.

import SocialCore
import TestKit
import Testing

@Suite("Replicas")
struct ReplicaTests {
    @Test("a change is in every log, and in every copy when it has been taken up")
    func everywhere() throws {
        let world = try ReplicaWorld()
        #expect(world.post("one") == nil)
        let status = try world.open().replicaStatus(isDeep: true)
        #expect(status.map(\.state) == [.ok, .ok, .ok])
        #expect(status.allSatisfy { $0.position == status[0].position })
        #expect(status.first?.position?.sequence == 5)
        #expect(try world.findings() == [])
        let work = try world.open().repairReplicas(nil)
        #expect(work.map(\.repair) == [.log, .log])
        #expect(try world.open().repairReplicas(nil).map(\.repair) == [.none, .none])
        #expect(try world.problems() == [])
    }

    @Test("one of three may be lost, two may not; nothing is changed then")
    func quorum() throws {
        let world = try ReplicaWorld()
        world.remove(1)
        #expect(world.post("one") == nil)
        #expect(try world.states() == ["ok", "lost", "ok"])
        let other = world.places[2]
        try Folder.copy(other, to: "\(other).away")
        world.remove(2)
        #expect(world.post("two") == "quorum_lost")
        #expect(refusal { _ = try world.texts() } == "quorum_lost")
        #expect(try world.texts(available: true) == ["text of one"])
        #expect(try world.open(available: true).staleSince() == nil)
        try Folder.copy("\(other).away", to: other)
        #expect(try world.texts() == ["text of one"])
        #expect(world.post("two") == nil)
        #expect(try world.open().repairReplicas(nil).map(\.repair) == [.copy, .log])
        #expect(try world.findings() == [])
        #expect(try world.states() == ["ok", "ok", "ok"])
    }

    @Test("reads that are wanted all the same say since when they may be stale")
    func stale() throws {
        let world = try ReplicaWorld()
        world.post("one")
        world.remove(1)
        world.remove(2)
        let network = try world.open(available: true)
        #expect(try network.posts.page(by: nil, in: .all, limit: .max).count == 1)
        #expect(try network.staleSince() != nil)
    }

    @Test("without replicas nothing of them is there")
    func none() throws {
        let world = try ReplicaWorld(copies: 1)
        world.post("one")
        #expect(try world.open().replicaStatus(isDeep: true) == [])
        #expect(!FileSystem().exists("\(world.shard(0))/replica.log"))
        #expect(refusal { _ = try world.open().repairReplicas(nil) } == "no_such_replica")
    }

    @Test(
        "whatever happens to one replica is found out, does not stop anybody, and is repaired",
        arguments: ["remove", "cut log", "cut copy", "flip log", "flip copy", "flip manifest", "empty"], [1, 2])
    func damage(what: String, place: Int) throws {
        let world = try ReplicaWorld(chance: Chance(case: 300 + place))
        for number in 0..<20 { #expect(world.post("\(number)", by: ["ana", "bob"][number % 2]) == nil) }
        _ = try world.open().repairReplicas(nil)
        for number in 20..<30 { #expect(world.post("\(number)") == nil) }
        let folder = world.shard(place)
        switch what {
        case "remove": world.remove(place)
        case "cut log": try world.cut("\(folder)/replica.log")
        case "cut copy": try world.cut("\(folder)/truth.sqlite")
        case "flip log": try world.flip("\(folder)/replica.log", at: 200)
        case "flip copy": try world.flip("\(folder)/truth.sqlite", at: 40)
        case "flip manifest": try world.flip("\(world.places[place])/social.json", at: 30)
        default: try Folder.write("\(folder)/truth.sqlite", [])
        }
        #expect(try world.problems() == [])
        for number in 30..<40 { #expect(world.post("\(number)") == nil) }
        #expect(try world.problems() == [])
        _ = try world.open().repairReplicas(nil)
        #expect(try world.findings() == [])
        #expect(try world.states(isDeep: true) == ["ok", "ok", "ok"])
        #expect(try world.open().repairReplicas(nil).map(\.repair) == [.none, .none])
        #expect(try world.problems() == [])
    }

    @Test("a lost log of the leader is made again", arguments: ["remove", "cut", "flip"])
    func leaderLog(what: String) throws {
        let world = try ReplicaWorld(chance: Chance(case: 310))
        for number in 0..<10 { world.post("\(number)") }
        let path = "\(world.shard(0))/replica.log"
        switch what {
        case "remove": try FileSystem().remove(path)
        case "cut": try world.cut(path)
        default: try world.flip(path, at: FileSystem().size(of: path) - 20)
        }
        #expect(try world.problems() == [])
        #expect(world.post("later") == nil)
        #expect(try world.findings() == [])
        #expect(try world.states() == ["ok", "ok", "ok"])
        #expect(try world.problems() == [])
    }

    @Test(
        "reads go on when the leader's truth is gone, writes after a promotion", arguments: ["remove", "cut", "flip"])
    func promotion(what: String) throws {
        let world = try ReplicaWorld(chance: Chance(case: 320))
        for number in 0..<30 { world.post("\(number)") }
        let path = "\(world.shard(0))/truth.sqlite"
        switch what {
        case "remove": try FileSystem().remove(path)
        case "cut": try world.cut(path, to: 5_000)
        default: try world.flip(path, at: 3)
        }
        for suffix in ["-wal", "-shm"] { try FileSystem().remove(path + suffix) }
        #expect(try world.problems() == [])
        #expect(world.post("refused") == "damaged")
        #expect(try world.open().verify().contains { $0.repair == ["replica", "promote"] })
        let promoted = try world.open().promote(shard: nil, from: nil)
        #expect(promoted.map(\.place) == [world.places[1]])
        #expect(world.post("later") == nil)
        #expect(try world.findings() == [])
        #expect(try world.problems() == [])
        #expect(try world.open().replicaStatus(isDeep: true).map(\.position?.epoch) == [1, 1, 1])
    }

    @Test("a damaged row sends the reader to a replica")
    func damagedRow() throws {
        let world = try ReplicaWorld()
        for number in 0..<5 { world.post("\(number)") }
        StoreFixture.run("UPDATE post SET text = 'altered'", on: "\(world.shard(0))/truth.sqlite")
        #expect(try world.problems() == [])
        _ = try world.open().promote(shard: nil, from: world.places[2])
        #expect(try world.findings() == [])
        #expect(try world.problems() == [])
    }

    @Test("after the first disk is gone the network is recovered, and the first disk is not listened to any more")
    func recovery() throws {
        let world = try ReplicaWorld(shards: 4)
        for number in 0..<40 { world.post("\(number)", by: ["ana", "bob", "cleo", "dan"][number % 4]) }
        let former = world.directory
        #expect(refusal { try world.recover(from: [1]) } == "quorum_lost")
        #expect(refusal { _ = try Network(opening: world.places[1], context: world.context()) } == "no_data_directory")
        try world.recover(from: [2, 1])
        #expect(try world.problems() == [])
        #expect(world.post("later") == nil)
        #expect(try world.findings() == [])
        let old = try Network(opening: former, context: world.context())
        #expect(refusal { _ = try old.posts.page(by: nil, in: .all, limit: .max) } == "superseded")
        #expect(refusal { _ = try old.accounts.create(AccountDraft(handle: try Handle("zoe"))) } == "superseded")
    }

    @Test("replicas are added and removed while there is a network")
    func membership() throws {
        let world = try ReplicaWorld(copies: 1)
        world.post("one")
        let places = (1...3).map { "\(world.folder.path)/extra\($0)" }
        #expect(try world.open().addReplica(places[0])?.writeQuorum == 2)
        world.post("two")
        #expect(try world.open().addReplica(places[1])?.readQuorum == 2)
        world.post("three")
        #expect(try world.open().addReplica(places[2], writeQuorum: 4, readQuorum: 1)?.copies == 4)
        world.post("four")
        #expect(try world.open().addReplica(places[2])?.copies == 4)
        #expect(refusal { _ = try world.open().addReplica(places[2], writeQuorum: 3) } == "not_empty")
        #expect(try world.states(isDeep: true) == ["ok", "ok", "ok", "ok"])
        Folder.removeAll(places[0])
        #expect(world.post("five") == "quorum_lost")
        #expect(try world.open().removeReplica(places[0])?.places == Array(places[1...]))
        #expect(world.post("five") == nil)
        #expect(try world.open().removeReplica(places[1])?.copies == 2)
        #expect(!FileSystem().exists(places[1]))
        #expect(try world.open().removeReplica(places[2]) == nil)
        #expect(world.post("six") == nil)
        #expect(try world.states() == [])
        #expect(try world.problems() == [])
        // Beginning anew after changes that nobody has logged.
        #expect(try world.open().addReplica(places[1])?.copies == 2)
        #expect(world.post("seven") == nil)
        #expect(try world.findings() == [])
        #expect(try world.problems() == [])
    }

    @Test("who has waited with the former list of replicas goes on with the new one")
    func staleList() throws {
        let world = try ReplicaWorld(copies: 1)
        let early = try world.open()
        let author = try early.accounts.named(try Handle("ana"))
        _ = try early.posts.create(by: author, text: "first")
        let place = "\(world.folder.path)/extra"
        _ = try world.open().addReplica(place)
        _ = try early.posts.create(by: author, text: "second")
        #expect(try world.open().replicaStatus(isDeep: true).map(\.state) == [.ok, .ok])
        Folder.removeAll(world.directory)
        let next = "\(world.folder.path)/next"
        try Network.recover(next, from: [place], context: world.context())
        let texts = try Network(opening: next, context: world.context()).posts.page(by: nil, in: .all, limit: .max)
        #expect(Set(texts.map(\.text)) == ["first", "second"])
    }

    @Test("logs that have grown long are taken up by the copies and begun anew")
    func trimming() throws {
        let world = try ReplicaWorld()
        let text = String(repeating: "word ", count: 1_900)
        let network = try world.open()
        let author = try network.accounts.named(try Handle("ana"))
        var longest = 0
        for number in 0..<500 {
            _ = try network.posts.create(by: author, text: "\(number) \(text)")
            longest = max(longest, FileSystem().size(of: "\(world.shard(1))/replica.log"))
        }
        #expect(longest > Limits.replicaLogBytes - 100_000 && longest <= Limits.replicaLogBytes)
        for place in 0..<3 {
            #expect(FileSystem().size(of: "\(world.shard(place))/replica.log") < Limits.replicaLogBytes)
        }
        #expect(try world.open().replicaStatus(isDeep: false).map(\.position?.sequence) == [504, 504, 504])
        #expect(try world.findings() == [])
    }

    /// Refuses everything that is written to the logs of replicas, but not to the leader's.
    private final class BrokenPlaces: FileTap {
        let places: ArraySlice<String>
        init(_ world: ReplicaWorld) { places = world.places.dropFirst() }
        func willApply(_ change: FileChange) throws(StorageError) {
            guard case .write(let path, _, _) = change else { return }
            if places.contains(where: { path.hasPrefix($0) }) { throw StorageError(.ioError, "injected") }
        }
    }

    @Test(
        "what only the leader's log has got is unknown, and is completed by whoever comes next",
        arguments: [true, false])
    func unknownOutcome(isReader: Bool) throws {
        let world = try ReplicaWorld()
        world.post("one")
        #expect(world.post("two", nil, BrokenPlaces(world)) == "outcome_unknown")
        if isReader {
            #expect(try world.texts().contains("text of two"))
        } else {
            #expect(world.post("three") == nil)
        }
        #expect(try world.texts().contains("text of two"))
        #expect(world.post("two") == nil)
        #expect(try world.texts().count { $0 == "text of two" } == 1)
        #expect(try world.findings() == [])
    }

    /// Fails each sync of one file.
    private final class Unsynced: FileTap {
        let path: String
        init(_ path: String) { self.path = path }
        func willApply(_ change: FileChange) throws(StorageError) {
            if case .sync(path) = change { throw StorageError(.ioError, "injected") }
        }
    }

    @Test("a replica's log that cannot be synced is written afresh; after the leader's a process stops")
    func failedSyncs() throws {
        let world = try ReplicaWorld()
        let log = "\(world.shard(1))/replica.log"
        let before = FileSystem().inode(of: log)
        #expect(world.post("one", nil, Unsynced(log)) == nil)
        #expect(FileSystem().inode(of: log) != before)
        #expect(try world.states() == ["ok", "ok", "ok"])
        let network = try world.open(Unsynced("\(world.shard(0))/replica.log"))
        let author = try network.accounts.named(try Handle("ana"))
        for _ in 0..<2 {
            #expect(refusal { _ = try network.posts.create(by: author, text: "unknown") } == "outcome_unknown")
        }
        #expect(try world.texts().count { $0 == "unknown" } == 1)
        #expect(world.post("two") == nil)
        #expect(try world.findings() == [])
    }

    @Test("nothing is changed where the leader's own log cannot be written")
    func refusedAtHome() throws {
        let world = try ReplicaWorld()
        world.post("one")
        final class BrokenHome: FileTap {
            let log: String
            init(_ log: String) { self.log = log }
            func willApply(_ change: FileChange) throws(StorageError) {
                if case .write(log, _, _) = change { throw StorageError(.diskFull, "injected") }
            }
        }
        #expect(world.post("two", nil, BrokenHome("\(world.shard(0))/replica.log")) == "disk_full")
        #expect(try world.texts() == ["text of one"])
        #expect(world.post("two") == nil)
        #expect(try world.findings() == [])
    }

    @Test("a group of writes is one entry in the logs")
    func groups() throws {
        let world = try ReplicaWorld()
        let network = try world.open()
        let author = try network.accounts.named(try Handle("ana"))
        network.router.beginGroup()
        for number in 0..<10 { _ = try network.posts.create(by: author, text: "\(number)") }
        try network.router.endGroup()
        #expect(try world.open().replicaStatus(isDeep: false).map(\.position?.sequence) == [5, 5, 5])
        try world.recover(from: [1, 2])
        #expect(try world.texts().count == 10)
    }

    @Test("a damaged leader is not copied to a replica that is lost")
    func damagedSource() throws {
        let world = try ReplicaWorld()
        world.post("one")
        StoreFixture.run("UPDATE post SET text = 'altered'", on: "\(world.shard(0))/truth.sqlite")
        world.remove(1)
        #expect(refusal { _ = try world.open().repairReplicas(nil) } == "damaged")
        _ = try world.open().promote(shard: nil, from: nil)
        #expect(try world.open().repairReplicas(nil).map(\.repair) == [.copy, .log])
        #expect(try world.problems() == [])
        #expect(try world.findings() == [])
    }

    @Test("a directory of an older format is brought up to date before it gets replicas")
    func olderFormat() throws {
        let folder = try Folder()
        let directory = "\(folder.path)/data"
        try OlderDirectory.make(directory)
        let context = Context(clock: .fixed(OlderDirectory.time), lockWaitMilliseconds: 0)
        let network = try Network(opening: directory, context: context)
        _ = try network.addReplica("\(folder.path)/copy")
        #expect(try Digest.of(network.router).description == OlderDirectory.digest)
        #expect(try network.replicaStatus(isDeep: true).map(\.state) == [.ok, .ok])
        _ = try network.accounts.create(AccountDraft(handle: try Handle("zoe")))
        Folder.removeAll(directory)
        try Network.recover(directory, from: ["\(folder.path)/copy"], context: context)
        #expect(try Network(opening: directory, context: context).accounts.find(try Handle("zoe")) != nil)
    }

    @Test("slots move between shards that have replicas, and shards come and go with theirs")
    func moving() throws {
        let world = try ReplicaWorld()
        for number in 0..<20 { world.post("\(number)", by: ["ana", "bob", "cleo", "dan"][number % 4]) }
        _ = try world.open().addShard(weight: 1, in: nil)
        #expect(try world.problems() == [])
        #expect(try world.findings() == [])
        #expect(try world.states(isDeep: true) == Array(repeating: "ok", count: 6))
        world.remove(2)
        for number in 20..<40 { world.post("\(number)", by: ["ana", "bob", "cleo", "dan"][number % 4]) }
        _ = try world.open().removeShard(0)
        #expect(!FileSystem().exists(world.shard(1)))
        _ = try world.open().repairReplicas(nil)
        #expect(try world.states(isDeep: true) == ["ok", "ok", "ok"])
        try world.recover(from: [1, 2])
        #expect(try world.problems() == [])
        #expect(try world.findings() == [])
    }

    @Test("quorums that some read could miss are refused")
    func badQuorums() throws {
        for (copies, write, read) in [(3, 1, 2), (3, 2, 1), (3, 4, 1), (3, 0, 3), (2, 1, 1)] {
            let places = (1..<copies).map { "/nowhere/\($0)" }
            let code = refusal { _ = try Replication(places: places, writeQuorum: write, readQuorum: read) }
            #expect(code == "bad_quorum", "\(copies) \(write) \(read)")
        }
        #expect(try Replication(places: ["/a", "/b"]).writeQuorum == 2)
        #expect(try Replication(places: ["/a", "/b"], writeQuorum: 3).readQuorum == 1)
        #expect(refusal { _ = try Replication(places: ["/a", "/a"]) } == "bad_quorum")
    }
}
