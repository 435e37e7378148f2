// Lines from a stream of bytes, with their numbers. All line-based readers stand on this one, so the limit on length,
// the forms of line ends and the test for binary data are here and nowhere else.

/// Appends the next bytes of a file to a buffer, or none at the end.
///
/// It must leave what is there alone.
package typealias ChunkSource = (_ buffer: inout [UInt8]) throws -> Void

/// Reads lines.
///
/// Lines end with LF or CR LF; a missing last newline is no error, a byte order mark before the first line is dropped.
/// An error uses its line up, so a caller may note it and go on with the next.
package struct LineReader {
    /// A line without its end.
    package struct Line {
        /// The bytes; they stay valid, but holding many lines holds many buffers.
        package let bytes: ArraySlice<UInt8>
        /// The number, from 1.
        package let number: Int
        /// What ended it.
        package let end: End
    }

    /// What ends a line.
    package enum End: Sendable {
        /// A newline.
        case lf
        /// A carriage return and a newline.
        case crlf
        /// The end of the file.
        case file
    }

    /// The number of the line returned last, from 1; 0 before the first.
    package private(set) var lineNumber = 0

    private let source: ChunkSource
    private let limitBytes: Int
    private var buffer: [UInt8] = []
    /// The first byte of `buffer` that has not been returned.
    private var start = 0
    /// The first byte of `buffer` that has not been looked at.
    private var scanned = 0
    private var isAtEnd = false
    /// The rest of a line that was refused is to be passed over.
    private var isSkipping = false
    private var lastRange = 0..<0

    /// Makes a reader of `source` that refuses lines of more than `limitBytes`.
    package init(limitBytes: Int = FormatLimits.lineBytes, source: @escaping ChunkSource) {
        self.limitBytes = limitBytes
        self.source = source
    }

    /// Makes a reader of bytes in memory.
    package init(bytes: [UInt8], limitBytes: Int = FormatLimits.lineBytes) {
        var rest: [UInt8]? = bytes
        self.init(limitBytes: limitBytes) { buffer in
            if let bytes = rest.take() { buffer.append(contentsOf: bytes) }
        }
    }

    /// The bytes of the line that was returned or refused last, until the next call; for a file of rejects.
    package var lastLine: ArraySlice<UInt8> { buffer[lastRange] }

    /// The next line, or nil at the end.
    package mutating func next() throws(DataError) -> Line? {
        while true {
            switch scan() {
            case .newline(let index):
                if let line = try take(upTo: index, end: .lf) { return line }
            case .nul(let index):
                let column = index - start + 1
                try refuse(.binary, column: column, "binary data: a NUL byte; a text file is expected")
            case .none:
                if isAtEnd {
                    guard start < buffer.count else { return nil }
                    if let line = try take(upTo: buffer.count, end: .file) { return line }
                } else if buffer.count - start > limitBytes, !isSkipping {
                    try refuse(.outOfRange, column: limitBytes + 1, "a line is longer than \(limitBytes) bytes")
                } else {
                    try refill()
                }
            }
        }
    }

    private enum Mark {
        case newline(Int)
        case nul(Int)
        case none
    }

    /// Looks for the next byte that matters in what has been read.
    private mutating func scan() -> Mark {
        let (mark, index) = Self.scan(buffer.span, from: scanned, minding: isSkipping ? nil : 0)
        scanned = index
        return mark
    }

    private static func scan(_ bytes: Span<UInt8>, from start: Int, minding forbidden: UInt8?) -> (Mark, Int) {
        var index = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte <= ASCII.newline {
                if byte == ASCII.newline { return (.newline(index), index) }
                if byte == forbidden { return (.nul(index), index) }
            }
            index += 1
        }
        return (.none, index)
    }

    /// The line that ends before `index`, which is a newline or the end; nil for the rest of a refused line.
    private mutating func take(upTo index: Int, end: End) throws(DataError) -> Line? {
        var range = start..<index
        start = min(index + 1, buffer.count)
        scanned = start
        if isSkipping {
            isSkipping = false
            return nil
        }
        lineNumber += 1
        var end = end
        if end == .lf, range.last.map({ buffer[$0] }) == ASCII.carriageReturn {
            range = range.dropLast()
            end = .crlf
        }
        if lineNumber == 1, buffer[range].starts(with: [0xEF, 0xBB, 0xBF]) { range = range.dropFirst(3) }
        lastRange = range
        guard range.count <= limitBytes else {
            throw DataError(
                .outOfRange, line: lineNumber, column: limitBytes + 1, "a line is longer than \(limitBytes) bytes")
        }
        return Line(bytes: buffer[range], number: lineNumber, end: end)
    }

    /// Throws an error about the line that is not complete yet; the rest of it will be passed over.
    private mutating func refuse(_ code: DataError.Code, column: Int, _ message: String) throws(DataError) {
        lineNumber += 1
        isSkipping = true
        lastRange = start..<scanned
        throw DataError(code, line: lineNumber, column: column, message)
    }

    private mutating func refill() throws(DataError) {
        if isSkipping { start = buffer.count }
        buffer.removeSubrange(0..<start)
        start = 0
        scanned = buffer.count
        lastRange = 0..<0
        let count = buffer.count
        do {
            try source(&buffer)
        } catch {
            isAtEnd = true
            buffer.removeAll()
            scanned = 0
            if let error = error as? DataError { throw error }
            throw DataError(.source, line: lineNumber + 1, column: 1, "cannot read on: \(error)", cause: error)
        }
        isAtEnd = buffer.count <= count
    }
}
