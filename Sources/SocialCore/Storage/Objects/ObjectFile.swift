// One object in one folder, looked at in full.

internal import Crypto
internal import Glibc

/// What is at an object's place in a folder.
package enum ObjectProof: String, CaseIterable, Sendable {
    /// The object, whole.
    case sound
    /// Something else.
    case damaged
    /// A file that is shorter or longer than the object.
    case wrongSize
    /// Nothing.
    case missing
}

/// The files in which objects lie.
enum ObjectFile {
    /// How much of a file is read at a time.
    static let chunkBytes = 1 << 20

    /// Opens a file for reading, without waiting for anybody and without following a link; nil when there is none.
    ///
    /// - Throws: `damaged` for what is not a file.
    static func open(_ path: String) throws(StorageError) -> Int32? {
        while true {
            let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            if descriptor >= 0 { return descriptor }
            switch errno {
            case ENOENT, ENOTDIR: return nil
            case EINTR: continue
            // A link, a socket or a device, or what the disk cannot read.
            case ELOOP, ENXIO, ENODEV, EIO: throw StorageError(.damaged, "\"\(path)\" is not a file that can be read")
            default: throw StorageError(errno: errno, while: "read \"\(path)\"")
            }
        }
    }

    /// Reads a file whole and hashes it.
    ///
    /// - Parameter sizeBytes: how large it must be, where that is known.
    static func proof(
        _ hash: ObjectHash, sizeBytes: Int? = nil, in folder: String
    ) throws(StorageError) -> ObjectProof {
        let path = hash.path(in: folder)
        let descriptor: Int32
        do throws(StorageError) {
            guard let opened = try open(path) else { return .missing }
            descriptor = opened
        } catch {
            guard error.code == .damaged else { throw error }
            return .damaged
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return .damaged }
        if let sizeBytes, Int(status.st_size) != sizeBytes { return .wrongSize }
        var digest = SHA256()
        // What cannot be read is as good as damaged.
        do throws(StorageError) { try forEachChunk(of: descriptor, path) { digest.update(bufferPointer: $0) } } catch {
            return .damaged
        }
        return ObjectHash(digest.finalize()) == hash ? .sound : .damaged
    }

    /// Reads a file from its beginning to its end.
    static func forEachChunk(
        of descriptor: Int32, _ path: String, _ body: (UnsafeRawBufferPointer) throws(StorageError) -> Void
    ) throws(StorageError) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkBytes, alignment: 64)
        defer { memory.deallocate() }
        while true {
            // Safety: at most as many bytes are read as the memory has.
            let count = read(descriptor, memory.baseAddress, memory.count)
            if count == 0 { return }
            if count > 0 {
                try body(UnsafeRawBufferPointer(rebasing: memory[..<count]))
            } else if errno != EINTR {
                throw StorageError(errno: errno, while: "read \"\(path)\"")
            }
        }
    }
}
