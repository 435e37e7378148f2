// What can be put in order, is: first what everything else is made of. Nothing is destroyed that is not kept elsewhere:
// damaged truth and records go to quarantine as they are, and what takes their place is what of them can be proved.

extension Verification {
    /// Verifies, repairs what was found, and verifies once more.
    ///
    /// - Returns: what was found at first, and whether it was repaired; behind it what was found only afterwards.
    package func repair() throws -> [Finding] {
        var found = try run()
        if network.context.isDryRun || found.allSatisfy({ !$0.isOpen && $0.repair != Finding.recovery }) {
            return found
        }
        try repair(found)
        let left = try Verification(of: network, Plan(isDeep: plan.isDeep)).run()
        for index in found.indices where found[index].isOpen {
            let finding = found[index]
            found[index].isRepaired = !left.contains { $0.isSame(as: finding) }
        }
        return found + left.filter { finding in !found.contains { $0.isSame(as: finding) } }
    }

    private func repair(_ found: [Finding]) throws {
        func has(_ codes: Set<String>) -> Bool { found.contains { codes.contains($0.code) } }
        for shard in router.shards where found.contains(where: { $0.concernsTruth(of: shard) }) {
            try recoverTruth(of: shard)
        }
        for shard in router.shards where found.contains(where: { $0.concernsRecords(of: shard) }) {
            let recovery = try attempting {
                try network.recordsShards.file(of: shard).recover(
                    directory: network.directory, shared: network.manifest.isShared)
            }
            network.context.observer?.note("records of shard \(shard): \(recovery?.summary ?? "left as they are")")
        }
        if has(["handle_lost", "row_damaged", "file_damaged", "rows_lost"]) { try restoreHandles() }
        if has(["heads_damaged"]) {
            try Heads.create(
                directory: network.directory, shared: network.manifest.isShared, context: network.context)
        }
        if found.contains(where: { $0.repair == ["replica", "repair"] }) { _ = try network.repairReplicas(nil) }
        if has(["object_missing", "object_damaged"]) {
            _ = try network.verifyObjects(isDeep: plan.isDeep, isRepairing: true)
        }
        if has(["feed_differs"]) { _ = try network.feeds.verify(repair: true) }
        if has(["search_index_damaged"]) { try network.search.rebuild() }
        if has(["notifications_differ"]) { try network.notifications.rebuild() }
        let files = FileSystem(tap: network.context.fileTap)
        for finding in found where finding.code == "too_open" {
            try files.restrict(finding.place, forbidden: network.forbiddenMode)
        }
    }

    /// Makes the truth of a shard whole: from a replica where there is one, else from what of it can be proved.
    private func recoverTruth(of shard: Int) throws {
        guard let store = try router.store(shard) as? SQLiteStore else { return }
        if network.replication.current != nil {
            _ = try attempting {
                try store.keepAndPromote(
                    directory: network.directory, shared: network.manifest.isShared)
            }
            return
        }
        let recovery = try attempting {
            try store.recover(directory: network.directory, shared: network.manifest.isShared)
        }
        network.context.observer?.note("shard \(shard): \(recovery?.summary ?? "left as it is")")
    }

    /// Runs a block; nil when there is too little left to repair anything with.
    private func attempting<Result>(_ body: () throws -> Result) throws -> Result? {
        do { return try body() } catch let error as StorageError where [.damaged, .quorumLost].contains(error.code) {
            network.context.observer?.note(error.message)
            return nil
        }
    }

    /// An account knows its handle, so that a handle whose row is lost can be claimed again.
    private func restoreHandles() throws {
        try forEachHandle { _, account, owner in
            guard owner == nil else { return }
            let slot = Slot(of: account.handle)
            _ = try router.write(slot) { writer in
                try writer.restore(
                    .handle(key: account.handle.key, account: account.id), in: slot, replacing: false,
                    now: network.context.clock.now)
            }
        }
    }
}

extension Finding {
    fileprivate func isSame(as other: Finding) -> Bool { code == other.code && place == other.place }

    fileprivate func concernsTruth(of shard: Int) -> Bool {
        let codes: Set = [
            "file_damaged", "row_damaged", "rows_lost", "wal_damaged", "log_gap", "slots_differ", "commits_lost",
        ]
        return codes.contains(code) && place == "shard \(shard)"
    }

    fileprivate func concernsRecords(of shard: Int) -> Bool {
        let codes: Set = ["records_file_damaged", "record_damaged", "wal_damaged"]
        return codes.contains(code) && place == "the records of shard \(shard)"
    }
}
