// What a network of another size would look like: the estimate behind `feed simulate --accounts`.
//
// Each account stands for N/n accounts that are followed, post and are active as it does. Only the account with the
// most followers is different: the larger a network is, the further its tail reaches. Its N/n accounts follow a Pareto
// tail whose exponent is estimated from the top hundredth (B. M. Hill, "A simple general approach to inference about
// the tail of a distribution", 1975).

internal import Glibc

/// How the accounts that were counted stand for those of a network of another size.
struct FeedScale {
    /// How many accounts the other network has.
    let accounts: Int
    /// Whether that is not the number that was counted.
    let isEstimate: Bool
    /// How many accounts each account stands for.
    let weight: Double
    private let body: [Part]
    /// The number of the account with the most followers.
    private let largest: Int?
    /// The parts for which that one stands.
    private let tail: [Part]

    /// Some accounts of the other network for which a counted one stands.
    struct Part {
        /// How many they are.
        var weight: Double
        /// How many times as many followers they have.
        var growth: Double
    }

    /// Scales from the followers of each account that was counted to a number of accounts; nil: what was counted.
    init(from followers: [UInt32], to accounts: Int?) {
        self.accounts = accounts ?? followers.count
        isEstimate = self.accounts != followers.count
        weight = followers.isEmpty ? 0 : Double(self.accounts) / Double(followers.count)
        body = [Part(weight: weight, growth: 1)]
        let largest = followers.indices.max { (followers[$0], $1) < (followers[$1], $0) }
        let exponent = weight > 1 ? FeedScale.tailExponent(of: followers) : nil
        self.largest = exponent == nil ? nil : largest
        guard let exponent, let largest else {
            tail = []
            return
        }
        let most = Double(self.accounts - 1) / Double(followers[largest])
        var parts: [Part] = []
        // Ranks from the top, in steps that double: 1, 2–3, 4–7, …
        var rank = 0.5
        while rank < weight + 0.5 {
            let end = min(rank * 2 + 0.5, weight + 0.5)
            let growth = pow(weight / ((rank + end) / 2), 1 / exponent)
            parts.append(Part(weight: end - rank, growth: min(max(growth, 1), most)))
            rank = end
        }
        tail = parts
    }

    /// The accounts for which a counted one stands.
    func parts(of account: Int) -> [Part] { account == largest ? tail : body }

    /// How fast the number of accounts with more than so many followers falls; nil where there is too little to tell.
    private static func tailExponent(of followers: [UInt32]) -> Double? {
        let top = followers.sorted(by: >).prefix(followers.count / 100 + 1)
        guard top.count > 10, let least = top.last, least > 0 else { return nil }
        let sum = top.dropLast().reduce(0) { $0 + log(Double($1) / Double(least)) }
        return sum > 0 ? Double(top.count - 1) / sum : nil
    }
}
