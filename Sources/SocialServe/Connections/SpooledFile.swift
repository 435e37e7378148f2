// A body on its way in that is too large for memory: written to a file as it comes, by a thread of the file pool, and
// removed with its last reference.

internal import Crypto
internal import Glibc
internal import NIOCore
internal import SocialCore
internal import Synchronization

/// A body in a temporary file.
///
/// Safety: one piece is written at a time, and it is read when all are.
final class SpooledFile: @unchecked Sendable {
    private static let numbers = Atomic<UInt64>(0)

    /// Where it lies.
    let path: String
    /// How many bytes it has.
    private(set) var count = 0
    private var descriptor: Int32
    private var digest = SHA256()

    /// Makes an empty file in a folder, which is made if it is not there.
    init(in folder: String) throws {
        let files = FileSystem()
        if !files.isDirectory(folder) { try files.makeDirectory(folder, shared: false) }
        let number = SpooledFile.numbers.wrappingAdd(1, ordering: .relaxed).newValue
        path = "\(folder)/\(getpid())-\(number)"
        // What a process of the same number has left there is nobody's any more.
        unlink(path)
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StorageError(errno: errno, while: "make \"\(path)\"") }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
        unlink(path)
    }

    /// Writes the next bytes.
    func write(_ buffer: ByteBuffer) throws {
        // Safety: the bytes are read within the call.
        try buffer.withUnsafeReadableBytes { bytes in
            digest.update(bufferPointer: bytes)
            try FileSystem.write(bytes, to: descriptor, while: "write \"\(path)\"")
        }
        count += buffer.readableBytes
    }

    /// Some of what was written, from a place on; nothing at its end.
    func read(from start: Int) throws -> [UInt8] {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { throw StorageError(errno: errno, while: "read \"\(path)\"") }
        defer { close(source) }
        return [UInt8](unsafeUninitializedCapacity: SpooledFile.pieceBytes) { room, count in
            // Safety: pread fills at most as many bytes as the room has.
            count = max(0, pread(source, room.baseAddress, room.count, off_t(start)))
        }
    }

    private static let pieceBytes = 256 << 10

    /// Says that nothing more comes.
    ///
    /// - Returns: the SHA-256 of all bytes, in hexadecimal digits.
    func finish() -> String {
        if descriptor >= 0 { close(descriptor) }
        descriptor = -1
        return digest.finalize().map { byte in
            let text = String(byte, radix: 16)
            return byte < 16 ? "0\(text)" : text
        }.joined()
    }
}
