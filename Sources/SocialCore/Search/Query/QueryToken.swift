// The first half of reading a query: its text into signs, words and quoted phrases.

/// A token of a query.
struct QueryToken: Equatable {
    enum Kind: Equatable {
        case open
        case close
        case and
        case or
        /// `+`, right before what it is for.
        case plus
        /// `-` or `NOT`.
        case minus
        case word
        /// What stands between quotes; the range is that of the quotes.
        case phrase
    }

    let kind: Kind
    let range: Range<Int>
}

/// Cuts a query into tokens.
enum QueryLexer {
    static func tokens(_ text: [UInt8]) throws(QueryError) -> [QueryToken] {
        var tokens: [QueryToken] = []
        var index = 0
        while index < text.count {
            let start = index
            let byte = text[index]
            index += 1
            switch byte {
            case 0...0x20: continue
            case UInt8(ascii: "("): tokens.append(QueryToken(kind: .open, range: start..<index))
            case UInt8(ascii: ")"): tokens.append(QueryToken(kind: .close, range: start..<index))
            case UInt8(ascii: "\""):
                guard let end = text[index...].firstIndex(of: byte) else {
                    throw QueryError(
                        code: .unclosedQuote, message: "the quote is never closed", range: start..<text.count)
                }
                index = end + 1
                tokens.append(QueryToken(kind: .phrase, range: start..<index))
            case UInt8(ascii: "+"), UInt8(ascii: "-"):
                // By itself it is punctuation.
                guard index < text.count, text[index] > 0x20, text[index] != UInt8(ascii: ")") else { continue }
                tokens.append(QueryToken(kind: byte == UInt8(ascii: "+") ? .plus : .minus, range: start..<index))
            default:
                while index < text.count, !endsWord(text[index]) { index += 1 }
                tokens.append(QueryToken(kind: kind(of: text[start..<index]), range: start..<index))
            }
        }
        return tokens
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte <= 0x20 || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") || byte == UInt8(ascii: "\"")
    }

    private static func kind(of word: ArraySlice<UInt8>) -> QueryToken.Kind {
        if word.elementsEqual("AND".utf8) { return .and }
        if word.elementsEqual("OR".utf8) { return .or }
        return word.elementsEqual("NOT".utf8) ? .minus : .word
    }
}
