// Files as an upload reads them: mapped, so that a film takes no memory.

import Formats
import Glibc

/// A file that is mapped for reading.
final class MappedFile: @unchecked Sendable {
    private let memory: UnsafeRawBufferPointer

    private init(_ memory: UnsafeRawBufferPointer) { self.memory = memory }

    // Safety: the memory is what mmap gave, and nobody looks at it any more.
    deinit { munmap(UnsafeMutableRawPointer(mutating: memory.baseAddress), memory.count) }

    /// The bytes of a file.
    static func bytes(_ path: String) throws -> FileBytes {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Failure(path, errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw Failure(path, errno) }
        let size = Int(status.st_size)
        guard size > 0 else { return FileBytes([]) }
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, file, 0), start != MAP_FAILED else {
            throw Failure(path, errno)
        }
        // Safety: the mapping has `size` bytes and lives as long as its owner.
        let memory = UnsafeRawBufferPointer(start: start, count: size)
        return FileBytes(memory, keptBy: MappedFile(memory))
    }

    /// Writes a file in pieces; a folder that is not there is an error.
    static func write(_ path: String, _ pieces: ((UnsafeBufferPointer<UInt8>) throws -> Void) throws -> Void) throws {
        guard let file = fopen(path, "wb") else { throw Failure(path, errno) }
        defer { fclose(file) }
        try pieces { piece in
            guard fwrite(piece.baseAddress, 1, piece.count, file) == piece.count else { throw Failure(path, errno) }
        }
    }
}

/// What the system refused.
struct Failure: Error, CustomStringConvertible {
    private let path: String
    private let number: Int32

    init(_ path: String, _ number: Int32) { (self.path, self.number) = (path, number) }

    var description: String { "\(path): \(String(cString: strerror(number)))" }
}
