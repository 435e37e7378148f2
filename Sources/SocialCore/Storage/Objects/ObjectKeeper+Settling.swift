// An object brought to where it belongs: after its slot has moved, after a replica place has come back, after damage.

/// What was done to bring an object to where it belongs.
package struct ObjectSettlement: Hashable, Sendable {
    /// Whether the object lies at its home now, whole and durable; if not, it lies whole nowhere.
    package var isSound = false
    /// Where something else was found in its place, whatever became of that.
    package var damagedPlaces: [String] = []
    /// Where it was put.
    package var restoredPlaces: [String] = []
    /// Where it was removed because it does not belong there.
    package var removedPlaces: [String] = []
    /// The folders of replica places that cannot be reached or written, and why.
    package var failures: [String] = []
}

extension ObjectKeeper {
    /// Brings an object to its home and to its replica places from wherever it lies whole, and removes it elsewhere.
    ///
    /// The last whole file is never removed, and nothing is when there is none. Whoever calls it holds the store, alone
    /// or together with others.
    ///
    /// - Throws: what goes wrong at the home, `permissionDenied` where something may not be read; replica places only
    ///   fail in what is returned.
    package func settle(_ hash: ObjectHash, sizeBytes: Int? = nil) throws(StorageError) -> ObjectSettlement {
        var result = ObjectSettlement()
        let places = ObjectPlaces(shared: isShared, files: files, durable: durable, areTogether: false)
        let home = layout.home(hash)
        let copies = layout.copies(hash)
        var proofs: [(folder: String, proof: ObjectProof)] = []
        for folder in layout.candidates(for: hash) {
            let proof = try ObjectFile.proof(hash, sizeBytes: sizeBytes, in: folder)
            if proof == .damaged || proof == .wrongSize {
                result.damagedPlaces.append(hash.path(in: folder))
            }
            proofs.append((folder, proof))
        }
        guard let source = proofs.first(where: { $0.proof == .sound })?.folder else { return result }
        if source != home {
            // What stays where it is must not become one file with what it is copied to.
            let isStray = layout.folders.contains(source)
            try restore(hash, from: source, to: home, mayLink: isStray, places)
            result.restoredPlaces.append(hash.path(in: home))
        } else if proofs.contains(where: { $0.proof != .missing && $0.folder != home }) {
            // Somebody may have put it there a moment ago.
            try places.syncName(of: hash, in: home)
        }
        result.isSound = true
        for folder in copies where proofs.contains(where: { $0.folder == folder && $0.proof != .sound }) {
            guard places.isReachable(folder) else {
                result.failures.append("\"\(folder)\" cannot be reached")
                continue
            }
            do throws(StorageError) {
                try restore(hash, from: home, to: folder, mayLink: false, places)
                result.restoredPlaces.append(hash.path(in: folder))
            } catch {
                result.failures.append(error.message)
            }
        }
        for (folder, proof) in proofs where folder != home && !copies.contains(folder) && proof != .missing {
            // A copy that belongs elsewhere stays until it is there.
            if !result.failures.isEmpty, layout.copyFolders.contains(folder) { continue }
            let path = hash.path(in: folder)
            try files.remove(path)
            result.removedPlaces.append(path)
        }
        return result
    }

    /// Puts an object that lies in one folder into another, durably.
    private func restore(
        _ hash: ObjectHash, from source: String, to folder: String, mayLink: Bool, _ places: ObjectPlaces
    ) throws(StorageError) {
        let path = hash.path(in: source)
        try places.prepare(folder)
        let linked = mayLink ? try TemporaryObject(linking: path, in: folder, files: files) : nil
        let temporary: TemporaryObject
        if let linked {
            temporary = linked
        } else {
            temporary = try places.makeTemporary(in: folder)
            guard try temporary.write(contentsOf: path) == hash else {
                throw StorageError(
                    .damaged, "\"\(path)\" is damaged", hint: "run \"social upload verify --repair\" again")
            }
        }
        try temporary.sync()
        try places.place(temporary, as: hash, in: folder)
        try places.syncName(of: hash, in: folder)
    }
}
