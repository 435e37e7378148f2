// What is worked out about an object while its bytes pass: its hash and the checks of its blocks.

internal import Crypto

/// A hash and checks that grow with what is added.
struct ObjectDigest {
    private var hash = SHA256()
    private var sums = BlockSums()

    /// Adds the next bytes.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        // In pieces that are still near the processor when they are summed.
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(BlockChecks.leafBytes))
            hash.update(bufferPointer: piece)
            sums.add(piece)
            rest = rest.dropFirst(piece.count)
        }
    }

    /// The hash and the checks of all that was added.
    mutating func finish() -> (hash: ObjectHash, checks: BlockChecks) {
        (ObjectHash(hash.finalize()), sums.finish())
    }

    /// The hash and the checks of bytes in memory.
    static func of(_ bytes: [UInt8]) -> (hash: ObjectHash, checks: BlockChecks) {
        var digest = ObjectDigest()
        // Safety: the bytes are read within the call.
        bytes.withUnsafeBytes { digest.add($0) }
        return digest.finish()
    }
}
