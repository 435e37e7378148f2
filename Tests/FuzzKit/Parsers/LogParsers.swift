// Logs of web servers. What must hold for any: it reads the same whole and in pieces, a path that is normal stays so,
// and every byte belongs to a line.

internal import Formats

/// What reads access logs.
enum LogParsers {
    static let all = [FuzzSubject("logs", logs)]

    private static let lines: [String] = [
        #"192.0.2.7 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326"#,
        #"2001:db8::5 - - [29/Feb/2024:23:59:60 +0000] "GET /a/../b%7ec?q=1&r=%2F#x HTTP/2" 304 - "-" "Cubot Note S""#,
        #"shop.example:443 198.51.100.3 - a b [01/Jan/1970:00:00:00 +1345] "\x16\x03\x01" 400 0 "\"\\" "\xe4\n""#,
        #"- - - [31/Dec/9999:23:59:59 -2359] "-" - - "http://a/\"b\"" "curl/8.0 (+http://x) é""#,
        #"unix: - x [1] y [17/May/2015:10:05:03 +0000] "GET  /a b/ HTTP/1.1" 000 9223372036854775807 "" """#,
        #"::1 - - [17/May/2015:10:05:03 +0000] "CONNECT host:443 HTTP/1.1" 405 1 "-" "-" "10.0.0.1" 0.003 - ."#,
        #"{"remote_addr":"192.0.2.7","time_iso8601":"2015-05-17T10:05:03+00:00","request":"GET /a\"b?c HTTP/1.1","#
            + #""status":200,"body_bytes_sent":12,"http_referer":"-","http_user_agent":"M\u00e9\ud83d\ude00\/\x41"}"#,
        #"{ "msec" : 1431857103.123 , "status" : "404", "request_method": "POST", "request_uri": "/x?y", "bytes_sent""#
            + #": "-", "nested": {"a": [1, {"b": "]}"}], "c": null}, "time_local": "17/May/2015:10:05:03 +0200"}"#,
        #"{"ts":1431857103123,"status":-,"client_ip":null,"uri":"/only","args":"a=b","host":"h","@timestamp":"z"}"#,
    ]

    private static let words = [
        "\"", "\\", "\\x", "\\u", "\\ud800", "] \"", "[", " ", "-", "{", "}", ":", ",", "/", "..", "%2", "%2e", "%25",
        "http://", "?", "99999999999999999999", "bot", "18/May/2015:10:05:03 +0000", "\n",
    ]

    private static func logs() -> FuzzParser {
        // Single lines, and several one after the other.
        let texts = lines + [lines.joined(separator: "\n"), lines.reversed().joined(separator: "\r\n") + "\n"]
        var agents = UserAgents()
        return FuzzParser(texts: texts, words: words) { log in
            let whole = exactly(log) { digest($0, AccessLogParser(.auto)) }
            for format in [AccessLogFormat.common, .combined, .json] {
                _ = exactly(log) { digest($0, AccessLogParser(format)) }
            }
            _ = exactly(log) { AccessLogFormat.detect(in: $0) }
            try FuzzFault.expect(try inPieces(log) == whole, "a log in pieces is the same log")
            return try exactly(log) { try judge($0, &agents) } > 0
        }
    }

    /// Memory of the exact size, so that a byte too many is noticed.
    private static func exactly<Result>(
        _ log: [UInt8], _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        // Safety: the memory is given back when nobody looks at it any more.
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: log.count, alignment: 1)
        defer { memory.deallocate() }
        memory.copyBytes(from: log)
        return try body(UnsafeRawBufferPointer(memory))
    }

    /// Every line in a few bytes.
    private static func digest(_ log: UnsafeRawBufferPointer, _ parser: AccessLogParser) -> [UInt8] {
        var parser = parser
        var text: [UInt8] = []
        parser.parse(log) { line in
            append(line, to: &text)
        } bad: { fault, bytes in
            append(fault, bytes.count, to: &text)
        }
        return text
    }

    private static func append(_ line: borrowing AccessLogLine, to text: inout [UInt8]) {
        text += "\(line.position) \(line.timeMilliseconds) \(line.status) \(line.bytesSent)".utf8
        let names = [line.virtualHost, line.client, line.user, line.method, line.path, line.query, line.protocolName]
        for field in names + [line.referrer, line.userAgent] {
            text.append(0x7C)
            field.append(to: &text)
        }
        text.append(0x0A)
    }

    private static func append(_ fault: AccessLogFault, _ count: Int, to text: inout [UInt8]) {
        text += "\(fault.position) \(fault.reason) \(fault.column <= count + 1)\n".utf8
    }

    /// The same of a log that comes in pieces, is read up to somewhere, and on from there.
    private static func inPieces(_ log: [UInt8]) throws -> [UInt8] {
        var random = FuzzRandom(of: log)
        var text: [UInt8] = []
        var position = 0
        while true {
            let sizes = (0..<8).map { _ in 1 + random.below(random.isOne(in: 2) ? 8 : 400) }
            var next = position
            var turn = 0
            var reader = AccessLogReader(
                { buffer in
                    let end = min(log.count, next + sizes[turn % sizes.count])
                    buffer += log[next..<end]
                    (next, turn) = (end, turn + 1)
                }, isCompressed: false, startingAt: position)
            let turns = random.below(40)
            var isAtEnd = false
            while turn < turns, !isAtEnd {
                isAtEnd = try !reader.read {
                    append($0, to: &text)
                } bad: {
                    append($0, $1.count, to: &text)
                }
            }
            if isAtEnd {
                try reader.finish {
                    append($0, to: &text)
                } bad: {
                    append($0, $1.count, to: &text)
                }
                try FuzzFault.expect(reader.position == log.count, "a log is read to its end")
                return text
            }
            position = reader.position
        }
    }

    /// How many lines were taken: normal paths stay as they are, and the same agent is always judged the same.
    private static func judge(_ log: UnsafeRawBufferPointer, _ agents: inout UserAgents) throws -> Int {
        var parser = AccessLogParser()
        var count = 0
        try parser.parse(log) { (line: borrowing AccessLogLine) throws(FuzzFault) in
            count += 1
            let isBot = agents.isBot(line.userAgent)
            if line.status % 16 == 0 {
                var strange = UserAgents()
                if strange.isBot(line.userAgent) != isBot { throw FuzzFault("an agent is judged the same again") }
            }
            var path: [UInt8] = []
            guard LogPath.append(line.path, to: &path) else { return }
            var again: [UInt8] = []
            let isPath = path.withUnsafeBytes { LogPath.append(LogField($0), to: &again) }
            guard isPath, again == path, path.count <= FormatLimits.requestPathBytes else {
                throw FuzzFault("a normal path stays as it is")
            }
        } bad: { (_, _) throws(FuzzFault) in
        }
        return count
    }
}
