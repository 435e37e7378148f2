// A data directory whose truth is on servers: its manifest is a copy of theirs, and its folders hold views.

extension Network {
    /// The manifest of a data directory, and the servers that it names: their word counts, and the directory's copy
    /// follows.
    static func whatIsThere(_ directory: String, _ context: Context) throws -> (Manifest, (any TruthServers)?) {
        let copy = try Manifest.read(directory)
        guard let store = copy.store else { return (copy, nil) }
        let servers = try TruthServer.at(store, context: context)
        let manifest = try servers.manifest().local(like: copy)
        let files = FileSystem(tap: context.fileTap)
        if manifest != copy, files.isWritable(directory), !context.isDryRun {
            try makeFolders(of: manifest, directory, files)
            try manifest.write(directory, context: context)
        }
        return (manifest, servers)
    }

    /// Whether there is a network on servers.
    static func isMade(on servers: any TruthServers) throws -> Bool {
        do { _ = try servers.manifest() } catch let error as StorageError where error.code == .noDataDirectory {
            return false
        }
        return true
    }

    /// Refuses what is done to files, where servers keep the truth.
    ///
    /// - Throws: `onServer`.
    func requireFiles() throws(StoreError) {
        if servers != nil { throw .onServer }
    }

    /// Makes the folders in which the views of shards lie.
    static func makeFolders(of manifest: Manifest, _ directory: String, _ files: FileSystem) throws {
        for shard in manifest.map.shards {
            let folder = DataDirectory.shardPath(directory, shard: shard.number)
            try files.makeDirectory(folder, shared: manifest.isShared)
        }
    }
}

extension Manifest {
    /// The same network seen from a directory: by what address its servers are called here, and who may write the
    /// directory.
    func local(like copy: Manifest) -> Manifest {
        var manifest = self
        manifest.store = copy.store
        manifest.isShared = copy.isShared
        return manifest
    }
}
