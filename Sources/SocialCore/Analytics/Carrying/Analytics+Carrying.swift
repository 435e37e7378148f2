// Counts read out as they go to another network: those of all shards added up, in an order that does not depend on
// where they lie.

extension Analytics {
    /// The records that count, of those of all shards: without those that another shard has taken over.
    package static func counting(_ shards: [RecordsTransaction]) throws -> [RecordsTransaction] {
        let adopted = try shards.flatMap { try $0.adopted() }
        return try shards.filter { try !adopted.contains($0.incarnation()) }
    }

    /// Visits what is counted: by days, kinds, audiences and the bytes of the resources' names.
    package static func forEachCount(_ shards: [RecordsTransaction], _ visit: (CountRecord) throws -> Void) throws {
        let names = try shards.map { try $0.names() }
        var keys: [RollupKey] = []
        for shard in shards {
            for size in try shard.pageSizes() where size.key.span != .ever {
                keys.append(RollupKey(size.key.kind, size.key.audience, size.key.span, .day))
            }
        }
        keys.sort(by: CountRecord.precedes)
        var last: RollupKey?
        for key in keys where key != last {
            last = key
            var counts: [CountRecord] = []
            for (shard, names) in zip(shards, names) { counts += try shard.counts(key, names) }
            counts.sort { $0.resource.name.utf8.lexicographicallyPrecedes($1.resource.name.utf8) }
            var sum: CountRecord?
            for count in counts {
                if let known = sum, !known.resource.name.utf8.elementsEqual(count.resource.name.utf8) {
                    try visit(known)
                    sum = nil
                }
                if sum == nil { sum = count } else { sum?.merge(count) }
            }
            if let sum { try visit(sum) }
        }
    }

    /// The logs that have been counted, by names and what they begin with.
    package static func sources(_ shards: [RecordsTransaction]) throws -> [SourceRecord] {
        try shards.flatMap { try $0.sources() }.sorted { left, right in
            guard left.name.utf8.elementsEqual(right.name.utf8) else {
                return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
            }
            let order = [left, right].map { [$0.firstAt.milliseconds, Int64($0.offset), $0.lastAt.milliseconds] }
            if order[0] != order[1] { return order[0].lexicographicallyPrecedes(order[1]) }
            return (left.head, left.tail) < (right.head, right.tail)
        }
    }

    /// The idempotency keys under which something was counted, by their bytes.
    package static func keys(_ shards: [RecordsTransaction]) throws -> [(key: String, fingerprint: UInt64)] {
        var keys = try shards.flatMap { try $0.operations() }
            .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        var kept = 0
        for index in keys.indices where kept == 0 || !keys[index].key.utf8.elementsEqual(keys[kept - 1].key.utf8) {
            keys[kept] = keys[index]
            kept += 1
        }
        return Array(keys[..<kept])
    }
}

extension RecordsTransaction {
    /// The names of the resources, by serial number.
    fileprivate func names() throws -> [AccessedResource?] {
        var names: [AccessedResource?] = Array(repeating: nil, count: try lastSerial() + 1)
        try forEachResource { number, resource in
            if names.indices.contains(number.serial) { names[number.serial] = resource }
        }
        return names
    }

    /// What the pages of a kind, audience and span tell, page by page.
    fileprivate func counts(_ key: RollupKey, _ names: [AccessedResource?]) throws -> [CountRecord] {
        var counts: [CountRecord] = []
        for size in try pageSizes(like: key) {
            guard let stored = try page(size.id) else { continue }
            var reader = try reader(stored)
            while let place = try reader.next() {
                if place.resource == .all { continue }
                guard names.indices.contains(place.resource.serial), let name = names[place.resource.serial] else {
                    throw RollupPageReader.damaged(stored.page.key)
                }
                var count = CountRecord(name, key.kind, key.audience, key.span)
                count.add(try reader.entry(at: place), size.grain)
                counts.append(count)
            }
        }
        return counts
    }
}
