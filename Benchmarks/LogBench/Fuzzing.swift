// Damaged lines of all formats, by the million; it belongs under AddressSanitizer (`swift build --sanitize=address`).
// Whatever comes, there must be a line or a fault, in bounded memory, and the same however the bytes are cut.

import Formats
import Glibc

/// Damages logs, and reads them.
enum Fuzzing {
    /// How many lines are read at once.
    private static let batch = 20

    private static let lines: [[UInt8]] = [
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
    ].map { Array($0.utf8) }

    /// Bytes that mean something to some part.
    private static let pieces: [[UInt8]] =
        [[0], [0x0A], [0x0D], [0xFF], [0xEF, 0xBB, 0xBF]]
        + [
            "\"", "\\", "\\x", "\\u", "\\ud800", "] \"", "[", " ", "-", "{", "}", ":", ",", "/", "..", "%2", "%2e",
            "%25", "http://", "?", "99999999999999999999", "bot", "18/May/2015:10:05:03 +0000",
        ].map { Array($0.utf8) }

    static func run(_ words: [String]) throws {
        guard words.count == 2, let count = Int(words[0]), let seed = UInt64(words[1]) else { throw Misuse() }
        var random = Random(state: seed)
        var found = Findings()
        let time = try ContinuousClock().measure {
            for _ in 0..<(count + batch - 1) / batch {
                var log: [UInt8] = []
                for _ in 0..<batch { log += damaged(&random) + [0x0A] }
                if random.below(4) == 0 { log.removeLast() }
                try found.look(at: log, &random)
            }
        }
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        LogBench.say(
            "fuzz",
            [
                ("lines", Double(found.lines)), ("bad", Double(found.bad)), ("paths", Double(found.paths)),
                ("bots", Double(found.bots)), ("seconds", time / .seconds(1)),
                ("largest_memory_mib", Double(usage.ru_maxrss / 1024)),
            ])
    }

    /// One of the lines with a few places changed.
    private static func damaged(_ random: inout Random) -> [UInt8] {
        var line = lines[random.below(lines.count)]
        for _ in 0..<random.below(5) where !line.isEmpty {
            let place = random.below(line.count)
            let end = min(line.count, place + 1 + random.below(12))
            switch random.below(8) {
            case 0: line.removeLast(line.count - place)
            case 1: line.removeSubrange(place..<end)
            case 2: line.insert(contentsOf: line[place..<end], at: random.below(line.count))
            case 3: line[place] = UInt8(truncatingIfNeeded: random.next())
            case 4: line[place] ^= 1 << UInt8(random.below(8))
            case 5:
                let other = lines[random.below(lines.count)]
                let start = random.below(other.count)
                line.replaceSubrange(place..<end, with: other[start..<min(other.count, start + 60)])
            default: line.insert(contentsOf: pieces[random.below(pieces.count)], at: place)
            }
        }
        return line
    }

    /// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
    struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }

        mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
    }
}
