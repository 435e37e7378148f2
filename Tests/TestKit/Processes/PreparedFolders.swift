// Copies of a directory in which something has been done before: it is done once, and what came of it is copied.

package import SocialCore

/// The folders that acts begin in.
package final class PreparedFolders {
    private let base: String
    private let context: @Sendable () -> Context
    private var made: [String: Folder] = [:]

    /// Copies of a data directory.
    ///
    /// - Parameter context: the surroundings of what is done before.
    package init(base: String, context: @escaping @Sendable () -> Context) {
        self.base = base
        self.context = context
    }

    /// Makes `network`, and what lies beside it, in a folder.
    package func copy(for act: SceneAct?, to folder: String) throws {
        let before = act?.before ?? []
        guard !before.isEmpty else { return try Folder.copy(base, to: "\(folder)/network") }
        // Replicas are named by their whole paths.
        if before.contains(where: { $0.first == "replica" }) {
            try Folder.copy(base, to: "\(folder)/network")
            return try LineRun.prepare(before, in: "\(folder)/network", context: context())
        }
        let key = before.map { $0.joined(separator: " ") }.joined(separator: "\n")
        if made[key] == nil {
            let place = try Folder()
            try Folder.copy(base, to: "\(place.path)/network")
            try LineRun.prepare(before, in: "\(place.path)/network", context: context())
            made[key] = place
        }
        for name in try FileSystem().names(in: made[key]?.path ?? "") {
            try Folder.copy("\(made[key]?.path ?? "")/\(name)", to: "\(folder)/\(name)")
        }
    }
}
