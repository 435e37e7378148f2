// Messages: kept until every consumer has settled them, given to one at a time, tried again, and never lost.

import TestKit
import Testing

@testable import SocialCore

@Suite("The message queue")
struct MessageQueueTests {
    private func draft(_ text: String, _ change: (inout MessageQueue.Draft) -> Void = { _ in }) -> MessageQueue.Draft {
        var draft = MessageQueue.Draft(Array(text.utf8))
        change(&draft)
        return draft
    }

    private func texts(_ messages: [LeasedMessage]) -> [String] {
        messages.map { String(decoding: $0.message.payload, as: UTF8.self) }
    }

    @Test("The most urgent message comes first, and those of one urgency in the order of their pushing")
    func order() throws {
        let world = try CountedNetwork()
        let queue = world.network.queue
        _ = try queue.push(
            [draft("a"), draft("b") { $0.priority = 9 }, draft("c"), draft("d") { $0.priority = 0 }], to: "work")
        #expect(texts(try queue.pull("work", consumer: "w", limit: 2, leaseMilliseconds: 1_000)) == ["b", "a"])
        #expect(texts(try queue.pull("work", consumer: "w", limit: 9, leaseMilliseconds: 1_000)) == ["c", "d"])
        #expect(try queue.pull("work", consumer: "w", limit: 9, leaseMilliseconds: 1_000).isEmpty)
        // Another consumer gets everything, whatever the first does.
        #expect(try queue.pull("work", consumer: "x", limit: 9, leaseMilliseconds: 1_000).count == 4)
    }

    @Test("A message is gone when all consumers have settled it, and not before")
    func settling() throws {
        let world = try CountedNetwork()
        let queue = world.network.queue
        _ = try queue.push([draft("a")], to: "work")
        let one = try #require(try queue.pull("work", consumer: "one", leaseMilliseconds: 1_000).first)
        let two = try #require(try queue.pull("work", consumer: "two", leaseMilliseconds: 1_000).first)
        #expect(try queue.acknowledge([one.lease], in: "work") == [true])
        #expect(try queue.acknowledge([one.lease], in: "work") == [false])
        #expect(try queue.messages(of: "work", limit: 9).map { $0.consumer?.name } == ["two"])
        #expect(try queue.acknowledge([two.lease], in: "work") == [true])
        #expect(try queue.messages(of: "work", limit: 9).isEmpty)
        #expect(try queue.status("work").map { $0.consumer?.done } == [1, 1])
        #expect(try queue.pull("work", consumer: "three", leaseMilliseconds: 1_000).isEmpty)
    }

