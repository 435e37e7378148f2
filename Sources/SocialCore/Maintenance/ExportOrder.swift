// The order of an export: accounts, handles, follows, posts, deleted posts, remembered commands, each by key. It does
// not depend on where rows live, so the bytes are the same for any number of shards.

/// The place of a row in an export.
struct ExportKey: Comparable {
    private let kind: Int
    private var first: Int64 = 0
    private var second: Int64 = 0
    private var text = ""

    /// The place of a row.
    init(_ row: TruthRow) {
        switch row {
        case .account(let account): (kind, first) = (0, account.id.rawValue)
        case .handle(let key, _): (kind, text) = (2, key)
        case .follow(let edge): (kind, first, second) = (3, edge.follower.rawValue, edge.followee.rawValue)
        case .post(let post): (kind, first) = (4, post.id.rawValue)
        case .tombstone(let id): (kind, first) = (6, id.rawValue)
        case .operation(let operation):
            (kind, first, text) = (8, operation.account.rawValue, "\(operation.verb)\0\(operation.key)")
        }
    }

    static func < (left: ExportKey, right: ExportKey) -> Bool {
        if left.kind != right.kind { return left.kind < right.kind }
        if left.first != right.first { return left.first < right.first }
        if left.second != right.second { return left.second < right.second }
        // By bytes, as the store orders them: not by the rules of Unicode.
        return left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}
