// A file that somebody gives us to read: opened as often as needed, inflated when it is compressed. What can be read
// only once, a pipe or the standard input, is kept in memory as it came.

package import Formats
internal import Glibc

/// A file to be read.
package struct InputFile {
    /// The name under which errors speak of it.
    package let name: String
    private let content: Content

    private enum Content {
        case bytes([UInt8])
        case path(String)
    }

    /// Bytes in memory.
    package init(name: String, bytes: [UInt8]) {
        self.name = name
        content = .bytes(bytes)
    }

    /// The file at a path, which may be a pipe such as a shell's `<(…)`.
    package init(path: String) throws(StorageError) {
        name = path
        let file = try FileReader(path)
        content = file.isRegular ? .path(path) : .bytes(try file.rest())
    }

    /// Begins to read it from its beginning, inflated.
    package func open() throws -> ChunkSource { Gzip.inflating(try openRaw()) }

    /// Begins to read it from its beginning, as it is.
    private func openRaw() throws(StorageError) -> ChunkSource {
        switch content {
        case .bytes(let bytes):
            var rest = bytes[...]
            return { buffer in
                let chunk = rest.prefix(FileReader.chunkBytes)
                buffer += chunk
                rest = rest.dropFirst(chunk.count)
            }
        case .path(let path):
            let file = try FileReader(path)
            return { try file.read(into: &$0) }
        }
    }

    /// Names the file in an error that is thrown while it is read.
    package func naming<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as DataError { throw FileError(file: name, error) }
    }

    /// The first bytes of the file, inflated, and as they are.
    package func head(_ count: Int) throws -> (inflated: [UInt8], raw: [UInt8]) {
        func first(_ source: ChunkSource) throws -> [UInt8] {
            var bytes: [UInt8] = []
            while bytes.count < count {
                let before = bytes.count
                try source(&bytes)
                if bytes.count == before { break }
            }
            return Array(bytes.prefix(count))
        }
        return (try first(open()), try first(openRaw()))
    }

    /// The whole file, inflated.
    ///
    /// - Throws: `outOfRange` when it is larger than `FormatLimits.documentBytes`.
    package func contents() throws -> [UInt8] {
        let source = try open()
        var bytes: [UInt8] = []
        while true {
            let before = bytes.count
            try source(&bytes)
            if bytes.count == before { return bytes }
            guard bytes.count <= FormatLimits.documentBytes else {
                throw DataError(
                    .outOfRange, byteOffset: before, "the file is larger than \(FormatLimits.documentBytes) bytes")
            }
        }
    }

    /// The file as a zip archive.
    package func zip() throws -> ZipReader {
        switch content {
        case .bytes(let bytes):
            return try ZipReader(sizeBytes: bytes.count) { offset, count in
                offset < bytes.count ? Array(bytes[offset...].prefix(count)) : []
            }
        case .path(let path):
            let file = try FileReader(path)
            return try ZipReader(sizeBytes: file.sizeBytes) { try file.bytes(at: $0, count: $1) }
        }
    }
}

/// An open file, closed with its last reference.
package final class FileReader {
    /// How much is read at a time.
    static let chunkBytes = 256 << 10

    /// Whether it is a file on a disk, which can be read again.
    let isRegular: Bool
    /// Its size when it was opened.
    let sizeBytes: Int
    private let path: String
    private let descriptor: Int32

    /// Opens a file.
    init(_ path: String) throws(StorageError) {
        self.path = path
        descriptor = try FileSystem.open(path, O_RDONLY | O_CLOEXEC, while: "read \"\(path)\"")
        var status = stat()
        let isKnown = fstat(descriptor, &status) == 0
        isRegular = isKnown && status.st_mode & S_IFMT == S_IFREG
        sizeBytes = Int(status.st_size)
        guard isKnown, status.st_mode & S_IFMT != S_IFDIR else {
            throw StorageError(.noSuchFile, "cannot read \"\(path)\": it is a directory")
        }
    }

    deinit { close(descriptor) }

    /// Appends the next bytes to a buffer, or none at the end.
    func read(into buffer: inout [UInt8]) throws(StorageError) {
        buffer += try next(Self.chunkBytes) { Glibc.read($0, $1.baseAddress, $1.count) }
    }

    /// What has not been read yet.
    func rest() throws(StorageError) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let before = bytes.count
            try read(into: &bytes)
            if bytes.count == before { return bytes }
        }
    }

    /// Bytes at an offset; fewer where the file ends before.
    func bytes(at offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let start = off_t(offset + bytes.count)
            let piece = try next(min(count - bytes.count, 1 << 24)) { pread($0, $1.baseAddress, $1.count, start) }
            if piece.isEmpty { break }
            bytes += piece
        }
        return bytes
    }

    private func next(
        _ limit: Int, _ call: (Int32, UnsafeMutableBufferPointer<UInt8>) -> Int
    ) throws(StorageError) -> [UInt8] {
        while true {
            var failure: Int32 = 0
            let chunk = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
                // Safety: the calls fill at most as many bytes as the buffer has.
                let got = call(descriptor, UnsafeMutableBufferPointer(rebasing: buffer.prefix(limit)))
                count = max(0, got)
                if got < 0 { failure = errno }
            }
            if failure == EINTR { continue }
            guard failure == 0 else { throw StorageError(errno: failure, while: "read \"\(path)\"") }
            return chunk
        }
    }
}
