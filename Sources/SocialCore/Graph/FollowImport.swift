// An edge list becomes follows: the whole list is read and checked before the first edge is written, so that a bad
// line changes nothing.

package import Formats

/// What an import of follows does with the names that it meets.
package struct FollowImport: Sendable {
    /// Whether each line means both directions.
    package var isUndirected = false
    /// What is put before each name to make it a handle.
    package var prefix = ""
    /// Whether accounts that are missing are made.
    package var createsAccounts = false

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
    /// - Throws: `DataError` with line and column for anything that is no edge; nothing is written then.
    package func run(_ lines: LineReader, accounts: Accounts, graph: Graph) throws -> Summary {
        var list = try read(lines)
        let ids: [String: UserID]
        var summary = Summary(edges: list.edges.count * (isUndirected ? 2 : 1))
        if createsAccounts {
            let made = try accounts.ensure(list.handles)
            ids = made.ids
            summary.accountsCreated = made.created
        } else {
            ids = try accounts.ids(of: list.handles)
        }
        var resolved: [UserID] = []
        resolved.reserveCapacity(list.handles.count)
        for (index, handle) in list.handles.enumerated() {
            guard let id = ids[handle.key] else {
                throw DataError(
                    .syntax, line: list.firstLines[index], column: 1,
                    "there is no account \"\(handle)\" (make missing accounts with --create-users)")
            }
            resolved.append(id)
        }
        if isUndirected { list.edges += list.edges.map { ($0.1, $0.0) } }
        summary.added = try graph.add(list.edges.map { (resolved[Int($0.0)], resolved[Int($0.1)]) })
        return summary
    }

    private struct EdgeList {
        var handles: [Handle] = []
        /// The line on which each handle stands first.
        var firstLines: [Int] = []
        var edges: [(UInt32, UInt32)] = []
    }

    private func read(_ lines: LineReader) throws(DataError) -> EdgeList {
        var list = EdgeList()
        var numbers: [String: UInt32] = [:]
        func number(_ name: ArraySlice<UInt8>, _ line: Int, _ column: Int) throws(DataError) -> UInt32 {
            let text = prefix + (try TextEncoding.decode(name, line: line, column: column))
            if let known = numbers[text] { return known }
            let handle: Handle
            do { handle = try Handle(text) } catch {
                throw DataError(.syntax, line: line, column: column, "\"\(text)\": \(error)")
            }
            let next = UInt32(list.handles.count)
            // Names that differ only in case are one account.
            let index = numbers[handle.key] ?? next
            if index == next {
                list.handles.append(handle)
                list.firstLines.append(line)
            }
            numbers[handle.key] = index
            numbers[text] = index
            return index
        }
        var reader = EdgeListReader(lines)
        while let edge = try reader.next() {
            let source = try number(edge.source, edge.line, edge.sourceColumn)
            let target = try number(edge.target, edge.line, edge.targetColumn)
            guard source != target else {
                throw DataError(
                    .syntax, line: edge.line, column: edge.targetColumn,
                    "\"\(list.handles[Int(source)])\" cannot follow itself")
            }
            list.edges.append((source, target))
        }
        guard !list.edges.isEmpty else { throw DataError(.syntax, line: 1, column: 1, "there is no edge in the file") }
        return list
    }
}
