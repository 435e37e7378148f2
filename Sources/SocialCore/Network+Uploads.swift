// Uploads and their objects, as the slot map and the replicas place them: an object lies with the slot that the first
// bits of its hash name, in the folder of the shard that has this slot, and once more with each replica.

extension Network {
    /// The uploads, to be read.
    package var media: Media { Media(router: router, context: context) }

    /// The uploads, to be changed.
    package var uploads: Uploads { Uploads(pictures: pictures, holder: objectHolder) }

    /// What uploads look like.
    package var pictures: Pictures {
        let (map, directory) = (router.map.current, directory)
        return Pictures(
            media: media, store: { [self] in try objectStore() },
            thumbnails: {
                DataDirectory.shardPath(directory, shard: map.owner(of: Slot(of: $0)).shard) + "/thumbnails"
            }, isShared: manifest.isShared)
    }

    /// The object store, as things lie at present.
    package func objectStore() throws -> ObjectStore {
        let map = router.map.current
        let directory = directory
        // What is durable elsewhere needs no copies here.
        let places = remoteObjects == nil ? replication.current?.places ?? [] : []
        let layout = ObjectLayout(
            home: { DataDirectory.objectsPath(directory, shard: map.owner(of: Slot(of: $0)).shard) },
            folders: map.shards.map { DataDirectory.objectsPath(directory, shard: $0.number) },
            copies: { hash in
                places.map { DataDirectory.objectsPath($0, shard: map.owner(of: Slot(of: hash)).shard) }
            },
            copyFolders: places.flatMap { place in
                map.shards.map { DataDirectory.objectsPath(place, shard: $0.number) }
            },
            writeQuorum: remoteObjects == nil ? replication.current?.writeQuorum ?? 1 : 1)
        return ObjectStore(
            directory: directory, layout: layout, shared: manifest.isShared, remote: remoteObjects, context: context)
    }

    /// What is wrong with the objects to which somebody refers.
    ///
    /// - Parameters:
    ///   - isDeep: whether all bytes are read and hashed.
    ///   - only: whose objects; nil for all.
    ///   - isRepairing: whether what has a sound copy anywhere is put in order.
    package func verifyObjects(
        isDeep: Bool, only: [MediaRecord]? = nil, isRepairing: Bool = false
    ) throws -> [Finding] {
        try uploads.keeping.verify(isDeep: isDeep, only: only, isRepairing: isRepairing).map { problem in
            Finding(
                code: problem.code, severity: problem.isLost ? .damage : .stale, place: problem.place,
                message: problem.message, repair: problem.isLost ? nil : ["upload", "verify", "--repair"],
                isRepaired: problem.isRepaired)
        }
    }
}

extension Slot {
    /// The slot of an object: the first twelve bits of its hash.
    package init(of object: ObjectHash) { self.init(masking: Int64(object.leadingBits >> 52)) }
}
