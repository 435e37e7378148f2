// JSON lines: one value a line. An error carries the line of the file, so a caller can say `posts.ndjson:17:5`.

/// Reads one JSON value a line; blank lines are passed over.
package struct NDJSONReader {
    /// What each line must be.
    package enum Shape: String, Sendable {
        /// An object.
        case object
        /// An array.
        case array
        /// Any value.
        case any
    }

    /// The value of one line.
    package struct Record {
        /// The value.
        package let value: JSONValue
        /// The line, from 1.
        package let line: Int
    }

    private var lines: LineReader
    private let shape: Shape

    /// Makes a reader.
    package init(_ lines: LineReader, expecting shape: Shape = .object) {
        self.lines = lines
        self.shape = shape
    }

    /// The line that was read last, for a file of rejects.
    package var lastLine: ArraySlice<UInt8> { lines.lastLine }

    /// The next value, or nil at the end.
    ///
    /// An error uses its line up.
    package mutating func next() throws(DataError) -> Record? {
        while let line = try lines.next() {
            if line.bytes.allSatisfy({ ASCII.isBlank($0) || $0 == ASCII.carriageReturn }) { continue }
            let value = try JSONReader.parse(line.bytes, firstLine: line.number)
            guard matches(value) else {
                throw DataError(
                    .syntax, line: line.number, column: 1, "expected a JSON \(shape.rawValue) on each line")
            }
            return Record(value: value, line: line.number)
        }
        return nil
    }

    private func matches(_ value: JSONValue) -> Bool {
        switch (shape, value) {
        case (.any, _), (.object, .object), (.array, .array): true
        default: false
        }
    }
}
