// Whether many things are there, asked all at once: what imports want to know of what their rows name.

extension SQLTransaction {
    func living(_ ids: [UserID]) throws -> Set<UserID> {
        let ids = try ids.filter { try !isHidden($0.slot) }
        return Set(try there(ids.map(\.rawValue), "SELECT 1 FROM account WHERE id = ?").map { ids[$0] })
    }

    func present(_ ids: [PostID]) throws -> Set<PostID> {
        let ids = try ids.filter { try !isHidden($0.slot) }
        return Set(try there(ids.map(\.rawValue), "SELECT 1 FROM post WHERE id = ?").map { ids[$0] })
    }

    /// The indices of the ids for which a selection finds a row.
    private func there(_ ids: [Int64], _ selection: String) throws -> [Int] {
        var found: [Int] = []
        try database.ask(
            ids.enumerated().map { index, id in
                SQLQuestion(selection) {
                    $0.bind(id)
                } read: { _ in
                    found.append(index)
                }
            })
        return found
    }

    func owners(ofKeys keys: [String]) throws -> [UserID?] {
        // Whoever has a key is named with a proof; of others something may be left.
        var isTaken = Array(repeating: try holdsRemnants() || hidesSlots, count: keys.count)
        try database.ask(
            keys.enumerated().map { index, key in
                SQLQuestion(SQLTransaction.handleSelection) {
                    $0.bind(key, at: 1)
                } read: { _ in
                    isTaken[index] = true
                }
            })
        return try zip(keys, isTaken).map { try $1 ? owner(ofKey: $0) : nil }
    }
}
