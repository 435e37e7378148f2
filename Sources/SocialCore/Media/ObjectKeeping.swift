// Are the objects all right? Collects what nobody refers to, proves what somebody does, and brings objects to where
// they belong after slots have moved or copies were lost.

/// The care for the objects of a network.
package struct ObjectKeeping {
    let pictures: Pictures
    let holder: ObjectHolder

    var router: Router { pictures.media.router }
    private var context: Context { pictures.media.context }

    private func store() throws -> ObjectStore { try pictures.store() }

    // MARK: Collecting

    /// What a collection has removed, or would.
    package struct Collection: Equatable, Sendable {
        /// Objects that nobody refers to.
        package var objects = 0
        /// Their bytes.
        package var sizeBytes: Int64 = 0
        /// Files that a put has left which was stopped.
        package var temporaries = 0

        /// What has removed so much.
        package init(objects: Int = 0, sizeBytes: Int64 = 0, temporaries: Int = 0) {
            self.objects = objects
            self.sizeBytes = sizeBytes
            self.temporaries = temporaries
        }
    }

    /// Removes objects that nobody refers to, and what stopped puts have left.
    ///
    /// Uploads go on meanwhile, but for moments. Cost: a look at every name of an object and every record of a file; a
    /// remote store is asked for all its names.
    package func collect() throws -> Collection {
        try router.flushGroup()
        holder.release()
        var result = Collection()
        context.observer?.begin("looking for objects that nobody refers to", total: nil)
        defer { context.observer?.end() }
        for candidates in try unreferenced() {
            let removed = context.isDryRun ? candidates.map(\.hash) : try remove(candidates.map(\.hash))
            result.objects += removed.count
            for (hash, bytes) in candidates where removed.contains(hash) { result.sizeBytes += Int64(bytes) }
            context.observer?.advance(by: candidates.count)
        }
        if !context.isDryRun {
            let store = try store()
            result.temporaries = try store.exclusively { try store.keeper.removeTemporaries() }
        }
        return result
    }

    /// Removes those of some objects that nobody refers to: which were removed.
    func remove(_ objects: [ObjectHash]) throws -> [ObjectHash] {
        holder.release()
        let store = try store()
        // Nobody puts meanwhile, and no slot moves: whoever needs an object has said so by now.
        return try router.still {
            try store.exclusively {
                let counts = try router.gather { reader in try objects.map { try reader.references(to: $0) } }
                var removed: [ObjectHash] = []
                for (index, object) in objects.enumerated() where counts.allSatisfy({ $0[index] == 0 }) {
                    removed.append(object)
                }
                // While a file is there, the object is found again if this is broken off.
                try store.remote?.remove(removed)
                for object in removed {
                    try store.keeper.remove(object)
                    try pictures.removeThumbnails(of: object)
                }
                return removed
            }
        }
    }

    /// Objects that lie somewhere and that no record names, with their sizes, in groups.
    private func unreferenced() throws -> [[NamedObject]] {
        let store = try store()
        let keeper = store.keeper
        var groups: [[NamedObject]] = []
        var group: [NamedObject] = []
        var seen: Set<ObjectHash> = []
        func look(_ found: ObjectKeeper.Found, _ named: inout NamedObjects, _ size: Int?) throws {
            guard case .object(let hash) = found, try !named.contains(hash), seen.insert(hash).inserted else { return }
            group.append((hash, size ?? keeper.sizeBytes(of: hash) ?? 0))
            if group.count == Limits.collectedObjects {
                groups.append(group)
                group = []
            }
        }
        for folder in keeper.layout.folders + keeper.layout.copyFolders {
            var named = NamedObjects(router)
            try keeper.forEachObject(in: folder) { try look($0, &named, nil) }
        }
        var named = NamedObjects(router)
        try store.remote?.forEachObject { try look($0, &named, $1) }
        return group.isEmpty ? groups : groups + [group]
    }

    // MARK: Proving

    /// Something that is wrong with an object to which somebody refers.
    package struct Problem: Equatable, Sendable {
        /// A stable name: `object_missing` or `object_damaged`.
        package var code: String
        /// The file.
        package var place: String
        /// What was found.
        package var message: String
        /// Whether no place has it whole.
        package var isLost: Bool
        /// Whether it was put in order.
        package var isRepaired = false
    }

    /// Everything that is wrong with objects to which somebody refers.
    ///
    /// - Parameters:
    ///   - isDeep: whether all bytes are read and hashed; otherwise only whether they are there, and how many.
    ///   - only: whose objects; nil for all.
    ///   - isRepairing: whether what has a sound copy anywhere is put in order.
    package func verify(
        isDeep: Bool, only: [MediaRecord]? = nil, isRepairing: Bool = false
    ) throws -> [Problem] {
        let store = try store()
        let hold = isRepairing && !context.isDryRun ? try store.hold() : nil
        var problems: [Problem] = []
        func look(_ hash: ObjectHash, _ sizeBytes: Int64) throws {
            var found = try self.problems(of: hash, Int(sizeBytes), isDeep, store)
            if hold != nil, found.contains(where: { !$0.isLost }) {
                let settlement = try store.keeper.settle(hash, sizeBytes: Int(sizeBytes))
                for index in found.indices {
                    found[index].isRepaired = settlement.restoredPlaces.contains(found[index].place)
                }
            }
            problems += found
            context.observer?.advance(by: 1)
        }
        var asked: [NamedObject] = []
        func ask(_ remote: RemoteObjects) throws {
            problems += try remoteProblems(of: asked, isDeep: isDeep, isRepairing: hold != nil, remote, store)
            context.observer?.advance(by: asked.count)
            asked = []
        }
        func lookOrAsk(_ hash: ObjectHash, _ sizeBytes: Int64) throws {
            guard let remote = store.remote else { return try look(hash, sizeBytes) }
            asked.append((hash, Int(sizeBytes)))
            if asked.count == Self.askedObjects { try ask(remote) }
        }
        context.observer?.begin("verifying objects", total: nil)
        defer { context.observer?.end() }
        if let only {
            for record in only { try lookOrAsk(record.content.object, record.content.sizeBytes) }
        } else {
            var named = NamedObjects(router)
            while let (hash, sizeBytes) = try named.next() { try lookOrAsk(hash, sizeBytes) }
        }
        if let remote = store.remote { try ask(remote) }
        return problems
    }

    /// What is wrong with what lies at a place; nil when nothing is.
    static func problem(_ proof: ObjectProof, at place: String) -> Problem? {
        switch proof {
        case .sound: nil
        case .missing:
            Problem(code: "object_missing", place: place, message: "the object is not there", isLost: false)
        case .wrongSize, .damaged:
            Problem(
                code: "object_damaged", place: place, message: "the object does not match its hash", isLost: false)
        }
    }

    /// What is wrong with an object in the places where it should be.
    private func problems(
        of hash: ObjectHash, _ sizeBytes: Int, _ isDeep: Bool, _ store: ObjectStore
    ) throws -> [Problem] {
        let layout = store.layout
        var problems: [Problem] = []
        for folder in [layout.home(hash)] + layout.copies(hash) {
            let path = hash.path(in: folder)
            let proof: ObjectProof
            if isDeep {
                proof = try store.keeper.prove(hash, sizeBytes: sizeBytes, in: folder)
            } else {
                let files = FileSystem()
                proof = !files.exists(path) ? .missing : files.size(of: path) == sizeBytes ? .sound : .wrongSize
            }
            if let problem = Self.problem(proof, at: path) { problems.append(problem) }
        }
        // Its last upload may have been deleted since it was named.
        if try problems.isEmpty || pictures.media.references(to: hash) == 0 { return [] }
        let isSomewhere = try layout.candidates(for: hash).contains { folder in
            try store.keeper.prove(hash, sizeBytes: sizeBytes, in: folder) == .sound
        }
        if !isSomewhere { for index in problems.indices { problems[index].isLost = true } }
        return problems
    }

    /// Brings every object to which somebody refers, and that does not lie where it should, to its places.
    ///
    /// - Parameter isAlone: whether nobody may put meanwhile: when a folder is about to go.
    /// - Returns: how many had to be brought somewhere.
    @discardableResult
    package func settle(isAlone: Bool = false) throws -> Int {
        if context.isDryRun { return 0 }
        holder.release()
        let store = try store()
        func bring() throws -> Int {
            if store.remote != nil { return try settleCache(store) }
            var named = NamedObjects(router)
            var count = 0
            while let (hash, sizeBytes) = try named.next() {
                if try problems(of: hash, Int(sizeBytes), false, store).isEmpty { continue }
                let done = try store.keeper.settle(hash, sizeBytes: Int(sizeBytes))
                if !done.restoredPlaces.isEmpty { count += 1 }
            }
            return count
        }
        if isAlone { return try store.exclusively(bring) }
        let hold = try store.hold()
        return try withExtendedLifetime(hold, bring)
    }
}

