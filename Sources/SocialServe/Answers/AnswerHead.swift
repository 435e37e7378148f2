// The head of an answer as bytes (RFC 9112).

internal import Formats
internal import Glibc
internal import NIOCore

/// What the head of an answer says besides the answer itself.
struct AnswerHead {
    /// Whether the connection is closed behind it.
    var closes: Bool
    /// The value of `Date`.
    var date: String

    /// Writes the head of an answer, and the empty line behind it.
    func write(_ answer: Answer, to buffer: inout ByteBuffer) {
        buffer.writeStaticString(answer.status.line)
        buffer.writeStaticString("Date: ")
        buffer.writeString(date)
        if answer.status != .notModified, answer.status.code != 204 {
            buffer.writeStaticString("\r\nContent-Length: ")
            buffer.writeString(String(answer.body.count))
        }
        if let type = answer.type {
            buffer.writeStaticString("\r\nContent-Type: ")
            buffer.writeString(type)
        }
        buffer.writeStaticString("\r\nX-Content-Type-Options: nosniff")
        for field in answer.fields {
            buffer.writeStaticString("\r\n")
            buffer.writeStaticString(field.name)
            buffer.writeStaticString(": ")
            buffer.writeString(AnswerHead.safe(field.value))
        }
        if closes { buffer.writeStaticString("\r\nConnection: close") }
        buffer.writeStaticString("\r\n\r\n")
    }

    /// A value that cannot begin another line.
    private static func safe(_ value: String) -> String {
        value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } ? value : ""
    }

    /// A time as HTTP writes it (RFC 9110, section 5.6.7).
    static func date(_ milliseconds: Int64) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // 2026-01-31T12:34:56.789Z, in UTC.
        let text = RFC3339.format(milliseconds)
        let parts = text.split { "-T:.Z".contains($0) }
        guard parts.count >= 6, let month = Int(parts[1]), months.indices.contains(month - 1) else { return "" }
        let day = Int(milliseconds.quotientFloored(by: 86_400_000) % 7 + 7) % 7
        return "\(days[day]), \(parts[2]) \(months[month - 1]) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) GMT"
    }
}

extension Int64 {
    /// The quotient, rounded down.
    fileprivate func quotientFloored(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
