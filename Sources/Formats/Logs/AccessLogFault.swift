// Why a line of an access log could not be read.

/// What is wrong with a line, and where.
package struct AccessLogFault: Error, Equatable, CustomStringConvertible {
    /// What was expected and is not there; the raw values are stable.
    package enum Reason: String, CaseIterable, Sendable {
        /// The address of the client.
        case client
        /// The time, in brackets or under its key.
        case time
        /// The request, in quotes.
        case request
        /// The end of a quoted field.
        case quote
        /// The status, three digits or `-`.
        case status
        /// The number of bytes sent, or `-`.
        case bytesSent = "bytes_sent"
        /// The referrer, in quotes.
        case referrer
        /// The user agent, in quotes.
        case userAgent = "user_agent"
        /// A JSON object on a line of its own.
        case json
        /// A line of a bearable length.
        case length
    }

    /// What was expected.
    package let reason: Reason
    /// Where it goes wrong, from 1, counted in bytes.
    package let column: Int
    /// Where the line begins in the log, in bytes.
    package internal(set) var position = 0

    init(_ reason: Reason, column: Int) {
        self.reason = reason
        self.column = column
    }

    /// What is expected: lower case, no full stop.
    package var message: String {
        switch reason {
        case .client: "expected the address of the client"
        case .time: "expected a time such as [17/May/2015:10:05:03 +0000]"
        case .request: "expected the request in quotes"
        case .quote: "the quote is not closed"
        case .status: "expected a status of three digits"
        case .bytesSent: "expected the number of bytes sent, or `-`"
        case .referrer: "expected the referrer in quotes"
        case .userAgent: "expected the user agent in quotes"
        case .json: "expected one JSON object on the line"
        case .length: "a line is longer than \(FormatLimits.accessLogLineBytes) bytes"
        }
    }

    /// `COLUMN: MESSAGE`.
    package var description: String { "\(column): \(message)" }

    /// The same as an error of the readers.
    package func error(line: Int) -> DataError {
        DataError(reason == .length ? .outOfRange : .syntax, line: line, column: column, message)
    }
}
