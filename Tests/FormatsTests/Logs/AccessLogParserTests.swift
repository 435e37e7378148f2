// Lines as servers write them, and everything that can be wrong with one.

import Formats
import Testing

@Suite("Access logs are read")
struct AccessLogParserTests {
    private static let time = "time=2015-05-17T10:05:03.000Z"

    @Test(
        "in every form that servers write",
        arguments: [
            (
                #"192.0.2.7 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326"#,
                "bytes=2326 | client=192.0.2.7 | method=GET | path=/apache_pb.gif | protocol=HTTP/1.0 | status=200 | "
                    + "time=2000-10-10T20:55:36.000Z | user=frank"
            ),
            (
                #"2001:db8::5 - - [17/May/2015:10:05:03 +0000] "PUT /a?c=d HTTP/2.0" 304 0 "http://x/" "M (\"R\")""#,
                "agent=M (\"R\") | client=2001:db8::5 | method=PUT | path=/a | protocol=HTTP/2.0 | query=c=d | "
                    + "referrer=http://x/ | status=304 | \(time)"
            ),
            (
                #"shop.example:443 192.0.2.7 - - [17/May/2015:12:05:03 +0200] "GET / HTTP/1.1" 200 5 "-" "-""#,
                "bytes=5 | client=192.0.2.7 | host=shop.example:443 | method=GET | path=/ | protocol=HTTP/1.1 | "
                    + "status=200 | \(time)"
            ),
            (
                #"h - - [17/May/2015:10:05:03 +0000] "GET /a b/ HTTP/1.1" 200 5 "-" "é" "10.1.1.1" 0.003"#,
                "agent=\u{C3}\u{A9} | bytes=5 | client=h | method=GET | path=/a b/ | protocol=HTTP/1.1 | "
                    + "status=200 | \(time)"
            ),
            (
                #"{"remote_addr":"192.0.2.7","remote_user":"-","time_iso8601":"2015-05-17T12:05:03+02:00","#
                    + #""request":"GET /a\"b?q HTTP/1.1","status":200,"body_bytes_sent":7,"http_user_agent":"\u00e9"}"#,
                "agent=\u{C3}\u{A9} | bytes=7 | client=192.0.2.7 | method=GET | path=/a\"b | protocol=HTTP/1.1 | "
                    + "query=q | status=200 | \(time)"
            ),
            (
                #" { "msec" : 1431857103.0009, "time_local":"wrong", "status" : "404", "request_method": "PUT", "#
                    + #""request_uri": "/x?y", "bytes_sent": "-", "deep": {"a": [1, {"b": "]}"}]}, "client": null } "#,
                "method=PUT | path=/x | query=y | status=404 | \(time)"
            ),
            (
                #"{"ts":1431857103000,"status":-,"uri":"/only/path","args":"a=b","host":"h","#
                    + #""time":"17/May/2015:10:05:04 +0000"}"#,
                "host=h | path=/only/path | query=a=b | time=2015-05-17T10:05:04.000Z"
            ),
        ])
    func forms(line: String, expected: String) {
        #expect(LogOutcome.texts(line) == [expected])
        #expect(LogOutcome.texts(line + "\r\n" + line) == [expected, expected])
    }

