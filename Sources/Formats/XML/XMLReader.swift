// A strict reader of the XML that services answer with (Extensible Markup Language 1.0, fifth edition): elements,
// attributes, text and the five named references. What such answers do not have, it does not read: document types and
// their entities, processing instructions, comments and CDATA are refused, and so no document can name a file, grow
// while it is read, or mean something else to another reader. No input makes it trap.

/// Reads XML.
package enum XMLReader {
    /// The root element of a document.
    ///
    /// - Throws: `syntax`, `invalidUTF8` or `outOfRange` with the place.
    package static func parse(_ bytes: [UInt8]) throws(DataError) -> XMLTree {
        var parser = XMLParser(bytes: bytes)
        return try parser.document()
    }
}

/// The reader's place in the text.
private struct XMLParser {
    private let bytes: [UInt8]
    private var position = 0
    private var elements = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(DataError) -> XMLTree {
        guard bytes.count <= FormatLimits.xmlBytes else {
            throw fault("the document has more than \(FormatLimits.xmlBytes >> 20) MiB", .outOfRange)
        }
        if let offset = TextEncoding.firstInvalidOffset(in: bytes.span) {
            position = offset
            throw fault("the bytes are not UTF-8", .invalidUTF8)
        }
        if isNext("<?xml"), position + 5 < bytes.count, Self.isSpace(bytes[position + 5]) {
            while position < bytes.count, !isNext("?>") { position += 1 }
            try expect("?>")
        }
        skipSpace()
        let root = try element(depth: 1)
        skipSpace()
        guard position == bytes.count else { throw fault("unexpected text after the document") }
        return root
    }

    // MARK: Elements

    private mutating func element(depth: Int) throws(DataError) -> XMLTree {
        guard depth <= FormatLimits.xmlDepth else { throw fault("elements are nested too deeply", .outOfRange) }
        elements += 1
        guard elements <= FormatLimits.xmlElements else { throw fault("there are too many elements", .outOfRange) }
        try expect("<")
        let name = try name()
        if try attributes(of: name) { return XMLTree(name) }
        var text: [UInt8] = []
        var children: [XMLTree] = []
        while true {
            guard position < bytes.count else { throw fault("\"\(name)\" does not end") }
            switch bytes[position] {
            case UInt8(ascii: "<"):
                if isNext("</") {
                    position += 2
                    guard try self.name() == name else { throw fault("expected the end of \"\(name)\"") }
                    skipSpace()
                    try expect(">")
                    return XMLTree(name, String(decoding: text, as: UTF8.self), children)
                }
                children.append(try element(depth: depth + 1))
            case UInt8(ascii: "&"): text += try reference()
            case let byte:
                try requireCharacter(byte)
                // The end of a line is one newline, however it is written.
                if byte == ASCII.carriageReturn {
                    text.append(ASCII.newline)
                    if position + 1 < bytes.count, bytes[position + 1] == ASCII.newline { position += 1 }
                } else {
                    text.append(byte)
                }
                position += 1
            }
        }
    }

    /// Passes the attributes of an element; whether it ends with them.
    private mutating func attributes(of element: String) throws(DataError) -> Bool {
        var names: Set<String> = []
        while true {
            let start = position
            skipSpace()
            if isNext("/>") {
                position += 2
                return true
            }
            if isNext(">") {
                position += 1
                return false
            }
            guard position > start else { throw fault("expected the end of the tag of \"\(element)\"") }
            let name = try name()
            guard names.insert(name).inserted else {
                throw fault("\"\(element)\" has the attribute \"\(name)\" twice", .duplicateKey)
            }
            skipSpace()
            try expect("=")
            skipSpace()
            guard position < bytes.count, [ASCII.quote, ASCII.apostrophe].contains(bytes[position]) else {
                throw fault("expected a quoted value of \"\(name)\"")
            }
            let quote = bytes[position]
            position += 1
            while position < bytes.count, bytes[position] != quote {
                switch bytes[position] {
                case UInt8(ascii: "<"): throw fault("a value of an attribute cannot contain \"<\"")
                case UInt8(ascii: "&"): _ = try reference()
                case let byte:
                    try requireCharacter(byte)
                    position += 1
                }
            }
            guard position < bytes.count else { throw fault("the value of \"\(name)\" does not end") }
            position += 1
        }
    }

    /// A name of ASCII; services use no others.
    private mutating func name() throws(DataError) -> String {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            let isFirst = position == start
            let isPart =
                ASCII.isLetter(byte) || byte == UInt8(ascii: "_")
                || (!isFirst && (ASCII.isDigit(byte) || [ASCII.minus, ASCII.colon, UInt8(ascii: ".")].contains(byte)))
            guard isPart else { break }
            position += 1
        }
        guard position > start else { throw fault("expected a name") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    // MARK: Characters

    /// What a reference stands for.
    private mutating func reference() throws(DataError) -> [UInt8] {
        let start = position + 1
        var end = start
        while end < bytes.count, end - start < 10, bytes[end] != UInt8(ascii: ";") { end += 1 }
        guard end < bytes.count, bytes[end] == UInt8(ascii: ";") else { throw fault("a reference does not end") }
        let body = String(decoding: bytes[start..<end], as: UTF8.self)
        let scalar: Unicode.Scalar?
        switch body {
        case "amp": scalar = "&"
        case "lt": scalar = "<"
        case "gt": scalar = ">"
        case "quot": scalar = "\""
        case "apos": scalar = "'"
        case _ where body.hasPrefix("#x"): scalar = Self.scalar(body.dropFirst(2), radix: 16)
        case _ where body.hasPrefix("#"): scalar = Self.scalar(body.dropFirst(), radix: 10)
        default: scalar = nil
        }
        guard let scalar else { throw fault("\"&\(body);\" is no reference that is known") }
        position = end + 1
        return Array(String(scalar).utf8)
    }

    private static func scalar(_ digits: Substring, radix: Int) -> Unicode.Scalar? {
        // A sign is no digit.
        guard digits.utf8.allSatisfy({ ASCII.isDigit($0) || ASCII.isLetter($0) }),
            let value = UInt32(digits, radix: radix), let scalar = Unicode.Scalar(value)
        else { return nil }
        let isAllowed =
            value >= 0x20 ? value != 0xFFFE && value != 0xFFFF : value == 0x09 || value == 0x0A || value == 0x0D
        return isAllowed ? scalar : nil
    }

    private func requireCharacter(_ byte: UInt8) throws(DataError) {
        guard byte >= 0x20 || Self.isSpace(byte) else { throw fault("a control character cannot stand in XML") }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == ASCII.space || byte == ASCII.tab || byte == ASCII.newline || byte == ASCII.carriageReturn
    }

    private mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    }

    private func isNext(_ text: StaticString) -> Bool {
        // Safety: a static string of ASCII has as many bytes as it says.
        let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        return bytes[position...].starts(with: wanted)
    }

    private mutating func expect(_ text: StaticString) throws(DataError) {
        guard isNext(text) else { throw fault("expected \"\(text)\"") }
        position += text.utf8CodeUnitCount
    }

    private func fault(_ message: String, _ code: DataError.Code = .syntax) -> DataError {
        let before = bytes.prefix(position)
        let line = before.count { $0 == ASCII.newline } + 1
        let column = before.count - (before.lastIndex(of: ASCII.newline).map { $0 + 1 } ?? 0) + 1
        return DataError(code, line: line, column: column, message)
    }
}
