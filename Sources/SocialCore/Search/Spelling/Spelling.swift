// Which word is meant, by what was found for it: a choice by how often words occur and how easily one is written for
// another. It looks at the sums of all indexes alone, so it does not matter which of them has what.

internal import Glibc

/// A word that may have been meant.
package struct SpellingCandidate: Equatable, Sendable {
    /// The word.
    package let text: String
    /// How often it occurs.
    package var frequency: Int
    /// How many edits it is away.
    package let edits: Int
    /// How unlikely these edits are; a plain substitution counts 1.
    package let cost: Double

    /// A candidate.
    package init(text: String, frequency: Int, edits: Int, cost: Double) {
        self.text = text
        self.frequency = frequency
        self.edits = edits
        self.cost = cost
    }
}

/// What becomes of a word that somebody searches for.
package enum SpellingChoice: Equatable, Sendable {
    /// It stays.
    case keep
    /// It stays, and this may be asked for: "did you mean".
    case suggest(SpellingCandidate)
    /// This is searched for in its place.
    case replace(SpellingCandidate)
}

/// Chooses between words.
package enum Spelling {
    /// From how many documents on a word is taken for right.
    package static let rareDocuments = 10
    /// How many times as frequent a word must be to be suggested for one that occurs.
    package static let suggestionFactor = 20

    /// What becomes of a word.
    ///
    /// A word that occurs is never replaced, since somebody may have meant it; where it is rare, the likeliest word is
    /// suggested for it among those that are at least `suggestionFactor` times as frequent. A word that occurs nowhere
    /// is replaced by the likeliest.
    ///
    /// - Parameters:
    ///   - frequency: how often the word itself occurs.
    ///   - candidates: words near it, each once, with how often it occurs everywhere.
    package static func choose(
        frequency: Int, among candidates: [SpellingCandidate], rules: SpellingRules = .shipped
    ) -> SpellingChoice {
        let likeliest = candidates.filter { $0.frequency / suggestionFactor >= frequency }
            .map { (score: score($0, rules), candidate: $0) }
            .max { $0.score != $1.score ? $0.score < $1.score : $0.candidate.text > $1.candidate.text }
        guard let likeliest else { return .keep }
        return frequency > 0 ? .suggest(likeliest.candidate) : .replace(likeliest.candidate)
    }

    /// The logarithm of how likely a word is meant, but for a constant.
    private static func score(_ candidate: SpellingCandidate, _ rules: SpellingRules) -> Double {
        log(Double(max(1, candidate.frequency))) - rules.editWeight * candidate.cost
    }
}
