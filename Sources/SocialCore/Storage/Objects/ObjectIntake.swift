// An object that has come in: hashed, and either in memory or, when it is large, in a temporary of its own.

/// The bytes of an object that is to be stored, and what is known of them.
final class ObjectIntake {
    /// How much of a stream is kept in memory.
    static let memoryBytes = 4 << 20

    let hash: ObjectHash
    let checks: BlockChecks
    /// Where the bytes are when they are not in memory.
    let file: TemporaryObject?
    private let bytes: [UInt8]

    /// Takes an object in.
    ///
    /// - Parameter makeFile: makes a temporary for a large one.
    init(_ source: ObjectSource, makeFile: () throws(StorageError) -> TemporaryObject) throws {
        switch source {
        case .bytes(let bytes):
            (hash, checks) = ObjectDigest.of(bytes)
            self.bytes = bytes
            file = nil
        case .stream(let stream):
            var digest = ObjectDigest()
            var bytes: [UInt8] = []
            var file: TemporaryObject?
            try stream { chunk in
                bytes += chunk
                guard bytes.count >= Self.memoryBytes else { return }
                let target = try file ?? makeFile()
                file = target
                // Safety: the bytes are read within the call.
                try bytes.withUnsafeBytes { chunk in
                    digest.add(chunk)
                    try target.write(chunk)
                }
                bytes.removeAll(keepingCapacity: true)
            }
            try bytes.withUnsafeBytes { chunk in
                digest.add(chunk)
                if !chunk.isEmpty { try file?.write(chunk) }
            }
            (hash, checks) = digest.finish()
            self.bytes = file == nil ? bytes : []
            self.file = file
        }
    }

    /// Writes the object to another file.
    func copy(to target: TemporaryObject) throws(StorageError) {
        guard let file else {
            // Safety: the bytes are read within the call.
            return try bytes.withUnsafeBytes { bytes in
                Result { () throws(StorageError) in try target.write(bytes) }
            }.get()
        }
        guard try target.write(contentsOf: file.path) == hash else {
            throw StorageError(.damaged, "\"\(file.path)\" is not what was written to it")
        }
    }
}
