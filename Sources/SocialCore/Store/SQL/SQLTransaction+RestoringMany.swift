// Many rows put exactly as they are: what stands in their places is asked for all of them at once, since each question
// to a server costs a trip, and what is counted of several rows is written once. Rows in whose place something else
// stands go the way of single rows.

extension SQLTransaction {
    func restore(_ items: [RestoredRow], now: Timestamp) throws -> [Restored] {
        try claim(items.map(\.slot))
        let present = try counterparts(of: items.map(\.row))
        var outcomes: [Restored] = []
        outcomes.reserveCapacity(items.count)
        var known: Set<RowKey> = []
        var sums = RestoredSums()
        /// Whether a row has taken the place of another, which may have ended what others are about.
        var isStale = false
        for (item, present) in zip(items, present) {
            let row = item.row
            let isFirst = known.insert(RowKey(bearing: row)).inserted && !isStale
            if isFirst, let present, present == row || row.isLeft(in: present) {
                outcomes.append(.present)
            } else if isFirst, present == nil {
                try put(row, adding: &sums)
                log(adding: row)
                sums.give(item, now)
                outcomes.append(.added)
            } else {
                try write(&sums)
                let outcome = try restoreOne(item, now: now)
                if case .added = outcome { isStale = true }
                outcomes.append(outcome)
            }
        }
        try write(&sums)
        return outcomes
    }

    private func restoreOne(_ item: RestoredRow, now: Timestamp) throws -> Restored {
        do {
            return try restore(item.row, in: item.slot, replacing: item.replaces, now: now) ? .added : .present
        } catch let error as StoreError where error.code == .rowDiffers { return .differs }
    }

    // MARK: What is there

    /// For each row the one that has the same key.
    private func counterparts(of rows: [TruthRow]) throws -> [TruthRow?] {
        var found: [TruthRow?] = Array(repeating: nil, count: rows.count)
        var taken: [Int] = []
        try database.ask(
            rows.indices.map { index in
                if let id = rows[index].identity {
                    return SQLQuestion(SQLTransaction.takenSelection) {
                        $0.bind(id)
                    } read: { select in
                        if select.integer(0) == 1 { taken.append(index) }
                    }
                }
                return question(for: rows[index]) { found[index] = $0 }
            })
        // An id that is given mostly names what the row says of it.
        try database.ask(taken.map { index in question(for: rows[index]) { found[index] = $0 } })
        for index in taken where found[index] == nil { found[index] = try counterpart(of: rows[index]) }
        guard try holdsRemnants() else { return found }
        for index in rows.indices where found[index] == nil {
            if case .handle = rows[index] { found[index] = try counterpart(of: rows[index]) }
        }
        return found
    }

    /// What is asked for the row that has the same key and is of the same kind.
    private func question(for row: TruthRow, _ answer: @escaping (TruthRow) -> Void) -> SQLQuestion {
        switch row {
        case .account(let account):
            return SQLQuestion(SQLTransaction.accountSelection) {
                $0.bind(account.id.rawValue)
            } read: { [self] in
                answer(.account(try readAccount($0)))
            }
        case .post(let post):
            return SQLQuestion(SQLTransaction.postSelection) {
                $0.bind(post.id.rawValue)
            } read: { [self] in
                answer(.post(try readPost($0)))
            }
        case .media(let media):
            return SQLQuestion(SQLTransaction.mediaSelection) {
                $0.bind(media.id.rawValue)
            } read: { [self] in
                answer(.media(try readMedia($0)))
            }
        case .formerAccount, .tombstone, .formerMedia:
            let id = row.identity ?? 0
            return SQLQuestion(SQLTransaction.tombstoneSelection) {
                $0.bind(id)
            } read: {
                answer(SQLTransaction.tombstone(id, $0.integer(0)))
            }
        case .handle(let key, _):
            return SQLQuestion(SQLTransaction.handleSelection) {
                $0.bind(key, at: 1)
            } read: { [self] in
                let row = TruthRow.handle(key: key, account: UserID(rawValue: $0.integer(0)))
                try verify(row, against: $0.integer(1), "the handle \"\(key)\"")
                answer(row)
            }
        case .follow(let edge):
            return SQLQuestion(SQLTransaction.followSelection) {
                $0.bind(edge.follower.rawValue, edge.followee.rawValue)
            } read: {
                var edge = edge
                edge.since = Timestamp(milliseconds: $0.integer(0))
                answer(.follow(edge))
            }
        case .relation(let relation):
            return SQLQuestion(SQLTransaction.relationSelection) {
                $0.bind(relation.kind.rawValue, relation.actor.rawValue, relation.target.rawValue)
            } read: { [self] in
                answer(.relation(try readRelation($0)))
            }
        case .version(let version):
            return SQLQuestion(SQLTransaction.versionSelection + " AND number = ?") {
                $0.bind(version.post.rawValue, version.number)
            } read: { [self] in
                answer(.version(try readVersion($0)))
            }
        case .operation(let operation):
            return SQLQuestion(SQLTransaction.operationSelection) {
                $0.bind(operation.account.rawValue)
                $0.bind(operation.verb, at: 2)
                $0.bind(operation.key, at: 3)
            } read: { [self] in
                answer(.operation(try readOperation($0, operation.account, operation.verb, operation.key)))
            }
        }
    }