    @Test("A lease that is over gives the message to somebody else, and whoever had it cannot settle it any more")
    func leases() throws {
        let world = try CountedNetwork()
        _ = try world.network.queue.push([draft("a") { $0.attempts = 3 }], to: "work")
        let first = try #require(try world.network.queue.pull("work", consumer: "w", leaseMilliseconds: 1_000).first)
        #expect(first.attempt == 1)
        try world.reopen(at: CountedNetwork.now.advanced(byMilliseconds: 1_500))
        let second = try #require(
            try world.network.queue.pull("work", consumer: "w", leaseMilliseconds: 1_000, worker: "two").first)
        #expect(second.attempt == 2)
        #expect(second.lease != first.lease)
        #expect(throws: QueueError.self) { try world.network.queue.acknowledge([first.lease], in: "work") }
        #expect(throws: QueueError.self) {
            try world.network.queue.extend([first.lease], in: "work", byMilliseconds: 1_000)
        }
        try world.network.queue.extend([second.lease], in: "work", byMilliseconds: 60_000)
        try world.reopen(at: CountedNetwork.now.advanced(byMilliseconds: 30_000))
        #expect(try world.network.queue.pull("work", consumer: "w", leaseMilliseconds: 1_000).isEmpty)
        // A lease that is over and that nobody has taken since still settles.
        try world.reopen(at: CountedNetwork.now.advanced(byMilliseconds: 90_000))
        #expect(try world.network.queue.acknowledge([second.lease], in: "work") == [true])
    }

    @Test("What fails waits longer each time, by chance up to half as long, and is dead in the end")
    func failures() throws {
        let world = try CountedNetwork()
        _ = try world.network.queue.push([draft("a") { $0.attempts = 4 }], to: "work")
        var time = CountedNetwork.now
        for attempt in 1...4 {
            let taken = try world.network.queue.pull("work", consumer: "w", leaseMilliseconds: 1_000)
            let message = try #require(taken.first)
            #expect(message.failure == (attempt == 1 ? "" : "broken \(attempt - 1)"))
            let end = try world.network.queue.giveBack(message.lease, in: "work", failure: "broken \(attempt)")
            guard attempt < 4 else {
                #expect(end == .dead)
                break
            }
            guard case .delayed(let until) = end else {
                Issue.record("attempt \(attempt) was the last")
                return
            }
            let wait = until.milliseconds - time.milliseconds
            let whole = Int64(1_000) << Int64(attempt - 1)
            #expect(wait >= whole / 2 && wait <= whole)
            try world.reopen(at: until.advanced(byMilliseconds: -1))
            #expect(try world.network.queue.pull("work", consumer: "w", leaseMilliseconds: 1_000).isEmpty)
            time = until
            try world.reopen(at: until)
        }
        let queue = world.network.queue
        #expect(try queue.status("work").map(\.dead) == [1])
        #expect(try queue.messages(of: "work", states: [.dead], limit: 9).map { $0.delivery?.failure } == ["broken 4"])
        #expect(try queue.revive(nil, in: "work") == 1)
        #expect(try queue.pull("work", consumer: "w", leaseMilliseconds: 1_000).map(\.attempt) == [1])
    }

    @Test("The wait after a failure grows to an hour and no further")
    func longestDelay() {
        for attempts in [13, 64, Int.max] {
            let wait = RetryDelay.milliseconds(afterAttempts: attempts, .system)
            #expect(wait >= RetryDelay.longest / 2 && wait <= RetryDelay.longest)
        }
    }

    @Test("A key is pushed once, also when the message is long settled, and not for something else")
    func keys() throws {
        let world = try CountedNetwork()
        let queue = world.network.queue
        let keyed = draft("a") { $0.key = "k" }
        #expect(try queue.push([keyed], to: "work").map(\.isNew) == [true])
        let taken = try queue.pull("work", consumer: "w", leaseMilliseconds: 1_000)
        _ = try queue.acknowledge(taken.map(\.lease), in: "work")
        let again = try queue.push([keyed, draft("b")], to: "work")
        #expect(again.map(\.n) == [1, 2])
        #expect(again.map(\.isNew) == [false, true])
        #expect(throws: QueueError.self) { try queue.push([draft("other") { $0.key = "k" }], to: "work") }
        #expect(try queue.push([keyed], to: "play").map(\.isNew) == [true])
    }

    @Test("Whoever asked for a task is told once what became of it")
    func notices() throws {
        let world = try CountedNetwork()
        let ana = UserID(rawValue: 77 << 22)
        let queue = world.network.queue
        _ = try queue.push(
            [draft("a") { $0.account = ana }, draft("b") { ($0.account, $0.attempts) = (ana, 1) }], to: "work")
        let taken = try queue.pull("work", consumer: "w", limit: 2, leaseMilliseconds: 1_000)
        _ = try queue.acknowledge([taken[0].lease], in: "work", result: "made")
        try world.reopen(at: CountedNetwork.now.advanced(byMilliseconds: 2_000))
        #expect(try world.network.queue.pull("work", consumer: "w", limit: 2, leaseMilliseconds: 1_000).isEmpty)
        for _ in 0..<2 { try world.network.queue.tellOfDead(in: "work") }
        let notices = try world.network.attributes.all(.notice, of: ana).map { TaskNotice($0) }
        #expect(notices.count == 2)
        #expect(notices[0] == TaskNotice(topic: "work", n: 1, isDone: true, text: "made"))
        #expect(notices[1]?.isDone == false)
    }

    @Test("Workers get only messages of their slots")
    func parts() throws {
        let world = try CountedNetwork()
        let queue = world.network.queue
        _ = try queue.push((0..<100).map { number in draft("\(number)") }, to: "work")
        let even = try queue.pull("work", consumer: "w", limit: 100, leaseMilliseconds: 1_000) {
            $0.rawValue % 2 == 0
        }
        #expect((20...80).contains(even.count))
        #expect(even.allSatisfy { $0.message.part.rawValue % 2 == 0 })
        let rest = try queue.pull("work", consumer: "w", limit: 100, leaseMilliseconds: 1_000)
        #expect(rest.count + even.count == 100)
    }

    @Test("Random work on a topic ends as the naive model says, also when its slot moves", arguments: [1, 3])
    func model(shards: Int) throws {
        let chance = Chance("queue on \(shards) shards")
        let world = try CountedNetwork(shards: shards)
        var time = CountedNetwork.now
        var model = QueueModel(now: time.milliseconds)
        var leases: [(consumer: String, lease: Lease)] = []
        for step in 0..<TestRun.times(400) {
            let queue = world.network.queue
            let consumer = ["a", "b", "c"][chance.below(3)]
            switch chance.below(12) {
            case 0..<4:
                let (priority, delay) = (chance.below(3), chance.isOne(in: 3) ? Int64(chance.below(5_000)) : 0)
                let attempts = 1 + chance.below(3)
                model.push(priority: priority, delay: delay, attempts: attempts)
                let pushed = try queue.push(
                    [
                        draft("\(step)") {
                            ($0.priority, $0.delayMilliseconds, $0.attempts) = (priority, delay, attempts)
                        }
                    ], to: "work")
                #expect(pushed.map(\.n) == [model.last])
            case 4..<7:
                let limit = 1 + chance.below(4)
                let lease = Int64(1 + chance.below(3_000))
                let taken = try queue.pull("work", consumer: consumer, limit: limit, leaseMilliseconds: lease)
                let expected = model.pull(consumer, limit: limit, lease: lease)
                try #require(taken.map(\.message.n) == expected, "step \(step)")
                for message in taken {
                    model.change(consumer, message.message.n) { $0.lease = message.lease }
                    leases.append((consumer, message.lease))
                }
            case 7..<10:
                if leases.isEmpty { continue }
                let (consumer, lease) = leases[chance.below(leases.count)]
                let known = model.consumers[consumer]?.first { $0.message.n == lease.n }
                // A lease that is over holds until somebody notices.
                let holds = known?.lease == lease && (known?.state == .leased || known?.state == .ready)
                if chance.isOne(in: 2) {
                    if known == nil {
                        #expect(try queue.acknowledge([lease], in: "work") == [false])
                    } else if holds {
                        #expect(try queue.acknowledge([lease], in: "work") == [true])
                        model.consumers[consumer]?.removeAll { $0.message.n == lease.n }
                    } else {
                        #expect(throws: QueueError.self) { try queue.acknowledge([lease], in: "work") }
                    }
                } else if holds {
                    let delay = Int64(chance.below(2_000))
                    let end = try queue.giveBack(lease, in: "work", failure: "no", delayMilliseconds: delay)
                    let isDead = (known?.attempts ?? 0) >= (known?.message.attempts ?? 0)
                    #expect((end == .dead) == isDead)
                    let until = model.now + delay
                    model.change(consumer, lease.n) {
                        ($0.state, $0.until, $0.lease) = (isDead ? .dead : .delayed, until, nil)
                    }
                } else {
                    #expect(throws: QueueError.self) { try queue.giveBack(lease, in: "work", failure: "no") }
                }
            case 10:
                time = time.advanced(byMilliseconds: Int64(chance.below(2_000)))
                model.now = time.milliseconds
                try world.reopen(at: time)
            default:
                if shards > 1, step % 40 == 0 {
                    let to = chance.below(shards)
                    _ = try world.network.moveSlots([TopicRecord.slot(of: "work")], to: to)
                } else if model.consumers[consumer] != nil, chance.isOne(in: 3) {
                    #expect(try queue.revive(nil, in: "work", consumer: consumer) >= 0)
                    for delivery in model.consumers[consumer] ?? [] where delivery.state == .dead {
                        model.change(consumer, delivery.message.n) { ($0.state, $0.attempts) = (.ready, 0) }
                    }
                }
            }
        }
        for (consumer, deliveries) in model.consumers {
            let status = try #require(
                try world.network.queue.status("work").first { $0.consumer?.name == consumer })
            func isOver(_ delivery: QueueModel.Delivery) -> Bool {
                (delivery.state == .delayed || delivery.state == .leased) && delivery.until <= model.now
            }
            #expect(status.ready == deliveries.count { $0.state == .ready || isOver($0) })
            #expect(status.leased == deliveries.count { $0.state == .leased && !isOver($0) })
            #expect(status.delayed == deliveries.count { $0.state == .delayed && !isOver($0) })
            #expect(status.dead == deliveries.count { $0.state == .dead })
        }
    }
}
