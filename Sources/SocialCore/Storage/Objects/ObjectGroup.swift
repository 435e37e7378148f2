// Objects that become durable together, or one object alone: written beside their places on all cores, synced, renamed,
// synced.

internal import Synchronization

/// The objects of one group on their way.
final class ObjectGroup: Sendable {
    /// An object, and where it is to lie.
    private struct Entry {
        var hash: ObjectHash
        var checks: BlockChecks
        /// Its home first; none when the same object comes earlier in the group.
        var targets: [Target] = []
    }

    /// A place of an object.
    private struct Target {
        var folder: String
        /// What is to be put there; nil when the object lies there already.
        var temporary: TemporaryObject?
        /// Why it cannot be there.
        var failure: StorageError?
    }

    private struct State {
        var begun = 0
        var bytes = 0
        var entries: [Entry?]
        var known: Set<ObjectHash> = []
    }

    private let layout: ObjectLayout
    private let places: ObjectPlaces
    private let streamMemoryBytes: Int
    private let state: Mutex<State>

    init(count: Int, layout: ObjectLayout, places: ObjectPlaces, streamMemoryBytes: Int) {
        self.layout = layout
        self.places = places
        self.streamMemoryBytes = streamMemoryBytes
        state = Mutex(State(entries: Array(repeating: nil, count: count)))
    }

    // MARK: Writing beside the places

    /// Writes the first of some objects, as many as the group has room for.
    func write(_ items: ArraySlice<ObjectSource>) throws {
        let workers = min(items.count, Parallel.width)
        try Parallel.forEach(workers) { _ in
            while let number = next(of: items.count) {
                do {
                    let entry = try entry(for: items[items.startIndex + number])
                    state.withLock { $0.entries[number] = entry }
                } catch {
                    // Nobody needs to begin another.
                    state.withLock { $0.bytes = .max }
                    throw error
                }
            }
        }
    }

    private func next(of count: Int) -> Int? {
        state.withLock { state in
            guard state.begun < count, state.bytes < ObjectWriter.groupBytes else { return nil }
            state.begun += 1
            return state.begun - 1
        }
    }

    private func entry(for item: ObjectSource) throws -> Entry {
        let intake = try ObjectIntake(item, isAlone: !places.areTogether, memoryBytes: streamMemoryBytes) {
            () throws(StorageError) in
            // Nobody knows yet where the object belongs.
            try places.makeTemporary(in: layout.folders.first ?? layout.home(ObjectHash(of: [])))
        }
        var entry = Entry(hash: intake.hash, checks: intake.checks)
        let isFirst = state.withLock { state in
            let (sum, isTooLarge) = state.bytes.addingReportingOverflow(entry.checks.sizeBytes)
            // It stays at the largest number when another worker has failed.
            state.bytes = isTooLarge ? .max : sum
            return state.known.insert(entry.hash).inserted
        }
        guard isFirst else { return entry }
        let copies = layout.copies(entry.hash)
        try requireQuorum(1 + copies.count(where: places.isReachable), why: nil)
        // The home comes last: it takes the file in which the object came in.
        for folder in copies {
            do throws(StorageError) {
                entry.targets.append(Target(folder: folder, temporary: try temporary(of: intake, in: folder)))
            } catch {
                entry.targets.append(Target(folder: folder, failure: error))
            }
        }
        let home = layout.home(entry.hash)
        entry.targets.insert(Target(folder: home, temporary: try temporary(of: intake, in: home, isLast: true)), at: 0)
        return entry
    }

    /// What is to be put into a folder; nil when the object lies there, whole.
    private func temporary(
        of intake: ObjectIntake, in folder: String, isLast: Bool = false
    ) throws(StorageError) -> TemporaryObject? {
        try places.prepare(folder)
        let proof = try ObjectFile.proof(intake.hash, sizeBytes: intake.checks.sizeBytes, in: folder)
        if proof == .sound { return nil }
        let temporary: TemporaryObject
        if isLast, let file = intake.file, try file.move(to: folder) {
            temporary = file
        } else {
            temporary = try places.makeTemporary(in: folder)
            try intake.copy(to: temporary)
        }
        if places.areTogether { temporary.finish() } else { try temporary.sync() }
        return temporary
    }