    // MARK: Writing

    /// Puts a row in whose place there is nothing.
    private func put(_ row: TruthRow, adding sums: inout RestoredSums) throws {
        switch row {
        case .follow(let edge):
            try insertNew(edge)
            sums.add(edge)
        case .post(let post):
            try insertRow(of: post)
            if let parent = post.replyTo { sums.engaged[parent, default: Engagement()] += Engagement(replies: 1) }
            if let original = post.repostOf { sums.engaged[original, default: Engagement()] += Engagement(reposts: 1) }
        case .relation(let relation):
            try insertRow(of: relation)
            guard relation.kind == .like else { break }
            let post = PostID(rawValue: relation.target.rawValue)
            sums.engaged[post, default: Engagement()] += Engagement(likes: 1)
        default: try put(row)
        }
    }

    /// Writes what was counted of several rows.
    private func write(_ sums: inout RestoredSums) throws {
        defer { sums = RestoredSums() }
        let followers = sums.edges.keys.sorted()
        var before: [(count: Int64, sum: UInt64)] = Array(repeating: (0, 0), count: followers.count)
        try database.ask(
            followers.indices.map { index in
                SQLQuestion(SQLTransaction.edgeSumSelection) {
                    $0.bind(followers[index].rawValue)
                } read: {
                    before[index] = ($0.integer(0), UInt64(bitPattern: $0.integer(1)))
                }
            })
        for (follower, before) in zip(followers, before) {
            guard let added = sums.edges[follower] else { continue }
            try setEdges(of: follower, before.count + added.count, before.sum &+ added.sum)
        }
        for (post, engagement) in sums.engaged.sorted(by: { $0.key < $1.key }) { try engage(post, engagement) }
        for (slot, id) in sums.last.sorted(by: { $0.key < $1.key }) { try keepBeyond(id, in: slot) }
    }
}

/// What is counted of rows that are put together.
private struct RestoredSums {
    /// The number and the sum of the hashes of new edges, by their follower.
    var edges: [UserID: (count: Int64, sum: UInt64)] = [:]
    /// What was done with posts.
    var engaged: [PostID: Engagement] = [:]
    /// The largest id of a slot.
    var last: [Slot: Int64] = [:]

    mutating func add(_ edge: FollowRecord) {
        let sum = edges[edge.follower] ?? (0, 0)
        edges[edge.follower] = (sum.count + 1, sum.sum &+ edge.mixed)
    }

    /// Notes an id that its slot must not give again, unless it lies in the future.
    mutating func give(_ item: RestoredRow, _ now: Timestamp) {
        guard let id = item.row.identity, IdentityLayout.time(of: id) <= now else { return }
        last[item.slot] = max(last[item.slot] ?? id, id)
    }
}

extension RowKey {
    /// The place of a row, where all that has an id shares the same ids.
    fileprivate init(bearing row: TruthRow) {
        if let id = row.identity { self.init(kind: 0, first: id) } else { self.init(row) }
    }
}
