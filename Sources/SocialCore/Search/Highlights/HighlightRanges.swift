// Ranges of a text that are marked.

/// What can be done with marked ranges.
package enum HighlightRanges {
    /// Ranges of UTF-8 bytes as ranges of Unicode scalars, in which Python, jq and SQLite count characters.
    ///
    /// - Parameter ranges: ascending ranges that begin and end between scalars.
    package static func scalars(_ ranges: [Range<Int>], in text: String) -> [Range<Int>] {
        var bytes = 0
        var scalars = 0
        var scalar = text.unicodeScalars.startIndex
        func count(to offset: Int) -> Int {
            while bytes < offset, scalar < text.unicodeScalars.endIndex {
                bytes += UTF8.width(text.unicodeScalars[scalar])
                scalars += 1
                scalar = text.unicodeScalars.index(after: scalar)
            }
            return scalars
        }
        return ranges.map { range in
            let start = count(to: range.lowerBound)
            return start..<count(to: range.upperBound)
        }
    }

    /// Ranges in ascending order, those in one that overlap or touch.
    static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
        var merged: [Range<Int>] = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
            if let last = merged.last, range.lowerBound <= last.upperBound {
                merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
        return merged
    }

    /// A range of bytes with all of the characters that it has a part of; it must not be empty.
    static func wholeCharacters(_ range: Range<Int>, in text: String) -> Range<Int> {
        let utf8 = text.utf8
        // What lies behind an index of a string lies behind the character in which that is.
        let first = utf8.index(utf8.startIndex, offsetBy: range.lowerBound)
        let last = utf8.index(utf8.startIndex, offsetBy: range.upperBound - 1)
        let start = text.index(before: text.index(after: first))
        let end = text.index(after: last)
        return utf8.distance(from: utf8.startIndex, to: start)..<utf8.distance(from: utf8.startIndex, to: end)
    }
}
