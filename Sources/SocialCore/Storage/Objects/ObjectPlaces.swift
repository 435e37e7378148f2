// The folders that a put writes to, and how what was done there becomes durable: each name by itself, or everything on
// a file system together.

internal import Synchronization

/// The folders of objects whose names are known to be durable, so that they need not be synced again.
final class DurableFolders: Sendable {
    private let known = Mutex<Set<String>>([])

    func contains(_ folder: String) -> Bool { known.withLock { $0.contains(folder) } }

    func insert(_ folder: String) { known.withLock { _ = $0.insert(folder) } }

    func remove(_ folder: String) { known.withLock { _ = $0.remove(folder) } }
}

/// The folders of one put.
final class ObjectPlaces: Sendable {
    private struct State {
        /// The folders that are there, and the file systems on which they lie.
        var devices: [String: UInt64] = [:]
        var syncPoints: [SyncPoint] = []
    }

    let files: FileSystem
    let isShared: Bool
    /// Whether everything becomes durable together.
    let areTogether: Bool
    private let durable: DurableFolders
    private let state = Mutex(State())

    init(shared: Bool, files: FileSystem, durable: DurableFolders, areTogether: Bool) {
        self.durable = durable
        isShared = shared
        self.files = files
        self.areTogether = areTogether
    }

    /// Whether a folder is there or can be made.
    func isReachable(_ folder: String) -> Bool {
        let place = files.exists(folder) ? folder : FileSystem.parent(of: folder)
        return files.isDirectory(place) && files.isWritable(place)
    }

    /// Makes a folder ready to be written to.
    func prepare(_ folder: String) throws(StorageError) {
        let result = state.withLock { state in
            Result { () throws(StorageError) in
                if state.devices[folder] != nil { return }
                _ = try files.makeDirectoryUnsynced(folder, shared: isShared)
                _ = try files.makeDirectoryUnsynced(TemporaryObject.incoming(folder), shared: isShared)
                let point = try SyncPoint(of: folder)
                if !state.syncPoints.contains(where: { $0.device == point.device }) { state.syncPoints.append(point) }
                state.devices[folder] = point.device
            }
        }
        try result.get()
    }

    /// An empty temporary in a folder.
    func makeTemporary(in folder: String) throws(StorageError) -> TemporaryObject {
        try prepare(folder)
        return try TemporaryObject(in: folder, shared: isShared, files: files)
    }

    /// Gives a temporary its place as an object.
    func place(_ temporary: TemporaryObject, as hash: ObjectHash, in folder: String) throws(StorageError) {
        let group = "\(folder)/\(hash.group)"
        if try files.makeDirectoryUnsynced(group, shared: isShared) { durable.remove(group) }
        try temporary.rename(to: hash.path(in: folder))
    }

    /// Makes an object's name durable, and once those of the folders that it lies in, which another
    /// process may have made a moment ago.
    func syncName(of hash: ObjectHash, in folder: String) throws(StorageError) {
        let group = "\(folder)/\(hash.group)"
        try files.syncDirectory(group)
        if durable.contains(group) { return }
        try files.syncDirectory(folder)
        try files.syncDirectory(FileSystem.parent(of: folder))
        durable.insert(group)
    }

    /// Makes everything durable that was done in these folders.
    ///
    /// - Returns: the folders for which that failed.
    func syncTogether() -> [String: StorageError] {
        let (devices, points) = state.withLock { ($0.devices, $0.syncPoints) }
        var failures: [String: StorageError] = [:]
        for point in points {
            do throws(StorageError) { try point.sync(files) } catch {
                for (folder, device) in devices where device == point.device { failures[folder] = error }
            }
        }
        return failures
    }
}
