// All rows of a source's truth, one after another in one order that does not depend on where rows live: what digest,
// export and verification read. Because each source keeps the order, those of several are merged without being held.

/// Steps through the rows of a source.
package final class RowCursor {
    /// What a step finds.
    package enum Step: Sendable {
        /// A row that matches its hash.
        case row(TruthRow)
        /// A row that matches its hash and belongs to a slot of another source: it has not gone yet, or just come.
        case hidden(TruthRow)
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
        while let step = try next() {
            switch step {
            case .row(let row): return row
            case .hidden: continue
            case .damage(let name):
                throw StorageError(.damaged, "\(name) in shard \(shard) is damaged", hint: "run \"social verify\"")
            }
        }
        return nil
    }
}

extension StoreReader {
    /// Calls a closure for every row of truth, in order.
    ///
    /// Rows whose stored hash does not match are reported to `damaged`, those of slots on the move to `hidden`.
    package func forEachRow(
        damaged: (String) throws -> Void, hidden: (TruthRow) throws -> Void = { _ in },
        _ visit: (TruthRow) throws -> Void
    ) throws {
        let cursor = try rows()
        while let step = try cursor.next() {
            switch step {
            case .row(let row): try visit(row)
            case .hidden(let row): try hidden(row)
            case .damage(let name): try damaged(name)
            }
        }
    }
}

extension StoreReader {
    /// How many rows are shown.
    ///
    /// Cost: a look at the slots; while some are on the move, at all rows.
    package func shownRows() throws -> Int64 {
        guard try slots().contains(where: { $0.state == .incoming || $0.state == .outgoing }) else {
            return try state().rows
        }
        var count: Int64 = 0
        try forEachRow(damaged: { _ in }, { _ in count += 1 })
        return count
    }
}

/// The place of a row: accounts first, those that are gone, handles, follows, posts, their earlier versions, posts that
/// are gone, relations, remembered commands, uploads and those that are gone, each by key.
package struct RowKey: Hashable, Comparable {
    /// Which table, in the order above, from 0.
    package let kind: Int
    /// The first number of the key; 0 where it has none.
    package private(set) var first: Int64 = 0
    /// The second.
    package private(set) var second: Int64 = 0
    /// The third.
    package private(set) var third: Int64 = 0
    /// The text of the key; empty where it has none.
    package private(set) var text = ""

    /// The number of kinds.
    package static let kinds = 11
    /// Before all rows.
    package static let start = RowKey(kind: -1)

    /// The place with the parts of a key.
    package init(
        kind: Int, first: Int64 = 0, second: Int64 = 0, third: Int64 = 0, text: String = ""
    ) {
        self.kind = kind
        (self.first, self.second, self.third) = (first, second, third)
        self.text = text
    }

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
        case .media(let media): (kind, first) = (9, media.id.rawValue)
        case .formerMedia(let id): (kind, first) = (10, id.rawValue)
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
