// What is said of words that may be misspelled: a sentence for people, an object for programs, on the standard error.

internal import Formats
internal import SocialCore

extension Session {
    /// Says which words of a query were taken for others, or may have been meant as others.
    func note(_ corrections: [Correction], in query: String) throws {
        for isApplied in [true, false] {
            let chosen = corrections.filter { $0.isApplied == isApplied }
            if chosen.isEmpty { continue }
            let meant = query.corrected(by: chosen)
            guard printsJSON else {
                let name = "\"\(meant)\""
                try note(
                    isApplied
                        ? "showing results for \(name); --exact looks for what was written" : "did you mean \(name)?")
                continue
            }
            for correction in chosen {
                let note: JSONValue = [
                    "code": isApplied ? "corrected" : "did_you_mean", "written": .string(correction.written),
                    "meant": .string(correction.meant), "query": .string(meant),
                ]
                try self.note(JSONValue.object([.init("note", note)]).text)
            }
        }
    }
}

extension String {
    /// A query with some words replaced by what was meant: in their places, or, where these are not known, as words.
    fileprivate func corrected(by corrections: [Correction]) -> String {
        var bytes = Array(utf8)
        let placed = corrections.compactMap { correction in correction.range.map { ($0, correction.meant) } }
        for (range, meant) in placed.sorted(by: { $0.0.lowerBound > $1.0.lowerBound }) {
            bytes.replaceSubrange(range.clamped(to: 0..<bytes.count), with: meant.utf8)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let loose = corrections.filter { $0.range == nil }
        if loose.isEmpty { return text }
        return text.split(whereSeparator: \.isWhitespace).map { word in
            let name = word.drop { $0 == "@" }.lowercased()
            return loose.first { $0.written == name }?.meant ?? String(word)
        }.joined(separator: " ")
    }
}
