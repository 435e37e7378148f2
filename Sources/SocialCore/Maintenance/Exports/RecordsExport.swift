// The records of all shards, in an order that does not depend on where they lie: read marks, preferences and notices of
// those accounts that are exported, topics and what waits in them, and what is counted.

/// Reads records out.
struct RecordsExport {
    let router: Router
    let records: RecordsShards

    /// The records of a shard.
    struct Part {
        let transaction: RecordsTransaction
        /// Whether a slot is there; what is left of others counts for nothing.
        let has: (Slot) -> Bool
    }

    /// Opens a snapshot of each shard's records; nil when slots have moved meanwhile.
    func open<Result>(_ body: ([Part]) throws -> Result) throws -> Result? {
        try router.lookAtMap()
        let map = router.map.current
        func open(_ rest: ArraySlice<Int>, _ parts: [Part]) throws -> Result? {
            guard let shard = rest.first else {
                try router.lookAtMap()
                return router.map.current == map ? try body(parts) : nil
            }
            let isOpened: Result?? = try records[shard].read { transaction in
                // The snapshot is of the moment at which something is read first.
                _ = try transaction.incarnation()
                let part = Part(transaction: transaction) { map.owner(of: $0).shard == shard }
                return try open(rest.dropFirst(), parts + [part])
            }
            return try isOpened ?? open(rest.dropFirst(), parts)
        }
        return try open(router.shards[...], [])
    }

    /// Calls a closure for each record.
    ///
    /// - Parameter isThere: whether an account is exported.
    func visit(_ parts: [Part], _ isThere: (UserID) throws -> Bool, _ visit: (RecordRow) throws -> Void) throws {
        for kind in RecordRow.attributeKinds { try attributes(kind, parts, isThere, visit) }
        let topics = try parts.flatMap { part in try part.transaction.topics(part.has).map { (part.transaction, $0) } }
            .sorted { $0.1.name.utf8.lexicographicallyPrecedes($1.1.name.utf8) }
        for (transaction, topic) in topics {
            try visit(.topic(topic, consumers: transaction.consumers(of: topic.id)))
        }
        for (transaction, topic) in topics { try messages(of: topic, transaction, isThere, visit) }
        for (transaction, topic) in topics {
            try transaction.forEachKey(of: topic.id) { key, n, fingerprint in
                try visit(.messageKey(key, topic: topic.name, n: n, fingerprint: fingerprint))
            }
        }
        let counting = try Analytics.counting(parts.map(\.transaction))
        try Analytics.forEachCount(counting) { try visit(.count($0)) }
        for source in try Analytics.sources(counting) { try visit(.source(source)) }
        for (key, fingerprint) in try Analytics.keys(counting) { try visit(.countKey(key, fingerprint: fingerprint)) }
    }

    private func attributes(
        _ kind: AttributeKind, _ parts: [Part], _ isThere: (UserID) throws -> Bool, _ visit: (RecordRow) throws -> Void
    ) throws {
        var accounts: [(id: UserID, part: Int)] = []
        for (index, part) in parts.enumerated() {
            for id in try part.transaction.accounts(with: kind) where part.has(id.slot) { accounts.append((id, index)) }
        }
        accounts.sort { $0.id < $1.id }
        for (id, part) in accounts where try isThere(id) {
            for record in try parts[part].transaction.attributes(kind, of: id) { try visit(.attribute(record)) }
        }
    }

    private func messages(
        of topic: TopicRecord, _ transaction: RecordsTransaction, _ isThere: (UserID) throws -> Bool,
        _ visit: (RecordRow) throws -> Void
    ) throws {
        try transaction.forEachMessage(of: topic.id) { message, _ in
            var message = message
            // Nobody is told whose account is gone.
            if let account = message.account, try !isThere(account) { message.account = nil }
            let deliveries = try transaction.carriedDeliveries(of: message, of: topic.id)
            try visit(.message(message, topic: topic.name, deliveries: deliveries))
            return true
        }
    }
}
