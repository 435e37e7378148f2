// Access logs of web servers (Apache's common and combined log format, nginx and its JSON): whole lines go in, views on
// them come out, and nothing is allocated on the way. Lines come from strangers: whatever they hold, there is a line or
// a fault with its place.

internal import Glibc

/// Reads lines of access logs.
///
/// It keeps the day of the last line, so one parser reads one log; which lines it has seen changes nothing else.
package struct AccessLogParser {
    /// The form that is expected.
    package let format: AccessLogFormat

    var clock = LogClock()
    var keys = AccessLogKeys()

    /// Makes a parser.
    package init(_ format: AccessLogFormat = .auto) { self.format = format }

    /// Calls `body` with each line, and `bad` with each that cannot be read and what is wrong with it.
    ///
    /// Lines end with LF or CR LF; blank ones are passed over. What both get is valid only until they return. A line
    /// is read in about the time that it takes to look at its bytes twice.
    ///
    /// - Parameters:
    ///   - chunk: whole lines; the last one may have no end.
    ///   - position: where the chunk begins in the log.
    ///   - body: gets each line.
    ///   - bad: gets each fault, and the line without its end.
    package mutating func parse<Failure: Error>(
        _ chunk: UnsafeRawBufferPointer, at position: Int = 0,
        line body: (borrowing AccessLogLine) throws(Failure) -> Void,
        bad: (AccessLogFault, UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        guard let first = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        // Safety: all places below lie between `first` and `last`, the bounds of the chunk.
        let last = first + chunk.count
        var start = first
        var backslash = Self.find(ASCII.backslash, first, last)
        while start < last {
            // A log has NULs where the power failed, or where a server went on writing at its old place after its log
            // was cut off; a line may follow.
            if start.pointee == 0 {
                start += 1
                continue
            }
            let end = Self.find(ASCII.newline, start, last)
            if backslash < start { backslash = Self.find(ASCII.backslash, start, last) }
            var cursor = LogCursor(start, upTo: Self.trimmed(start, end), hasEscapes: backslash < end)
            if !Self.isBlank(&cursor) {
                var line = AccessLogLine()
                line.position = position + (start - first)
                if var fault = read(&cursor, &line) {
                    fault.position = line.position
                    try bad(fault, UnsafeRawBufferPointer(start: start, count: cursor.end - start))
                } else {
                    try body(line)
                }
            }
            start = end < last ? end + 1 : last
        }
    }

    /// Reads one line.
    private mutating func read(_ cursor: inout LogCursor, _ line: inout AccessLogLine) -> AccessLogFault? {
        guard cursor.end - cursor.start <= FormatLimits.accessLogLineBytes else {
            return AccessLogFault(.length, column: FormatLimits.accessLogLineBytes + 1)
        }
        do throws(AccessLogFault) {
            switch format {
            case .json: try object(&cursor, &line)
            case .auto where Self.isObject(cursor): try object(&cursor, &line)
            case .auto, .common, .combined: try text(&cursor, &line)
            }
            return nil
        } catch {
            return error
        }
    }

    /// Where a byte comes next, or the end.
    @inline(__always)
    private static func find(
        _ byte: UInt8, _ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
    ) -> UnsafePointer<UInt8> {
        // Safety: memchr looks at the bytes before `end` only.
        memchr(start, Int32(byte), end - start).map { UnsafePointer($0.assumingMemoryBound(to: UInt8.self)) } ?? end
    }

    /// The end of a line without its carriage return.
    @inline(__always)
    private static func trimmed(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
        // Safety: the byte before the end of a line that is not empty belongs to it.
        end > start && end[-1] == ASCII.carriageReturn ? end - 1 : end
    }

    /// Whether nothing is on the line; steps over a byte order mark.
    @inline(__always)
    private static func isBlank(_ cursor: inout LogCursor) -> Bool {
        if cursor.next > ASCII.space, cursor.next != 0xEF { return false }
        if cursor.next == 0xEF, cursor.byte(1) == 0xBB, cursor.byte(2) == 0xBF { cursor.skip(3) }
        var rest = cursor
        rest.skipBlanks()
        return rest.isAtEnd
    }

    private static func isObject(_ cursor: LogCursor) -> Bool {
        if cursor.next > ASCII.space { return cursor.next == UInt8(ascii: "{") }
        var rest = cursor
        rest.skipBlanks()
        return rest.next == UInt8(ascii: "{")
    }
}
