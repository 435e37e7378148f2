// A film in a file, as the reader of films wants it.

internal import Formats
internal import Glibc

/// A file that holds a film, open for reading, closed with its last reference.
final class FilmFile: MovieSource {
    /// Where it is.
    let path: String
    /// What errors call it.
    let label: String
    /// Its size.
    let sizeBytes: Int
    private let descriptor: Int32

    /// Opens a file.
    ///
    /// - Throws: `StorageError` when there is none, or nobody may read it.
    init(_ path: String, label: String? = nil) throws {
        self.path = path
        self.label = label ?? path
        descriptor = try FileSystem.open(path, O_RDONLY | O_CLOEXEC, while: "open \"\(path)\"")
        sizeBytes = FileSystem().size(of: path)
    }

    deinit { close(descriptor) }

    /// Reads bytes that exist.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
        var count = 0
        while count < buffer.count {
            // Safety: at least `buffer.count - count` bytes remain in the buffer.
            let got = pread(
                descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count, off_t(offset + count))
            if got > 0 { count += got; continue }
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw StorageError(errno: errno, while: "read \"\(path)\"") }
            throw MovieError(.truncated, "the file ends at byte \(offset + count)", byteOffset: offset + count)
        }
    }
}
