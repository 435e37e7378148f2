// The hash by which a file is known again, whatever its name: SHA-256 over its bytes.

internal import Crypto
internal import Formats

/// A hash that grows with what is read.
final class ContentHash {
    private var hash = SHA256()

    /// Adds bytes.
    func add(_ bytes: ArraySlice<UInt8>) {
        // Safety: the hash reads the bytes within the call.
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }

    /// The bytes of a source, each of which goes into the hash.
    func watching(_ source: @escaping ChunkSource) -> ChunkSource {
        { buffer in
            let before = buffer.count
            try source(&buffer)
            self.add(buffer[before...])
        }
    }

    /// 64 hexadecimal digits.
    var text: String { Hexadecimal.text(Array(hash.finalize())) }
}
