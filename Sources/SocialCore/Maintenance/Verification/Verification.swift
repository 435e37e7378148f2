// Is everything all right? Truth and records against their hashes, views against the truth, objects and films against
// what is known of them, replicas, and who may read what. Reads only, unless it is told to repair.

/// Verifies a network.
package struct Verification {
    /// How much is looked at.
    package struct Plan: Sendable {
        /// Whether all bytes of objects and all rows of replicas are read, and films are taken apart.
        package var isDeep = false
        /// When to stop, on the network's clock; nil: when everything has been looked at.
        package var deadline: Timestamp?

        /// Everything but the bytes of objects.
        package init(isDeep: Bool = false, deadline: Timestamp? = nil) {
            self.isDeep = isDeep
            self.deadline = deadline
        }
    }

    /// What is looked at on its own.
    enum Part: Equatable {
        case truth
        case references
        case records
        case feeds
        case search
        case notifications
        case counts
        case replicas
        case objects
        case films
        case files

        static let all: [Part] = [
            .truth, .references, .records, .feeds, .search, .notifications, .counts, .replicas, .objects, .films,
            .files,
        ]

        /// Whether it is compared with the truth, which must be whole for that.
        var needsTruth: Bool { [.references, .feeds, .notifications].contains(self) }
    }

    let network: Network
    let plan: Plan

    var router: Router { network.router }
    private var context: Context { network.context }
    var isOver: Bool { plan.deadline.map { context.clock.now >= $0 } ?? false }

    /// A verification of a network.
    package init(of network: Network, _ plan: Plan = Plan()) {
        self.network = network
        self.plan = plan
    }

    /// All findings; none when everything is all right.
    ///
    /// With a deadline the parts come in an order that chance begins, so that many runs see everything.
    package func run() throws -> [Finding] { try router.still { try look() } }

    private func look() throws -> [Finding] {
        var findings: [Finding] = []
        var parts = Part.all
        if plan.deadline != nil {
            let first = Int(context.random.next() % UInt64(parts.count))
            parts = Array(parts[first...] + parts[..<first])
        }
        for part in parts {
            if isOver {
                findings.append(unlooked(part))
                continue
            }
            if part.needsTruth, findings.contains(where: { $0.isOfTruth }) { continue }
            context.observer?.note("verifying \(part)")
            do { findings += try look(at: part) } catch let error as StorageError
                where [.damaged, .ioError].contains(error.code)
            {
                // Whatever this part reads has been found elsewhere, or is found here.
                if !findings.contains(where: { $0.severity == .damage }) { findings.append(unreadable(error)) }
            }
        }
        return findings
    }

    private func look(at part: Part) throws -> [Finding] {
        switch part {
        case .truth: try verifyShards()
        case .references: try verifyReferences()
        case .records: try verifyRecords()
        case .feeds: try verifyFeeds()
        case .search: try verifySearch()
        case .notifications: try verifyNotifications()
        case .counts: try verifyCounts()
        case .replicas: try verifyReplicas()
        case .objects: try verifyObjects()
        case .films: try verifyFilms()
        case .files: try verifyFiles()
        }
    }

    /// Says of a part that there was no time for it, or not for all of it.
    func unlooked(_ part: Part) -> Finding {
        Finding(
            code: "not_checked", severity: .notice, place: "\(part)", message: "the time was up before all was checked",
            repair: ["verify"])
    }

    private func unreadable(_ error: StorageError) -> Finding {
        Finding(
            code: "file_damaged", severity: .damage, place: network.directory, message: error.message,
            repair: Finding.recovery)
    }

    // MARK: Truth and records

    private func verifyShards() throws -> [Finding] {
        var findings: [Finding] = []
        for shard in router.shards {
            let path = DataDirectory.truthPath(network.directory, shard: shard)
            if !WriteAheadLog.turnedBytes(of: path).isEmpty {
                findings.append(damage("wal_damaged", shard, "the write-ahead log of the truth is damaged"))
            }
            do { findings += try verify(shard) } catch let error as StorageError
                where [.damaged, .ioError].contains(error.code)
            {
                // A list of tables that was altered is an error of SQL to SQLite.
                findings.append(damage("file_damaged", shard, error.message))
            }
        }
        return findings
    }

    private func verifyReferences() throws -> [Finding] {
        var findings: [Finding] = []
        var accounts: Set<UserID> = []
        for shard in router.shards {
            try router.read(shard: shard) { reader in try reader.accountIDs().forEach { accounts.insert($0) } }
        }
        try verifyReferences(accounts, &findings)
        try verifyHandles(&findings)
        return findings
    }

    private func verifyRecords() throws -> [Finding] {
        var findings: [Finding] = []
        for shard in router.shards {
            let records = network.recordsShards[shard]
            func damage(_ code: String, _ message: String) {
                findings.append(
                    Finding(
                        code: code, severity: .damage, place: "the records of shard \(shard)", message: message,
                        repair: Finding.recovery))
            }
            guard records.exists else { continue }
            if let file = records as? RecordsStore, !WriteAheadLog.turnedBytes(of: file.path).isEmpty {
                damage("wal_damaged", "the write-ahead log of the records is damaged")
            }
            do {
                _ = try records.read { reader in
                    for problem in try reader.engineProblems() { damage("records_file_damaged", problem) }
                    for row in try reader.damagedRows() { damage("record_damaged", "\(row) does not match its hash") }
                }
            } catch let error as StorageError where [.damaged, .ioError].contains(error.code) {
                // A list of tables that was altered is an error of SQL to SQLite.
                damage("records_file_damaged", error.message)
            }
        }
        return findings
    }

    /// What is wrong with the counts of accesses.
    func verifyCounts() throws -> [Finding] {
        try network.analytics.status(isDeep: true).problems.map { shard, message in
            Finding(code: "counts_damaged", severity: .damage, place: "the records of shard \(shard)", message: message)
        }
    }

    // MARK: Views

    private func verifyFeeds() throws -> [Finding] {
        try network.feeds.verify().differences.map { difference in
            Finding(
                code: "feed_differs", severity: .stale, place: "feed of \(difference.reader)",
                message: difference.isDamaged
                    ? "the cached feed is damaged"
                    : "\(difference.missing.count) posts are missing and \(difference.extra.count) are too many",
                repair: ["feed", "verify", "--repair"])
        }
    }

    private func verifySearch() throws -> [Finding] {
        try network.search.indexes.damaged().map { shard, source in
            Finding(
                code: "search_index_damaged", severity: .stale, place: "shard \(shard)",
                message: "the search index of \(source.rawValue) is damaged", repair: ["search", "rebuild"])
        }
    }

    private func verifyNotifications() throws -> [Finding] {
        // What was left half done changes inboxes when it is ended.
        let isUnderWay = try router.gather { try !$0.pendingEffects().isEmpty || !$0.claims().isEmpty }.contains(true)
        if isUnderWay { return [] }
        guard let problem = try network.notifications.problem() else { return [] }
        return [
            Finding(
                code: "notifications_differ", severity: .stale, place: "notifications.sqlite", message: problem,
                repair: ["notification", "rebuild"])
        ]
    }
}

extension Finding {
    /// Whether the truth itself cannot be trusted.
    fileprivate var isOfTruth: Bool {
        severity == .damage && ["file_damaged", "row_damaged", "wal_damaged", "slots_differ"].contains(code)
    }
}
