// How well a post answers, weighed with what others did with it and with its age:
//
//     score = relevance · log2(2 + points) · 2^(−age / half-life),  points = likes + 2 · replies + 2 · reposts
//
// All scores decay alike, so their order does not depend on the present time, and a post's place is a whole number of
// milliseconds: when a post that nobody has noticed, of relevance 1, would have had to be made to score as much.

internal import Glibc

/// Where a post stands under `top`.
struct SearchPlace: Equatable {
    /// The place: the larger, the further in front.
    let milliseconds: Int64

    /// The place of a post.
    init(relevance: Double, _ engagement: Engagement, id: PostID) {
        let gain = log2(max(relevance, 1 / TermScorer.unit)) + log2(engagement.weight)
        milliseconds =
            id.time.milliseconds + Int64((gain * Double(Limits.searchHalfLifeMilliseconds)).rounded())
    }

    /// The score at a time, to six decimals.
    func score(at now: Timestamp) -> Double {
        let lead = Double(milliseconds - now.milliseconds) / Double(Limits.searchHalfLifeMilliseconds)
        return (exp2(lead) * 1_000_000).rounded() / 1_000_000
    }
}