    // MARK: Giving the places

    /// Makes everything durable and visible.
    ///
    /// - Parameter remote: where it is to be durable, if that is not here.
    func settle(_ remote: RemoteObjects?) throws -> [StoredObject] {
        var entries = state.withLock { $0.entries.prefix($0.begun).compactMap(\.self) }
        if places.areTogether, entries.contains(where: { $0.targets.contains { $0.temporary != nil } }) {
            note(places.syncTogether(), in: &entries)
            try requireQuorum(of: entries)
        }
        try forEachTarget(of: &entries) { hash, target throws(StorageError) in
            if let temporary = target.temporary { try places.place(temporary, as: hash, in: target.folder) }
        }
        if places.areTogether {
            note(places.syncTogether(), in: &entries)
        } else {
            try forEachTarget(of: &entries) { hash, target throws(StorageError) in
                try places.syncName(of: hash, in: target.folder)
            }
        }
        try requireQuorum(of: entries)
        // Which worker was the first with bytes that come more than once is chance; what is told does not depend on it.
        var new = Set(entries.lazy.filter { $0.targets.first?.temporary != nil }.map(\.hash))
        if let remote { new = try put(entries, to: remote) }
        return entries.map { entry in
            StoredObject(hash: entry.hash, checks: entry.checks, isNew: new.remove(entry.hash) != nil)
        }
    }

    /// Puts what lies here into its durable home: which objects were not there.
    private func put(_ entries: [Entry], to remote: RemoteObjects) throws -> Set<ObjectHash> {
        let objects = entries.compactMap { entry in
            entry.targets.first.map { (entry.hash, entry.hash.path(in: $0.folder), entry.checks.sizeBytes) }
        }
        let isNew = try Parallel.gather(objects.count, atOnce: remote.width) { number in
            let (hash, path, sizeBytes) = objects[number]
            return try remote.put(hash, file: path, sizeBytes: sizeBytes)
        }
        return Set(zip(objects, isNew).lazy.filter { $1 }.map(\.0.0))
    }

    /// Does something at each place that is still good, and notes where it fails.
    private func forEachTarget(
        of entries: inout [Entry], _ body: (ObjectHash, Target) throws(StorageError) -> Void
    ) throws(StorageError) {
        for entry in entries.indices {
            for target in entries[entry].targets.indices where entries[entry].targets[target].failure == nil {
                do throws(StorageError) { try body(entries[entry].hash, entries[entry].targets[target]) } catch {
                    entries[entry].targets[target].failure = error
                }
            }
        }
        try requireQuorum(of: entries)
    }

    private func note(_ failures: [String: StorageError], in entries: inout [Entry]) {
        if failures.isEmpty { return }
        for entry in entries.indices {
            for target in entries[entry].targets.indices where entries[entry].targets[target].failure == nil {
                entries[entry].targets[target].failure = failures[entries[entry].targets[target].folder]
            }
        }
    }

    /// Goes on only while each object can still be at its home and in enough places.
    private func requireQuorum(of entries: [Entry]) throws(StorageError) {
        for entry in entries {
            guard let home = entry.targets.first else { continue }
            if let failure = home.failure { throw failure }
            let failures = entry.targets.compactMap(\.failure)
            try requireQuorum(entry.targets.count - failures.count, why: failures.first)
        }
    }

    private func requireQuorum(_ count: Int, why: StorageError?) throws(StorageError) {
        guard count < layout.writeQuorum else { return }
        let reason = why.map { ": \($0.message)" } ?? ""
        throw StorageError(
            .quorumLost,
            "an object can be stored in \(count) of the \(layout.writeQuorum) places that must hold it\(reason)",
            hint: "bring the replica places back; see \"social replica status\"")
    }
}
