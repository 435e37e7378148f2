// An inverted index in memory, as plain as can be: the model that the index of a shard is tested against, and what
// ranking settings are measured with.

/// Documents, found by their terms and ranked with BM25.
package struct MemoryIndex: Sendable {
    /// A document that was found.
    package struct Hit: Equatable, Sendable {
        /// Its number, in the order of adding.
        package let document: Int
        /// Its score.
        package let score: Double
    }

    private struct Posting {
        let document: Int
        var frequency: Double
    }

    private var postings: [String: [Posting]] = [:]
    private var lengths: [Double] = []
    private var totalLength = 0.0

    /// No documents.
    package init() {}

    /// Adds a document, given as the terms of its fields and what an occurrence in each counts.
    package mutating func add(_ fields: [(terms: [String], weight: Double)]) {
        let document = lengths.count
        var length = 0.0
        for field in fields {
            length += Double(field.terms.count) * field.weight
            for term in field.terms {
                var list = postings.removeValue(forKey: term) ?? []
                if let last = list.indices.last, list[last].document == document {
                    list[last].frequency += field.weight
                } else {
                    list.append(Posting(document: document, frequency: field.weight))
                }
                postings[term] = list
            }
        }
        lengths.append(length)
        totalLength += length
    }

    /// How many documents have a term.
    package func documentCount(of term: String) -> Int { postings[term]?.count ?? 0 }

    /// The documents with at least `minimumMatch` of the query's different terms, best first, older first among equals.
    package func search(_ terms: [String], minimumMatch: Int = 1, settings: BM25 = .shipped) -> [Hit] {
        var scores = [Double](repeating: 0, count: lengths.count)
        var matches = [Int](repeating: 0, count: lengths.count)
        var counts: [(term: String, count: Int)] = []
        for term in terms {
            if let place = counts.firstIndex(where: { $0.term == term }) {
                counts[place].count += 1
            } else {
                counts.append((term, 1))
            }
        }
        let averageLength = totalLength / Double(max(1, lengths.count))
        for (term, count) in counts {
            let list = postings[term] ?? []
            let worth = Double(count) * settings.rarity(documents: lengths.count, containing: list.count)
            for posting in list {
                let share = settings.share(
                    frequency: posting.frequency, length: lengths[posting.document], averageLength: averageLength)
                scores[posting.document] += worth * share
                matches[posting.document] += 1
            }
        }
        return matches.indices.filter { matches[$0] >= max(1, minimumMatch) }
            .map { Hit(document: $0, score: scores[$0]) }
            .sorted { $0.score != $1.score ? $0.score > $1.score : $0.document < $1.document }
    }
}
