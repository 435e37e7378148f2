// What is recorded of one person, and how it goes.

extension RecordsTransaction {
    /// Removes what belongs to an account, and the names of resources that say how it is called.
    ///
    /// - Parameter keys: the keys of its handles.
    /// - Returns: how many rows are gone, or others.
    package func erase(_ account: UserID, called keys: [String]) throws -> Int {
        try statement("DELETE FROM attribute WHERE account = ?").bind(account.rawValue).run()
        var count = changesCount
        let messages = try statement("SELECT topic, n FROM message WHERE account = ?").bind(account.rawValue)
            .all { ($0.integer(0), $0.integer(1)) }
        for (topic, n) in messages {
            for table in ["delivery", "message_key", "message"] {
                try statement("DELETE FROM \(table) WHERE topic = ? AND n = ?").bind(topic, n).run()
            }
            count += 1
        }
        return try count + eraseNames(keys)
    }

    /// Gives resources that say how somebody is called names that do not, so that what was counted stays.
    private func eraseNames(_ keys: [String]) throws -> Int {
        if keys.isEmpty { return 0 }
        var found: [(number: ResourceNumber, resource: AccessedResource)] = []
        try forEachResource { number, resource in
            if resource.names(anyOf: keys) { found.append((number, resource)) }
        }
        for (number, resource) in found { try rename(number, to: resource.erased(as: number)) }
        return found.count
    }
}

extension AccessedResource {
    /// What stands before the handle of an account in the paths of many servers.
    private static let places = [
        "user", "users", "u", "account", "accounts", "profile", "profiles", "people", "feed", "feeds", "notifications",
    ]

    /// Whether the name says one of some handles: behind an `@`, or where paths have an account, or as a word that was
    /// searched for.
    fileprivate func names(anyOf keys: [String]) -> Bool {
        let name = name.lowercased()
        let parts = name.split { "/?&=#".contains($0) }
        for (index, part) in parts.enumerated() {
            if part.hasPrefix("@"), keys.contains(String(part.dropFirst())) { return true }
            if keys.contains(String(part)), index > 0, Self.places.contains(String(parts[index - 1])) { return true }
        }
        guard name.hasPrefix("search/") else { return false }
        let words = name.dropFirst("search/".count).split { " :()\"".contains($0) }
        return words.contains { keys.contains(String($0.first == "@" || $0.first == "#" ? $0.dropFirst() : $0)) }
    }

    /// A name that tells of what kind the resource was, and nothing else.
    fileprivate func erased(as number: ResourceNumber) -> AccessedResource {
        AccessedResource("\(type == .search ? "search/" : "")erased/\(number.rawValue)") ?? .unnamed
    }
}
