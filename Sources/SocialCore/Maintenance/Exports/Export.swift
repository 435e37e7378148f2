// Everything that people did, in one order: the rows of all shards, merged as they are read. It is of one moment, whole
// or an error, and needs the memory of one row a shard. Records come behind the truth when they are asked for.

internal import HeapModule

/// Reads a network out.
package struct Export {
    let router: Router
    let records: RecordsExport
    let context: Context

    /// Calls a closure for each row, in the order of `RowKey`.
    ///
    /// - Parameters:
    ///   - begin: is told first how many rows there are.
    ///   - record: is called for each record, behind the rows; nil when no records are wanted.
    /// - Throws: `damaged` for a row that is altered or lost; `busy` when others do not stop writing.
    package func run(
        begin: (Int64) throws -> Void, _ visit: (TruthRow) throws -> Void, record: ((RecordRow) throws -> Void)? = nil
    ) throws {
        let isDone = try Patience.wait(milliseconds: context.lockWaitMilliseconds) {
            try router.readTogether { readers in
                // What one shard still owes to another is no row, and would be lost.
                for reader in readers {
                    guard try reader.pendingEffects().isEmpty, try reader.claims().isEmpty else { return false }
                }
                guard let record else {
                    try merge(readers, begin: begin, visit)
                    return true
                }
                let isThere = { (account: UserID) in
                    try zip(router.shards, readers).first { $0.0 == router.shard(of: account.slot) }?.1
                        .account(account) != nil
                }
                // Opened after the rows, so that what they are about is there.
                return try records.open { parts in
                    try merge(readers, begin: begin, visit)
                    try records.visit(parts, isThere, record)
                    return true
                } ?? false
            } ?? false
        }
        guard isDone else {
            throw StorageError(
                .busy, "others keep changing the network, or a change was left half done",
                hint: "try again, or end what was left half done with \"social feed regenerate\"")
        }
    }

    private func merge(
        _ readers: [any StoreReader], begin: (Int64) throws -> Void, _ visit: (TruthRow) throws -> Void
    ) throws {
        let shards = router.shards
        var missing = try readers.map { try $0.shownRows() }
        let total = missing.reduce(0, +)
        try begin(total)
        context.observer?.begin("exporting", total: Int(total))
        defer { context.observer?.end() }
        let cursors = try readers.map { try $0.rows() }
        var heap = Heap<Candidate>()
        func advance(_ index: Int) throws {
            guard let row = try cursors[index].nextRow(in: shards[index]) else { return }
            missing[index] -= 1
            heap.insert(Candidate(key: RowKey(row), row: row, index: index))
        }
        for index in cursors.indices { try advance(index) }
        while let next = heap.popMin() {
            try visit(next.row)
            context.observer?.advance(by: 1)
            try advance(next.index)
        }
        for (shard, count) in zip(shards, missing) where count != 0 {
            throw StorageError(.damaged, "shard \(shard) has lost rows", hint: "run \"social verify\"")
        }
    }

    /// The next row of a shard.
    private struct Candidate: Comparable {
        var key: RowKey
        var row: TruthRow
        var index: Int

        static func < (left: Candidate, right: Candidate) -> Bool { left.key < right.key }
        static func == (left: Candidate, right: Candidate) -> Bool { left.key == right.key }
    }
}
