// A network carried whole into a new data directory, of whatever kind: truth, records and settings as an export and an
// import would, without the text between them, and uploads with them. The former directory is only read. The new one
// says of itself that it is not whole until everything has been compared, so whatever interrupts this, nobody takes
// half a network for one.

/// Carries a network into a new data directory.
package struct Migration {
    /// What was carried.
    package struct Summary: Sendable {
        /// Rows of truth, with their digest.
        package var digest = Digest()
        /// Records.
        package var records = 0
        /// Objects that were copied.
        package var objects = 0
        /// Their bytes.
        package var objectBytes: Int64 = 0
        /// Objects that rows name and that lie nowhere whole.
        package var lostObjects = 0
    }

    private let source: Network
    private let directory: String
    private let plan: Network.Plan
    private let context: Context

    /// A migration of a network.
    ///
    /// - Parameter plan: what the new directory is like; how posts find their slot, and the settings, stay as they are.
    package init(of source: Network, to directory: String, _ plan: Network.Plan, context: Context) {
        self.source = source
        self.directory = directory
        self.context = context
        var plan = plan
        plan.placement = source.manifest.placement
        plan.settings = source.manifest.settings
        plan.isArriving = true
        self.plan = plan
    }

    /// Makes the new directory, empty.
    ///
    /// - Throws: `notEmpty` when something lies there, or the server has a network.
    package func prepare() throws {
        if let store = plan.store, try Network.isMade(on: TruthServer.at(store, context: context)) {
            throw StorageError(
                .notEmpty, "\(store) has a network already", hint: "use another database, or remove it with \"dropdb\"")
        }
        try Network.create(directory, plan, context: context)
    }

    /// Carries everything over, and compares.
    ///
    /// - Throws: `busy` when others do not stop writing, `damaged` when a row is altered or lost, here or there.
    package func run() throws -> Summary {
        // What is referred to at the moment that is carried stays until it is copied.
        let hold = context.isDryRun ? nil : try source.objectStore().hold()
        return try withExtendedLifetime(hold) {
            var summary = Summary()
            if context.isDryRun {
                try read(&summary) { _ in }
                try countObjects(&summary)
                return summary
            }
            var quiet = context
            quiet.observer = nil
            let target = try Network(opening: directory, context: quiet, isArriving: true)
            try carryRows(to: target, &summary)
            try carryObjects(to: target, &summary)
            context.observer?.begin("comparing", total: nil)
            defer { context.observer?.end() }
            let found = try Digest.of(target.router)
            guard found == summary.digest else {
                let (there, here) = ("\(found) of \(found.rows) rows", "\(summary.digest) of \(summary.digest.rows)")
                throw StorageError(
                    .damaged, "\"\(directory)\" has the digest \(there), and not \(here)",
                    hint: "run \"social verify\" on both")
            }
            try target.finish()
            try target.arrive()
            return summary
        }
    }

    /// Calls a closure for each row and each record of the network at one moment.
    private func read(_ summary: inout Summary, _ visit: @escaping (ExportRow) throws -> Void) throws {
        var (digest, records) = (Digest(), 0)
        try source.export.run(
            begin: { _ in (digest, records) = (Digest(), 0) },
            { row in
                digest.add(row)
                try visit(.truth(row))
            },
            record: { record in
                records += 1
                try visit(.record(record))
            })
        (summary.digest, summary.records) = (digest, records)
    }

    private func carryRows(to target: Network, _ summary: inout Summary) throws {
        var batch = target.import.batch
        let limit = Limits.importBatchRows * min(4, target.router.shards.count)
        try read(&summary) { row in
            try batch.prepare(for: row)
            try batch.add(row, line: 0)
            if batch.count + batch.records.count >= limit { try batch.flush() }
        }
        try batch.flush()
    }

    // MARK: Objects

    /// Copies the objects that the rows name which were carried.
    private func carryObjects(to target: Network, _ summary: inout Summary) throws {
        let (former, new) = (try source.objectStore(), try target.objectStore())
        context.observer?.begin("copying uploads", total: nil)
        defer { context.observer?.end() }
        var named = NamedObjects(target.router)
        while let (hash, size) = try named.next() {
            var isThere = false
            do { isThere = try former.copy(hash, sizeBytes: Int(size), to: new) } catch let error as StorageError {
                // Whoever moves away from a disk that fails wants what is left.
                guard error.code == .damaged else { throw error }
            }
            summary.count(size, isThere: isThere)
            context.observer?.advance(by: 1)
        }
    }

    /// Counts the objects that would be copied, by where they should be.
    private func countObjects(_ summary: inout Summary) throws {
        let store = try source.objectStore()
        var named = NamedObjects(source.router)
        while let (hash, size) = try named.next() {
            let isThere = try store.remote?.look(hash, sizeBytes: Int(size)) == .sound
            summary.count(size, isThere: isThere || store.keeper.sizeBytes(of: hash) == Int(size))
        }
    }
}

extension Migration.Summary {
    fileprivate mutating func count(_ size: Int64, isThere: Bool) {
        if isThere {
            objects += 1
            objectBytes += size
        } else {
            lostObjects += 1
        }
    }
}

extension Network {
    /// Says that everything has been carried here.
    fileprivate func arrive() throws {
        func change(_ manifest: inout Manifest) { manifest.isArriving = false }
        manifest =
            try servers?.update(change).local(like: manifest)
            ?? Manifest.update(directory, context: context, change)
        // Where servers say so, the directory's copy follows.
        if servers != nil { try manifest.write(directory, context: context) }
    }
}
