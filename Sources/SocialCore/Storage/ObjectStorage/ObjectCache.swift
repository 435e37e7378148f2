// The folders of a data directory as a cache in front of a remote store: what was fetched and proved is kept there
// under its name, in the layout of objects that have their home here, so nobody who reads needs to know the difference.

internal import Glibc

/// Fetches objects and keeps them.
struct ObjectCache: Sendable {
    let remote: RemoteObjects
    private let layout: ObjectLayout
    private let isShared: Bool
    private let keeps: Bool
    private let files: FileSystem
    private let durable: DurableFolders

    init(
        remote: RemoteObjects, _ layout: ObjectLayout, shared: Bool, keeps: Bool, _ files: FileSystem,
        _ durable: DurableFolders
    ) {
        self.remote = remote
        self.layout = layout
        isShared = shared
        self.keeps = keeps
        self.files = files
        self.durable = durable
    }

    /// Fetches an object into its folder, whatever lies there: its file; nil when the remote store does not have it.
    ///
    /// Nothing is synced: what a power cut leaves of it does not have its checks, and is fetched again.
    ///
    /// - Throws: `damaged` when the remote store gives something else, and what goes wrong with the folder.
    func file(_ hash: ObjectHash, sizeBytes: Int) throws(StorageError) -> String? {
        let places = ObjectPlaces(shared: isShared, files: files, durable: durable, areTogether: false)
        let folder = layout.home(hash)
        let fetched = try remote.fetch(hash, sizeBytes: sizeBytes) { () throws(StorageError) in
            try places.makeTemporary(in: folder)
        } _: { file, part throws(StorageError) in
            try part.withUnsafeBytes { bytes in
                // Safety: the bytes are read within the call.
                Result { () throws(StorageError) in try file.write(bytes) }
            }.get()
        }
        guard let fetched else { return nil }
        fetched.finish()
        try places.place(fetched, as: hash, in: folder)
        return hash.path(in: folder)
    }

    /// Whether an object can and may be kept.
    func isWritable(_ hash: ObjectHash) -> Bool {
        let folder = layout.home(hash)
        let place = files.exists(folder) ? folder : FileSystem.parent(of: folder)
        return keeps && files.isDirectory(place) && files.isWritable(place)
    }

    /// Fetches an object into memory; nil when the remote store does not have it.
    func bytes(_ hash: ObjectHash, sizeBytes: Int) throws(StorageError) -> [UInt8]? {
        try remote.fetch(hash, sizeBytes: sizeBytes) { () throws(StorageError) in
            [UInt8]()
        } _: {
            bytes, part throws(StorageError) in
            bytes += part
        }
    }
}

/// A large object in a remote store that is read in parts: what was fetched last, and more of it at a time as long as
/// it is read from one end to the other.
final class RemoteWindow {
    private static let firstBytes = 256 << 10

    let place: String
    private let remote: RemoteObjects
    private let hash: ObjectHash
    private let sizeBytes: Int
    private var bytes: [UInt8] = []
    private var start = 0
    private var aheadBytes = RemoteWindow.firstBytes

    init(_ remote: RemoteObjects, _ hash: ObjectHash, sizeBytes: Int) {
        self.remote = remote
        self.hash = hash
        self.sizeBytes = sizeBytes
        place = remote.place(of: hash)
    }

    /// Forgets what was fetched, because it is not the object.
    func forget() {
        bytes = []
        aheadBytes = Self.firstBytes
    }

    /// Whether as much could be read as there is room for, unproved.
    func read(_ target: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError) -> Bool {
        var done = 0
        while done < target.count {
            let place = offset + done
            if !(start..<start + bytes.count).contains(place) {
                let isNext = !bytes.isEmpty && place == start + bytes.count
                aheadBytes = isNext ? min(2 * aheadBytes, S3Client.partBytes) : Self.firstBytes
                let end = min(sizeBytes, place + max(aheadBytes, target.count - done))
                guard place < end, let part = try remote.read(hash, place..<end), !part.isEmpty else { return false }
                (bytes, start) = (part, place)
            }
            let first = place - start
            let count = min(target.count - done, bytes.count - first)
            // Safety: so many bytes remain both in what was fetched and in the target.
            bytes.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(rebasing: target[done..<done + count])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[first..<first + count]))
            }
            done += count
        }
        return true
    }
}
