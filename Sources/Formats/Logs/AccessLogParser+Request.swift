// The request as a log has it: `GET /path?query HTTP/1.1`, or whatever a stranger sent instead.

extension AccessLogParser {
    /// The longest protocol, and the longest method, in bytes.
    private static let wordBytes = 32

    /// Takes a request apart; one that is of no use leaves the line as it is.
    ///
    /// Servers log what came: a handshake of TLS (`\x16\x03\x01`), nothing (`-`), or a target with spaces. Without a
    /// protocol at its end, all behind the method is the target.
    @inline(__always)
    static func split(_ request: LogField, _ line: inout AccessLogLine) {
        let bytes = request.bytes
        var end = 0
        while end < bytes.count, isMethodByte(bytes[end]) { end += 1 }
        guard end > 0, end <= wordBytes, end < bytes.count, bytes[end] == ASCII.space else { return }
        let method = request.part(0, end)
        var target = request.part(end + 1, bytes.count)
        let protocolStart = startOfProtocol(target.bytes)
        let protocolName = target.part(protocolStart, target.count)
        if !protocolName.isEmpty { target = target.part(0, protocolStart - 1) }
        guard isTarget(target.bytes) || method.equals("CONNECT") && !target.isEmpty else { return }
        line.method = method
        line.protocolName = protocolName
        self.target(target, &line)
    }

    /// Takes a target apart.
    @inline(__always)
    static func target(_ target: LogField, _ line: inout AccessLogLine) {
        let bytes = target.bytes
        var mark = 0
        while mark < bytes.count, bytes[mark] != UInt8(ascii: "?") { mark += 1 }
        line.path = target.part(0, mark)
        if mark < bytes.count { line.query = target.part(mark + 1, bytes.count) }
    }

    /// Where a last word `HTTP/…` begins, or the end.
    @inline(__always)
    private static func startOfProtocol(_ bytes: UnsafeRawBufferPointer) -> Int {
        var start = bytes.count
        let first = max(0, start - wordBytes)
        while start > first, bytes[start - 1] != ASCII.space { start -= 1 }
        guard start > first, bytes.count - start > 5, bytes[start] == UInt8(ascii: "H"),
            bytes[start + 1] == UInt8(ascii: "T"), bytes[start + 2] == UInt8(ascii: "T"),
            bytes[start + 3] == UInt8(ascii: "P"), bytes[start + 4] == ASCII.slash
        else { return bytes.count }
        return start
    }

    /// Whether it is a path, `*`, or an address with a scheme.
    @inline(__always)
    private static func isTarget(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let first = bytes.first else { return false }
        if first == ASCII.slash { return true }
        return first == UInt8(ascii: "*") && bytes.count == 1 || LogPath.lengthOfScheme(bytes) > 0
    }

    @inline(__always)
    private static func isMethodByte(_ byte: UInt8) -> Bool {
        ASCII.isLetter(byte) || byte == ASCII.minus || byte == UInt8(ascii: "_")
    }
}
