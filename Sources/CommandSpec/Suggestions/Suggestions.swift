// What may have been meant. Only errors come here, so every noun may be built. Order is deterministic: by distance,
// then by how the candidate was found, then by declaration.

/// Finds lines to try instead of one that is wrong.
struct Suggestions {
    /// The most that an error offers.
    static let limit = 3

    let specification: Specification

    init(_ specification: Specification) {
        self.specification = specification
    }

    /// The known words that are near a typed one, nearest first.
    static func nearest(to typed: String, among known: [String]) -> [String] {
        var candidates = Candidates<String>()
        for word in known {
            if let distance = nearness(of: typed, to: word) { candidates.add(word, distance, 0) }
        }
        return candidates.best(limit)
    }
}

/// Candidates with their ranks, in the order in which they were found.
struct Candidates<Value: Equatable> {
    private var found: [(value: Value, rank: (Int, Int, Int))] = []

    /// Kinds count from 0, the likeliest; from 2 on they are far-fetched.
    mutating func add(_ value: Value, _ distance: Int, _ kind: Int) {
        found.append((value, (distance, kind, found.count)))
    }

    /// The best ones, each once; nothing far-fetched where something likely is at hand.
    func best(_ limit: Int) -> [Value] {
        let isLikely = found.contains { $0.rank.1 == 0 }
        let kept = found.filter { $0.rank.1 < 2 || !isLikely }
        var result: [Value] = []
        for candidate in kept.sorted(by: { $0.rank < $1.rank }) where !result.contains(candidate.value) {
            result.append(candidate.value)
            if result.count == limit { break }
        }
        return result
    }
}

extension Specification {
    /// The words that a line may begin with.
    var firstWords: [String] { nouns.map(\.name) + verbs.filter { !$0.isHidden }.map(\.verb) }
}