    @Test(
        "though the request is of no use",
        arguments: [
            ("-", ""), ("", ""), (#"\x16\x03\x01\x02"#, ""), ("GET", ""), ("GET ", ""), ("t3 12.1.2", ""),
            (#"SSH-2.0-x\n"#, ""), (" / HTTP/1.1", ""), ("GET HTTP/1.1", ""), ("\u{0}\u{1} /", ""),
            ("GET /", "method=GET | path=/ | "),
            ("OPTIONS * HTTP/1.0", "method=OPTIONS | path=* | protocol=HTTP/1.0 | "),
            ("CONNECT h:443 HTTP/1.1", "method=CONNECT | path=h:443 | protocol=HTTP/1.1 | "),
            ("GET HTTPS://h/p?q", "method=GET | path=HTTPS://h/p | query=q | "),
            (#"M-SEARCH /\x00\\\"\q?"#, "method=M-SEARCH | path=/\u{0}\\\"\\q | "),
            ("GET / HTTP/", "method=GET | path=/ HTTP/ | "),
            ("GET /a  HTTP/9", "method=GET | path=/a  | protocol=HTTP/9 | "),
        ])
    func requests(request: String, expected: String) {
        let line = #"h - - [17/May/2015:10:05:03 +0000] "\#(request)" 400 -"#
        #expect(LogOutcome.texts(line) == ["client=h | \(expected)status=400 | \(Self.time)"])
    }

    @Test(
        "whatever a client says that its user is",
        arguments: [
            ("a b", "user=a b"), ("", ""), ("-", ""),
            ("x [17/May/2015:10:05:03 +0000] y", "user=x [17/May/2015:10:05:03 +0000] y"),
            ("[", "user=["), (#"\"] \" [x] \""#, #"user="] " [x] ""#), ("192.0.2.9 - -", "user=192.0.2.9 - -"),
        ])
    func users(user: String, expected: String) {
        let line = #"h - \#(user) [17/May/2015:10:05:03 +0000] "-" - -"#
        #expect(LogOutcome.texts(line) == ["client=h | \(Self.time)" + (expected.isEmpty ? "" : " | \(expected)")])
    }

    @Test(
        "and a bad line says what is wrong with it, and where",
        arguments: [
            (" 1.2.3.4 - -", "client 1"), ("1.2.3.4", "time 8"), ("x y z w", "time 7"), ("h - - [", "time 8"),
            (#"h - - [31/Feb/2015:10:05:03 +0000] "-" - -"#, "time 8"),
            (#"h - - [00/May/2015:10:05:03 +0000] "-" - -"#, "time 8"),
            (#"h - - [17/may/2015:10:05:03 +0000] "-" - -"#, "time 11"),
            (#"h - - [17/May/201x:10:05:03 +0000] "-" - -"#, "time 18"),
            (#"h - - [17/May/2015:24:05:03 +0000] "-" - -"#, "time 20"),
            (#"h - - [17/May/2015:10:60:03 +0000] "-" - -"#, "time 23"),
            (#"h - - [17/May/2015:10:05:60 +0000] "-" - -"#, "time 26"),
            (#"h - - [17/May/2015:10:05:03 0000] "-" - -"#, "time 29"),
            (#"h - - [17/May/2015:10:05:03 +0060] "-" - -"#, "time 32"),
            (#"h - - [17/May/2015:10:05:03 +0000 "-" - -"#, "time 34"),
            (#"h - - [17/May/2015:10:05:03 +0000]"-" - -"#, "request 35"),
            (#"h - - [17/May/2015:10:05:03 +0000] GET"#, "request 36"),
            (#"h - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1 200 5"#, "quote 36"),
            (#"h - - [17/May/2015:10:05:03 +0000] "GET /\" 200 5"#, "quote 36"),
            (#"h - - [17/May/2015:10:05:03 +0000] "-""#, "status 39"),
            (#"h - - [17/May/2015:10:05:03 +0000] "-" 20 5"#, "status 42"),
            (#"h - - [17/May/2015:10:05:03 +0000] "-" 2000 5"#, "status 43"),
            (#"h - - [17/May/2015:10:05:03 +0000] "-" -1 5"#, "status 41"),
            (#"h - - [17/May/2015:10:05:03 +0000] "-" 200"#, "bytes_sent 43"),
            (#"h - - [17/May/2015:10:05:03 +0000] "-" 200 -5"#, "bytes_sent 45"),
            (#"h - - [17/May/2015:10:05:03 +0000] "-" 200 9223372036854775808"#, "bytes_sent 44"),
            (#"h - - [17/May/2015:10:05:03 +0000] "-" 200 1k"#, "bytes_sent 45"),
            (#"h - - [17/May/2015:10:05:03 +0000] "-" 200 5 ""#, "quote 46"),
            (#"h - - [17/May/2015:10:05:03 +0000] "-" 200 5 "a""#, "user_agent 49"),
            (#"h - - [17/May/2015:10:05:03 +0000] "-" 200 5 "a" x"#, "user_agent 50"),
            (#"h - - [17/May/2015:10:05:03 +0000] "-" 200 5 "a" "b"#, "quote 50"),
            ("{", "json 2"), ("{}x", "json 3"), ("{ } ", "time 5"), (#"{"a"}"#, "json 5"), (#"{"a":}"#, "json 6"),
            (#"{"a":1,}"#, "json 8"),
            ("{a:1}", "json 2"),
            (#"{"a":[1,{"b":2}"#, "json 6"), (#"{"a":"b}"#, "quote 6"), (#"{"status":200}"#, "time 15"),
            (#"{"ts":1}"#, "status 9"),
            (#"{"ts":"x","status":200}"#, "time 8"), (#"{"ts":1.5x,"status":200}"#, "time 10"),
            (#"{"ts":999999999999999,"status":200}"#, "time 7"),
            (#"{"ts":"2015-02-29T00:00:00Z","status":200}"#, "time 16"), (#"{"ts":1,"status":1000}"#, "status 18"),
            (#"{"ts":1,"status":200,"bytes":-1}"#, "bytes_sent 30"),
        ])
    func faults(line: String, expected: String) {
        #expect(LogOutcome.texts(line) == [expected])
        // Neither what stands before a line nor what follows it matters.
        let good = #"h - - [17/May/2015:10:05:03 +0000] "-" 200 5"#
        let outcomes = LogOutcome.texts("\(good)\n\(line)\n\(good)")
        #expect(outcomes.count == 3 && outcomes[1] == expected && outcomes[0] == outcomes[2])
    }

    @Test("with what each form demands")
    func demands() {
        let common = #"h - - [17/May/2015:10:05:03 +0000] "-" 200 5"#
        #expect(LogOutcome.texts(common, .combined) == ["referrer 45"])
        #expect(LogOutcome.texts(common, .json) == ["json 1"])
        #expect(LogOutcome.texts(common + #" "r" "a""#, .common) == LogOutcome.texts(common))
        #expect(LogOutcome.texts(#"{"ts":1,"status":2}"#, .common) == ["time 20"])
    }

    @Test("past blank lines, byte order marks and what a power cut leaves")
    func blanks() {
        let line = #"h - - [17/May/2015:10:05:03 +0000] "-" 200 5"#
        let log = "\n\r\n \t\n\u{0}\u{0}\n\u{FEFF}\(line)\n\u{0}\u{0}\u{0}\(line)\n\u{0}"
        #expect(LogOutcome.texts(log) == LogOutcome.texts(line + "\n" + line))
        #expect(LogOutcome.texts("") == [])
    }

    @Test("with a leap second as the next one, where one can be")
    func leapSecond() {
        let line = { (time: String) in #"h - - [\#(time)] "-" - -"# }
        #expect(LogOutcome.texts(line("31/Dec/2016:23:59:60 +0000")) == ["client=h | time=2017-01-01T00:00:00.000Z"])
        #expect(LogOutcome.texts(line("01/Jan/2017:00:59:60 +0100")) == ["client=h | time=2017-01-01T00:00:00.000Z"])
        #expect(LogOutcome.texts(line("31/Dec/2016:23:59:60 +0100")) == ["time 26"])
    }

    @Test("but not if a line is longer than any request")
    func length() {
        let line = Array(#"h - - [17/May/2015:10:05:03 +0000] "GET /"#.utf8)
        let rest = Array(#"" 200 5"#.utf8)
        let room = FormatLimits.accessLogLineBytes - line.count - rest.count
        let longest = line + [UInt8](repeating: 0x61, count: room) + rest
        let outcomes = LogOutcome.all(longest + [0x0A] + line + [UInt8](repeating: 0x61, count: room + 1) + rest)
        #expect(outcomes.count == 2)
        guard case .line = outcomes.first else { return #expect(Bool(false), "the longest line is refused") }
        #expect(outcomes.last == .bad(.length, FormatLimits.accessLogLineBytes + 1))
    }

    @Test("and the form of a log is known from its first lines")
    func detection() {
        let common = #"h - - [17/May/2015:10:05:03 +0000] "-" 200 5"#
        let combined = common + #" "-" "-""#
        let object = #"{"ts":1,"status":200}"#
        let cases: [(String, AccessLogFormat?)] = [
            (common, .common), ("x\n\(combined)\nhalf a", .combined), (object, .json),
            ("\(object)\n\(common)\n", .auto),
            ("a text\nof two lines\n", nil), ("", nil), (String(repeating: "x\n", count: 64) + common, nil),
        ]
        for (log, format) in cases {
            #expect(Array(log.utf8).withUnsafeBytes { AccessLogFormat.detect(in: $0) } == format, "\(log)")
        }
    }

    @Test("with positions, and messages for people")
    func positions() {
        var parser = AccessLogParser()
        var positions: [Int] = []
        let log = Array("\n\u{0}h - - [17/May/2015:10:05:03 +0000] \"-\" 200 5\r\nbad\n".utf8)
        log.withUnsafeBytes { bytes in
            parser.parse(bytes, at: 100) { line in
                positions.append(line.position)
            } bad: { fault, bytes in
                positions.append(fault.position)
                #expect(bytes.elementsEqual("bad".utf8))
                #expect(fault.error(line: 3).description == "3:4: \(fault.message)")
                #expect(fault.description == "4: expected a time such as [17/May/2015:10:05:03 +0000]")
            }
        }
        #expect(positions == [102, 148])
    }
}
