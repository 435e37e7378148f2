// The filters of the query language: what may follow the colon.

internal import Formats

extension QueryFilter {
    /// The filter of a key; nil when the key is none and the text is a word.
    ///
    /// - Parameter source: what is searched.
    init?(key: String, value: QueryText, of source: SearchSource) throws(QueryError) {
        let range = value.range.lowerBound - key.utf8.count - 1..<value.range.upperBound
        func bad(_ wanted: String) -> QueryError {
            QueryError(
                code: .badValue, message: "\"\(key):\" is followed by \(wanted), not \"\(value.text)\"", range: range)
        }
        let others = source == .media ? ["to", "has", "is"] : ["type"]
        guard !others.contains(key) else {
            throw QueryError(
                code: .otherSource, message: "\"\(key):\" is for \(source == .media ? "posts" : "media") only",
                range: range)
        }
        func handle() throws(QueryError) -> String {
            let name = value.text.hasPrefix("@") ? String(value.text.dropFirst()) : value.text
            let bytes = Array(name.utf8)
            guard !bytes.isEmpty, bytes.count <= Limits.handleBytes,
                ASCIIText.nameEnd(bytes.span, from: 0) == bytes.count
            else { throw bad("a handle") }
            return name.lowercased()
        }
        func time() throws(QueryError) -> QueryTime {
            if let age = DurationText.parse(value.text) { return .ago(age) }
            do { return .at(try RFC3339.parse(value.text)) } catch {
                throw bad("a date such as 2026-01-31 or an age such as 24h")
            }
        }
        switch key {
        case "from": self = .from(try handle())
        case "to": self = .to(try handle())
        case "since": self = .since(try time())
        case "until": self = .until(try time())
        case "has":
            guard let attachment = Attachment(rawValue: value.text) else { throw bad("media or link") }
            self = .has(attachment)
        case "lang":
            let bytes = value.text.utf8
            guard 2...35 ~= bytes.count, bytes.allSatisfy({ ASCIIText.isWord($0) || $0 == UInt8(ascii: "-") }) else {
                throw bad("a language such as en")
            }
            self = .language(value.text.lowercased())
        case "is":
            guard value.text == "reply" else { throw bad("reply") }
            self = .isReply
        case "type":
            guard !value.text.isEmpty else { throw bad("image, film, file, or a type such as jpeg") }
            self = .type(MediaKind.name(value.text))
        default: return nil
        }
    }
}
