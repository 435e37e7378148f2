// The erasure of a person from everything that a data directory and its replicas hold.

extension Network {
    /// Erases an account: what it wrote, what it is called, and every byte of that in files.
    ///
    /// What others have written about it is theirs and stays. Backups stay as they are.
    /// Cost: writes all databases, search indexes and copies anew.
    /// - Throws: `noSuchAccount` when there never was one, `quorumLost` when a replica cannot be reached, `busy` while
    ///   slots are moved or somebody reads for longer than the wait. After `busy` the rest is done when it is called
    ///   again.
    package func erase(_ account: UserID) throws -> Erasure {
        let missing = try stores().flatMap { try $0.missingReplicas() }
        if let place = missing.first {
            throw StorageError(
                .quorumLost, "the replica \"\(place)\" cannot be reached, and would keep everything",
                hint: "bring it back, or remove it with \"social replica remove\"")
        }
        if context.isDryRun { return try eraseRows(of: account) }
        // Files are written anew outside of transactions.
        let isGrouping = router.isGrouping
        if isGrouping { try router.endGroup() }
        defer { if isGrouping { router.beginGroup() } }
        func eraseAll() throws -> Erasure {
            let erasure = try eraseRows(of: account)
            try purge()
            return erasure
        }
        // What servers keep of rows that are deleted is for them to remove.
        return try servers == nil ? moves.whileSettled(eraseAll) : eraseAll()
    }

    /// The folders of damaged files that are kept, into which no erasure looks.
    package var quarantine: [String] { Quarantine.contents(of: directory).map(\.folder) }

    /// Removes the rows of an account, and the objects that nobody needs then.
    private func eraseRows(of account: UserID) throws -> Erasure {
        var erasure = Erasure(of: account)
        let (record, isFormer) = try router.read(account.slot) { (try $0.account(account), try $0.isFormer(account)) }
        guard record != nil || isFormer else {
            throw StoreError(.noSuchAccount, "there never was an account \"\(account)\"")
        }
        erasure.handle = record?.handle
        erasure.posts = try router.gather { try $0.posts(by: account, in: .all, limit: .max).count }.reduce(0, +)
        let media = try router.gather {
            try $0.media(by: account, in: .all, limit: .max, fromOldest: false)
        }.joined()
        erasure.uploads = media.count
        let objects = Set(
            media.flatMap { [$0.content.object] + ($0.content.segmentation?.parts.map(\.object) ?? []) }
        ).sorted()
        for claim in try router.gather({ try $0.claims() }).joined() where claim.account == account {
            try effects.settle(claim)
        }
        // The names tell what to look for in the records, so they go after these.
        let keys = try router.gather { try $0.handleKeys(of: account) }.joined().filter { !Handle.isRemnant($0) }
        erasure.wasThere = try accounts.delete(account).isDeleted
        for shard in router.shards where recordsShards[shard].exists {
            erasure.records += try recordsShards[shard].write { try $0.erase(account, called: keys) }
        }
        for shard in router.shards {
            erasure.names += try router.write(shard: shard) { try $0.eraseNames(of: account) }
        }
        // What was theirs is removed by its name, also where a store elsewhere should not name it.
        for start in stride(from: 0, to: context.isDryRun ? 0 : objects.count, by: Limits.collectedObjects) {
            let some = Array(objects[start...].prefix(Limits.collectedObjects))
            erasure.objects += try uploads.keeping.remove(some).count
        }
        erasure.objects += try uploads.keeping.collect().objects
        return erasure
    }

    /// Leaves no byte of what was deleted, by whomever, in any file of the data directory and its replicas.
    private func purge() throws {
        context.observer?.begin("writing files anew", total: router.shards.count)
        defer { context.observer?.end() }
        let files = FileSystem(tap: context.fileTap)
        // Qualities of films whose cutting was interrupted; whoever is cutting now begins again.
        try files.removeTree("\(directory)/video")
        for store in try stores() {
            try pictures.removeStrayThumbnails(
                in: "\(DataDirectory.shardPath(directory, shard: store.shard))/thumbnails")
            try store.purge()
            try recordsShards.file(of: store.shard).purge()
            context.observer?.advance(by: 1)
        }
        try search.purge()
        try notifications.purge()
    }
}
