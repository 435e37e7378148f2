// The parser and plain, slow readers agree on lines that chance has made.

import Formats
import Testing

@Suite("Access logs are read as a naive reader reads them")
struct AccessLogModelTests {
    private static let pieces = [
        "h", "192.0.2.7", "::1", "-", " ", " ", " - - ", " a b ", "[", "]", "] \"", "[17/May/2015:10:05:03 +0000] ",
        "[29/Feb/2015:10:05:03 +0000] ", "[31/Dec/2016:23:59:60 +0000] ", "\"", "\"", "\\", "\\\"", "\\\\", "\\x4",
        "\\x41", "\\n",
        "GET ", "CONNECT ", "/", "/a?b", "?", "*", "http://h/p", " HTTP/1.1", "200", "404 ", "99999999999999999999",
        "5", "é",
    ]

    /// A line that is good but for a few places.
    private func line(_ random: inout SeededGenerator) -> [UInt8] {
        func one(_ texts: [String]) -> String { texts[random.below(texts.count)] }
        let time = "\(10 + random.below(22))/\(one(["Jan", "Feb", "Apr", "Dec", "dec"]))/20\(10 + random.below(20))"
        var text = one(["h ", "192.0.2.7 ", "v:80 ::1 ", "v 10.0.0.1 ", "- "]) + one(["- ", "id ", ""])
        text += one(["- ", "frank ", "a b ", "x [1] ", ""])
        text +=
            "[\(time):\(10 + random.below(15)):0\(random.below(10)):\(50 + random.below(11)) +0\(random.below(10))30] "
        text +=
            "\"" + one(["GET ", "M-x ", "", "CONNECT ", "\\x16"])
            + one(["/", "/a?b?c", "*", "h:1", "-", "/a b", "/\\x3f"])
        text +=
            one([" HTTP/1.1", "", " ", " HTTP/"]) + "\" " + one(["200", "-", "000", "20"]) + " "
            + one(["5", "-", "0012"])
        text += one(["", " \"-\" \"-\"", " \"r\" \"a \\\" b\"", " \"\\x2d\" \"\" x", " 1 2"])
        var bytes = Array(text.utf8)
        for _ in 0..<max(0, random.below(5) - 1) {
            let place = random.below(bytes.count)
            switch random.below(4) {
            case 0: bytes.insert(contentsOf: Self.pieces[random.below(Self.pieces.count)].utf8, at: place)
            case 1: bytes.remove(at: place)
            case 2: bytes[place] = UInt8.random(in: 0...255, using: &random)
            default: bytes.swapAt(place, random.below(bytes.count))
            }
        }
        return bytes
    }

    @Test("in text")
    func text() {
        var random = SeededGenerator("access log lines")
        var (good, bad) = (0, 0)
        for turn in 0..<6_000 {
            let bytes =
                turn % 3 == 0 ? Array(random.text(Self.pieces, length: 20).utf8) : line(&random)
            let isPlain =
                ![0, 0xEF, 0x7B, 0x0D, nil].contains(bytes.first) && bytes.last != 0x0D && !bytes.contains(0x0A)
            guard isPlain, bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { continue }
            let expected = NaiveAccessLog.read(bytes)
            let found = LogOutcome.all(bytes)
            if let expected {
                good += 1
                #expect(found == [.line(expected)], "\(LogOutcome.text(bytes)), seed \(random.seed)")
            } else {
                bad += 1
                guard found.count == 1, case .bad(_, let column) = found[0] else {
                    Issue.record("\(LogOutcome.text(bytes)) is read as \(found), seed \(random.seed)")
                    continue
                }
                #expect((1...bytes.count + 1).contains(column), "\(LogOutcome.text(bytes)), seed \(random.seed)")
            }
        }
        #expect(good > 400 && bad > 400, "seed \(random.seed)")
    }

    @Test("in JSON, whatever the order of its members")
    func objects() throws {
        var random = SeededGenerator("access log objects")
        let texts = ["", "-", "a b", "é\u{1F600}", "q\"\\/", "\u{1}\n", "}", "{\"status\":1}", "GET /x?y HTTP/1.1"]
        for _ in 0..<1_000 {
            let time = Int64(random.below(2_000_000_000)) * 1_000
            let status = Int64(random.below(1_000))
            let agent = texts[random.below(texts.count)]
            let user = texts[random.below(texts.count)]
            var members: [JSONValue.Member] = [
                JSONValue.Member("time_iso8601", .string(RFC3339.format(time))),
                JSONValue.Member("status", random.below(2) == 0 ? .integer(status) : .string("\(status)")),
                JSONValue.Member("http_user_agent", .string(agent)), JSONValue.Member("remote_user", .string(user)),
                JSONValue.Member("uri", .string("/u")), JSONValue.Member("method", .string("PUT")),
                JSONValue.Member("request", .string("GET /é?q")),
                JSONValue.Member("other", .array([.object([JSONValue.Member("status", .string("]\""))]), .null])),
                JSONValue.Member("bytes", .null), JSONValue.Member("body_bytes_sent", .integer(status * 3)),
                JSONValue.Member("time", .bool(true)), JSONValue.Member("x", .number(-1.5e-7)),
            ]
            members.shuffle(using: &random)
            let bytes = Array(JSONValue.object(members).text.utf8)
            let text = { (text: String) in LogOutcome.text(text.utf8) }
            var expected = ["time=\(RFC3339.format(time))", "method=GET", "query=q", text("path=/é")]
            if !agent.isEmpty, agent != "-" { expected.append(text("agent=\(agent)")) }
            if !user.isEmpty, user != "-" { expected.append(text("user=\(user)")) }
            if status > 0 { expected += ["status=\(status)", "bytes=\(status * 3)"] }
            #expect(LogOutcome.all(bytes) == [.line(expected.sorted())], "seed \(random.seed)")
        }
    }

    @Test("and so a log has the counts that it was made with")
    func counts() {
        var random = SeededGenerator("access log counts")
        var log = ""
        var expected = [Int](repeating: 0, count: 600)
        var (expectedBytes, expectedBots, expectedBad) = (0, 0, 0)
        for second in 0..<2_000 {
            let status = [200, 200, 304, 404, 500][random.below(5)]
            let size = random.below(100_000)
            let isBot = random.below(3) == 0
            let agent = isBot ? "Crawler/\(random.below(9))" : "Mozilla/5.0 (X11; Linux) Firefox/\(random.below(99))"
            if random.below(50) == 0 {
                expectedBad += 1
                log += "h - - [99/May/2015:10:05:03 +0000] \"-\" 200 5\n"
            }
            expected[status] += 1
            expectedBytes += size
            if isBot { expectedBots += 1 }
            let time = "17/May/2015:\(10 + second / 600 % 10):\(10 + second / 60 % 50):\(10 + second % 50) +0000"
            log +=
                "10.0.0.\(random.below(256)) - - [\(time)] \"GET /\(random.below(99))\" \(status) \(size) \"-\" "
            log += "\"\(agent)\"\n"
        }
        var found = [Int](repeating: 0, count: 600)
        var (bytes, bots, bad) = (0, 0, 0)
        var parser = AccessLogParser()
        var agents = UserAgents()
        Array(log.utf8).withUnsafeBytes { log in
            parser.parse(log) { line in
                found[line.status] += 1
                bytes += Int(line.bytesSent)
                if agents.isBot(line.userAgent) { bots += 1 }
            } bad: { _, _ in
                bad += 1
            }
        }
        #expect(
            found == expected && bytes == expectedBytes && bots == expectedBots && bad == expectedBad,
            "seed \(random.seed)")
    }
}
