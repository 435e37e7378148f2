// Where a film is read from. Nothing here knows files: a film may be a stored object, a file or memory.

/// The bytes of a film, any of which can be read at any time.
package protocol MovieSource: Sendable {
    /// The size of the whole film in bytes.
    var sizeBytes: Int { get }

    /// Reads as many bytes as the buffer has, all of which exist, or throws.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws
}

/// A film in memory.
extension FileBytes: MovieSource {
    /// The size of the whole film in bytes.
    package var sizeBytes: Int { count }

    /// Copies bytes that exist.
    package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        guard offset >= 0, offset <= count, buffer.count <= count - offset else {
            throw MovieError(.truncated, "the film ends too early", byteOffset: offset)
        }
        buffer.copyBytes(from: self[offset..<offset + buffer.count])
    }
}
