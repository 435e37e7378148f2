// An object that has come in: hashed, and either in memory or, when it is large, in a temporary of its own.

/// The bytes of an object that is to be stored, and what is known of them.
final class ObjectIntake {
    /// From how many bytes on an object that comes alone is written before it is known whether it is there already:
    /// that it is new is likelier, and then the disk has begun.
    private static let aheadBytes = 256 << 10

    let hash: ObjectHash
    let checks: BlockChecks
    /// Where the bytes have been written to.
    let file: TemporaryObject?
    /// The bytes, unless they are too many and only in the file.
    private let bytes: [UInt8]?

    /// Takes an object in.
    ///
    /// - Parameters:
    ///   - isAlone: whether nothing else is done meanwhile.
    ///   - memoryBytes: how much of a stream is kept in memory.
    ///   - makeFile: makes a temporary for a longer one.
    init(
        _ source: ObjectSource, isAlone: Bool, memoryBytes: Int,
        makeFile: () throws(StorageError) -> TemporaryObject
    ) throws {
        switch source {
        case .bytes(let bytes):
            let file = isAlone && bytes.count >= Self.aheadBytes ? try makeFile() : nil
            // Safety: the bytes are read within the call. The disk is at work while they are hashed.
            try bytes.withUnsafeBytes { try file?.write($0) }
            (hash, checks) = ObjectDigest.of(bytes)
            self.bytes = bytes
            self.file = file
        case .stream(let stream):
            var digest = ObjectDigest()
            var bytes: [UInt8] = []
            var file: TemporaryObject?
            try stream { chunk in
                bytes += chunk
                guard bytes.count >= memoryBytes else { return }
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
            self.bytes = file == nil ? bytes : nil
            self.file = file
        }
    }

    /// Writes the object to another file.
    func copy(to target: TemporaryObject) throws(StorageError) {
        if let bytes {
            // Safety: the bytes are read within the call.
            return try bytes.withUnsafeBytes { bytes in
                Result { () throws(StorageError) in try target.write(bytes) }
            }.get()
        }
        guard let file else { return }
        guard try target.write(contentsOf: file.path) == hash else {
            throw StorageError(.damaged, "\"\(file.path)\" is not what was written to it")
        }
    }
}
