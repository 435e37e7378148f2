// What the tests of logs share: lines as plain text, so that they can be compared and kept.

import Formats

/// What a log has on one line.
enum LogOutcome: Equatable, CustomStringConvertible {
    case line([String])
    case bad(AccessLogFault.Reason, Int)

    /// The fields that are not empty, by name; or the reason and the column.
    var description: String {
        switch self {
        case .line(let fields): fields.joined(separator: " | ")
        case .bad(let reason, let column): "\(reason.rawValue) \(column)"
        }
    }

    init(_ line: borrowing AccessLogLine) {
        var fields: [String] = ["time=\(RFC3339.format(line.timeMilliseconds))"]
        let named = [
            ("host", line.virtualHost), ("client", line.client), ("user", line.user), ("method", line.method),
            ("path", line.path), ("query", line.query), ("protocol", line.protocolName), ("referrer", line.referrer),
            ("agent", line.userAgent),
        ]
        for (name, field) in named where !field.isEmpty {
            var bytes: [UInt8] = []
            field.append(to: &bytes)
            fields.append("\(name)=\(LogOutcome.text(bytes))")
        }
        if line.status != 0 { fields.append("status=\(line.status)") }
        if line.bytesSent != 0 { fields.append("bytes=\(line.bytesSent)") }
        self = .line(fields.sorted())
    }

    init(_ fault: AccessLogFault) { self = .bad(fault.reason, fault.column) }

    /// A character for each byte, so that bytes that are no UTF-8 can be compared.
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for byte in bytes { text.unicodeScalars.append(Unicode.Scalar(byte)) }
        return text
    }

    /// What a parser makes of a log.
    static func all(_ log: [UInt8], _ format: AccessLogFormat = .auto) -> [LogOutcome] {
        var parser = AccessLogParser(format)
        var outcomes: [LogOutcome] = []
        log.withUnsafeBytes { bytes in
            parser.parse(bytes) { line in
                outcomes.append(LogOutcome(line))
            } bad: { fault, _ in
                outcomes.append(LogOutcome(fault))
            }
        }
        return outcomes
    }

    /// What a parser makes of some lines, as text.
    static func texts(_ log: String, _ format: AccessLogFormat = .auto) -> [String] {
        all(Array(log.utf8), format).map(\.description)
    }
}

/// Calls `body` with a field of some bytes.
func withField<Result>(
    _ bytes: [UInt8], hasEscapes: Bool = false, _ body: (LogField) throws -> Result
) rethrows -> Result {
    try bytes.withUnsafeBytes { try body(LogField($0, hasEscapes: hasEscapes)) }
}
