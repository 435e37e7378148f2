// The view behind all inboxes: one file for the directory, which follows the logs of all shards from its own offsets.
// Who reads brings it up to date first, so that nobody waits for it who only writes; where it cannot be written, or
// somebody else holds it for long, a copy in memory is brought up to date instead.

/// The inboxes of a data directory, as they are brought up to date.
package final class NotificationView {
    let router: Router
    let logHeads: LogHeads
    let store: InboxStore
    private let files: FileSystem
    private let directory: String
    /// A copy in memory of what cannot be written, as it was brought up to date last.
    private var overlay: InboxStore?

    /// The view of a directory.
    package init(directory: String, router: Router, logHeads: LogHeads, isShared: Bool, context: Context) {
        self.directory = directory
        self.router = router
        self.logHeads = logHeads
        store = InboxStore(directory: directory, shared: isShared, context: context)
        files = FileSystem(ofViews: context)
    }

    /// The first time of which something is kept: the beginning of a day.
    static func floor(at now: Timestamp) -> Timestamp {
        Timestamp(milliseconds: max(0, now.day - Limits.notificationDays) * Timestamp.dayMilliseconds)
    }

    // MARK: Reading

    /// Runs reads on the inboxes as they are after everything that was committed before this call.
    func read<Result>(_ context: Context, _ body: (InboxTransaction) throws -> Result) throws -> Result {
        if !router.hasOpenGroup {
            let heads = try logHeads.vector()
            if let result = try readFile(heads, context, body) { return result }
            if try bringUpFile(context), let result = try readFile(heads, context, body) { return result }
        }
        let overlay = try overlay(context)
        guard let result = try overlay.read(body) else {
            throw StorageError(.ioError, "the notifications cannot be read")
        }
        return result
    }

    /// Reads the file if it has come so far; nil otherwise.
    private func readFile<Result>(
        _ heads: OffsetVector, _ context: Context, _ body: (InboxTransaction) throws -> Result
    ) throws -> Result? {
        do {
            return try store.read { inboxes -> Result? in
                guard try isCurrent(inboxes, heads, context) else { return nil }
                return try body(inboxes)
            } ?? nil
        } catch let error as StorageError where error.code == .damaged && store.isWritable { return nil }
    }

    /// Whether inboxes cover some heads, and nothing else.
    private func isCurrent(_ inboxes: InboxTransaction, _ heads: OffsetVector, _ context: Context) throws -> Bool {
        guard let offsets = OffsetVector(try inboxes.offsets()), !offsets.entries.isEmpty, offsets.covers(heads),
            try inboxes.floor() <= NotificationView.floor(at: context.clock.now)
        else { return false }
        // Ahead of a head that was read a moment ago, others have come; ahead of the log itself, an older file was put
        // back.
        for entry in offsets.entries where entry.position.n > heads[entry.shard]?.n ?? .max {
            let state = try router.read(shard: entry.shard) { try $0.state() }
            guard entry.position.n <= state.head, entry.position.incarnation == state.incarnation else { return false }
        }
        return true
    }

    // MARK: Bringing up

    /// Brings the file up to date; false where it cannot be written, which nobody who reads fails for.
    @discardableResult
    func bringUpFile(_ context: Context) throws -> Bool {
        guard !context.isDryRun, !router.hasOpenGroup, files.isWritable(directory), store.isWritable else {
            return false
        }
        do {
            try store.lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
            defer { store.lock.release() }
            do { try bringUp(store, context) } catch let error as StorageError
                where error.code == .damaged && isDamaged(error)
            {
                try rebuild(store, context)
            }
            return true
        } catch let error as StorageError
            where [.busy, .diskFull, .ioError, .permissionDenied].contains(error.code)
        {
            context.observer?.note("the notifications are not written: \(error.message)")
            return false
        }
    }

    /// Whether damage that was met is that of the file, and not of the truth that it is made from.
    private func isDamaged(_ error: StorageError) -> Bool { error.message.contains("notifications.sqlite") }

    /// Makes the file again from the truth.
    func rebuildFile(_ context: Context) throws {
        guard store.isWritable, files.isWritable(directory) else {
            throw StorageError(.permissionDenied, "the notifications of \"\(directory)\" cannot be written")
        }
        if context.isDryRun { return }
        try store.lock.acquire(waitingMilliseconds: context.lockWaitMilliseconds)
        defer { store.lock.release() }
        try rebuild(store, context)
        try bringUp(store, context)
    }

    /// A copy in memory that is up to date.
    private func overlay(_ context: Context) throws -> InboxStore {
        // The logs do not tell yet what a group has written.
        if router.hasOpenGroup {
            let inboxes = try store.emptyInMemory()
            try rebuild(inboxes, context)
            return inboxes
        }
        let inboxes = try overlay ?? (try? store.copyInMemory()) ?? store.emptyInMemory()
        overlay = nil
        do { try bringUp(inboxes, context) } catch let error as StorageError where error.code == .damaged {
            try rebuild(inboxes, context)
        }
        overlay = context.isLongRunning ? inboxes : nil
        return inboxes
    }

    /// Applies what the logs say since; makes the inboxes again where that is not possible, or longer.
    private func bringUp(_ inboxes: InboxStore, _ context: Context) throws {
        let now = NotificationView.floor(at: context.clock.now)
        let start = try inboxes.read { (try $0.offsets(), try $0.floor()) }
        guard let start, let known = OffsetVector(start.0), !known.entries.isEmpty, start.1 <= now else {
            return try rebuild(inboxes, context)
        }
        var (offsets, reached, entries) = (known, known, 0)
        var isTooMuch = false
        let goesOn = try OrderedLogs(router: router).forEach(after: &offsets) { part in
            entries += part.events.reduce(0) { $0 + $1.entries.count }
            if entries > Limits.inboxEntries {
                let counts = try inboxes.read { try $0.counts() }
                isTooMuch = entries > Limits.inboxEntries + (counts?.items ?? 0) / 2
                if isTooMuch { return false }
            }
            reached[part.shard] = part.position
            let isWritten: Void? = try inboxes.write { transaction in
                try NotificationChanges(router, transaction, floor: start.1).apply(part.events.flatMap(\.entries))
                try transaction.setOffsets(reached.description)
            }
            isTooMuch = isWritten == nil
            return !isTooMuch
        }
        guard goesOn, !isTooMuch else { return try rebuild(inboxes, context) }
        let isOld = now.day - start.1.day >= Limits.notificationPruningDays
        guard isOld || offsets != reached else { return }
        _ = try inboxes.write { transaction in
            try transaction.setOffsets(offsets.description)
            if isOld { try transaction.prune(before: now) }
        }
    }

    /// Makes inboxes from the truth.
    ///
    /// What changes meanwhile is in the logs behind the place from which they go on, and applied again.
    private func rebuild(_ inboxes: InboxStore, _ context: Context) throws {
        context.observer?.begin("making the notifications", total: nil)
        defer { context.observer?.end() }
        try router.still {
            var offsets = OffsetVector()
            for shard in router.shards {
                let state = try router.read(shard: shard) { try $0.state() }
                offsets[shard] = LogPosition(incarnation: state.incarnation, n: state.head)
            }
            let floor = NotificationView.floor(at: context.clock.now)
            try inboxes.make { transaction in
                try transaction.setFloor(floor)
                try transaction.setOffsets(offsets.description)
                try NotificationBuild(router, transaction, floor: floor, context: context).run()
            }
        }
    }

    // MARK: Looking after

    /// How many commits the file is behind; nil where it has to be made again.
    func lag() throws -> Int64? {
        let heads = try logHeads.vector()
        guard let text = try? store.read({ try $0.offsets() }), let offsets = OffsetVector(text) else { return nil }
        var lag: Int64 = 0
        for entry in heads.entries {
            guard let place = offsets[entry.shard], place.incarnation == entry.position.incarnation else { return nil }
            lag += max(0, entry.position.n - place.n)
        }
        return lag
    }

    /// What is wrong with the file: nil when it agrees with the truth, or is not there.
    ///
    /// Reads everything, and makes the inboxes again in memory.
    func problem(_ context: Context) throws -> String? {
        guard let path = store.path, files.exists(path) else { return nil }
        let problems: [String]?
        do {
            problems = try store.read { try $0.engineProblems() }
            guard let problems else { return "the file is of no use" }
            if let first = problems.first { return first }
            // What is not covered yet is no fault.
            let copy = try store.copyInMemory()
            try bringUp(copy, context)
            let expected = try store.emptyInMemory()
            try rebuild(expected, context)
            let floor = NotificationView.floor(at: context.clock.now)
            let sums = try [copy, expected].map { try $0.read { try NotificationView.sums($0, since: floor) } ?? [] }
            if sums[0] == sums[1] { return nil }
            return "what it holds differs from what the truth says"
        } catch let error as StorageError where error.code == .damaged && isDamaged(error) { return error.message }
    }

    /// For each table how many rows it has, and the sum of their hashes in order.
    private static func sums(_ inboxes: InboxTransaction, since floor: Timestamp) throws -> [UInt64] {
        var sums: [UInt64] = []
        var table = ""
        try inboxes.forEachRow(since: floor) { name, numbers in
            if name != table { sums.append(0) }
            table = name
            let row = numbers.reduce(UInt64(name.utf8.count)) { Mixing.finalize($0 ^ UInt64(bitPattern: $1)) }
            sums[sums.count - 1] = Mixing.finalize(sums[sums.count - 1] ^ row)
        }
        return sums
    }
}
