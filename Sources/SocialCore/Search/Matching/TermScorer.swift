// What one list gives to a document's score: BM25 as a whole number, in parts of 2⁻¹⁶, with the statistics of the whole
// network.

/// How many documents there are, and how long they are together.
package struct CollectionStatistics: Equatable, Sendable {
    /// Documents that live.
    package var documents = 0
    /// The terms that they have.
    package var totalLength = 0

    /// How many terms a document has on average.
    package var averageLength: Double { documents > 0 ? Double(totalLength) / Double(documents) : 0 }
}

/// How much documents of each length hold a term's worth back.
final class LengthShares {
    /// For lengths up to a bound; longer ones are computed.
    private let table: [Double]
    private let settings: BM25
    private let averageLength: Double

    init(_ settings: BM25, _ statistics: CollectionStatistics) {
        self.settings = settings
        let average = statistics.averageLength
        averageLength = average
        table = (0..<256).map { settings.heldBack(length: Double($0), averageLength: average) }
    }

    @inline(__always)
    subscript(length: Int) -> Double {
        length < 256 ? table[length] : settings.heldBack(length: Double(length), averageLength: averageLength)
    }
}

/// Scores the documents of one list.
final class TermScorer {
    /// Parts of one.
    static let unit = 65_536.0

    /// What the list is worth.
    let worth: Double
    private let scaled: Double
    private let lengths: LengthShares

    init(worth: Double, lengths: LengthShares) {
        self.worth = worth
        scaled = worth * TermScorer.unit
        self.lengths = lengths
    }

    /// No document scores more.
    var maximum: Int { Int(scaled.rounded(.up)) }

    /// What a document gets that has it so often.
    @inline(__always)
    func score(frequency: Int, length: Int) -> Int {
        let count = Double(frequency)
        return Int((scaled * count / (count + lengths[length])).rounded())
    }

    /// No document of a block scores more.
    @inline(__always)
    func bound(_ block: PostingBlock) -> Int {
        // Where a number was too large for the table there is no bound but the largest.
        guard block.most < 0xFFFF, block.shortest < 0xFFFF else { return maximum }
        return score(frequency: Int(block.most), length: Int(block.shortest))
    }
}
