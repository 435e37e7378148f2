// The same care where objects have their home in an object store: the store is asked about many at a time, since each
// answer takes its time, and what lies in folders is only a cache, in which nothing is missed.

extension ObjectKeeping {
    /// An object to which somebody refers.
    typealias NamedObject = (hash: ObjectHash, sizeBytes: Int)

    /// How many objects a remote store is asked about before the answers are looked at.
    static let askedObjects = 64

    /// What is wrong with some objects in a remote store and in the folders before it.
    ///
    /// - Parameter isRepairing: whether what is sound anywhere is put in order.
    func remoteProblems(
        of objects: [NamedObject], isDeep: Bool, isRepairing: Bool, _ remote: RemoteObjects, _ store: ObjectStore
    ) throws -> [Problem] {
        // Whole objects take memory.
        let proofs = try Parallel.gather(objects.count, atOnce: isDeep ? 2 : remote.width) { number in
            let (hash, sizeBytes) = objects[number]
            return isDeep ? try remote.prove(hash, sizeBytes: sizeBytes) : try remote.look(hash, sizeBytes: sizeBytes)
        }
        var problems: [Problem] = []
        for ((hash, sizeBytes), proof) in zip(objects, proofs) {
            var found = Self.problem(proof, at: remote.place(of: hash)).map { [$0] } ?? []
            var hasSoundFile = false
            for folder in store.layout.candidates(for: hash) {
                let path = hash.path(in: folder)
                // What is to take the place of the home is read whole.
                let isRead = isDeep || proof != .sound
                let local =
                    try isRead
                    ? store.keeper.prove(hash, sizeBytes: sizeBytes, in: folder)
                    : FileSystem().exists(path) && FileSystem().size(of: path) != sizeBytes ? .wrongSize : .missing
                if local == .sound { hasSoundFile = true }
                // A cache may lack what it likes.
                if local != .missing, let problem = Self.problem(local, at: path) { found.append(problem) }
            }
            // Its last upload may have been deleted since it was named.
            if found.isEmpty { continue }
            if try pictures.media.references(to: hash) == 0 { continue }
            let isLost = proof != .sound && !hasSoundFile
            for index in found.indices { found[index].isLost = isLost }
            if isRepairing, !isLost {
                try store.keeper.settleRemotely(hash, sizeBytes: sizeBytes, isThere: proof == .sound)
                for index in found.indices { found[index].isRepaired = true }
            }
            problems += found
        }
        return problems
    }

    /// Brings files of objects to where they are looked for, after slots have moved; what lies nowhere is fetched when
    /// it is needed.
    func settleCache(_ store: ObjectStore) throws -> Int {
        var named = NamedObjects(router)
        var count = 0
        while let (hash, sizeBytes) = try named.next() {
            let home = hash.path(in: store.layout.home(hash))
            guard !FileSystem().exists(home), store.keeper.sizeBytes(of: hash) != nil else { continue }
            if try !store.keeper.settle(hash, sizeBytes: Int(sizeBytes)).restoredPlaces.isEmpty { count += 1 }
        }
        return count
    }
}
