// Sets of documents of one segment, a bit for each.

/// A set of documents of a segment.
package struct DocumentSet: Sendable {
    /// A bit for each document, up to the last.
    private var words: [UInt64] = []
    /// How many it has.
    package private(set) var count = 0

    /// An empty set.
    package init() {}

    /// Whether a document is in it.
    @inline(__always)
    func contains(_ document: UInt32) -> Bool {
        let word = Int(document >> 6)
        return word < words.count && words[word] >> UInt64(document & 63) & 1 == 1
    }

    /// Adds a document; false when it was there.
    @discardableResult
    mutating func insert(_ document: UInt32) -> Bool {
        if contains(document) { return false }
        let word = Int(document >> 6)
        if word >= words.count { words += repeatElement(0, count: word + 1 - words.count) }
        words[word] |= 1 << UInt64(document & 63)
        count += 1
        return true
    }

    /// The documents, ascending.
    var documents: [UInt32] {
        var documents: [UInt32] = []
        documents.reserveCapacity(count)
        for (number, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                documents.append(UInt32(truncatingIfNeeded: 64 * number + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return documents
    }
}
