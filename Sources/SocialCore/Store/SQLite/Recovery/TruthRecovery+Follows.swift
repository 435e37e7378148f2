// Edges have no hash each, but a number and a sum for each follower, and they are kept in both directions: together
// these tell which edges are what they were.

internal import GRDB

extension TruthRecovery {
    /// The edges of one follower, as they were found.
    private struct Found {
        var edges: [FollowRecord] = []
        var count: Int64 = 0
        var sum: UInt64 = 0

        var isProved: Bool { edges.count == count && edges.reduce(0) { $0 &+ $1.mixed } == sum }

        /// These edges and one more, which is its follower's.
        func with(_ edge: FollowRecord, of follower: UserID) -> (follower: UserID, part: Found) {
            var part = self
            part.edges.append(FollowRecord(follower: follower, followee: edge.followee, since: edge.since))
            return (follower, part)
        }
    }

    /// Takes all edges over that are proved.
    func recoverFollows() throws {
        var found: [UserID: Found] = [:]
        try forEachEdge { found[$0.follower, default: Found()].edges.append($0) }
        try salvage({ "SELECT follower, count, sum FROM edges ORDER BY follower\($0 ? " DESC" : "")" }) { row in
            let follower = UserID(rawValue: row.integer(0))
            found[follower, default: Found()].count = row.integer(1)
            found[follower, default: Found()].sum = UInt64(bitPattern: row.integer(2))
        }
        let doubtful = found.filter { !$0.value.isProved }.map(\.key).sorted()
        var turned: [UserID: [UserID]] = [:]
        if !doubtful.isEmpty {
            try salvage({
                let order = $0 ? "followee DESC, follower DESC" : "followee, follower"
                return "SELECT followee, follower FROM follower ORDER BY \(order)"
            }) { row in
                turned[UserID(rawValue: row.integer(1)), default: []].append(UserID(rawValue: row.integer(0)))
            }
        }
        var strays: [FollowRecord] = []
        for follower in doubtful {
            guard let part = found[follower] else { continue }
            found[follower] = mended(part) ?? confirmed(part, by: turned[follower] ?? [], &strays)
        }
        for edge in strays {
            // It may be another follower's, whose name was turned.
            let owner = (0..<Int64.bitWidth).lazy.map { UserID(rawValue: edge.follower.rawValue ^ 1 << $0) }
                .compactMap { [found] in found[$0]?.with(edge, of: $0) }.first { $0.part.isProved }
            if let owner {
                found[owner.follower] = owner.part
                noteMended()
            } else {
                reject(values(edge), of: "follow")
            }
        }
        for (_, part) in found.sorted(by: { $0.key < $1.key }) {
            for edge in part.edges { try take(.follow(edge), values(edge), "follow") }
        }
    }

    private func forEachEdge(_ visit: (FollowRecord) -> Void) throws {
        var seen: Set<FollowRecord> = []
        var isSecond = false
        try salvage({ backwards in
            isSecond = backwards
            return "SELECT follower, followee, since FROM follow ORDER BY "
                + (backwards ? "follower DESC, followee DESC" : "follower, followee")
        }) { row in
            let edge = FollowRecord(
                follower: UserID(rawValue: row.integer(0)), followee: UserID(rawValue: row.integer(1)),
                since: Timestamp(milliseconds: row.integer(2)))
            if seen.insert(edge).inserted || !isSecond { visit(edge) }
        }
    }

    /// Edges with the one turned bit put right that makes them agree with their sum; nil when there is none.
    private func mended(_ part: Found) -> Found? {
        let sum = part.edges.reduce(UInt64(0)) { $0 &+ $1.mixed }
        var result = part
        result.count = Int64(part.edges.count)
        result.sum = sum
        // The number or the sum was turned, and not an edge.
        let isNumber = sum == part.sum && (part.count ^ result.count).nonzeroBitCount == 1
        let isSum = part.count == result.count && (sum ^ part.sum).nonzeroBitCount == 1
        if isNumber || isSum {
            noteMended()
            return result
        }
        guard part.count == result.count else { return nil }
        for (index, edge) in part.edges.enumerated() {
            let rest = sum &- edge.mixed
            for bit in 0..<Int64.bitWidth {
                var (one, other) = (edge, edge)
                one.followee = UserID(rawValue: edge.followee.rawValue ^ 1 << bit)
                other.since = Timestamp(milliseconds: edge.since.milliseconds ^ 1 << bit)
                for candidate in [one, other] where rest &+ candidate.mixed == part.sum {
                    result.edges[index] = candidate
                    noteMended()
                    return result
                }
            }
        }
        return nil
    }

    /// The edges that the other direction knows too; the others are told apart.
    private func confirmed(_ part: Found, by followees: [UserID], _ strays: inout [FollowRecord]) -> Found {
        let known = Set(followees)
        var result = part
        result.edges = part.edges.filter { known.contains($0.followee) }
        strays += part.edges.filter { !known.contains($0.followee) }
        return result
    }

    private func values(_ edge: FollowRecord) -> [StoredValue] {
        [.integer(edge.follower.rawValue), .integer(edge.followee.rawValue), .integer(edge.since.milliseconds)]
    }
}
