// How far a word may be from the term that is meant, and what weighs how much in the choice.

/// The settings of spelling correction.
package struct SpellingRules: Equatable, Sendable {
    /// From how many letters on a word may be one edit away.
    package let oneEditLetters: Int
    /// From how many letters on a word may be two edits away.
    package let twoEditLetters: Int
    /// How many powers of e in frequency outweigh one plain edit.
    package let editWeight: Double

    /// What ships: Meilisearch and others have found these lengths good for search.
    package static let shipped = SpellingRules(oneEditLetters: 5, twoEditLetters: 9)
    /// Two edits at any length, as spelling checkers have it.
    package static let generous = SpellingRules(oneEditLetters: 1, twoEditLetters: 1)

    /// Rules by length.
    package init(oneEditLetters: Int, twoEditLetters: Int, editWeight: Double = 10) {
        self.oneEditLetters = oneEditLetters
        self.twoEditLetters = twoEditLetters
        self.editWeight = editWeight
    }

    /// The edits that a word of so many letters may be away.
    func edits(letters: Int) -> Int { letters >= twoEditLetters ? 2 : letters >= oneEditLetters ? 1 : 0 }
}
