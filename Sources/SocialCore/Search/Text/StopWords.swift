// English words that say how a sentence is built and not what it is about. They are indexed, since phrases need them;
// a ranked query with other words in it goes without: they would only make long lists long.

/// The function words of English.
package enum StopWords {
    /// Whether a folded word is one of them.
    package static func contains(_ word: String) -> Bool { words.contains(word) }

    // An array: a set of them costs a command more to make than looking through it.
    private static let words = [
        "a", "about", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "did", "do", "does",
        "for",
        "from", "had", "has", "have", "he", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my", "no", "not",
        "of", "on", "or", "our", "she", "so", "such", "than", "that", "the", "their", "them", "then", "there", "these",
        "they", "this", "those", "to", "was", "we", "were", "what", "when", "where", "which", "who", "why", "will",
        "with",
        "would", "you", "your",
    ]
}
