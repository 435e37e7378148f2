// The queue as a list of messages, as naive as can be: what the real one is compared with.

@testable import SocialCore

/// What every consumer of one topic still has to do.
struct QueueModel {
    struct Message {
        var n: Int64
        var priority: Int
        var attempts: Int
    }

    struct Delivery {
        var message: Message
        var state: DeliveryState
        var until: Int64
        var attempts = 0
        var lease: Lease?
    }

    var now: Int64
    var last: Int64 = 0
    var waiting: [Message] = []
    var due: [Int64: Int64] = [:]
    var consumers: [String: [Delivery]] = [:]

    mutating func push(priority: Int, delay: Int64, attempts: Int) {
        last += 1
        let message = Message(n: last, priority: priority, attempts: attempts)
        due[last] = now + delay
        let delivery = fresh(message)
        for consumer in Array(consumers.keys) { consumers[consumer]?.append(delivery) }
        if consumers.isEmpty { waiting.append(message) }
    }

    private func fresh(_ message: Message) -> Delivery {
        let until = due[message.n] ?? 0
        return Delivery(message: message, state: until > now ? .delayed : .ready, until: until)
    }

    mutating func settleTime(_ consumer: String) {
        guard var deliveries = consumers[consumer] else { return }
        for index in deliveries.indices where deliveries[index].until <= now {
            switch deliveries[index].state {
            case .delayed: deliveries[index].state = .ready
            case .leased:
                deliveries[index].lease = nil
                let isDead = deliveries[index].attempts >= deliveries[index].message.attempts
                deliveries[index].state = isDead ? .dead : .ready
            case .ready, .dead: break
            }
        }
        consumers[consumer] = deliveries
    }

    mutating func subscribe(_ consumer: String) {
        if consumers[consumer] != nil { return }
        // What others have not settled is kept.
        var kept = waiting
        for deliveries in consumers.values {
            for delivery in deliveries where !kept.contains(where: { $0.n == delivery.message.n }) {
                kept.append(delivery.message)
            }
        }
        waiting = []
        consumers[consumer] = kept.sorted { $0.n < $1.n }.map(fresh)
    }

    /// The numbers of the messages that a consumer gets next.
    mutating func pull(_ consumer: String, limit: Int, lease: Int64) -> [Int64] {
        subscribe(consumer)
        settleTime(consumer)
        let ready = (consumers[consumer] ?? []).filter { $0.state == .ready }
            .sorted { ($1.message.priority, $0.message.n) < ($0.message.priority, $1.message.n) }.prefix(limit)
        let until = now + lease
        for delivery in ready {
            change(consumer, delivery.message.n) {
                $0.state = .leased
                $0.attempts += 1
                $0.until = until
            }
        }
        return ready.map(\.message.n)
    }

    mutating func change(_ consumer: String, _ n: Int64, _ body: (inout Delivery) -> Void) {
        guard let index = consumers[consumer]?.firstIndex(where: { $0.message.n == n }) else { return }
        guard var delivery = consumers[consumer]?[index] else { return }
        body(&delivery)
        consumers[consumer]?[index] = delivery
    }
}
