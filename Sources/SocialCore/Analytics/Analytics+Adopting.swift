// The counts of a shard that is removed go to another one. The taker notes, in the transaction in which it takes them,
// whose they are; from then on the giver's are not read any more, and when this was interrupted it is not done twice.

extension Analytics {
    /// Takes over the counts of a shard that is about to be removed.
    func adopt(_ shard: Int, into taker: Int) throws {
        guard records[shard].exists else { return }
        try records[shard].write { try $0.close() }
        _ = try records[shard].read { giver in
            let incarnation = try giver.incarnation()
            try records[taker].write { transaction in
                guard try !transaction.adopted().contains(incarnation) else { return }
                try transaction.adopt(giver, incarnation)
            }
        }
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
