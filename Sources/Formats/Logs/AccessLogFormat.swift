// How web servers write down what they were asked for.

/// The forms of an access log.
package enum AccessLogFormat: String, CaseIterable, Sendable {
    /// Each line is read as what it looks like: an object is `json`, one with a referrer is `combined`, others are
    /// `common`.
    case auto
    /// Apache's `%h %l %u %t "%r" %>s %b`; whatever follows is passed over.
    case common
    /// The same with `"%{Referer}i" "%{User-agent}i"`, as nginx writes it too; whatever follows is passed over.
    case combined
    /// One JSON object a line, with nginx' names of its variables as keys.
    case json

    /// How many lines `detect` looks at.
    private static let detectedLines = 64

    /// The form of the first lines of a file; nil if none of them is a line of an access log.
    ///
    /// In a file of several forms it is `auto`. The last line is left out if it has no end, unless it is the only one.
    package static func detect(in head: UnsafeRawBufferPointer) -> AccessLogFormat? {
        var found: Set<AccessLogFormat> = []
        var lines = 0
        var parser = AccessLogParser(.auto)
        var rest = head[...]
        while !rest.isEmpty, lines < detectedLines {
            let end = rest.firstIndex(of: ASCII.newline)
            if end == nil, lines > 0 { break }
            let line = UnsafeRawBufferPointer(rebasing: rest[..<(end ?? rest.endIndex)])
            // Before the first character there may be blanks, and a byte order mark.
            let isObject = line.first { $0 > ASCII.space && $0 < 0x80 } == UInt8(ascii: "{")
            parser.parse(line) { line in
                found.insert(isObject ? .json : line.hasUserAgent ? .combined : .common)
            } bad: { _, _ in
                // It may be of no form, or bad; both say nothing.
            }
            lines += 1
            rest = rest[(end.map { $0 + 1 } ?? rest.endIndex)...]
        }
        return found.count > 1 ? .auto : found.first
    }
}
