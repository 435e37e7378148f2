// Truth against itself: rows against their hashes, their number and sum, slots against the map, the log, references
// between shards. Reads only.

extension Verification {
    /// What is wrong with a shard on its own.
    func verify(_ shard: Int) throws -> [Finding] {
        var findings: [Finding] = []
        // Before the file is looked at: what is committed meanwhile is not lost.
        let announced = network.heads?.announcement(of: shard)
        let path = DataDirectory.truthPath(network.directory, shard: shard)
        try router.read(shard: shard) { reader in
            findings += try reader.engineProblems().map { damage("file_damaged", shard, $0) }
            try verifyTruth(shard, reader, &findings)
            try verifySlots(shard, reader, &findings)
            try verifyLog(shard, reader, &findings)
            let state = try reader.state()
            if let announced, announced.incarnation == state.incarnation, announced.n > state.head {
                if !WriteAheadLog.turnedBytes(of: path, isAnnounced: true).isEmpty {
                    findings.append(damage("wal_damaged", shard, "the write-ahead log of the truth is damaged"))
                }
                let lost = "\(announced.n - state.head) commits that were acknowledged are not in the file"
                findings.append(damage("commits_lost", shard, lost))
            }
        }
        return findings
    }

    /// What does not lie where the slot map says, and moves of slots that were left half done.
    package func places(moves: SlotMoves) throws -> [Finding] {
        try router.still { try lookAtPlaces(moves) }
    }

    private func lookAtPlaces(_ moves: SlotMoves) throws -> [Finding] {
        var findings: [Finding] = []
        for transfer in network.servers == nil ? try moves.unfinished() : [] {
            findings.append(
                Finding(
                    code: "move_unfinished", severity: .stale, place: "shard \(transfer.from)",
                    message: "\(transfer.slots.count) slots are on their way to shard \(transfer.to)",
                    repair: ["shard", "rebalance"]))
        }
        for shard in router.shards {
            try router.read(shard: shard) { reader in
                try verifySlots(shard, reader, &findings)
                try verifyTruth(shard, reader, &findings)
            }
        }
        return findings
    }

    /// Damage of a shard, which can be mended as far as rows prove themselves.
    func damage(_ code: String, _ shard: Int, _ message: String) -> Finding {
        Finding(code: code, severity: .damage, place: "shard \(shard)", message: message, repair: Finding.recovery)
    }

    private func verifyTruth(_ shard: Int, _ reader: any StoreReader, _ findings: inout [Finding]) throws {
        var rows: Int64 = 0
        var sum: UInt64 = 0
        var damaged: [String] = []
        func count(_ row: TruthRow) {
            rows += 1
            sum &+= row.sumShare
        }
        let map = router.map.current
        var strays = 0
        try reader.forEachRow(damaged: { damaged.append($0) }, hidden: count) { row in
            count(row)
            if map.owner(of: row.slot).shard != shard { strays += 1 }
        }
        findings += damaged.map { damage("row_damaged", shard, "\($0) does not match its hash") }
        if strays > 0 {
            findings.append(damage("rows_misplaced", shard, "\(strays) rows belong to slots of other shards"))
        }
        let state = try reader.state()
        if damaged.isEmpty, rows != state.rows || sum != state.sum {
            findings.append(
                damage(
                    "rows_lost", shard, "there are \(rows) rows where \(state.rows) should be, or one is not its own"))
        }
    }

    /// Each account's handle names it; a rename that was left half done is about to.
    func verifyHandles(_ findings: inout [Finding]) throws {
        try forEachHandle { shard, account, owner in
            guard owner != account.id else { return }
            findings.append(
                damage("handle_lost", shard, "the handle \"\(account.handle)\" does not name its account"))
        }
    }

    /// Calls a closure for every account of every shard, with the account that its handle names or is about to name.
    func forEachHandle(_ visit: (_ shard: Int, _ account: AccountRecord, _ owner: UserID?) throws -> Void) throws {
        for shard in router.shards {
            var last: String?
            while true {
                let page = Page(after: last, limit: Limits.pageRows)
                let accounts = try router.read(shard: shard) { try $0.accounts(prefix: "", page: page) }
                let owners = try router.gather(accounts, slot: { Slot(of: $0.handle) }) { reader, account in
                    try reader.owner(ofKey: account.handle.key) ?? reader.claim(key: account.handle.key)?.account
                }
                for (account, owner) in zip(accounts, owners) { try visit(shard, account, owner) }
                guard accounts.count == page.limit else { break }
                last = accounts.last?.handle.key
            }
        }
    }

    private func verifySlots(_ shard: Int, _ reader: any StoreReader, _ findings: inout [Finding]) throws {
        let map = router.map.current
        let stored = try reader.slots().filter { $0.state == .owned }
        var equalCount = 0
        var isEqual = true
        for run in map.runs where run.owner.shard == shard {
            var index = run.slots.lowerBound
            while isEqual, index <= run.slots.upperBound {
                let next = equalCount < stored.count ? stored[equalCount] : nil
                isEqual = next?.slot.index == index && next?.epoch == run.owner.epoch
                equalCount += 1
                index += 1
            }
        }
        if !isEqual || equalCount != stored.count {
            findings.append(damage("slots_differ", shard, "the shard and the slot map do not agree on its slots"))
        }
    }

    private func verifyLog(_ shard: Int, _ reader: any StoreReader, _ findings: inout [Finding]) throws {
        let state = try reader.state()
        var expected = state.oldest
        while expected <= state.head {
            let events = try reader.events(after: expected - 1, entryLimit: Limits.catchUpEntries)
            let first = expected
            for event in events where event.n == expected { expected += 1 }
            if expected == first || events.last?.n != expected - 1 { break }
        }
        if expected != state.head + 1 {
            findings.append(damage("log_gap", shard, "event \(expected) is missing from the log"))
        }
    }

    func verifyReferences(_ accounts: Set<UserID>, _ findings: inout [Finding]) throws {
        for shard in router.shards {
            var orphans = try orphans(shard, accounts)
            if !orphans.isEmpty {
                // Accounts are made and deleted meanwhile, and of those that were, something may be left for a while.
                let names = Set(orphans).sorted()
                let excused = try router.gather(names, slot: \.slot) { reader, id in
                    try reader.account(id) != nil || reader.pendingEffects().contains(.remove(id)) ? id : nil
                }
                orphans = try self.orphans(shard, accounts.union(excused.compactMap { $0 }))
            }
            if !orphans.isEmpty {
                let message = "\(orphans.count) rows name an account that is not there"
                findings.append(damage("account_missing", shard, message))
            }
        }
    }

    /// The accounts that rows of a shard name although they are not known, once for each time.
    private func orphans(_ shard: Int, _ known: Set<UserID>) throws -> [UserID] {
        var orphans: [UserID] = []
        func note(_ id: UserID) { if !known.contains(id) { orphans.append(id) } }
        try router.read(shard: shard) { reader in
            try reader.forEachFollow { edge in
                note(edge.follower)
                note(edge.followee)
            }
            try reader.forEachPost(in: .all) { author, _ in note(author) }
            for kind in RelationKind.allCases {
                try reader.forEachRelation(kind) { relation in
                    note(relation.actor)
                    if kind == .block || kind == .mute { note(UserID(rawValue: relation.target.rawValue)) }
                }
            }
        }
        return orphans
    }
}
