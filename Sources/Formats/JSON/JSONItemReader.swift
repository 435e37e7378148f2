// A long array of a JSON document, one item at a time: an archive of many posts is never a tree in memory as a whole,
// and each item knows its line and column.

/// Reads the items of an array: of a document that is one, or of a member of a document that is an object.
///
/// After an error there are no more items, for nothing says where the next would begin.
package struct JSONItemReader {
    /// One item.
    package struct Item {
        /// The value.
        package let value: JSONValue
        /// The line on which it begins, from 1.
        package let line: Int
        /// The column at which it begins, from 1, in bytes.
        package let column: Int
    }

    private enum State {
        case beforeArray
        case inArray
        case done
    }

    private let text: [UInt8]
    private let key: String?
    /// Whether something stands before the document: then it is the value of a statement in a script.
    private let isScript: Bool
    private var parser = JSONParser(firstLine: 1, depthLimit: FormatLimits.jsonDepth)
    private var state = State.beforeArray
    /// Where lines have been counted to.
    private var counted = (offset: 0, line: 1, lineStart: 0)

    /// Makes a reader.
    ///
    /// - Parameters:
    ///   - text: the bytes of the file.
    ///   - start: where in them the document begins.
    ///   - key: the member that is the array; nil: the document is.
    package init(_ text: [UInt8], from start: Int = 0, key: String? = nil) {
        self.text = text
        self.key = key
        isScript = start > 0
        parser.position = start
    }

    /// The next item, or nil at the end.
    package mutating func next() throws(DataError) -> Item? {
        let text = text
        do {
            return try advance(text.span)
        } catch {
            state = .done
            throw error
        }
    }

    private mutating func advance(_ text: Span<UInt8>) throws(DataError) -> Item? {
        switch state {
        case .done: return nil
        case .beforeArray:
            try findArray(text)
            state = .inArray
            if parser.take(text, UInt8(ascii: "]")) { return try finish(text) }
        case .inArray:
            if parser.take(text, UInt8(ascii: "]")) { return try finish(text) }
            guard parser.take(text, ASCII.comma) else { throw parser.fault(text, "expected `,` or `]` in an array") }
        }
        parser.skipWhitespace(text)
        let place = place(text)
        let value = try parser.value(text, depth: key == nil ? 1 : 2)
        return Item(value: value, line: place.line, column: place.column)
    }

    /// Steps over what stands before the first item.
    private mutating func findArray(_ text: Span<UInt8>) throws(DataError) {
        parser.skipWhitespace(text)
        if let key {
            guard parser.take(text, UInt8(ascii: "{")) else { throw parser.fault(text, "expected a JSON object") }
            while try member(text) != key {
                _ = try parser.value(text, depth: 1)
                guard parser.take(text, ASCII.comma) else {
                    throw parser.fault(text, "expected `,` and the key \"\(key)\", which is missing")
                }
            }
        }
        guard parser.take(text, UInt8(ascii: "[")) else { throw parser.fault(text, "expected a JSON array") }
    }

    /// The next key of the object; the parser stands at its value then.
    private mutating func member(_ text: Span<UInt8>) throws(DataError) -> String {
        parser.skipWhitespace(text)
        guard parser.position < text.count, text[parser.position] == ASCII.quote else {
            throw parser.fault(text, "expected a key in quotes")
        }
        let name = try parser.string(text)
        guard parser.take(text, ASCII.colon) else { throw parser.fault(text, "expected `:` after a key") }
        parser.skipWhitespace(text)
        return name
    }

    /// Makes sure that the document is whole.
    private mutating func finish(_ text: Span<UInt8>) throws(DataError) -> Item? {
        state = .done
        if let key {
            while !parser.take(text, UInt8(ascii: "}")) {
                guard parser.take(text, ASCII.comma) else {
                    throw parser.fault(text, "expected `,` or `}` in an object")
                }
                let start = parser.position
                guard try member(text) != key else {
                    throw parser.fault(text, "the key \"\(key)\" is there twice", .duplicateKey, at: start)
                }
                _ = try parser.value(text, depth: 1)
            }
        }
        if isScript { _ = parser.take(text, UInt8(ascii: ";")) }
        parser.skipWhitespace(text)
        guard parser.position == text.count else { throw parser.fault(text, "unexpected text after the JSON value") }
        return nil
    }

    /// The line and column of the parser's position.
    private mutating func place(_ text: Span<UInt8>) -> (line: Int, column: Int) {
        for index in counted.offset..<parser.position where text[index] == ASCII.newline {
            counted.line += 1
            counted.lineStart = index + 1
        }
        counted.offset = parser.position
        return (counted.line, counted.offset - counted.lineStart + 1)
    }
}
