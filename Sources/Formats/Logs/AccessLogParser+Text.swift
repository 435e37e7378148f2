// The common and the combined log format.
//
//     [VHOST[:PORT] ]CLIENT IDENT USER [17/May/2015:10:05:03 +0000] "GET /path HTTP/1.1" 200 5[ "REFERRER" "AGENT"]
//
// A client chooses what stands as user, and in quotes; servers escape quotes there. So the first `] "` ends the time,
// whatever a user's name looks like.

extension AccessLogParser {
    private static let bracket = UInt8(ascii: "[")
    private static let closingBracket = UInt8(ascii: "]")

    /// Reads a line of text.
    @inline(__always)
    mutating func text(_ cursor: inout LogCursor, _ line: inout AccessLogLine) throws(AccessLogFault) {
        try head(&cursor, &line)
        line.timeMilliseconds = try clock.local(&cursor)
        guard cursor.take(Self.closingBracket) else { throw AccessLogFault(.time, column: cursor.column) }
        Self.split(try Self.quoted(&cursor, .request), &line)
        try Self.status(&cursor, &line)
        try Self.bytesSent(&cursor, &line)
        if format == .common { return }
        if format == .auto, cursor.byte(0) != ASCII.space || cursor.byte(1) != ASCII.quote { return }
        line.referrer = try Self.quoted(&cursor, .referrer).unlessDash
        line.userAgent = try Self.quoted(&cursor, .userAgent).unlessDash
        line.hasUserAgent = true
    }

    /// Reads what stands before the time.
    @inline(__always)
    private func head(_ cursor: inout LogCursor, _ line: inout AccessLogLine) throws(AccessLogFault) {
        let start = cursor
        let client = cursor.word()
        guard !client.isEmpty else { throw AccessLogFault(.client, column: cursor.column) }
        _ = cursor.take(ASCII.space)
        _ = cursor.word()
        _ = cursor.take(ASCII.space)
        let user = cursor.word()
        if !Self.isTime(cursor), let time = Self.findTime(start) {
            Self.longHead(LogCursor(time.field(since: start), of: start), &line)
            cursor.move(to: time)
        } else {
            line.client = client.unlessDash
            line.user = user.unlessDash
        }
        guard cursor.take(ASCII.space), cursor.take(Self.bracket) else {
            throw AccessLogFault(.time, column: cursor.column)
        }
    }

    /// Whether something as long as a time in brackets is next, and a quote.
    @inline(__always)
    private static func isTime(_ cursor: LogCursor) -> Bool {
        cursor.byte(0) == ASCII.space && cursor.byte(1) == bracket && cursor.byte(LogClock.length + 2) == closingBracket
            && cursor.byte(LogClock.length + 3) == ASCII.space && cursor.byte(LogClock.length + 4) == ASCII.quote
    }

    /// Where the first space is that a time in brackets and a quote follow.
    private static func findTime(_ start: LogCursor) -> LogCursor? {
        var cursor = start
        while cursor.seek(bracket) {
            if let space = cursor.back(1, notBefore: start), isTime(space) { return space }
            cursor.skip(1)
        }
        return nil
    }

    /// Reads what stands before the time if it is more than three words, or fewer.
    private static func longHead(_ head: LogCursor, _ line: inout AccessLogLine) {
        var cursor = head
        var client = cursor.word()
        _ = cursor.take(ASCII.space)
        var afterHost = cursor
        if case let word = afterHost.word(), isAddress(word) {
            line.virtualHost = client.unlessDash
            client = word
            cursor = afterHost
            _ = cursor.take(ASCII.space)
        }
        line.client = client.unlessDash
        _ = cursor.word()
        _ = cursor.take(ASCII.space)
        let user = cursor
        cursor.skip(cursor.remaining)
        line.user = cursor.field(since: user).unlessDash
    }

    /// Whether a word is an IP address rather than the ident of a client, which is `-`, or a name.
    private static func isAddress(_ word: LogField) -> Bool {
        let separators = word.bytes.count { $0 == ASCII.colon || $0 == UInt8(ascii: ".") }
        return separators > 1 && separators < word.count
            && word.bytes.allSatisfy {
                $0 == ASCII.colon || $0 == UInt8(ascii: ".") || ASCII.hexadecimalDigit($0) != nil
            }
    }

    /// The text in quotes that follows a space.
    @inline(__always)
    private static func quoted(
        _ cursor: inout LogCursor, _ reason: AccessLogFault.Reason
    ) throws(AccessLogFault) -> LogField {
        guard cursor.take(ASCII.space) else { throw AccessLogFault(reason, column: cursor.column) }
        let column = cursor.column
        guard cursor.take(ASCII.quote) else { throw AccessLogFault(reason, column: column) }
        guard let field = cursor.quoted() else { throw AccessLogFault(.quote, column: column) }
        return field
    }

    @inline(__always)
    private static func status(_ cursor: inout LogCursor, _ line: inout AccessLogLine) throws(AccessLogFault) {
        guard cursor.take(ASCII.space) else { throw AccessLogFault(.status, column: cursor.column) }
        if !cursor.take(ASCII.minus) {
            for _ in 0..<3 {
                guard let digit = cursor.digit() else { throw AccessLogFault(.status, column: cursor.column) }
                line.status = line.status * 10 + digit
            }
        }
        guard cursor.isAtEnd || cursor.next == ASCII.space else { throw AccessLogFault(.status, column: cursor.column) }
    }

    @inline(__always)
    private static func bytesSent(_ cursor: inout LogCursor, _ line: inout AccessLogLine) throws(AccessLogFault) {
        guard cursor.take(ASCII.space) else { throw AccessLogFault(.bytesSent, column: cursor.column) }
        if !cursor.take(ASCII.minus) {
            guard let count = cursor.number() else { throw AccessLogFault(.bytesSent, column: cursor.column) }
            line.bytesSent = count
        }
        guard cursor.isAtEnd || cursor.next == ASCII.space else {
            throw AccessLogFault(.bytesSent, column: cursor.column)
        }
    }
}
