// All rows of a source's truth, one after another in one order that does not depend on where rows live: what digest,
// export and verification read. Because each source keeps the order, those of several are merged without being held.

/// Steps through the rows of a source.
package final class RowCursor {
    /// What a step finds.
    package enum Step: Sendable {
        /// A row that matches its hash.
        case row(TruthRow)
        /// The name of something that does not.
        case damage(String)
    }

    private var stages: ArraySlice<() throws -> Step?>

    /// A cursor over stages, each of which gives nil when it has no more.
    package init(_ stages: [() throws -> Step?]) { self.stages = stages[...] }

    /// A cursor over rows that are in memory and in order.
    package convenience init(_ rows: [TruthRow]) {
        var rest = rows[...]
        self.init([{ rest.popFirst().map { .row($0) } }])
    }

    /// The next row; nil at the end.
    package func next() throws -> Step? {
        while let stage = stages.first {
            if let step = try stage() { return step }
            stages.removeFirst()
        }
        return nil
    }

    /// The next row, where damage ends it all; nil at the end.
    ///
    /// - Throws: `damaged`.
    package func nextRow(in shard: Int) throws -> TruthRow? {
        switch try next() {
        case nil: return nil
        case .row(let row): return row
        case .damage(let name):
            throw StorageError(.damaged, "\(name) in shard \(shard) is damaged", hint: "run \"social verify\"")
        }
    }
}

extension StoreReader {
    /// Calls a closure for every row of truth, in order.
    ///
    /// Rows whose stored hash does not match are reported to `damaged`.
    package func forEachRow(damaged: (String) throws -> Void, _ visit: (TruthRow) throws -> Void) throws {
        let cursor = try rows()
        while let step = try cursor.next() {
            switch step {
            case .row(let row): try visit(row)
            case .damage(let name): try damaged(name)
            }
        }
    }
}

/// The place of a row: accounts first, those that are gone, handles, follows, posts, their earlier versions, posts that
/// are gone, relations and remembered commands, each by key.
package struct RowKey: Comparable {
    private let kind: Int
    private var first: Int64 = 0
    private var second: Int64 = 0
    private var third: Int64 = 0
    private var text = ""

    /// The place of a row.
    package init(_ row: TruthRow) {
        switch row {
        case .account(let account): (kind, first) = (0, account.id.rawValue)
        case .formerAccount(let id): (kind, first) = (1, id.rawValue)
        case .handle(let key, _): (kind, text) = (2, key)
        case .follow(let edge): (kind, first, second) = (3, edge.follower.rawValue, edge.followee.rawValue)
        case .post(let post): (kind, first) = (4, post.id.rawValue)
        case .version(let version): (kind, first, second) = (5, version.post.rawValue, version.number)
        case .tombstone(let id): (kind, first) = (6, id.rawValue)
        case .relation(let relation):
            (kind, first) = (7, relation.kind.rawValue)
            (second, third) = (relation.actor.rawValue, relation.target.rawValue)
        case .operation(let operation):
            (kind, first) = (8, operation.account.rawValue)
            text = "\(operation.verb)\0\(operation.key)"
        }
    }

    /// By kind and key.
    package static func < (left: RowKey, right: RowKey) -> Bool {
        if left.kind != right.kind { return left.kind < right.kind }
        if left.first != right.first { return left.first < right.first }
        if left.second != right.second { return left.second < right.second }
        if left.third != right.third { return left.third < right.third }
        // By bytes, as the stores order texts: not by the rules of Unicode.
        return left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}