/// The objects that records of all shards name, once each, in order.
struct NamedObjects {
    private let router: Router
    private var page: ArraySlice<(object: ObjectHash, sizeBytes: Int64)> = []
    private var last: ObjectHash?
    private var isAtEnd = false

    init(_ router: Router) { self.router = router }

    /// The next object and its size; nil at the end.
    mutating func next() throws -> (ObjectHash, Int64)? {
        try fill()
        return page.popFirst().map { ($0.object, $0.sizeBytes) }
    }

    /// Whether an object is among them; asked for in order.
    mutating func contains(_ hash: ObjectHash) throws -> Bool {
        while true {
            try fill()
            guard let first = page.first else { return false }
            if first.object >= hash { return first.object == hash }
            page = page.drop { $0.object < hash }
        }
    }

    private mutating func fill() throws {
        while page.isEmpty, !isAtEnd {
            let (start, limit) = (last, Limits.pageRows)
            let pages = try router.repeating {
                try router.gather { try $0.objects(after: start, limit: limit) }
            }
            // Beyond the end of a page that was cut, others may have more.
            let end = pages.compactMap { $0.count == limit ? $0.last?.object : nil }.min()
            var all = pages.joined().sorted { $0.object < $1.object }
            if let end { all.removeAll { $0.object > end } }
            isAtEnd = end == nil
            var distinct: [(object: ObjectHash, sizeBytes: Int64)] = []
            for item in all where item.object != distinct.last?.object { distinct.append(item) }
            page = distinct[...]
            last = distinct.last?.object
        }
    }
}
