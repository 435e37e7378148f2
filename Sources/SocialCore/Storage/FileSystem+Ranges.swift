// Parts of files read and written in place: what logs are made of.

internal import Glibc

/// Tells one state of a file from another without reading it.
package struct FileStamp: Equatable, Sendable {
    private let inode: UInt64
    private let size: Int
    private let seconds: Int
    private let nanoseconds: Int

    fileprivate init(_ status: stat) {
        inode = UInt64(status.st_ino)
        size = Int(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}

extension FileSystem {
    /// The present state of a file; nil when there is none.
    package func stamp(of path: String) -> FileStamp? {
        var status = stat()
        return stat(path, &status) == 0 ? FileStamp(status) : nil
    }

    /// Calls a closure with a descriptor of a file and the file's size.
    func withFile<Result>(
        _ path: String, _ body: (Int32, Int) throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        let action = "read \"\(path)\""
        let descriptor = try FileSystem.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, while: action)
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw StorageError(errno: errno, while: action) }
        return try body(descriptor, Int(status.st_size))
    }

    /// Reads a part of a file; shorter than asked for at the file's end.
    static func read(_ descriptor: Int32, _ range: Range<Int>, of path: String) throws(StorageError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            while count < range.count {
                // Safety: at least `range.count - count` bytes remain in the buffer.
                let got = pread(
                    descriptor, buffer.baseAddress.map { $0 + count }, range.count - count,
                    off_t(range.lowerBound + count))
                if got > 0 {
                    count += got
                } else if got == 0 || errno != EINTR {
                    if got < 0 { failure = errno }
                    break
                }
            }
        }
        guard failure == 0 else { throw StorageError(errno: failure, while: "read \"\(path)\"") }
        return bytes
    }

    /// Calls a closure with a file's bytes, part by part.
    func forEachPart(of path: String, _ body: (ArraySlice<UInt8>) throws -> Void) throws {
        try withFile(path) { descriptor, size in
            Result {
                for start in stride(from: 0, to: size, by: FileSystem.partBytes) {
                    let part = try FileSystem.read(
                        descriptor, start..<min(size, start + FileSystem.partBytes), of: path)
                    try body(part[...])
                }
            }
        }.get()
    }

    private static let partBytes = 256 << 10

    /// Writes bytes into a file that is there; not synced.
    package func put(_ bytes: [UInt8], at offset: Int, of path: String) throws(StorageError) {
        let action = "write \"\(path)\""
        let descriptor = try FileSystem.open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW, while: action)
        defer { close(descriptor) }
        try tap?.willApply(.write(path: path, offset: offset, bytes: bytes))
        var written = 0
        while written < bytes.count {
            // Safety: the buffer is valid for the call and holds `count - written` more bytes.
            let put = bytes.withUnsafeBytes { buffer in
                pwrite(
                    descriptor, buffer.baseAddress.map { $0 + written }, bytes.count - written,
                    off_t(offset + written))
            }
            if put >= 0 { written += put } else if errno != EINTR { throw StorageError(errno: errno, while: action) }
        }
    }

    /// Cuts a file off; not synced.
    package func cut(_ path: String, to size: Int) throws(StorageError) {
        try tap?.willApply(.resize(path: path, size: size))
        guard truncate(path, off_t(size)) == 0 else { throw StorageError(errno: errno, while: "cut \"\(path)\"") }
    }
}
