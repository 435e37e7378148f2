// Records of an export on their way into the shards: those of slots together, and counts together, as many in one
// transaction of each shard as memory allows.

/// Records that wait to be written.
struct RecordsBatch {
    let existing: Import.Existing
    let records: SlotRecords
    let analytics: Analytics
    let context: Context
    private(set) var summary = Import.Summary()
    /// Records of transactions that are committed.
    private(set) var stored = 0
    /// The line that was written last, or failed to be.
    private(set) var line = 1
    private var waiting: [(row: RecordRow, line: Int)] = []
    private var group = Group.slots
    /// The counts that wait: each once.
    private var places: Set<Place> = []
    private var sizeBytes = 0
    /// What topics are like of which something has come; nil of those that there are not.
    private var topics: [String: (last: Int64, consumers: [Int64])?] = [:]
    /// Topics that others keep out, and with them what is in them.
    private var topicsLeftOut: Set<String> = []

    /// What a count is known by.
    private struct Place: Hashable {
        var key: RollupKey
        var resource: AccessedResource
    }

    /// What is written together.
    private enum Group: Equatable {
        case slots, counts, sources, keys

        init(_ row: RecordRow) {
            switch row {
            case .attribute, .topic, .message, .messageKey: self = .slots
            case .count: self = .counts
            case .source: self = .sources
            case .countKey: self = .keys
            }
        }
    }

    init(existing: Import.Existing, records: SlotRecords, analytics: Analytics, context: Context) {
        (self.existing, self.records, self.analytics, self.context) = (existing, records, analytics, context)
    }

    /// How many wait.
    var count: Int { waiting.count }

    /// What is wrong with what a record says of its topic, which comes before it.
    mutating func problem(of row: RecordRow) throws -> String? {
        let (name, n): (String, Int64)
        var deliveries: [Int64]?
        switch row {
        case .topic(let topic, let consumers):
            topics[topic.name] = (topic.last, consumers.map(\.number))
            return nil
        case .message(let message, let topic, let all):
            (name, n, deliveries) = (topic, message.n, all.map(\.consumer))
        case .messageKey(_, let topic, let number, _): (name, n) = (topic, number)
        case .attribute, .count, .source, .countKey: return nil
        }
        guard let topic = try topic(name) else { return "there is no topic \"\(name)\"" }
        guard (1...max(1, topic.last)).contains(n), topic.last > 0 else {
            return "the topic \"\(name)\" has had no message \(n)"
        }
        guard let deliveries else { return nil }
        let isKnown = deliveries.allSatisfy(topic.consumers.contains)
        return isKnown && deliveries.isEmpty == topic.consumers.isEmpty
            ? nil : "the message \(n) waits for others than the consumers of \"\(name)\""
    }

    private mutating func topic(_ name: String) throws -> (last: Int64, consumers: [Int64])? {
        if let known = topics[name] { return known }
        let found =
            try records.read(TopicRecord.slot(of: name)) { transaction in
                try transaction.topic(named: name).map { topic in
                    (last: topic.last, consumers: try transaction.consumers(of: topic.id).map(\.number))
                }
            } ?? nil
        topics[name] = .some(found)
        return found
    }

    /// Lets a record wait, and writes those before it that are of another group.
    mutating func add(_ row: RecordRow, line: Int) throws {
        let next = Group(row)
        var place: Place?
        if case .count(let count) = row { place = Place(key: count.key, resource: count.resource) }
        let isRepeated = place.map(places.contains) ?? false
        if next != group || isRepeated || sizeBytes > Limits.importBatchBytes { try flush() }
        group = next
        waiting.append((row, line))
        guard let place, case .count(let count) = row else { return }
        places.insert(place)
        sizeBytes += count.sizeBytes
    }

    /// Writes what waits.
    mutating func flush() throws {
        let items = waiting
        waiting = []
        places = []
        sizeBytes = 0
        if items.isEmpty { return }
        var outcomes: [Restored] = []
        let (records, analytics, existing) = (records, analytics, existing)
        switch group {
        case .slots:
            try records.write(items, slot: { $0.row.slot ?? Slot(masking: 0) }) { transaction, items in
                for item in items { outcomes.append(try note(restore(item.row, transaction), item)) }
            }
        case .counts:
            let counts = items.compactMap { item in if case .count(let count) = item.row { count } else { nil } }
            try analytics.restore(counts, replacing: existing == .replace) { index, outcome in
                outcomes.append(try note(outcome, items[index]))
            }
        case .sources:
            for item in items {
                guard case .source(let source) = item.row else { continue }
                outcomes.append(
                    try note(analytics.restore(source, replacing: existing == .replace), item))
            }
        case .keys:
            let keys = items.compactMap { item -> (key: String, fingerprint: UInt64)? in
                if case .countKey(let key, let fingerprint) = item.row { (key, fingerprint) } else { nil }
            }
            try analytics.restore(keys, replacing: existing == .replace) { index, outcome in
                outcomes.append(try note(outcome, items[index]))
            }
        }
        for outcome in outcomes {
            if case .added = outcome { summary.added += 1 }
            if case .differs = outcome { summary.ignored += 1 }
        }
        stored += items.count
        context.observer?.advance(by: items.count)
    }

    /// Ends the import where another record stands in the place of one, unless that is to stay.
    private mutating func note(_ outcome: Restored, _ item: (row: RecordRow, line: Int)) throws -> Restored {
        line = item.line
        guard case .differs = outcome, existing != .ignore else { return outcome }
        throw StoreError(.rowDiffers, "\(item.row.title) is stored already, and differs")
    }

    private mutating func restore(_ row: RecordRow, _ transaction: RecordsTransaction) throws -> Restored {
        let replaces = existing == .replace
        switch row {
        case .attribute(let record): return try transaction.restore(record, replacing: replaces)
        case .topic(let topic, let consumers):
            let outcome = try transaction.restore(topic, consumers, replacing: replaces)
            if case .differs = outcome { topicsLeftOut.insert(topic.name) }
            return outcome
        case .message(let message, let name, let deliveries):
            if topicsLeftOut.contains(name) { return .differs }
            return try transaction.restore(
                message, deliveries, of: TopicRecord.identity(of: name), replacing: replaces)
        case .messageKey(let key, let name, let n, let fingerprint):
            if topicsLeftOut.contains(name) { return .differs }
            return try transaction.restore(
                key, n: n, fingerprint: fingerprint, of: TopicRecord.identity(of: name), replacing: replaces)
        case .count, .source, .countKey: return .differs
        }
    }
}
