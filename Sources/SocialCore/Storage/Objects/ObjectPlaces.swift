// The folders that a put writes to, and how what was done there becomes durable: each name by itself, or everything on
// a file system together.

internal import Synchronization

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
    private let state = Mutex(State())

    init(shared: Bool, files: FileSystem, areTogether: Bool) {
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
        _ = try files.makeDirectoryUnsynced("\(folder)/\(hash.group)", shared: isShared)
        try temporary.rename(to: ObjectFile.path(hash, in: folder))
    }

    /// Makes an object's name durable, and those of the folders that it lies in, whoever has made them.
    func syncName(of hash: ObjectHash, in folder: String) throws(StorageError) {
        try files.syncDirectory("\(folder)/\(hash.group)")
        try files.syncDirectory(folder)
        try files.syncDirectory(FileSystem.parent(of: folder))
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
