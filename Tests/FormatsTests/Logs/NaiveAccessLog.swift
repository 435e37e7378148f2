// The common and the combined format read slowly and plainly, on strings; what the parser is compared with.

import Formats

/// Reads a line without any care for time.
enum NaiveAccessLog {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// The fields as `LogOutcome` has them; nil if the line is bad.
    static func read(_ bytes: [UInt8]) -> [String]? {
        let line = LogOutcome.text(bytes)
        // Where a time of the right length is, between brackets and before a quote.
        guard let match = line.firstMatch(of: /(?s) \[(.{26})\] "/), let time = time(String(match.output.1)) else {
            return nil
        }
        var fields = ["time=\(time)"]
        let head = line[..<match.range.lowerBound].split(separator: " ", omittingEmptySubsequences: false)
        guard let first = head.first, !first.isEmpty else { return nil }
        var words = Array(head)
        if words.count > 1, words[1].wholeMatch(of: /[0-9a-fA-F]*[.:][0-9a-fA-F.:]*[.:][0-9a-fA-F]*/) != nil,
            words[1].contains(/[0-9a-fA-F]/)
        {
            fields.append("host=\(unlessDash(words.removeFirst()))")
        }
        fields.append("client=\(unlessDash(words[0]))")
        fields.append("user=\(unlessDash(words.dropFirst(2).joined(separator: " ")[...]))")
        let quoted = /(?s)"((?:[^"\\]|\\.)*)"/
        let rest = line[line.index(before: match.range.upperBound)...]
        guard let request = rest.prefixMatch(of: quoted) else { return nil }
        fields += self.request(String(request.output.1))
        let tail = rest[request.range.upperBound...]
        guard let numbers = tail.prefixMatch(of: /(?s) ([0-9]{3}|-) ([0-9]+|-)(?= |$)/) else { return nil }
        guard let count = numbers.output.2 == "-" ? 0 : Int64(numbers.output.2) else { return nil }
        fields.append("status=\(Int(numbers.output.1) ?? 0)")
        fields.append("bytes=\(count)")
        let end = tail[numbers.range.upperBound...]
        if end.hasPrefix(" \"") {
            guard let last = end.prefixMatch(of: /(?s) "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"/) else { return nil }
            fields += ["referrer=\(unlessDash(last.output.1))", "agent=\(unlessDash(last.output.2))"]
        }
        return fields.filter { $0.wholeMatch(of: /[a-z]+=|(status|bytes)=0/) == nil }.sorted()
    }

    private static func unlessDash(_ text: Substring) -> String { text == "-" ? "" : plain(String(text)) }

    private static func time(_ text: String) -> String? {
        let pattern = /([0-9]{2})\/([A-Z][a-z]{2})\/([0-9]{4}):([0-9:]{8}) ([+-][0-9]{2})([0-9]{2})/
        guard let match = text.wholeMatch(of: pattern), let month = months.firstIndex(of: String(match.output.2)) else {
            return nil
        }
        let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
        let parts = match.output
        let same = try? RFC3339.parse("\(parts.3)-\(number)-\(parts.1)T\(parts.4)\(parts.5):\(parts.6)")
        return same.map { RFC3339.format($0) }
    }

    private static func request(_ request: String) -> [String] {
        guard let match = request.wholeMatch(of: /(?s)([A-Za-z_-]{1,32}) (.*?)(?: (HTTP\/[^ ]{1,26}))?/) else {
            return []
        }
        let target = String(match.output.2)
        let isConnect = match.output.1 == "CONNECT" && !target.isEmpty
        guard target == "*" || target.hasPrefix("/") || isConnect || target.contains(/^(?i)https?:\/\//) else {
            return []
        }
        let mark = target.firstIndex(of: "?") ?? target.endIndex
        return [
            "method=\(match.output.1)", "protocol=\(match.output.3 ?? "")", "path=\(plain(String(target[..<mark])))",
            "query=\(plain(String(target[mark...].dropFirst())))",
        ]
    }

    /// The text without escapes.
    static func plain(_ text: String) -> String {
        let letters: [Character: String] = [
            "n": "\n", "r": "\r", "t": "\t", "b": "\u{8}", "f": "\u{C}", "v": "\u{B}", "\"": "\"", "\\": "\\", "/": "/",
            "'": "'",
        ]
        return text.replacing(/(?s)\\(?:x([0-9a-fA-F]{2})|(.))/) { match in
            if let digits = match.output.1 { return LogOutcome.text([UInt8(digits, radix: 16) ?? 0]) }
            guard let letter = match.output.2?.first else { return String(match.output.0) }
            return letters[letter] ?? String(match.output.0)
        }
    }
}
