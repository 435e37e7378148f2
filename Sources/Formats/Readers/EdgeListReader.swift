// Edge lists, as SNAP and the Network Repository publish graphs: two names a line, separated by blanks or a comma,
// with comments that begin with `#` or `%`. Names are handed out as bytes; what they mean is the caller's business.

/// Reads pairs of names.
///
/// Columns after the second are ignored, blank lines are passed over, and a first line of headings is recognised.
package struct EdgeListReader {
    /// One line's pair.
    package struct Edge {
        /// The first name.
        package let source: ArraySlice<UInt8>
        /// The second name.
        package let target: ArraySlice<UInt8>
        /// The line, from 1.
        package let line: Int
        /// The columns, from 1, at which the names begin, in bytes.
        package let sourceColumn: Int
        /// The column of the second name.
        package let targetColumn: Int
        /// The whole line, for a file of rejects.
        package let row: ArraySlice<UInt8>
    }

    /// Whether the first line that is no comment names the columns.
    package enum Heading: Sendable {
        /// It does if it is separated by a comma and either has well-known names (`source,target`), or no digits
        /// alone where the second line has them (`id_1,id_2`).
        case automatic
        /// It does.
        case present
        /// It does not.
        case absent
    }

    private var lines: LineReader
    private var heading: Heading
    /// The second line, read to judge the first; or the error that reading it gave.
    private var lookahead: Result<Edge, DataError>?

    /// Makes a reader.
    package init(_ lines: LineReader, heading: Heading = .automatic) {
        self.lines = lines
        self.heading = heading
    }

    /// The line that was refused last, for a file of rejects.
    package var lastLine: ArraySlice<UInt8> { lines.lastLine }

    /// The next pair, or nil at the end.
    ///
    /// An error uses its line up.
    package mutating func next() throws(DataError) -> Edge? {
        if let result = lookahead.take() { return try result.get() }
        guard heading != .absent else { return try nextLine()?.edge }
        let rule = heading
        heading = .absent
        guard let (first, hasComma) = try nextLine() else { return nil }
        if rule == .present { return try nextLine()?.edge }
        guard hasComma, !Self.isNumber(first.source), !Self.isNumber(first.target) else { return first }
        if Self.isWellKnown(first) { return try nextLine()?.edge }
        do {
            guard let second = try nextLine()?.edge else { return first }
            if Self.isNumber(second.source), Self.isNumber(second.target) { return second }
            lookahead = .success(second)
        } catch {
            lookahead = .failure(error)
        }
        return first
    }

    private mutating func nextLine() throws(DataError) -> (edge: Edge, hasComma: Bool)? {
        while let line = try lines.next() {
            if let edge = try Self.parse(line) { return edge }
        }
        return nil
    }

    /// The pair of a line; nil for a blank line and a comment.
    private static func parse(_ line: LineReader.Line) throws(DataError) -> (edge: Edge, hasComma: Bool)? {
        let text = line.bytes
        let bytes = text.span
        var index = skipBlanks(bytes, from: 0)
        if index == bytes.count || bytes[index] == UInt8(ascii: "#") || bytes[index] == UInt8(ascii: "%") { return nil }
        let source = name(bytes, &index)
        guard !source.isEmpty else { throw missing("a name is missing before `,`", line, index) }
        index = skipBlanks(bytes, from: index)
        let hasComma = index < bytes.count && bytes[index] == ASCII.comma
        if hasComma { index = skipBlanks(bytes, from: index + 1) }
        let target = name(bytes, &index)
        guard !target.isEmpty else { throw missing("the second of two names is missing", line, index) }
        let base = text.startIndex
        let edge = Edge(
            source: text[base + source.lowerBound..<base + source.upperBound],
            target: text[base + target.lowerBound..<base + target.upperBound],
            line: line.number, sourceColumn: source.lowerBound + 1, targetColumn: target.lowerBound + 1, row: text)
        return (edge, hasComma)
    }

    private static func skipBlanks(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, ASCII.isBlank(bytes[index]) { index += 1 }
        return index
    }

    /// The name that begins at `index`, which is moved behind it; quotes around it, as CSV may have them, are not its.
    private static func name(_ bytes: Span<UInt8>, _ index: inout Int) -> Range<Int> {
        let start = index
        while index < bytes.count, !ASCII.isBlank(bytes[index]), bytes[index] != ASCII.comma { index += 1 }
        let isQuoted = index - start >= 2 && bytes[start] == ASCII.quote && bytes[index - 1] == ASCII.quote
        return isQuoted ? start + 1..<index - 1 : start..<index
    }

    private static func missing(_ message: String, _ line: LineReader.Line, _ index: Int) -> DataError {
        DataError(.syntax, line: line.number, column: index + 1, message)
    }

    private static func isNumber(_ name: ArraySlice<UInt8>) -> Bool { name.allSatisfy(ASCII.isDigit) }

    private static func isWellKnown(_ edge: Edge) -> Bool {
        let pair = String(decoding: edge.source, as: UTF8.self) + "," + String(decoding: edge.target, as: UTF8.self)
        switch pair.lowercased() {
        case "source,target", "from,to", "src,dst", "follower,followee", "follower,followed": return true
        case "fromnodeid,tonodeid", "from_id,to_id", "user,friend", "user_id,friend_id": return true
        default: return false
        }
    }
}
