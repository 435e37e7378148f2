// The indexes of all shards: what is on disk, and beside it in memory what the logs say since. A document is found by
// the very next command, because what no segment covers yet becomes a small segment in memory; when that takes long, it
// is written down.

/// The search indexes of a data directory.
package final class SearchIndexes {
    let router: Router
    let logHeads: LogHeads
    let context: Context
    private let directory: String
    private let isShared: Bool
    private let files: FileSystem
    /// Whether English words are found in all their forms; it changes under a process that changes it itself.
    var stems: Bool
    /// Changed documents that are read along with an index; from so many on they are written into it.
    package var tailLimit = Limits.searchTail
    private var known: [Known] = []

    /// What this process knows of one index.
    private struct Known {
        var shard: Int
        var source: SearchSource
        var inode: UInt64
        /// The index on disk, with what the log says since.
        var file: IndexFile
        /// What the log says since.
        var tail: Tail?
    }

    /// What the log says since an index was written.
    private struct Tail {
        var position: LogPosition
        /// The documents that were touched, in the order of the first touch.
        var touched: [Int64] = []
        /// How many entries of the log were read for that.
        var entries = 0
        var segments: [LivingSegment] = []
    }

    /// The indexes of a directory.
    package init(
        directory: String, router: Router, logHeads: LogHeads, stems: Bool, isShared: Bool, context: Context
    ) {
        self.directory = directory
        self.router = router
        self.logHeads = logHeads
        self.stems = stems
        self.isShared = isShared
        self.context = context
        files = FileSystem(ofViews: context)
    }

    private func disk(_ shard: Int, _ source: SearchSource) -> IndexFile.Place {
        IndexFile.Place(
            folder: "\(DataDirectory.shardPath(directory, shard: shard))/search", source: source, shared: isShared,
            files: files, random: context.random)
    }

    /// Whether nothing of an index lies in a shard.
    func isEmpty(_ shard: Int, _ source: SearchSource) throws -> Bool { try disk(shard, source).names().isEmpty }

    /// Whether what is found out may be written down.
    ///
    /// What a group has written may still be forgotten.
    private var isWritable: Bool { !context.isDryRun && !router.hasOpenGroup && files.isWritable(directory) }

    /// Makes sure that indexes can be written.
    func requireWritable() throws {
        guard !files.isWritable(directory) else { return }
        throw StorageError(
            .permissionDenied, "the indexes of \"\(directory)\" cannot be written",
            hint: "searching works without, but has to index everything each time")
    }

    // MARK: Reading

    /// Everything that lives in all shards, as segments.
    package func living(_ source: SearchSource) throws -> [LivingSegment] {
        try router.repeating {
            let heads = try logHeads.vector()
            var all: [LivingSegment] = []
            for entry in heads.entries {
                for var living in try living(source, in: entry.shard, at: entry.position) {
                    living.shard = entry.shard
                    all.append(living)
                }
            }
            return all
        }
    }

    /// Reads indexes, and again when one of them turns out to be damaged: such a one is made again.
    func whileSound<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as StorageError where error.code == .damaged {
            var hasFound = false
            for entry in known {
                let files = entry.file.segments.map(\.living.segment.file)
                guard files.contains(where: { (try? $0.prove()) == nil }) else { continue }
                hasFound = true
                try bringUp(entry.source, entry.shard, isFull: true)
            }
            if !hasFound { throw error }
            return try body()
        }
    }

    /// What lives in a shard.
    private func living(_ source: SearchSource, in shard: Int, at head: LogPosition) throws -> [LivingSegment] {
        let place = try place(source, shard)
        if let place {
            let entry = known[place]
            if entry.file.position == head { return entry.file.segments.map(\.living) }
            if let tail = entry.tail, tail.position == head { return tail.segments }
        }
        if let place, try extend(place, to: head), let tail = known[place].tail {
            let isMuch = tail.touched.count >= tailLimit || tail.entries >= Limits.indexChanges
            guard isMuch, isWritable else { return tail.segments }
            return try written(source, shard, waitingMilliseconds: 0)?.segments.map(\.living) ?? tail.segments
        }
        let file =
            try written(source, shard, waitingMilliseconds: context.lockWaitMilliseconds)
            ?? remembered(build(source, shard, in: nil), source, shard)
        return file.segments.map(\.living)
    }

    /// The index brought up to date on disk; nil where that cannot be done, which no search fails for.
    private func written(
        _ source: SearchSource, _ shard: Int, waitingMilliseconds: Int64
    ) throws -> IndexFile? {
        guard isWritable else { return nil }
        do { return try bringUp(source, shard, waitingMilliseconds: waitingMilliseconds) } catch let error
            as StorageError where [.busy, .diskFull, .ioError, .permissionDenied].contains(error.code)
        {
            context.observer?.note("the index of shard \(shard) is not written: \(error.message)")
            return nil
        }
    }

    /// Where the index of a shard is known, as it is on disk now; nil when there is none.
    private func place(_ source: SearchSource, _ shard: Int) throws -> Int? {
        let disk = disk(shard, source)
        let inode = files.inode(of: disk.path)
        let place = known.firstIndex { $0.shard == shard && $0.source == source }
        // Without a file there may be one in memory, where nothing can be written.
        if let place, known[place].inode == inode ?? 0, known[place].file.stems == stems { return place }
        if let place { known.remove(at: place) }
        guard let inode else { return nil }
        // Whoever replaces the file removes the segments that only the old one names: look again.
        for _ in 0..<4 {
            if let file = IndexFile(in: disk), file.stems == stems {
                known.append(Known(shard: shard, source: source, inode: inode, file: file))
                return known.count - 1
            }
            if files.inode(of: disk.path) == inode { break }
        }
        return nil
    }

    /// Reads what the log says since; false when the index cannot go on from where it is.
    private func extend(_ place: Int, to head: LogPosition) throws -> Bool {
        let (shard, source, file) = (known[place].shard, known[place].source, known[place].file)
        var tail = known[place].tail ?? Tail(position: file.position)
        guard let changes = try changes(source, shard, since: tail.position, limit: Limits.indexedTail),
            changes.slots.isEmpty
        else { return false }
        let seen = Set(tail.touched)
        tail.touched += changes.touched.filter { !seen.contains($0) }
        guard tail.touched.count <= Limits.indexedTail else { return false }
        tail.position = changes.position
        tail.entries += changes.entries
        tail.segments = file.segments.map(\.living)
        if !tail.touched.isEmpty {
            for index in tail.segments.indices { for id in tail.touched { try tail.segments[index].bury(id: id) } }
            var builder = SegmentBuilder(stems: stems)
            let documents = try read(shard) { reader in
                try tail.touched.compactMap { try source.document($0, of: reader) }
            }
            documents.forEach { builder.add($0) }
            tail.segments.append(LivingSegment(try builder.finish(hasSpelling: false)))
        }
        known[place].tail = tail
        return true
    }

    /// What a log says.
    private struct Changes {
        var position: LogPosition
        /// Documents, each once.
        var touched: [Int64] = []
        /// How many entries say so.
        var entries = 0
        /// Slots that have come or gone.
        var slots: Set<Slot> = []
    }

    /// What the log of a shard says after a place; nil when it does not go on from there, or says too much.
    private func changes(
        _ source: SearchSource, _ shard: Int, since start: LogPosition, limit: Int
    ) throws -> Changes? {
        try router.read(shard: shard) { reader in
            let state = try reader.state()
            guard state.goesOn(from: start) else { return nil }
            var changes = Changes(position: start)
            var seen: Set<Int64> = []
            while changes.position.n < state.head {
                let events = try reader.events(after: changes.position.n, entryLimit: Limits.catchUpEntries)
                guard let last = events.last else { return nil }
                for entry in events.lazy.flatMap(\.entries) {
                    changes.entries += 1
                    switch entry {
                    case .released(let slot, _), .adopted(let slot, _, _): changes.slots.insert(slot)
                    default:
                        if let id = source.touched(by: entry), seen.insert(id).inserted { changes.touched.append(id) }
                    }
                }
                if changes.touched.count > limit { return nil }
                changes.position.n = last.n
            }
            return changes
        }
    }

    /// Reads documents, with who wrote what they answer.
    private func read(
        _ shard: Int, _ documents: (any StoreReader) throws -> [SearchDocument]
    ) throws -> [SearchDocument] {
        var documents = try router.read(shard: shard, documents)
        let answers = documents.indices.filter { documents[$0].replyTo != nil }
        let posts = try router.gather(answers.compactMap { documents[$0].replyTo }, slot: \.slot) { try $0.post($1) }
        for case (let index, let post?) in zip(answers, posts) {
            documents[index].markers.append(.answered(post.author.rawValue))
        }
        return documents
    }

    /// The index of a shard as it is on disk; nil when there is none.
    func stored(_ source: SearchSource, _ shard: Int) throws -> IndexFile? {
        try place(source, shard).map { known[$0].file }
    }

    /// The indexes that are there and cannot be read as they were written.
    func damaged() throws -> [(shard: Int, source: SearchSource)] {
        try router.shards.flatMap { shard in
            try SearchSource.allCases.filter { source in
                guard files.exists(disk(shard, source).path) else { return false }
                guard let file = try stored(source, shard) ?? IndexFile(in: disk(shard, source)) else { return true }
                return file.segments.contains { (try? $0.living.segment.file.prove()) == nil }
            }.map { (shard, $0) }
        }
    }

    // MARK: Writing

    /// Brings the index of a shard up to date with its log, on disk where that can be written.
    ///
    /// - Parameter isFull: makes it again from the truth.
    @discardableResult
    func bringUp(
        _ source: SearchSource, _ shard: Int, isFull: Bool = false, waitingMilliseconds: Int64? = nil
    ) throws -> IndexFile {
        guard isWritable else { return try remembered(build(source, shard, in: nil), source, shard) }
        let disk = disk(shard, source)
        try files.makeDirectory(disk.folder, shared: isShared)
        let lock = FileLock(path: "\(disk.folder)/\(source.rawValue).lock", shared: isShared)
        try lock.acquire(waitingMilliseconds: waitingMilliseconds ?? context.lockWaitMilliseconds)
        defer { lock.release() }
        known.removeAll { $0.shard == shard && $0.source == source }
        var file: IndexFile
        if !isFull, let place = try place(source, shard), let changed = try applied(known[place].file, source, shard) {
            file = changed
        } else {
            file = try build(source, shard, in: disk)
        }
        try file.compact(in: disk)
        try file.write(in: disk)
        return remembered(file, source, shard)
    }

    private func remembered(_ file: IndexFile, _ source: SearchSource, _ shard: Int) -> IndexFile {
        known.removeAll { $0.shard == shard && $0.source == source }
        let inode = files.inode(of: disk(shard, source).path) ?? 0
        known.append(Known(shard: shard, source: source, inode: inode, file: file))
        return file
    }

    /// An index with what the log says since; nil when it is sooner made again.
    private func applied(_ start: IndexFile, _ source: SearchSource, _ shard: Int) throws -> IndexFile? {
        var file = start
        let count = file.segments.reduce(0) { $0 + $1.living.livingCount }
        let limit = max(Limits.indexedTail, count / 2)
        guard var changes = try changes(source, shard, since: file.position, limit: limit) else { return nil }
        file.position = changes.position
        if !changes.slots.isEmpty {
            for index in file.segments.indices { try file.segments[index].living.bury(changes.slots) }
            let seen = Set(changes.touched)
            try forEachPage(source, shard) { documents in
                changes.touched += documents.lazy.map(\.id).filter {
                    changes.slots.contains(IdentityLayout.slot(of: $0)) && !seen.contains($0)
                }
            }
        }
        for index in file.segments.indices {
            for id in changes.touched { try file.segments[index].living.bury(id: id) }
        }
        var rest = changes.touched[...]
        while !rest.isEmpty {
            var builder = SegmentBuilder(stems: stems)
            while !rest.isEmpty, !builder.isFull {
                let part = rest.prefix(Limits.searchPage)
                rest = rest.dropFirst(part.count)
                let documents = try read(shard) { reader in
                    try part.compactMap { try source.document($0, of: reader) }
                }
                documents.forEach { builder.add($0) }
            }
            if builder.count > 0 {
                try file.add(builder.finish(), in: disk(shard, source))
            }
        }
        return file
    }

    /// An index made from the truth.
    ///
    /// What changes meanwhile is in the log behind the place from which it goes on, and applied again.
    ///
    /// - Parameter disk: where its segments are written; nil keeps them in memory.
    private func build(_ source: SearchSource, _ shard: Int, in disk: IndexFile.Place?) throws -> IndexFile {
        let state = try router.read(shard: shard) { try $0.state() }
        var file = IndexFile(position: LogPosition(incarnation: state.incarnation, n: state.head), stems: stems)
        context.observer?.begin("indexing the \(source.rawValue) of shard \(shard)", total: nil)
        defer { context.observer?.end() }
        var builder = SegmentBuilder(stems: stems)
        func seal() throws {
            let segment = try builder.finish()
            builder = SegmentBuilder(stems: stems)
            guard let disk else { return file.segments.append(.init(number: 0, living: LivingSegment(segment))) }
            try file.add(segment, in: disk)
        }
        try forEachPage(source, shard) { documents in
            documents.forEach { builder.add($0) }
            context.observer?.advance(by: documents.count)
            if builder.isFull { try seal() }
        }
        if builder.count > 0 { try seal() }
        return file
    }

    /// Calls a closure for all documents of a shard, page by page; the next page is read meanwhile.
    private func forEachPage(_ source: SearchSource, _ shard: Int, _ visit: ([SearchDocument]) throws -> Void) throws {
        var pages = try SearchPages(source, router.read(shard: shard) { try source.identifiers(of: $0) })
        var page = try read(shard) { try pages.next($0) }
        while !page.isEmpty || !pages.isAtEnd {
            if pages.isAtEnd { return try visit(page) }
            var next: [SearchDocument] = []
            try Parallel.forEach(2) { part in
                if part == 0 { next = try read(shard) { try pages.next($0) } } else { try visit(page) }
            }
            page = next
        }
    }
}
