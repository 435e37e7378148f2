// An access log as it is read: a source of bytes, compressed or not, cut into whole lines and parsed, and the place up
// to which that has been done.

/// Reads an access log, from its beginning or from where an earlier reading ended.
package struct AccessLogReader {
    /// How many lines have been given out, without those that are bad or blank.
    package var lines: Int { parsing.lines }
    /// How many lines could not be read, long ones too.
    package var badLines: Int { parsing.faults + chunks.longLines }
    /// The place behind the last line that has been given out, in bytes of the text, which is what a compressed log
    /// holds.
    package var position: Int { chunks.position }

    private let source: ChunkSource
    private var parsing: Parsing
    private var chunks: LineChunks
    /// The bytes of a compressed log that an earlier reading has seen.
    private var skippedBytes: Int
    private var buffer: [UInt8] = []

    /// Makes a reader.
    ///
    /// - Parameters:
    ///   - source: the bytes: of a plain log those from `position` on, of a compressed one all.
    ///   - isCompressed: whether the log is compressed by gzip, in one member or several.
    ///   - position: where to begin: 0, or the `position` of an earlier reading.
    package init(
        _ source: @escaping ChunkSource, isCompressed: Bool, startingAt position: Int = 0,
        format: AccessLogFormat = .auto
    ) {
        self.source = isCompressed ? Gzip.inflating(source) : source
        skippedBytes = isCompressed ? position : 0
        chunks = LineChunks(startingAt: position)
        parsing = Parsing(parser: AccessLogParser(format))
    }

    /// Reads what the source gives next; false at its end.
    ///
    /// Lines are given out before `position` moves behind them, some at a time. If the source fails or is damaged, the
    /// lines before that are given out before the error is thrown.
    ///
    /// - Parameters:
    ///   - body: gets each line; what it gets is valid until it returns.
    ///   - bad: gets what is wrong with a line, and its bytes.
    package mutating func read(
        line body: (borrowing AccessLogLine) throws -> Void,
        bad: (AccessLogFault, UnsafeRawBufferPointer) throws -> Void
    ) throws -> Bool {
        var buffer = buffer
        self.buffer = []
        buffer.removeAll(keepingCapacity: true)
        defer { self.buffer = buffer }
        var failure: (any Error)?
        do { try source(&buffer) } catch { failure = error }
        let isAtEnd = buffer.isEmpty
        let skipped = min(skippedBytes, buffer.count)
        skippedBytes -= skipped
        var parsing = parsing
        defer { self.parsing = parsing }
        try buffer.withUnsafeBytes { bytes in
            try chunks.feed(UnsafeRawBufferPointer(rebasing: bytes[skipped...])) { lines, position in
                try parsing.parse(lines, at: position, body, bad)
            }
        }
        if let failure { throw failure }
        if isAtEnd, skippedBytes > 0 {
            throw DataError(
                .outOfRange, byteOffset: position - skippedBytes,
                "the log ends before byte \(position), behind which reading was to go on")
        }
        return !isAtEnd
    }

    /// Gives out a last line that has no end; for a log that will not grow.
    package mutating func finish(
        line body: (borrowing AccessLogLine) throws -> Void,
        bad: (AccessLogFault, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var parsing = parsing
        defer { self.parsing = parsing }
        try chunks.finish { lines, position in try parsing.parse(lines, at: position, body, bad) }
    }

    /// What is changed while `chunks` are read.
    private struct Parsing {
        var parser: AccessLogParser
        var lines = 0
        var faults = 0

        mutating func parse(
            _ chunk: UnsafeRawBufferPointer, at position: Int, _ body: (borrowing AccessLogLine) throws -> Void,
            _ bad: (AccessLogFault, UnsafeRawBufferPointer) throws -> Void
        ) throws {
            var (lines, faults) = (0, 0)
            try parser.parse(chunk, at: position) { line in
                lines += 1
                try body(line)
            } bad: { fault, bytes in
                faults += 1
                try bad(fault, bytes)
            }
            self.lines += lines
            self.faults += faults
        }
    }
}
