// Logs of web servers become counts, each line exactly once: how far a log has been counted is committed together with
// the counts, in one shard that is chosen when the log is first seen. A log is known by its bytes (see LogFile), so it
// makes no difference whether it is read again, after it was renamed, compressed or cut off, or by two processes at
// once; and a line that is only half written is left for the next time.

package import Formats

/// How logs are counted.
package struct AccessLogImport {
    /// The form of the lines.
    package var format = AccessLogFormat.auto
    /// What requests mean.
    package var rules = AccessRules()
    /// Lines that are counted in one transaction; some more, because a piece of the log is read whole.
    package var batchLines = Limits.rollupRows / 4
    /// Bytes of such a piece.
    package var chunkBytes = 1 << 20
    /// Whether a last line without an end is complete.
    package var isLastLineWhole = false

    /// Counts logs of any form.
    package init() {}

    /// What was done with one log.
    package struct Summary: Equatable, Sendable {
        /// The log.
        package var name: String
        /// Lines that were read.
        package var lines = 0
        /// Accesses that were counted.
        package var events = 0
        /// Lines that are no accesses.
        package var rejected = 0
        /// Bytes that had been counted before.
        package var knownBytes = 0
        /// Bytes that are counted now, those that were before among them.
        package var countedBytes = 0

        /// Nothing was done yet.
        package init(name: String) { self.name = name }
    }

    /// Counts what has not been counted of a log that lies at a path.
    ///
    /// - Throws: `noSuchFile`; `FileError` for a line that cannot be read, unless those are left out: what stands
    ///   before it is counted then.
    package func run(_ path: String, _ badRows: BadRows, _ analytics: Analytics) throws -> Summary {
        guard let log = try LogFile(path: path) else {
            throw StorageError(.noSuchFile, "cannot read \"\(path)\": no such file or directory")
        }
        return try run(log, badRows, analytics)
    }

    /// Counts what has not been counted of a log that was read from a pipe.
    package func run(name: String, bytes: [UInt8], _ badRows: BadRows, _ analytics: Analytics) throws -> Summary {
        try run(try LogFile(name: name, bytes: bytes), badRows, analytics)
    }

    func run(_ log: LogFile, _ badRows: BadRows, _ analytics: Analytics) throws -> Summary {
        var summary = Summary(name: log.name)
        var tries = 0
        while true {
            do {
                try runOnce(log, badRows, analytics, &summary)
                return summary
            } catch is Overtaken {
                tries += 1
                guard tries < AccessLogImport.tries else {
                    throw AnalyticsError(
                        .sourceBusy, "another process counts \"\(log.name)\"", hint: "try again when it has ended")
                }
            }
        }
    }

    private static let tries = 8

    // MARK: One log

    private func runOnce(
        _ log: LogFile, _ badRows: BadRows, _ analytics: Analytics, _ summary: inout Summary
    ) throws {
        let known = try analytics.source(of: log)
        let start = known?.source.offset ?? 0
        var run = AccessLogRun(log: log, known: known, rules: rules, analytics: analytics)
        if summary.lines == 0 { summary.knownBytes = start }
        summary.countedBytes = start
        let before = summary
        var reader = AccessLogReader(
            log.source(from: start, chunkBytes: chunkBytes), isCompressed: log.isCompressed, startingAt: start,
            format: format)
        var longLines = 0
        func store(through position: Int) throws {
            let long = max(0, reader.badLines - run.faults - longLines)
            run.passLong(long)
            longLines += long
            try run.store(through: position)
            summary.lines = before.lines + run.lines
            summary.events = before.events + run.events
            summary.rejected = before.rejected + run.rejected
            summary.countedBytes = run.source.offset
        }
        do {
            var isGoing = true
            while isGoing {
                isGoing = try reader.read(line: { try run.add($0, badRows) }, bad: { try run.pass($0, $1, badRows) })
                if run.isFull(batchLines) { try store(through: reader.position) }
            }
            if isLastLineWhole || log.isCompressed {
                try reader.finish(line: { try run.add($0, badRows) }, bad: { try run.pass($0, $1, badRows) })
            }
        } catch let error as DataError {
            // A compressed log that ends before what was counted has nothing new.
            if error.code == .outOfRange, log.isCompressed, run.lines == 0 { return }
            try store(through: reader.position)
            throw FileError(file: log.name, error)
        } catch {
            // A line has stopped everything: what stands before it is counted.
            if let stop = run.stop { try store(through: stop) }
            throw error
        }
        try store(through: reader.position)
    }
}

extension LogFile {
    /// Which slot's shard gets the counts of a log that is not known.
    var slot: Slot { Slot(masking: Int64(bitPattern: hash(ofFirst: 64))) }
}

extension Analytics {
    /// What is known of a log, and in which shard; nil when nothing is.
    func source(of log: LogFile) throws -> (shard: Int, source: SourceRecord)? {
        var best: (shard: Int, source: SourceRecord)?
        for shard in try shards() {
            for source in try records[shard].read({ try $0.sources() }) ?? [] {
                if let best, best.source.offset >= source.offset { continue }
                if try log.isSame(as: source) { best = (shard, source) }
            }
        }
        return best
    }
}
