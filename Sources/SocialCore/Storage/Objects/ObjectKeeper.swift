// The upkeep of objects: what lies where, whether it is whole, back to where it belongs, and away.

internal import Glibc

/// Proves, moves and removes objects.
package struct ObjectKeeper: Sendable {
    let layout: ObjectLayout
    let isShared: Bool
    let remote: RemoteObjects?
    let files: FileSystem
    let durable: DurableFolders

    init(layout: ObjectLayout, shared: Bool, remote: RemoteObjects?, files: FileSystem, durable: DurableFolders) {
        self.layout = layout
        isShared = shared
        self.remote = remote
        self.files = files
        self.durable = durable
    }

    // MARK: Looking

    /// What lies in a folder of objects.
    package enum Found: Hashable, Sendable {
        /// Something under an object's name.
        case object(ObjectHash)
        /// Something that has no place there.
        case stranger(path: String)
    }

    /// Names everything that lies in a folder, sorted by hash; a folder that is not there is empty.
    ///
    /// Files that objects come in by are left out. What comes or goes meanwhile may be named or not.
    package func forEachObject(in folder: String, _ body: (Found) throws -> Void) throws {
        for group in try names(in: folder) where group != "incoming" {
            let path = "\(folder)/\(group)"
            guard group.utf8.count == 2, Hexadecimal.bytes(group) != nil, files.isDirectory(path),
                !files.isLink(path)
            else {
                try body(.stranger(path: path))
                continue
            }
            for name in try names(in: path) {
                if let hash = ObjectHash(group + name), hash.path == "\(group)/\(name)" {
                    try body(.object(hash))
                } else {
                    try body(.stranger(path: "\(path)/\(name)"))
                }
            }
        }
    }

    private func names(in folder: String) throws(StorageError) -> [String] {
        do throws(StorageError) { return try files.names(in: folder) } catch {
            guard error.code == .noSuchFile else { throw error }
            return []
        }
    }

    /// The size of an object's file where it lies first, unproved; nil when there is none.
    package func sizeBytes(of hash: ObjectHash) -> Int? {
        var number = 0
        while let folder = layout.candidate(number, for: hash) {
            var status = stat()
            if lstat(hash.path(in: folder), &status) == 0, status.st_mode & S_IFMT == S_IFREG {
                return Int(status.st_size)
            }
            number += 1
        }
        return nil
    }

    /// Reads what lies at an object's place in a folder, whole, and hashes it.
    ///
    /// - Parameter sizeBytes: how large it must be, where that is known.
    package func prove(
        _ hash: ObjectHash, sizeBytes: Int? = nil, in folder: String
    ) throws(StorageError) -> ObjectProof {
        try ObjectFile.proof(hash, sizeBytes: sizeBytes, in: folder)
    }

    // MARK: Removing

    /// Removes an object wherever it lies in folders; after a power cut it may be there again.
    ///
    /// Only while the store is held alone.
    ///
    /// - Returns: in how many places it lay.
    @discardableResult
    package func remove(_ hash: ObjectHash) throws(StorageError) -> Int {
        var count = 0
        for folder in layout.candidates(for: hash) {
            let path = hash.path(in: folder)
            guard files.exists(path) else { continue }
            try files.remove(path)
            count += 1
        }
        return count
    }

    /// Removes what puts have left behind that did not end well, here and in a remote store.
    ///
    /// Only while the store is held alone.
    ///
    /// - Returns: how many files and uploads there were.
    @discardableResult
    package func removeTemporaries() throws(StorageError) -> Int {
        var count = try remote?.abortUploads() ?? 0
        for folder in layout.folders + layout.copyFolders {
            let incoming = TemporaryObject.incoming(folder)
            for name in try names(in: incoming) {
                try files.remove("\(incoming)/\(name)")
                count += 1
            }
        }
        return count
    }
}
