// A strict JSON reader (RFC 8259) that says where the text is wrong. It accepts nothing that the RFC does not, refuses
// duplicate keys, deep nesting and bytes that are not UTF-8, and no input makes it trap.

/// Reads JSON text.
package enum JSONReader {
    /// The value that `text` is.
    ///
    /// Integers outside 64 bits become numbers; `-0` is the number -0.0. Keys that are canonically equivalent count as
    /// duplicates.
    ///
    /// - Parameters:
    ///   - text: the whole document.
    ///   - firstLine: the line of a file on which it begins.
    ///   - depthLimit: how deeply arrays and objects may be nested.
    package static func parse(
        _ text: Span<UInt8>, firstLine: Int = 1, depthLimit: Int = FormatLimits.jsonDepth
    ) throws(DataError) -> JSONValue {
        var parser = JSONParser(firstLine: firstLine, depthLimit: depthLimit)
        return try parser.document(text)
    }

    /// The value that the bytes are.
    package static func parse(
        _ text: [UInt8], firstLine: Int = 1, depthLimit: Int = FormatLimits.jsonDepth
    ) throws(DataError) -> JSONValue {
        try parse(text.span, firstLine: firstLine, depthLimit: depthLimit)
    }

    /// The value that a slice of bytes is.
    package static func parse(
        _ text: ArraySlice<UInt8>, firstLine: Int = 1, depthLimit: Int = FormatLimits.jsonDepth
    ) throws(DataError) -> JSONValue {
        try parse(text.span, firstLine: firstLine, depthLimit: depthLimit)
    }

    /// The value that a string is.
    package static func parse(_ text: String) throws(DataError) -> JSONValue {
        try parse(text.utf8.span)
    }
}

/// The reader's place in the text; the text itself is lent to each step.
struct JSONParser {
    let firstLine: Int
    let depthLimit: Int
    var position = 0

    init(firstLine: Int, depthLimit: Int) {
        self.firstLine = firstLine
        self.depthLimit = depthLimit
    }

    /// One value with nothing but white space around it.
    mutating func document(_ text: Span<UInt8>) throws(DataError) -> JSONValue {
        skipWhitespace(text)
        let value = try self.value(text, depth: 0)
        skipWhitespace(text)
        guard position == text.count else { throw fault(text, "unexpected text after the JSON value") }
        return value
    }

    /// One value, `depth` levels deep in others.
    mutating func value(_ text: Span<UInt8>, depth: Int) throws(DataError) -> JSONValue {
        guard position < text.count else { throw fault(text, "a JSON value is missing at the end of the text") }
        switch text[position] {
        case UInt8(ascii: "{"): return try object(text, depth: depth + 1)
        case UInt8(ascii: "["): return try array(text, depth: depth + 1)
        case ASCII.quote: return .string(try string(text))
        case UInt8(ascii: "t"): return try word(text, "true", .bool(true))
        case UInt8(ascii: "f"): return try word(text, "false", .bool(false))
        case UInt8(ascii: "n"): return try word(text, "null", .null)
        case ASCII.minus, ASCII.zero...ASCII.nine: return try number(text)
        case 0xEF where position == 0: throw fault(text, "a byte order mark is no JSON; remove it")
        default: throw fault(text, "expected a JSON value")
        }
    }

    private mutating func array(_ text: Span<UInt8>, depth: Int) throws(DataError) -> JSONValue {
        try enter(text, depth: depth)
        var items: [JSONValue] = []
        if take(text, UInt8(ascii: "]")) { return .array(items) }
        while true {
            skipWhitespace(text)
            items.append(try value(text, depth: depth))
            if take(text, UInt8(ascii: "]")) { return .array(items) }
            guard take(text, ASCII.comma) else { throw fault(text, "expected `,` or `]` in an array") }
        }
    }

    private mutating func object(_ text: Span<UInt8>, depth: Int) throws(DataError) -> JSONValue {
        try enter(text, depth: depth)
        var members: [JSONValue.Member] = []
        var keys = SeenKeys()
        if take(text, UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipWhitespace(text)
            guard position < text.count, text[position] == ASCII.quote else {
                throw fault(text, "expected a key in quotes")
            }
            let start = position
            let key = try string(text)
            guard keys.insert(key, after: members) else {
                throw fault(text, "the key \"\(key)\" is there twice", .duplicateKey, at: start)
            }
            guard take(text, ASCII.colon) else { throw fault(text, "expected `:` after a key") }
            skipWhitespace(text)
            members.append(JSONValue.Member(key, try value(text, depth: depth)))
            if take(text, UInt8(ascii: "}")) { return .object(members) }
            guard take(text, ASCII.comma) else { throw fault(text, "expected `,` or `}` in an object") }
        }
    }

    private mutating func word(
        _ text: Span<UInt8>, _ word: StaticString, _ value: JSONValue
    ) throws(DataError) -> JSONValue {
        for expected in word.description.utf8 {
            guard position < text.count, text[position] == expected else {
                throw fault(text, "expected `\(word)`")
            }
            position += 1
        }
        return value
    }

    /// Steps over an opening bracket, unless that would be too deep.
    mutating func enter(_ text: Span<UInt8>, depth: Int) throws(DataError) {
        guard depth <= depthLimit else {
            throw fault(text, "nested deeper than \(depthLimit) levels", .outOfRange)
        }
        position += 1
    }

    /// Steps over white space and, if it is next, over `byte`.
    mutating func take(_ text: Span<UInt8>, _ byte: UInt8) -> Bool {
        skipWhitespace(text)
        guard position < text.count, text[position] == byte else { return false }
        position += 1
        return true
    }

    /// Steps over white space.
    mutating func skipWhitespace(_ text: Span<UInt8>) {
        while position < text.count {
            switch text[position] {
            case ASCII.space, ASCII.newline, ASCII.carriageReturn, ASCII.tab: position += 1
            default: return
            }
        }
    }

    /// An error at `offset`, or at the current position.
    func fault(
        _ text: Span<UInt8>, _ message: String, _ code: DataError.Code = .syntax, at offset: Int? = nil
    ) -> DataError {
        var line = firstLine
        var lineStart = 0
        let offset = min(offset ?? position, text.count)
        for index in 0..<offset where text[index] == ASCII.newline {
            line += 1
            lineStart = index + 1
        }
        return DataError(code, line: line, column: offset - lineStart + 1, message)
    }
}

/// The keys of one object: a few are compared one by one, many through a set.
private struct SeenKeys {
    private static let linearLimit = 16
    private var set: Set<String> = []

    /// Whether `key` is new after `members`.
    mutating func insert(_ key: String, after members: [JSONValue.Member]) -> Bool {
        if members.count < Self.linearLimit { return !members.contains { $0.key == key } }
        if set.isEmpty { set = Set(members.map(\.key)) }
        return set.insert(key).inserted
    }
}
