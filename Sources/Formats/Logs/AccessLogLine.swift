// One line of an access log, as a view on the bytes in which it stands.

/// What a web server wrote about one request.
///
/// Its fields are valid only as long as the bytes that were parsed. `-` in the log is an empty field here.
package struct AccessLogLine {
    /// Where the line begins in the log, in bytes.
    package internal(set) var position = 0
    /// The name of the site, if the line says it; perhaps with a port.
    package internal(set) var virtualHost = LogField()
    /// The address of the client, or its name.
    package internal(set) var client = LogField()
    /// The authenticated user.
    package internal(set) var user = LogField()
    /// When it was, in milliseconds since 1970.
    ///
    /// A second 60 counts as the next second.
    package internal(set) var timeMilliseconds: Int64 = 0
    /// The method, such as `GET`; empty if the request is of no use.
    package internal(set) var method = LogField()
    /// What was asked for, without the query; empty if the request is of no use.
    package internal(set) var path = LogField()
    /// What stands behind the first `?` of the target.
    package internal(set) var query = LogField()
    /// The protocol, such as `HTTP/1.1`.
    package internal(set) var protocolName = LogField()
    /// The status of the answer; 0 if the log does not say.
    package internal(set) var status = 0
    /// The bytes sent; 0 if the log does not say.
    package internal(set) var bytesSent: Int64 = 0
    /// The page that led here.
    package internal(set) var referrer = LogField()
    /// The client's program.
    package internal(set) var userAgent = LogField()
    /// Whether the line has a place for a user agent, though perhaps it is empty.
    package internal(set) var hasUserAgent = false
}
