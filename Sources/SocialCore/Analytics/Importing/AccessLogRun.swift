// One log that is being counted: what has been read and not stored, and the position of what is.

internal import Formats

/// Another process has counted lines of the same log meanwhile.
struct Overtaken: Error {}

/// Lines of a log on their way into the records.
struct AccessLogRun {
    private let log: LogFile
    private let shard: Int
    private let analytics: Analytics
    private let latestMilliseconds: Int64
    /// What was stored of the log when this run began, and what is now.
    private let first: SourceRecord
    private(set) var source: SourceRecord
    private var table: AccessLogTable
    private var builder = RollupBuilder()
    /// The numbers of the table's resources, by serial number, as far as they are known.
    private var numbers = [ResourceNumber.all]
    /// Lines and accesses of this run.
    private(set) var lines = 0
    private(set) var events = 0
    private(set) var rejected = 0
    private var storedLines = 0
    /// Lines that the parser refused.
    private(set) var faults = 0
    /// Where the line begins that stopped everything.
    private(set) var stop: Int?

    init(log: LogFile, known: (shard: Int, source: SourceRecord)?, rules: AccessRules, analytics: Analytics) {
        self.log = log
        self.analytics = analytics
        table = AccessLogTable(rules)
        shard = known?.shard ?? analytics.router.shard(of: log.slot)
        let now = analytics.context.clock.now
        source = known?.source ?? SourceRecord(name: log.name, at: now)
        first = source
        latestMilliseconds = now.milliseconds + Limits.futureMilliseconds
    }

    /// Lines that have been read and not stored.
    var pendingLines: Int { lines - storedLines }

    /// Whether what was read should be stored before more is.
    func isFull(_ limit: Int) -> Bool { pendingLines >= limit || builder.isFull }

    /// Counts a line.
    @inline(__always)
    mutating func add(_ line: borrowing AccessLogLine, _ badRows: BadRows) throws {
        guard line.timeMilliseconds >= 0, line.timeMilliseconds <= latestMilliseconds else {
            let message = "the time lies in the future, or before 1970"
            try take(DataError(.outOfRange, line: number, column: 1, message), at: line.position, [], badRows)
            return
        }
        try table.add(line, to: &builder)
        lines += 1
    }

    /// Leaves a bad line out, or stops before it.
    mutating func pass(_ fault: AccessLogFault, _ bytes: UnsafeRawBufferPointer, _ badRows: BadRows) throws {
        try take(fault.error(line: number), at: fault.position, Array(bytes), badRows)
        faults += 1
    }

    private var number: Int { first.lines + lines + 1 }

    private mutating func take(_ error: DataError, at position: Int, _ row: [UInt8], _ badRows: BadRows) throws {
        do { try badRows.take(error, row[...]) } catch {
            stop = position
            throw error
        }
        lines += 1
        rejected += 1
    }

    /// Counts lines that were too long to be given out.
    mutating func passLong(_ count: Int) {
        lines += count
        rejected += count
    }

    // MARK: Storing

    /// Stores what has been read, together with the position behind it.
    ///
    /// - Throws: `Overtaken` when another process has stored lines of this log meanwhile: nothing is stored then.
    mutating func store(through position: Int) throws {
        guard position > source.offset else { return }
        let next = try record(through: position)
        let table = table
        let source = source
        let log = log
        let known = analytics.context.isDryRun ? [.all] : numbers
        var builder = builder
        let (stored, numbers) = try analytics.write(shard, isBound: true) { transaction in
            let same = try transaction.sources().first { source.id == 0 ? try log.isSame(as: $0) : $0.id == source.id }
            // What a dry run has stored before is not there any more.
            let isOvertaken = same?.offset ?? 0 != source.offset || same?.id ?? 0 != source.id
            if isOvertaken, !analytics.context.isDryRun { throw Overtaken() }
            var numbers = known
            for resource in table.resources[numbers.count...] {
                numbers.append(try resource.map { try transaction.numbered($0) } ?? .all)
            }
            builder.renumber(numbers)
            try transaction.add(builder.pages())
            return (try transaction.put(next), numbers)
        }
        events += self.builder.count
        self.builder = RollupBuilder()
        self.numbers = numbers
        self.source = stored
        storedLines = lines
    }

    /// The source with a position.
    private func record(through position: Int) throws -> SourceRecord {
        var next = source
        next.headBytes = min(LogFile.headBytes, position, log.head.count)
        next.head = log.hash(ofFirst: next.headBytes)
        let end = try log.text(before: position) ?? []
        next.tailBytes = end.count
        next.tail = ReplicaCheck.sum(of: end)
        next.offset = position
        next.lines = first.lines + lines
        next.rejected = first.rejected + rejected
        next.events = first.events + events + builder.count
        next.device = log.device
        next.inode = log.inode
        next.name = log.name
        next.lastAt = analytics.context.clock.now
        return next
    }
}
