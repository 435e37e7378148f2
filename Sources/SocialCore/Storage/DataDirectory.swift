// Where things lie in a data directory.

/// The paths inside a data directory.
package enum DataDirectory {
    /// The name that is looked for here and above when no directory is given.
    package static let defaultName = ".social"

    /// The settings and the slot map.
    package static func manifestPath(_ directory: String) -> String { "\(directory)/social.json" }

    /// The folder of a shard.
    package static func shardPath(_ directory: String, shard: Int) -> String {
        let digits = String(shard)
        return "\(directory)/shards/\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)"
    }

    /// The objects of a shard.
    package static func objectsPath(_ directory: String, shard: Int) -> String {
        "\(shardPath(directory, shard: shard))/objects"
    }

    /// A shard's truth.
    package static func truthPath(_ directory: String, shard: Int) -> String {
        "\(shardPath(directory, shard: shard))/truth.sqlite"
    }

    /// The nearest data directory: `.social` here or in a folder above; nil when there is none.
    ///
    /// - Throws: `permissionDenied` when others could have put it there: what it says would be done with the rights of
    ///   whoever only stands below it.
    package static func find(from start: String) throws(StorageError) -> String? {
        let files = FileSystem()
        var folder = start
        while true {
            let candidate = folder == "/" ? "/\(defaultName)" : "\(folder)/\(defaultName)"
            if files.exists(manifestPath(candidate)) {
                if files.isOwn(candidate) { return candidate }
                throw StorageError(
                    .permissionDenied, "\"\(candidate)\" belongs to somebody else, or everybody may write it",
                    hint: "name it with --data or SOCIAL_DATA if you trust who may write it")
            }
            if folder == "/" || folder == "." || folder.isEmpty { return nil }
            folder = FileSystem.parent(of: folder)
        }
    }
}
