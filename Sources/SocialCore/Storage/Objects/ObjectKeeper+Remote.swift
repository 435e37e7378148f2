// An object brought in order between a remote store, which is its home, and the folders that are a cache before it.

extension ObjectKeeper {
    /// Puts an object that lies whole in a folder into the remote store where that does not have it, and removes files
    /// that are not what their names say.
    ///
    /// Whoever calls it holds the store, alone or together with others.
    ///
    /// - Parameter isThere: whether the remote store has it, whole.
    package func settleRemotely(_ hash: ObjectHash, sizeBytes: Int, isThere: Bool) throws(StorageError) {
        guard let remote else { return }
        var damaged: [String] = []
        var source: String?
        for folder in layout.candidates(for: hash) {
            let path = hash.path(in: folder)
            switch try ObjectFile.proof(hash, sizeBytes: sizeBytes, in: folder) {
            case .sound: source = source ?? path
            case .damaged, .wrongSize: damaged.append(path)
            case .missing: break
            }
        }
        if !isThere {
            // The last that may be of use is never removed.
            guard let source else { return }
            _ = try remote.put(hash, file: source, sizeBytes: sizeBytes, isForced: true)
        }
        for path in damaged { try files.remove(path) }
    }
}
