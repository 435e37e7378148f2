// An edge list becomes follows: the whole list is read and checked before the first edge is written, so that a bad
// line changes nothing. An edge that is there stays as it is, so an import that was stopped is simply repeated.

package import Formats

/// What an import of follows does with the names that it meets.
package struct FollowImport: Sendable {
    /// Whether each line means both directions.
    package var isUndirected = false
    /// What is put before each name to make it a handle.
    package var prefix = ""
    /// Whether accounts that are missing are made.
    package var createsAccounts = false
    /// How many edges share a transaction.
    package var batchRows = 4 * Limits.importBatchRows

    /// An import with the usual meaning: directed, names as they are, accounts must exist.
    package init(isUndirected: Bool = false, prefix: String = "", createsAccounts: Bool = false) {
        self.isUndirected = isUndirected
        self.prefix = prefix
        self.createsAccounts = createsAccounts
    }

    /// What an import did.
    package struct Summary: Equatable, Sendable {
        /// Edges that the list holds, counted in both directions when it is undirected.
        package var edges = 0
        /// Edges that are new.
        package var added = 0
        /// Accounts that were made.
        package var accountsCreated = 0
    }

    /// Reads an edge list and adds its edges.
    ///
    /// - Throws: `FileError` with line and column for a bad line, unless those are left out; nothing is written then.
    package func run(
        _ input: InputFile, _ badRows: BadRows, accounts: Accounts, graph: Graph
    ) throws -> Summary {
        try badRows.naming {
            var list = EdgeList(prefix: prefix)
            try list.read(input, badRows)
            var summary = Summary()
            let ids: [String: UserID]
            if createsAccounts {
                let made = try accounts.ensure(list.usedHandles)
                ids = made.ids
                summary.accountsCreated = made.created
            } else {
                ids = try accounts.ids(of: list.usedHandles)
            }
            let resolved = list.handles.map { ids[$0.key] }
            var edges: [(follower: UserID, followee: UserID)] = []
            edges.reserveCapacity(list.edges.count * (isUndirected ? 2 : 1))
            for (source, target) in list.edges {
                guard let source = resolved[Int(source)], let target = resolved[Int(target)] else { continue }
                edges.append((source, target))
            }
            if edges.count < list.edges.count { try list.takeUnknown(input, badRows, resolved) }
            if isUndirected { edges += edges.map { ($0.followee, $0.follower) } }
            summary.edges = edges.count
            summary.added = try graph.add(edges, batchRows: batchRows)
            return summary
        }
    }
}

/// The names of an edge list, and its edges between them.
private struct EdgeList {
    let prefix: String
    private(set) var handles: [Handle] = []
    private(set) var edges: [(UInt32, UInt32)] = []
    private var numbers: [String: UInt32] = [:]

    init(prefix: String) { self.prefix = prefix }

    /// The handles between which there are edges: a bad line may hold others.
    var usedHandles: [Handle] {
        var isUsed = [Bool](repeating: false, count: handles.count)
        for (source, target) in edges {
            isUsed[Int(source)] = true
            isUsed[Int(target)] = true
        }
        return zip(handles, isUsed).compactMap { $1 ? $0 : nil }
    }

    /// Reads a list.
    mutating func read(_ input: InputFile, _ badRows: BadRows) throws {
        var reader = EdgeListReader(LineReader(source: try input.open()))
        while true {
            let edge: EdgeListReader.Edge
            do {
                guard let next = try reader.next() else { break }
                edge = next
            } catch {
                try badRows.take(error, reader.lastLine)
                continue
            }
            do { edges.append(try ends(of: edge)) } catch { try badRows.take(error, edge.row) }
        }
        if edges.isEmpty, badRows.count == 0 {
            throw DataError(.syntax, line: 1, column: 1, "there is no edge in the file")
        }
    }

    /// Takes the lines that name an account which is not there: only when all names are known can that be said.
    func takeUnknown(_ input: InputFile, _ badRows: BadRows, _ resolved: [UserID?]) throws {
        var list = self
        var reader = EdgeListReader(LineReader(source: try input.open()))
        while true {
            let edge: EdgeListReader.Edge
            do {
                guard let next = try reader.next() else { break }
                edge = next
            } catch { continue }
            guard let (source, target) = try? list.ends(of: edge) else { continue }
            let unknown: (index: UInt32, column: Int)
            if resolved[Int(source)] == nil {
                unknown = (source, edge.sourceColumn)
            } else if resolved[Int(target)] == nil {
                unknown = (target, edge.targetColumn)
            } else {
                continue
            }
            let message =
                "there is no account \"\(handles[Int(unknown.index)])\" (--create-users makes what is missing)"
            try badRows.take(DataError(.syntax, line: edge.line, column: unknown.column, message), edge.row)
        }
    }

    /// The numbers of the names of an edge.
    private mutating func ends(of edge: EdgeListReader.Edge) throws(DataError) -> (UInt32, UInt32) {
        let source = try number(edge.source, edge.line, edge.sourceColumn)
        let target = try number(edge.target, edge.line, edge.targetColumn)
        guard source != target else {
            throw DataError(
                .syntax, line: edge.line, column: edge.targetColumn,
                "\"\(handles[Int(source)])\" cannot follow itself")
        }
        return (source, target)
    }

    /// The number of a name, which is new when it has none.
    private mutating func number(
        _ name: ArraySlice<UInt8>, _ line: Int, _ column: Int
    ) throws(DataError) -> UInt32 {
        let text = prefix + (try TextEncoding.decode(name, line: line, column: column))
        if let known = numbers[text] { return known }
        let handle: Handle
        do { handle = try Handle(text) } catch {
            throw DataError(.syntax, line: line, column: column, "\"\(text)\": \(error)")
        }
        let next = UInt32(handles.count)
        // Names that differ only in case are one account.
        let index = numbers[handle.key] ?? next
        if index == next { handles.append(handle) }
        numbers[handle.key] = index
        numbers[text] = index
        return index
    }
}
