// The counts of a shard that is removed go to another one. They are closed first, so that nobody adds to them; the
// taker notes, in the transaction in which it takes them, whose they are. From then on the giver's are not read any
// more, and when this was interrupted it is not done twice.

extension Analytics {
    /// Lets another shard take over the counts of one that is about to be removed.
    func adopt(_ shard: Int) throws {
        guard records[shard].exists else { return }
        try records[shard].write { try $0.close() }
        let taker = try taker(besides: shard)
        let incarnation = try records[shard].read { try $0.incarnation() }
        for other in router.shards {
            let adopted = try records[other].read { try $0.adopted() } ?? []
            if let incarnation, adopted.contains(incarnation) { return }
        }
        _ = try records[shard].read { giver in
            try records[taker].write { transaction in
                // Another process may have been faster.
                let incarnation = try giver.incarnation()
                if try !transaction.adopted().contains(incarnation) { try transaction.adopt(giver, incarnation) }
            }
        }
    }

    /// The first shard whose records are open, which is always the same one until it is closed.
    ///
    /// Where all are closed, because removals were begun and not ended, the first ones begin anew: what was in them
    /// has been taken over.
    func taker(besides shard: Int?) throws -> Int {
        let others = router.shards.filter { $0 != shard }
        for other in others where try !(records[other].read { try $0.isClosed() } ?? false) { return other }
        guard let first = others.first else { return router.shards.first ?? 0 }
        try records[first].write { transaction in
            if try transaction.isClosed() { try transaction.beginAnew(context.random.next()) }
        }
        return first
    }
}

extension RecordsTransaction {
    fileprivate func adopt(_ giver: RecordsTransaction, _ incarnation: UInt64) throws {
        try adopt(incarnation)
        for other in try giver.adopted() where try !adopted().contains(other) { try adopt(other) }
        var numbers: [ResourceNumber?] = Array(repeating: nil, count: try giver.lastSerial() + 1)
        try giver.forEachResource { number, resource in numbers[number.serial] = try numbered(resource) }
        for size in try giver.pageSizes() {
            guard let stored = try giver.page(size.id) else { continue }
            var reader = try giver.reader(stored)
            var entries: [RollupEntry] = []
            while let place = try reader.next() {
                var entry = try reader.entry(at: place)
                if place.resource != .all {
                    let serial = place.resource.serial
                    guard numbers.indices.contains(serial), let number = numbers[serial] else {
                        throw RollupPageReader.damaged(size.key)
                    }
                    entry.resource = number
                }
                entries.append(entry)
            }
            entries.sort { $0.resource < $1.resource }
            try add([RollupPage(size.key, entries)])
        }
        for source in try giver.sources() {
            var source = source
            source.id = 0
            try put(source)
        }
        for (key, fingerprint) in try giver.operations() where try operation(key) == nil {
            try note(key, fingerprint: fingerprint)
        }
        try addRecorded(giver.recorded())
    }
}
