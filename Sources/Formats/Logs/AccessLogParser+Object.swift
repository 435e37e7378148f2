// Logs of one JSON object a line. nginx fills in a template that its administrator wrote, so what comes out is JSON
// only as far as the template was right: escapes may be `\xHH`, and a number that is missing may be a bare `-`.

extension AccessLogParser {
    /// Reads an object.
    mutating func object(_ cursor: inout LogCursor, _ line: inout AccessLogLine) throws(AccessLogFault) {
        keys.begin()
        try members(&cursor)
        let time = keys[.time]
        guard !time.isEmpty else { throw AccessLogFault(.time, column: keys.column(.time, in: cursor)) }
        line.timeMilliseconds = try clock.any(LogCursor(time, of: cursor))
        line.client = keys[.client]
        line.user = keys[.user]
        line.virtualHost = keys[.virtualHost]
        line.referrer = keys[.referrer]
        line.userAgent = keys[.userAgent]
        line.hasUserAgent = keys.has(.userAgent)
        guard keys.has(.status) else { throw AccessLogFault(.status, column: cursor.column) }
        line.status = Int(try number(.status, below: 1_000, cursor))
        line.bytesSent = try number(.bytesSent, below: .max, cursor)
        Self.split(keys[.request], &line)
        if line.path.isEmpty, !keys[.target].isEmpty {
            line.method = keys[.method]
            line.protocolName = keys[.protocolName]
            Self.target(keys[.target], &line)
            if line.query.isEmpty { line.query = keys[.query] }
        }
    }

    /// Goes through the members, of which the known ones are kept.
    private mutating func members(_ cursor: inout LogCursor) throws(AccessLogFault) {
        cursor.skipBlanks()
        guard cursor.take(UInt8(ascii: "{")) else { throw AccessLogFault(.json, column: cursor.column) }
        cursor.skipBlanks()
        var isComplete = cursor.take(UInt8(ascii: "}"))
        while !isComplete {
            let key = try Self.string(&cursor)
            cursor.skipBlanks()
            guard cursor.take(ASCII.colon) else { throw AccessLogFault(.json, column: cursor.column) }
            cursor.skipBlanks()
            keys.keep(try Self.value(&cursor).unlessDash, key)
            cursor.skipBlanks()
            isComplete = cursor.take(UInt8(ascii: "}"))
            guard isComplete || cursor.take(ASCII.comma) else { throw AccessLogFault(.json, column: cursor.column) }
            cursor.skipBlanks()
        }
        cursor.skipBlanks()
        guard cursor.isAtEnd else { throw AccessLogFault(.json, column: cursor.column) }
    }

    private static func string(_ cursor: inout LogCursor) throws(AccessLogFault) -> LogField {
        let column = cursor.column
        guard cursor.take(ASCII.quote) else { throw AccessLogFault(.json, column: column) }
        guard let field = cursor.quoted() else { throw AccessLogFault(.quote, column: column) }
        return field
    }

    /// A string, a number or a word; arrays and objects are stepped over and are as empty as `null`.
    private static func value(_ cursor: inout LogCursor) throws(AccessLogFault) -> LogField {
        switch cursor.next {
        case ASCII.quote: return try string(&cursor)
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            try skipNested(&cursor)
            return LogField()
        default:
            let start = cursor
            while isBare(cursor.next) { cursor.skip(1) }
            let field = cursor.field(since: start)
            guard !field.isEmpty else { throw AccessLogFault(.json, column: cursor.column) }
            return field.equals("null") ? LogField() : field
        }
    }

    /// Steps over an array or an object; what is in it is not looked at, but for strings.
    private static func skipNested(_ cursor: inout LogCursor) throws(AccessLogFault) {
        let column = cursor.column
        var depth = 0
        repeat {
            guard !cursor.isAtEnd else { throw AccessLogFault(.json, column: column) }
            switch cursor.next {
            case ASCII.quote:
                _ = try string(&cursor)
                continue
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            default: break
            }
            cursor.skip(1)
        } while depth > 0
    }

    private static func isBare(_ byte: UInt8) -> Bool {
        ASCII.isDigit(byte) || ASCII.isLetter(byte) || byte == ASCII.minus || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: ".")
    }

    /// A number that is missing is 0.
    private func number(
        _ slot: AccessLogKeys.Slot, below limit: Int64, _ line: LogCursor
    ) throws(AccessLogFault) -> Int64 {
        let field = keys[slot]
        if field.isEmpty { return 0 }
        var cursor = LogCursor(field, of: line)
        let column = cursor.column
        guard let number = cursor.number(), cursor.isAtEnd, number < limit else {
            throw AccessLogFault(slot == .status ? .status : .bytesSent, column: column)
        }
        return number
    }
}
