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
            // Others have seen the same, and write it too.
            _ = try Manifest.update(directory, context: context) { $0 = manifest }
        }
        return (manifest, servers)
    }

    /// What is said of a directory, and of a network on servers, into which another was being carried.
    static func notWhole(_ directory: String, _ manifest: Manifest) -> StorageError {
        let place = manifest.store.map { ", and make the database of \($0) anew," } ?? ""
        return StorageError(
            .noDataDirectory, "\"\(directory)\" is not whole: a migration into it goes on, or was interrupted",
            hint: "where none goes on, remove \"\(directory)\"\(place) and run \"social migrate\" again")
    }

    /// Whether there is a network on servers.
    static func isMade(on servers: any TruthServers) throws -> Bool {
        do { _ = try servers.manifest() } catch let error as StorageError where error.code == .noDataDirectory {
            return false
        }
        return true
    }

    /// Hears of commits from now on; nil where the truth is in files, whose heads are looked at in memory.
    package func changeListener() -> (any ChangeListener)? {
        let listener = servers?.listener(router.map.current)
        _ = listener?.descriptors
        return listener
    }

    /// Refuses what is done to files, where servers keep the truth.
    ///
    /// - Throws: `onServer`.
    func requireFiles() throws(StoreError) {
        if servers != nil { throw .onServer }
    }

    // MARK: Shards on servers

    /// What the servers say of themselves.
    package func serverStatus() -> [ServerStatus] {
        servers?.status(of: ServerPlan.places(in: router.map.current)) ?? []
    }

    /// The address of a shard's server in the map; nil for the network's first, or for files.
    package func place(of shard: Int) -> String? { router.map.current[shard]?.store }

    /// The address of a server that the map calls so.
    package func address(of place: String?) -> String { place ?? manifest.store ?? "" }

    /// The address of the server to which a shard is on its way; nil when it stays.
    package func target(of shard: Int) -> String? { router.map.current[shard]?.move.map { address(of: $0.to) } }

    /// How a server gets its share of the shards of a map.
    ///
    /// - Parameters:
    ///   - address: of a server that is in the network already, or comes to it.
    ///   - weight: its share, against one for each other server.
    /// - Throws: `notOnServer`, `invalidAddress`.
    package func sharing(withServer address: String, weight: Int) throws -> (SlotMap) -> ServerPlan {
        let place = try place(of: address)
        return { ServerPlan(giving: place, weight: weight, of: $0) }
    }

    /// How a server gets some shards of a map.
    ///
    /// - Throws: `notOnServer`, `invalidAddress`, `noSuchShard`.
    package func giving(_ shards: [Int], toServer address: String) throws -> (SlotMap) -> ServerPlan {
        let place = try place(of: address)
        for shard in shards { try requireShard(shard) }
        return { ServerPlan(giving: place, shards: shards, of: $0) }
    }

    /// How many rows lie in some shards.
    package func rows(in shards: [Int]) throws -> Int {
        try shards.reduce(0) { sum, shard in try sum + Int(router.read(shard: shard) { try $0.state().rows }) }
    }

    /// The slots of a shard, in order.
    package func slots(of shard: Int) -> [Slot] {
        router.map.current.runs.filter { $0.owner.shard == shard }.flatMap { $0.slots.compactMap(Slot.init) }
    }

    /// What a plan would move now.
    package func preview(_ plan: (SlotMap) -> ServerPlan) -> ServerPlan { plan(router.map.current) }

    /// Moves shards between servers; the plan is made from the map when moves of others have ended.
    ///
    /// - Throws: `notOnServer`, `busy`, `noLogicalLog` and others.
    package func moveShards(_ plan: (SlotMap) -> ServerPlan) throws -> ServerPlan.Summary {
        guard let servers else { throw Network.notOnServer }
        let summary = try servers.move(plan, beforeStep: beforeMoveStep)
        router.map.current = try servers.manifest().map
        return summary
    }

    /// By what a server of an address is called in the map: nil for the network's first.
    private func place(of address: String) throws(StoreError) -> String? {
        guard servers != nil else { throw Network.notOnServer }
        let address = try PostgreSQLAddress(address).text
        return address == manifest.store ? nil : address
    }

    private static var notOnServer: StoreError {
        StoreError(
            .notOnServer, "files keep the truth of this network",
            hint: "\"social migrate DIR --store URL\" carries it to a server")
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
