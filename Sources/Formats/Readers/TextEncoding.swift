// Strict UTF-8: bytes become a `String` only when they are valid, and never by putting U+FFFD in their place. The check
// is the standard library's, one pass and vectorised.

/// Checks and decodes UTF-8.
package enum TextEncoding {
    /// The offset of the first byte that is not UTF-8, or nil when all are.
    package static func firstInvalidOffset(in bytes: Span<UInt8>) -> Int? {
        do {
            _ = try UTF8Span(validating: bytes)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }

    /// The text of `bytes`, which stand at `line` and `column` of the file.
    package static func decode(_ bytes: Span<UInt8>, line: Int, column: Int) throws(DataError) -> String {
        do {
            return String(copying: try UTF8Span(validating: bytes))
        } catch {
            let offset = error.byteOffsets.lowerBound
            throw DataError(
                .invalidUTF8, line: line, column: column + offset,
                "invalid UTF-8: byte 0x\(String(bytes[offset], radix: 16)); convert the file to UTF-8")
        }
    }

    /// The text of a slice, which stands at `line` and `column` of the file.
    package static func decode(
        _ bytes: ArraySlice<UInt8>, line: Int, column: Int
    ) throws(DataError) -> String {
        try decode(bytes.span, line: line, column: column)
    }
}
