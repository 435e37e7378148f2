// What was probably meant by a word that stands in a query.

/// A word of a query and what may have been meant by it.
package struct Correction: Equatable, Sendable {
    /// The word as it was written, folded.
    package var written: String
    /// What was probably meant.
    package var meant: String
    /// Where the word stands in the query, in UTF-8 bytes; nil where it is a word of a list.
    package var range: Range<Int>?
    /// Whether it was looked for instead.
    package var isApplied: Bool
}
