// How well a post answers a query by its words alone: BM25 (Robertson and Zaragoza, "The Probabilistic Relevance
// Framework", 2009), with the statistics of the whole network, so that a post's score does not depend on its shard.

internal import Glibc

/// The settings of BM25, and its formulas.
package struct BM25: Equatable, Sendable {
    /// How soon further occurrences of a term cease to count.
    package let saturation: Double
    /// How much long texts are held back: 0 not at all, 1 in full proportion.
    package let lengthShare: Double

    /// The settings that ship; measured by `search-bench cranfield`.
    package static let shipped = BM25(saturation: 1.6, lengthShare: 0.7)

    /// Settings: `saturation` is called k1 in the literature, `lengthShare` b.
    package init(saturation: Double, lengthShare: Double) {
        self.saturation = saturation
        self.lengthShare = lengthShare
    }

    /// What a term is worth that so many of so many documents have; never negative.
    package func rarity(documents: Int, containing: Int) -> Double {
        let count = Double(containing)
        return log(1 + (Double(documents) - count + 0.5) / (count + 0.5))
    }

    /// How much of its worth a term gives to a document, from 0 to nearly 1.
    ///
    /// - Parameters:
    ///   - frequency: how often the document has the term, weighted by field.
    ///   - length: how many terms the document has.
    ///   - averageLength: the same over all documents.
    package func share(frequency: Double, length: Double, averageLength: Double) -> Double {
        frequency > 0 ? frequency / (frequency + heldBack(length: length, averageLength: averageLength)) : 0
    }

    /// The frequency at which a document of some length gets half of a term's worth.
    package func heldBack(length: Double, averageLength: Double) -> Double {
        let relativeLength = averageLength > 0 ? length / averageLength : 1
        return saturation * (1 - lengthShare + lengthShare * relativeLength)
    }
}
