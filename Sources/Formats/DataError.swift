// The one error of the readers: what is wrong with the data, and where. Callers put the name of the file in front.

/// What a reader found wrong, with its place in the text.
package struct DataError: Error, CustomStringConvertible {
    /// The kinds of damage; the raw values are stable.
    package enum Code: String, Sendable, CaseIterable {
        /// The text does not follow the grammar of its format.
        case syntax
        /// An object has the same key twice.
        case duplicateKey = "duplicate_key"
        /// The bytes are not UTF-8, or an escape names half a surrogate pair.
        case invalidUTF8 = "invalid_utf8"
        /// Nesting, a line or a number exceeds its limit.
        case outOfRange = "out_of_range"
        /// The data is not text at all.
        case binary
        /// The source of the bytes failed; `cause` says why.
        case source
    }

    /// The kind of damage.
    package let code: Code
    /// The line, from 1; 0 in data that is no text.
    package let line: Int
    /// The column, from 1, counted in bytes; 0 in data that is no text.
    package let column: Int
    /// The place in data that is no text, in bytes from its beginning.
    package let byteOffset: Int?
    /// What happened and what is expected: lower case, no full stop.
    package let message: String
    /// The error of the byte source, when `code` is `source`.
    package let cause: (any Error)?

    /// Makes an error.
    package init(_ code: Code, line: Int, column: Int, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.line = line
        self.column = column
        byteOffset = nil
        self.message = message
        self.cause = cause
    }

    /// Makes an error about data that is no text.
    package init(_ code: Code, byteOffset: Int, _ message: String) {
        self.code = code
        line = 0
        column = 0
        self.byteOffset = byteOffset
        self.message = message
        cause = nil
    }

    /// Whether nothing behind it can be read: the source has failed, or is damaged.
    package var endsReading: Bool { code == .source || byteOffset != nil }

    /// `LINE:COLUMN: MESSAGE` or `byte OFFSET: MESSAGE`, so that `FILE:` may stand before it.
    package var description: String {
        if let byteOffset { "byte \(byteOffset): \(message)" } else { "\(line):\(column): \(message)" }
    }
}
